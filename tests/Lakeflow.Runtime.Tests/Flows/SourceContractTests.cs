using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>The contract of every source: reading again from a position gives the same rows, whatever has come since.</summary>
public class SourceContractTests
{
    public static TheoryData<string> Sources => ["files", "table", "table by bytes", "changes", "path", "rate"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void Reading_again_from_a_position_gives_the_same_rows_and_then_those_that_came_since(string kind)
    {
        using var world = new World(kind);
        world.Grow();
        // Before the first commit there is no position: "from the start" means the table, or the time, as it is then.
        var all = world.Read(commit: true);
        for (var step = 0; step < 6; step++)
        {
            world.Grow();
            var rows = world.Read(commit: false);
            Assert.Equal(rows, world.Read(commit: false));
            if (step % 2 == 0) world.Grow();
            // Bounds of a step are not written ahead: a step tried again may take more, but the same rows first.
            var committed = world.Read(commit: true);
            Assert.Equal(rows, committed.Take(rows.Count));
            all.AddRange(committed);
        }

        Assert.True(all.Count >= 6);
        Assert.Equal(all.Distinct().Count(), all.Count);
    }

    /// <summary>A source of one kind that can grow, and a flow that reads it.</summary>
    private sealed class World : IDisposable
    {
        private readonly Rig rig = new();
        private readonly string folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
        private readonly string kind;
        private readonly FlowInfo flow;
        private int grown;

        public World(string kind)
        {
            this.kind = kind;
            SourceInfo source = kind switch
            {
                "files" => Rig.Files_("in/", true, ("maxfilespertrigger", "2")),
                "path" => new PathTableSourceInfo(0, folder, true, MemoryFiles.Columns, [], Runtime.Diagnostics.SourceSpan.None) { Options = Options(("maxfilespertrigger", "2")) },
                "rate" => new RateSourceInfo(0, Options(("rowspersecond", "3"), ("maxrowspertrigger", "7")), Runtime.Connectors.RateRows.AllColumns, [], Runtime.Diagnostics.SourceSpan.None),
                "changes" => Rig.From("t", true) with
                {
                    Columns = new Schema(MemoryFiles.Columns.Fields.AddRange(Runtime.Connectors.ChangeColumns.All)),
                    Options = Options(("readchangefeed", "true"), ("maxfilespertrigger", "1")),
                },
                "table by bytes" => Rig.From("t", true) with { Options = Options(("maxbytespertrigger", "1")) },
                _ => Rig.From("t", true) with { Options = Options(("maxfilespertrigger", "2")) },
            };
            flow = Rig.Flow("u", "u", FlowKind.Append, source);
        }

        public void Grow()
        {
            var n = grown++;
            switch (kind)
            {
                case "files":
                    rig.Files.Put($"in/{n:D4}", (n, "p"), (n + 1000, "p"));
                    break;
                case "rate":
                    rig.Time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan).Dispose();
                    break;
                default:
                    Append(kind == "path" ? new LocalStore(folder) : rig.Lakehouse.Table(Rig.Name("t")), n);
                    break;
            }
        }

        /// <summary>The rows of the next step, which is then committed or dropped.</summary>
        public List<string> Read(bool commit)
        {
            var rows = new List<string>();
            var steps = 0;
            rig.Run(new PipelineInfo("test", [Rig.Table("u")], [flow]), code: info => new Reading(info, rows, () => commit && ++steps == 1));
            return rows;
        }

        public void Dispose() => Directory.Delete(folder, recursive: true);

        private void Append(IObjectStore store, long number)
        {
            if (!Snapshot.TryOpen(store, out _))
            {
                var properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableChangeDataFeed", "true");
                Transaction.Create(store, new TableDefinition(MemoryFiles.Columns) { Properties = properties }, rig.Time).Commit("CREATE TABLE");
            }

            var transaction = Transaction.Begin(Snapshot.Open(store), rig.Time);
            var (x, y) = (ArrayBuilder.Create(DataType.Int64), ArrayBuilder.Create(DataType.String));
            x.AppendValue(number);
            y.AppendValue("p");
            using var rows = new RecordBatch(MemoryFiles.Columns, [x.Build(), y.Build()], 1);
            using var writer = transaction.OpenWriter();
            writer.Write(rows);
            transaction.Add(writer.Finish());
            transaction.Commit("WRITE");
        }

        private static ImmutableSortedDictionary<string, string> Options(params (string, string)[] options) =>
            options.ToImmutableSortedDictionary(o => o.Item1, o => o.Item2);
    }

    /// <summary>Notes the rows of a step and writes none; gives the step up where it is told to.</summary>
    private sealed class Reading(FlowInfo info, List<string> rows, Func<bool> goesOn) : IFlow
    {
        public FlowInfo Info => info;

        public void Run(FlowRun run)
        {
            var commits = goesOn();
            // After the step that is committed comes another, which is of no interest.
            if (!commits && rows.Count > 0) throw new Runtime.Diagnostics.RuntimeError("LF5001", "enough");
            using var source = run.Source(0);
            using var reader = source.Open(0, 1);
            while (reader.Read() is { } batch)
            {
                using (batch)
                {
                    rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => RowJson.Of(batch, i)));
                }
            }

            if (!commits) throw new Runtime.Diagnostics.RuntimeError("LF5001", "the step is given up");
        }
    }
}
