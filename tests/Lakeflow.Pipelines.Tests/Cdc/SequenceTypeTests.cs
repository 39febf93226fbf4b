using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Pipelines.Tests.Robustness;
using static Lakeflow.Pipelines.Tests.Cdc.ChangeModel;

namespace Lakeflow.Pipelines.Tests.Cdc;

/// <summary>SEQUENCE BY takes any type with an order. Language specification §3.1.</summary>
public sealed class SequenceTypeTests
{
    /// <summary>Expressions that order as the number of the event does.</summary>
    private static readonly (string Name, string Sequence)[] Sequences =
    [
        ("i8", "CAST(seq AS TINYINT)"),
        ("i16", "CAST(seq AS SMALLINT)"),
        ("i64", "CAST(seq AS BIGINT)"),
        ("f32", "CAST(seq AS FLOAT)"),
        ("f64", "CASE WHEN seq = 30 THEN double('NaN') WHEN seq = 1 THEN double('-Infinity') ELSE double(seq) - 15.5 END"),
        ("d10", "CAST(seq AS DECIMAL(10,2))"),
        ("d38", "CAST(seq AS DECIMAL(38,4))"),
        ("text", "concat('ü', lpad(seq, 3, '0'))"),
        ("bin", "CAST(lpad(seq, 3, '0') AS BINARY)"),
        ("day", "date_add(DATE'1970-01-15', -15 + seq)"),
        ("at", "timestamp_micros(seq - 15)"),
        ("ntz", "CAST(timestamp_micros(seq - 15) AS TIMESTAMP_NTZ)"),
        ("pair", "STRUCT(seq DIV 10, minor)"),
        ("nested", "STRUCT(1 AS one, STRUCT(seq DIV 10, seq % 10) AS two)"),
        ("holes", "STRUCT(CASE WHEN seq >= 15 THEN seq END AS hi, seq AS lo)"),
        ("list", "array(1, seq)"),
        ("years", "make_ym_interval(0, seq)"),
        ("days", "make_dt_interval(0, 0, 0, seq)"),
    ];

    [Fact]
    public void Sequences_of_every_type_order_events_as_their_values_do()
    {
        using var bench = new ChangeBench(string.Join('\n', Sequences.SelectMany(s => new[] { 1, 2 }.Select(scd =>
            ChangeBench.Flow($"{s.Name}_{scd}", "events", "", $"SEQUENCE BY {s.Sequence}", $"STORED AS SCD TYPE {scd}")))));
        Prop.ForAll(ChangeFeeds.Any.ToArbitrary(), feed =>
        {
            var lake = bench.RunFeed(feed);
            ChangeEvent[] all = [.. feed.SelectMany(b => b)];
            var latest = ChangeBench.Text(Latest(all, Patch.None, truncates: false));
            var versions = ChangeBench.Text(Versions(all, Patch.None, tracksOnlyA: false, seq => seq).Select(IsOpen));
            foreach (var (name, _) in Sequences)
            {
                Assert.Equal((name, latest), (name, ChangeBench.Rows(lake, name + "_1")));
                Assert.Equal((name, versions), (name, ChangeBench.Text(ChangeBench.RowsOf(lake.Table(name + "_2")).Select(IsOpen))));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8).WithEndSize(30));
    }

    /// <summary>A version's values, and whether it is the present one.</summary>
    private static object?[] IsOpen(object?[] version) => [.. version[..^2], version[^1] is null];
}
