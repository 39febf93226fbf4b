using System.CommandLine;
using System.Globalization;
using Lakeflow.Cli.Output;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow logs [run]</c>: the events of a run, by default of the last one.</summary>
internal static class LogsCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var run = new Argument<string?>("run") { Description = "The run's id, or its beginning", Arity = ArgumentArity.ZeroOrOne };
        var details = new Option<bool>("--details") { Description = "Show the details of each event as JSON" };
        var command = new Command("logs", "Show the events of a run") { run, details };
        command.SetAction(parsed => Door.Run(projects.Terminal, "reading the event log", () =>
        {
            var events = EventReader.Read(projects.Open(parsed)).Events;
            var wanted = parsed.GetValue(run) ?? events.LastOrDefault(e => e.Type == "create_update")?.UpdateId ?? "";
            var shown = events.Where(e => e.UpdateId.StartsWith(wanted, StringComparison.OrdinalIgnoreCase)).ToList();
            if (shown.Count == 0)
            {
                var known = events.Select(e => RunsCommand.Short(e.UpdateId)).Distinct().TakeLast(5);
                Diagnostic unknown = ToolErrors.UnknownRun(wanted, known);
                throw new CommandStop(ExitCode.Usage, unknown);
            }

            foreach (var e in shown)
            {
                projects.Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.Time:HH:mm:ss.fff}  {e.Level,-5}  {e.Message}"));
                if (e.Error is { } error) projects.Terminal.Out.WriteLine($"               {error}");
                if (parsed.GetValue(details)) projects.Terminal.Out.WriteLine($"               {e.Details.GetRawText()}");
            }

            return ExitCode.Done;
        }));
        return command;
    }
}
