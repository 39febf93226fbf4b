using System.Globalization;
using Lakeflow.Cli.Output;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow run --watch</c>: an update now, and another whenever texts or data change. The compiler stays warm; a mistake is told and waited out.</summary>
internal static class WatchLoop
{
    /// <param name="terminal">Where to tell.</param>
    /// <param name="start">Where the project is looked for.</param>
    /// <param name="open">Opens the project, anew each time: its file may change too.</param>
    /// <param name="optionsFor">The options of an update.</param>
    /// <param name="json">One event a line instead of text.</param>
    /// <returns>Never by itself; Ctrl-C ends it, with <see cref="ExitCode.Stopped"/>.</returns>
    public static int Run(Terminal terminal, string start, Func<Project> open, Func<Project, UpdateOptions> optionsFor, bool json)
    {
        using var watch = new InputWatch();
        var isFirst = true;
        Task? warming = null;
        while (true)
        {
            Session? session = null;
            PreparedPipeline? prepared = null;
            var state = InputState.Of(start, null, null);
            var exit = Door.Run(terminal, "running the pipeline", () =>
            {
                var project = open();
                session = Session.Of(project);
                // The texts from before they are read, the data likewise: what changes meanwhile is seen below.
                state = InputState.Of(start, session, null);
                prepared = session.Prepare();
                watch.Listen(start, session, prepared);
                state = state with { Data = InputState.Of(start, session, prepared).Data };
                var options = optionsFor(project);
                // Tables are emptied once, not at each change; and what was consented to was the state of then.
                if (!isFirst) options = options with { FullRefresh = [], FullRefreshAll = false, ResetFlows = [], Accept = [], Adopt = [] };
                isFirst &= prepared.HasErrors;
                return RunCommand.Run(terminal, session, prepared, options, json);
            });
            if (terminal.Stop.IsCancellationRequested) return ExitCode.Stopped;
            if (prepared is null) watch.Listen(start, session, null);
            // From the cache nothing was compiled yet; the first edit is not to pay for that.
            if (prepared is { FromCache: true }) warming ??= session!.WarmUp();
            Tell(terminal, exit, json);
            watch.WaitForChange(state, () => InputState.Of(start, session, prepared), terminal.Stop);
            if (!json) terminal.Out.WriteLine();
        }
    }

    private static void Tell(Terminal terminal, int exit, bool json)
    {
        var now = terminal.Time.GetUtcNow();
        if (json)
        {
            JsonLines.Watching(terminal.Out, now, exit);
            return;
        }

        terminal.Out.WriteLine();
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now:HH:mm:ss} Watching for changes. Ctrl-C ends it."));
        terminal.Out.Flush();
    }
}
