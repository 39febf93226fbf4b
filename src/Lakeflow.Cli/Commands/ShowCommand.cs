using System.CommandLine;
using Lakeflow.Arrow;
using Lakeflow.Cli.Output;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow show &lt;table&gt;</c>: rows of a table, of any version.</summary>
internal static class ShowCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var table = new Argument<string>("table") { Description = "A table of the lakehouse" };
        var version = new Option<long?>("--version-number", "--version", "-v") { Description = "An older version", HelpName = "N" };
        var limit = new Option<int>("--limit", "-n") { Description = "Rows to show", DefaultValueFactory = _ => 20 };
        var output = RowWriter.Option();
        var command = new Command("show", "Show rows of a table") { table, version, limit, output };
        command.SetAction(parsed => Door.Run(projects.Terminal, "reading a table", () =>
        {
            var project = projects.Open(parsed);
            var (_, store) = TableArgument.Open(project, parsed.GetRequiredValue(table));
            using var rows = Read(Snapshot.Open(store, parsed.GetValue(version)), parsed.GetValue(limit));
            RowWriter.Write(projects.Terminal, rows, parsed.GetValue(output)!, Session.Of(project).Zone);
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>The first rows of a version.</summary>
    internal static QueryResult Read(Snapshot snapshot, int limit)
    {
        using var scan = new DeltaScan(snapshot);
        using var reader = scan.Open(0, 1);
        var batches = new List<RecordBatch>();
        var left = limit;
        while (left > 0 && reader.Read() is { } batch)
        {
            if (batch.Length > left)
            {
                using (batch) batches.Add(batch.Slice(0, left));
                break;
            }

            batches.Add(batch);
            left -= batch.Length;
        }

        return new QueryResult(snapshot.Schema, [.. batches], batches.Sum(b => (long)b.Length));
    }
}
