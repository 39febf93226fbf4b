using System.CommandLine;
using System.Globalization;
using Lakeflow.Delta;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow history &lt;table&gt;</c>: its versions, newest first.</summary>
internal static class HistoryCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var table = new Argument<string>("table") { Description = "A table of the lakehouse" };
        var limit = new Option<int>("--limit", "-n") { Description = "Versions to show", DefaultValueFactory = _ => 20 };
        var command = new Command("history", "Show the versions of a table") { table, limit };
        command.SetAction(parsed => Door.Run(projects.Terminal, "reading a table's history", () =>
        {
            var (_, store) = TableArgument.Open(projects.Open(parsed), parsed.GetRequiredValue(table));
            foreach (var entry in TableHistory.Read(store, parsed.GetValue(limit)))
            {
                var rows = entry.Metrics.GetValueOrDefault("numOutputRows") is { } count ? $"  {count} rows" : "";
                var flow = entry.Parameters.GetValueOrDefault("flow") is { } name ? $"  {name.Trim('"')}" : "";
                projects.Terminal.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{entry.Version,4}  {entry.Timestamp.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {entry.Operation,-16}{flow}{rows}  {entry.Engine}"));
            }

            return ExitCode.Done;
        }));
        return command;
    }
}
