using System.CommandLine;

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
            HistoryLines.Write(store, parsed.GetValue(limit), projects.Terminal.Out);
            return ExitCode.Done;
        }));
        return command;
    }
}
