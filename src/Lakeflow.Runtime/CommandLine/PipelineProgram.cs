using System.Runtime.InteropServices;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>The command line of a program that holds one compiled pipeline: <c>./flights run --lakehouse /data</c>, or <c>dotnet run</c>.</summary>
/// <remarks>It parses by hand: the closure of native binaries takes no packages.</remarks>
public sealed class PipelineProgram
{
    private readonly IPipeline pipeline;
    private readonly PipelineSettings settings;
    private readonly Func<PathMap, IFileSources> files;
    private readonly TextWriter output;
    private readonly TextWriter error;

    private PipelineProgram(IPipeline pipeline, PipelineSettings settings, Func<PathMap, IFileSources> files, TextWriter output, TextWriter error)
    {
        this.pipeline = pipeline;
        this.settings = settings;
        this.files = files;
        this.output = output;
        this.error = error;
    }

    private string Name => pipeline.Info.Name;

    /// <summary>Runs the command and returns its <see cref="ExitCode"/>.</summary>
    /// <param name="arguments">Of the process; without a command's name they are those of <c>run</c>.</param>
    /// <param name="pipeline">The compiled pipeline.</param>
    /// <param name="settings">Of the project, when the program was built.</param>
    /// <param name="files">The readers that it names.</param>
    /// <param name="output">Where lines go.</param>
    /// <param name="error">Where trouble goes.</param>
    public static int Run(
        string[] arguments, IPipeline pipeline, PipelineSettings settings, Func<PathMap, IFileSources> files, TextWriter output, TextWriter error)
    {
        using var lines = new LastingWriter(output);
        using var trouble = new LastingWriter(error);
        return lines.End(new PipelineProgram(pipeline, settings, files, lines, trouble).Run(arguments), trouble);
    }

    private int Run(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        // The second Ctrl-C (or Ctrl-\; on Windows Ctrl-Break) ends the process; a service is told to end once.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = signal.Signal == PosixSignal.SIGTERM || !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            if (Tell(arguments)) return ExitCode.Done;
            if (!HasFolder())
            {
                error.WriteLine(ProgramErrors.FolderGone());
                return ExitCode.Environment;
            }

            if (ProgramArguments.Parse(arguments, settings, out var problem) is { } asked) return Run(asked, stop.Token);
            error.WriteLine(ProgramErrors.Usage(problem, Name));
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            error.WriteLine("Stopped.");
            return ExitCode.Stopped;
        }
        catch (Exception failure) when (RunErrors.Wrap(failure) is { } trouble)
        {
            error.WriteLine(trouble.ToDiagnostic());
            WriteTrace(failure);
            return ExitCode.Of(failure, trouble);
        }
        catch (Exception bug)
        {
            ReportBug("running its command", bug);
            return ExitCode.Environment;
        }
    }

    /// <summary>False if the folder that the program was started in was removed.</summary>
    private static bool HasFolder()
    {
        try
        {
            return Directory.GetCurrentDirectory().Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Answers what asks about the program itself.</summary>
    private bool Tell(string[] arguments)
    {
        switch (arguments)
        {
            case ["--version"]:
                var version = typeof(PipelineProgram).Assembly.GetName().Version ?? new Version(0, 0);
                output.WriteLine($"{Name} (Lakeflow {version.ToString(3)}, sources {settings.SourceHash})");
                return true;
            case [.., "--help" or "-h"] or ["help"]:
                output.WriteLine(ProgramArguments.Usage.Replace("{0}", Name, StringComparison.Ordinal).ReplaceLineEndings());
                return true;
            default:
                return false;
        }
    }

    private int Run(ProgramArguments asked, CancellationToken stop) => asked.Command switch
    {
        ProgramArguments.Validate => Validate(asked, stop),
        ProgramArguments.Explain => Explain(asked),
        ProgramArguments.History => ShowHistory(asked),
        _ => Update(asked, stop),
    };

    private int Update(ProgramArguments asked, CancellationToken stop)
    {
        var options = asked.Options with { Memory = MemoryBudget.Of(settings.Configuration, Lakehouse.SpillFolder(asked.Lakehouse)) };
        // Workers of several flows want threads at once; the pool would add them half a second apart.
        ThreadPool.SetMinThreads(Math.Max(8, options.WorkersOrDefault * 4), 4);
        using IProgressView view = asked.Json ? new JsonLines(output) : new PlainLines(output);
        var (lakehouse, paths) = (Lakehouse.InFolder(asked.Lakehouse), PathsOf(asked));
        var result = asked.Continuous
            ? ContinuousRunner.Run(pipeline, lakehouse, files(paths), paths, options, view, TimeProvider.System, stop)
            : UpdateRunner.Run(pipeline, lakehouse, files(paths), paths, options, view, stop: stop);
        foreach (var flow in result.Flows)
        {
            if (flow.Error is { } trouble)
            {
                var diagnostic = trouble.ToDiagnostic();
                if (trouble.WantsNewPlan) diagnostic = diagnostic with { Hint = ProgramErrors.BuildAnew };
                error.WriteLine(diagnostic.At.IsNone ? diagnostic with { At = flow.Flow.Origin } : diagnostic);
                WriteTrace(trouble);
            }
            else if (flow.Unexpected is { } bug)
            {
                ReportBug($"running the flow {flow.Flow.Name}", bug);
            }
        }

        if (result.Warning is { } warning) error.WriteLine($"The event log could not be written: {warning.Message}");
        if (!asked.Json && result.NothingNew) output.WriteLine("nothing new");
        if (!asked.Json && result.State == UpdateState.Canceled) output.WriteLine("Stopped. What was committed stays; the next run goes on from there.");
        return result.State switch { UpdateState.Completed => ExitCode.Done, UpdateState.Canceled => ExitCode.Stopped, _ => ExitCode.Failed };
    }

    private int Validate(ProgramArguments asked, CancellationToken stop)
    {
        var (lakehouse, paths, time) = (Lakehouse.InFolder(asked.Lakehouse), PathsOf(asked), TimeProvider.System);
        var check = new PipelineCheck(new UpdateContext(
            pipeline.Info, lakehouse, files(paths), paths, asked.Options, new Selection(pipeline.Info, asked.Options),
            new RunConstants(UpdateContext.Micros(time.GetUtcNow()), asked.Options.Zone), "", time, stop));
        var found = check.Run();
        foreach (var trouble in found) error.WriteLine(trouble.ToDiagnostic());
        output.WriteLine(found.Count == 0 ? $"No mistakes: {check.Summary()}." : $"{found.Count} error(s): {check.Summary()}.");
        return found.Count == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private int Explain(ProgramArguments asked)
    {
        var all = settings.Explanations();
        var wanted = asked.Name is { } name ? all.Where(e => e.Is(name)).ToList() : [.. all];
        foreach (var explanation in wanted) explanation.Write(output, asked.Plan, asked.Code);
        if (wanted.Count > 0) return ExitCode.Done;
        error.WriteLine(ProgramErrors.UnknownDataset(asked.Name ?? "", pipeline.Info.Datasets.Select(d => d.Name.Name)));
        return ExitCode.Usage;
    }

    private int ShowHistory(ProgramArguments asked)
    {
        var (lakehouse, name) = (Lakehouse.InFolder(asked.Lakehouse), asked.Name!);
        var table = name.Equals("event_log", StringComparison.OrdinalIgnoreCase) ? lakehouse.EventLog()
            : pipeline.Info.Datasets.FirstOrDefault(d => d.IsTable && Explanation.Ends(d.Name.ToString(), name)) is { } dataset ? lakehouse.Table(dataset.Name)
            : null;
        if (table is null)
        {
            error.WriteLine(ProgramErrors.UnknownDataset(name, pipeline.Info.Datasets.Where(d => d.IsTable).Select(d => d.Name.Name)));
            return ExitCode.Usage;
        }

        if (!Snapshot.TryOpen(table, out _))
        {
            error.WriteLine(ProgramErrors.NothingToRead(name, lakehouse.Location, Name));
            return ExitCode.Usage;
        }

        HistoryLines.Write(table, asked.Limit, output);
        return ExitCode.Done;
    }

    private PathMap PathsOf(ProgramArguments asked) => settings.PathsFrom(asked.Root, asked.Mounts);

    private void ReportBug(string stage, Exception bug)
    {
        error.WriteLine(ProgramErrors.Bug(stage, bug));
        WriteTrace(bug);
    }

    private void WriteTrace(Exception failure)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LAKEFLOW_DEBUG"))) error.WriteLine(failure);
    }
}
