using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Robustness;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>AUTO CDC FROM SNAPSHOT. Language specification §3.7.</summary>
public sealed class SnapshotLawTests : IDisposable
{
    private const string Feed = """
        CREATE TEMPORARY VIEW snapshots AS SELECT * FROM read_files('/d/in', format => 'json', schema => 'id INT, a STRING, b INT, v INT');

        """;

    private const string Sql = """
        CREATE STREAMING TABLE rows_now;
        CREATE FLOW rows_now_flow AS AUTO CDC FROM SNAPSHOT INTO rows_now FROM snapshots KEYS (id) SNAPSHOT VERSION v COLUMNS * EXCEPT (v);
        CREATE STREAMING TABLE history;
        CREATE FLOW history_flow AS AUTO CDC FROM SNAPSHOT INTO history FROM snapshots KEYS (id) SNAPSHOT VERSION v COLUMNS * EXCEPT (v) STORED AS SCD TYPE 2 TRACK HISTORY ON (a);
        CREATE MATERIALIZED VIEW last AS SELECT id, a, b FROM snapshots QUALIFY v = max(v) OVER ();
        CREATE STREAMING TABLE mirror;
        CREATE FLOW mirror_flow AS AUTO CDC FROM SNAPSHOT INTO mirror FROM last KEYS (id);
        CREATE STREAMING TABLE mirrored;
        CREATE FLOW mirrored_flow AS AUTO CDC FROM SNAPSHOT INTO mirrored FROM last KEYS (id) STORED AS SCD TYPE 2;
        """;

    /// <summary>Snapshots with at least a row each, since one without tells no version; some come together.</summary>
    private static readonly Gen<(Dictionary<int, (string A, int B)> Rows, bool IsLast)[]> AnySnapshots =
        (from keys in Gen.NonEmptyListOf(Gen.Choose(1, 4))
         from a in Gen.Elements("p", "q").ListOf(4)
         from b in Gen.Choose(1, 2).ListOf(4)
         from isLast in Gen.Elements(true, false)
         select (keys.Distinct().ToDictionary(k => k, k => (a[k - 1], b[k - 1])), isLast)).NonEmptyListOf().Select(l => l.ToArray());

    private readonly ChangeBench bench = new(Feed, Sql);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Snapshots_taken_one_by_one_or_together_give_the_versions_that_they_tell()
    {
        Prop.ForAll(AnySnapshots.ToArbitrary(), snapshots =>
        {
            bench.Clear();
            var lake = new MemoryLake();
            for (var v = 0; v < snapshots.Length; v++)
            {
                bench.DeliverLines(snapshots[v].Rows.Select(r =>
                    string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{r.Key}},"a":"{{r.Value.A}}","b":{{r.Value.B}},"v":{{v + 1}}}""")));
                if (snapshots[v].IsLast || v == snapshots.Length - 1) bench.RunWhole(lake);
            }

            var last = ChangeBench.Text(snapshots[^1].Rows.Select(r => new object?[] { r.Key, r.Value.A, r.Value.B }));
            Assert.Equal(last, ChangeBench.Rows(lake, "rows_now"));
            Assert.Equal(last, ChangeBench.Rows(lake, "mirror"));
            Assert.Equal(ChangeBench.Text(Versions([.. snapshots.Select(s => s.Rows)])), ChangeBench.Rows(lake, "history"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(8));
    }

    [Fact]
    public void A_clock_that_is_set_back_makes_no_snapshot_an_older_one_and_an_empty_source_ends_all_versions()
    {
        var lake = new MemoryLake();
        var clock = new Clock();
        foreach (var (name, hours) in new[] { ("p", 0), ("q", -3), ("r", 1) })
        {
            clock.Now += TimeSpan.FromHours(hours);
            bench.Clear();
            bench.DeliverLines([$$"""{"id":1,"a":"{{name}}","b":1,"v":1}"""]);
            bench.RunWhole(lake, clock);
            Assert.Equal($"[1, {name}, 1]", ChangeBench.Rows(lake, "mirror"));
        }

        bench.Clear();
        bench.RunWhole(lake, clock);
        Assert.Equal("", ChangeBench.Rows(lake, "mirror"));
        var versions = ChangeBench.RowsOf(lake.Table("mirrored")).OrderBy(r => (long)r[^2]!).ToList();
        Assert.Equal(["p", "q", "r"], versions.Select(v => (string)v[1]!.ToString()!));
        Assert.All(versions.Zip(versions.Skip(1)), p => Assert.Equal(p.First[^1], p.Second[^2]));
        Assert.True((long)versions[^1][^1]! > (long)versions[^1][^2]!);
    }

    private static IEnumerable<object?[]> Versions(Dictionary<int, (string A, int B)>[] snapshots)
    {
        foreach (var key in snapshots.SelectMany(s => s.Keys).Distinct())
        {
            (string A, int B, int Start)? open = null;
            for (var v = 1; v <= snapshots.Length; v++)
            {
                if (!snapshots[v - 1].TryGetValue(key, out var row))
                {
                    if (open is { } gone) yield return [key, gone.A, gone.B, gone.Start, v];
                    open = null;
                }
                else if (open is { } same && same.A == row.A)
                {
                    open = (row.A, row.B, same.Start);
                }
                else
                {
                    if (open is { } before) yield return [key, before.A, before.B, before.Start, v];
                    open = (row.A, row.B, v);
                }
            }

            if (open is { } present) yield return [key, present.A, present.B, present.Start, null];
        }
    }
}
