using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lakeflow.Cli.Output;
using Lakeflow.Runtime.Events;

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
            var log = EventReader.Read(projects.Open(parsed));
            var runs = log.Events.GroupBy(e => e.UpdateId).Select(g => g.ToList()).Select(g => (g[0].Time, Text: Line(g)))
                .Concat(log.Idle.Select(idle => (Time: TimeOf(idle.Ended), Text: Line(idle))))
                .OrderByDescending(r => r.Time)
                .Take(parsed.GetValue(limit));
            foreach (var (_, text) in runs) projects.Terminal.Out.WriteLine(text);
            return ExitCode.Done;
        }));
        return command;
    }

    internal static string Short(string id) => id[..Math.Min(8, id.Length)];

    private static string Line(List<LoggedEvent> events)
    {
        var end = events.LastOrDefault(e => e.Type == "update_progress")?.Details.GetProperty("update_progress");
        var rows = events.Where(e => e.Type == "flow_progress").Sum(Rows);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Short(events[0].UpdateId)}  {events[0].Time:yyyy-MM-dd HH:mm:ss}  {State(events, end),-9}  {(events[^1].Time - events[0].Time).TotalSeconds,7:0.0} s  {rows,12:N0} rows");
        return end is { } progress && progress.TryGetProperty("idle_updates", out var count)
            ? text + Standing(count.GetInt64(), TimeOf(progress.GetProperty("idle_since").GetInt64()))
            : text;
    }

    private static string Line(IdleUpdates idle) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Short(idle.LastUpdate)}  {TimeOf(idle.Ended):yyyy-MM-dd HH:mm:ss}  {"COMPLETED",-9}  {0.0,7:0.0} s  {0,12:N0} rows") + Standing(idle.Count, TimeOf(idle.Since));

    private static string Standing(long count, DateTimeOffset since) =>
        count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"  ({count:N0} runs since {since:yyyy-MM-dd HH:mm:ss} found nothing new)");

    private static string State(List<LoggedEvent> events, JsonElement? end)
    {
        // A run that was killed has steps in the log, but no end.
        var state = end?.GetProperty("state").GetString() ?? "DIED";
        if (state != "RUNNING") return state;
        var process = events.Where(e => e.Type == "create_update").Select(e => RunProcess.Of(e.Details.GetProperty("create_update"))).LastOrDefault();
        return process?.IsAlive() == false ? "DIED" : state;
    }

    private static DateTimeOffset TimeOf(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    private static long Rows(LoggedEvent e)
    {
        if (!e.Details.GetProperty("flow_progress").TryGetProperty("metrics", out var metrics)) return 0;
        return metrics.TryGetProperty("num_output_rows", out var rows)
            ? rows.GetInt64()
            : metrics.GetProperty("num_upserted_rows").GetInt64() + metrics.GetProperty("num_deleted_rows").GetInt64();
    }
}
