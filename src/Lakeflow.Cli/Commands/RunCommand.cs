using System.CommandLine;
using Lakeflow.Cli.Output;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow run [project]</c>: brings the tables up to date.</summary>
internal static class RunCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var project = new Argument<string?>("project") { Description = "The project's folder", Arity = ArgumentArity.ZeroOrOne };
        var refresh = Names("--refresh", "Refresh only these tables (a,b)");
        var full = Names("--full-refresh", "Empty these tables and read all their input again (a,b)");
        var all = new Option<bool>("--full-refresh-all") { Description = "Empty all tables that may be reset" };
        var resetFlow = Names("--reset-flow", "Let these flows read their sources from the start, into tables that keep their rows (f,g)", "FLOWS");
        var accept = Names("--accept", "Go on from tables that another engine changed (a,b)");
        var adopt = Names("--adopt", "Take over these tables from another pipeline, with their rows (a,b)");
        var yes = new Option<bool>("--yes", "-y") { Description = "Answer questions with yes" };
        var output = new Option<string>("--output", "-o") { Description = "text or json (one event a line)", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "json");
        var workers = new Option<int>("--workers") { Description = "Threads of one flow (default: one a processor)" };
        var retries = new Option<int?>("--retries") { Description = "Tries after the first, for faults that may pass (default: 2)" };
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on: update again whenever a source text, the project file or the data change, until Ctrl-C" };
        var continuous = new Option<bool>("--continuous") { Description = "Go on until stopped; each table at its pipelines.trigger.interval" };
        var triggered = new Option<bool>("--triggered") { Description = "End when all is up to date, whatever the project says" };
        var command = new Command("run", "Bring the tables up to date") { project, refresh, full, all, resetFlow, accept, adopt, yes, output, workers, retries, watch, continuous, triggered };
        command.SetAction(parsed => Door.Run(projects.Terminal, "running the pipeline", () =>
        {
            var options = new UpdateOptions
            {
                Refresh = [.. Split(parsed.GetValue(refresh))],
                FullRefresh = [.. Split(parsed.GetValue(full))],
                FullRefreshAll = parsed.GetValue(all),
                ResetFlows = [.. Split(parsed.GetValue(resetFlow))],
                Accept = [.. Split(parsed.GetValue(accept))],
                Adopt = [.. Split(parsed.GetValue(adopt))],
                Workers = parsed.GetValue(workers),
                LoseRows = parsed.GetValue(yes),
            };
            var (start, json) = (projects.Start(parsed, parsed.GetValue(project)), parsed.GetValue(output) == "json");
            Project Open() => projects.Open(parsed, parsed.GetValue(project));
            UpdateOptions For(Project opened) => options with { MaxRetries = parsed.GetValue(retries) ?? RetriesOf(opened) };
            if (parsed.GetValue(watch)) return WatchLoop.Run(projects.Terminal, start, Open, For, json);
            var opened = Open();
            var session = Session.Of(opened);
            var goesOn = (opened.Settings.Continuous || parsed.GetValue(continuous)) && !parsed.GetValue(triggered);
            return Run(projects.Terminal, session, session.Prepare(), For(opened), json, goesOn);
        }));
        return command;
    }

    /// <summary>One update, with its progress, its summary and its mistakes.</summary>
    internal static int Run(Terminal terminal, Session session, PreparedPipeline prepared, UpdateOptions options, bool json, bool continuous = false)
    {
        terminal.Tell(prepared.Diagnostics.Where(d => d.Severity != Severity.Info), prepared.Sources);
        if (prepared.HasErrors) return ExitCode.Usage;
        var configuration = session.Project!.Settings.Configuration;
        options = options with
        {
            Configuration = configuration,
            KeepSamples = configuration.GetValueOrDefault("lakeflow.samples") != "false",
        };
        // Workers of several flows want threads at once; the pool would add them half a second apart.
        ThreadPool.SetMinThreads(Math.Max(8, options.WorkersOrDefault * 4), 4);

        UpdateResult result;
        for (string? before = null; ;)
        {
            try
            {
                result = RunOnce(terminal, session, prepared, options, json, continuous);
            }
            catch (RuntimeError lost) when (lost.Code == "LF5063" && terminal.IsInteractive)
            {
                terminal.Error.WriteLine(lost.Message);
                if (!terminal.Confirm("Go on without those rows?")) return ExitCode.Stopped;
                result = RunOnce(terminal, session, prepared, options with { LoseRows = true }, json, continuous);
            }

            // A new plan that fails as the one before it did would do so for ever.
            if (result.Flows.Select(f => f.Error).FirstOrDefault(e => e is { WantsNewPlan: true })?.Message is not { } now || now == before || terminal.Stop.IsCancellationRequested) break;
            before = now;
            if (!json) terminal.Out.WriteLine($"{now} Compiled anew, and run again.");
            session = Session.Of(session.Project!);
            prepared = session.Prepare();
            if (prepared.HasErrors) break;
            options = options with { Refresh = [.. options.Refresh, .. options.FullRefresh], FullRefresh = [], FullRefreshAll = false, ResetFlows = [], Accept = [], Adopt = [] };
        }

        if (!json) Summary.Write(terminal, session, result);
        Report(terminal, prepared, result);
        return result.State switch
        {
            UpdateState.Completed => ExitCode.Done,
            UpdateState.Canceled => ExitCode.Stopped,
            _ => ExitCode.Failed,
        };
    }

    private static UpdateResult RunOnce(Terminal terminal, Session session, PreparedPipeline prepared, UpdateOptions options, bool json, bool continuous)
    {
        IProgressView view = json ? new JsonLines(terminal.Out) : LiveTable.Fits(terminal) && !continuous ? new LiveTable(terminal) : new PlainLines(terminal.Out);
        using (view)
        {
            return continuous
                ? session.RunContinuously(prepared, options, view, terminal.Time, terminal.Stop)
                : session.Run(prepared, options, view, terminal.Time, terminal.Stop);
        }
    }

    /// <summary>Each failed flow's error with its place in the SQL; what failed only because something before it did is not an error of its own.</summary>
    internal static void Report(Terminal terminal, PreparedPipeline prepared, UpdateResult result)
    {
        foreach (var flow in result.Flows)
        {
            if (flow.Error is { } error)
            {
                var diagnostic = error.ToDiagnostic();
                if (diagnostic.At.IsNone) diagnostic = diagnostic with { At = flow.Flow.Origin };
                terminal.Tell([diagnostic], prepared.Sources);
                if (terminal.Debug) terminal.Error.WriteLine(error);
            }
            else if (flow.Unexpected is { } bug)
            {
                Door.ReportBug(terminal, $"running the flow {flow.Flow.Name}", bug);
            }
        }

        if (result.Warning is { } warning) terminal.Error.WriteLine($"The event log could not be written: {warning.Message}");
    }

    private static int RetriesOf(Project project) =>
        int.TryParse(project.Settings.Configuration.GetValueOrDefault("pipelines.maxFlowRetryAttempts"), out var count) ? count : new UpdateOptions().MaxRetries;

    private static Option<string[]> Names(string name, string description, string help = "TABLES") => new(name) { Description = description, HelpName = help, Arity = ArgumentArity.OneOrMore };

    private static IEnumerable<string> Split(string[]? lists) =>
        (lists ?? []).SelectMany(l => l.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
