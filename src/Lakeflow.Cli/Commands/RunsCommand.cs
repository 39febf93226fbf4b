using System.CommandLine;
using System.Globalization;
using Lakeflow.Cli.Output;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow runs</c>: the updates, newest first.</summary>
internal static class RunsCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var limit = new Option<int>("--limit", "-n") { Description = "Runs to show", DefaultValueFactory = _ => 20 };
        var command = new Command("runs", "List the runs of the pipeline") { limit };
        command.SetAction(parsed => Door.Run(projects.Terminal, "reading the event log", () =>
        {
            var runs = EventReader.Read(projects.Open(parsed))
                .GroupBy(e => e.UpdateId)
                .Select(g => g.ToList())
                .OrderByDescending(g => g[0].Time)
                .Take(parsed.GetValue(limit));
            foreach (var events in runs) projects.Terminal.Out.WriteLine(Line(events));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Line(List<LoggedEvent> events)
    {
        // A run that was killed has steps in the log, but no end.
        var state = events.LastOrDefault(e => e.Type == "update_progress")?.Details.GetProperty("update_progress").GetProperty("state").GetString() ?? "DIED";
        var rows = events.Where(e => e.Type == "flow_progress").Sum(Rows);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Short(events[0].UpdateId)}  {events[0].Time:yyyy-MM-dd HH:mm:ss}  {state,-9}  {(events[^1].Time - events[0].Time).TotalSeconds,7:0.0} s  {rows,12:N0} rows");
    }

    internal static string Short(string id) => id[..Math.Min(8, id.Length)];

    private static long Rows(LoggedEvent e) =>
        e.Details.GetProperty("flow_progress").TryGetProperty("metrics", out var metrics) ? metrics.GetProperty("num_output_rows").GetInt64() : 0;
}
