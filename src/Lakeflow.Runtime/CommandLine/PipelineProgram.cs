using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>The command line of a program that holds one compiled pipeline: <c>./flights run --lakehouse /data</c>, or <c>dotnet run</c>.</summary>
/// <remarks>It parses by hand: the closure of native binaries takes no packages.</remarks>
public static class PipelineProgram
{
    private const int Done = 0;
    private const int FlowFailed = 1;
    private const int WrongUse = 2;
    private const int NotPossible = 3;
    private const int Stopped = 130;

    /// <summary>Runs the command and returns its exit code: 0 done, 1 a flow failed, 2 wrong use, 3 environment, 130 stopped.</summary>
    /// <param name="arguments">Of the process; without a command's name they are those of <c>run</c>.</param>
    /// <param name="pipeline">The compiled pipeline.</param>
    /// <param name="settings">Of the project, when the program was built.</param>
    /// <param name="files">The readers that it names.</param>
    /// <param name="output">Where lines go.</param>
    /// <param name="error">Where trouble goes.</param>
    public static int Run(
        string[] arguments, IPipeline pipeline, PipelineSettings settings, Func<PathMap, IFileSources> files, TextWriter output, TextWriter error)
    {
        if (arguments is ["--version"])
        {
            output.WriteLine($"{pipeline.Info.Name} {PlanHash(pipeline)}");
            return Done;
        }

        if (arguments is ["--help" or "-h"])
        {
            WriteUsage(output, pipeline);
            return Done;
        }

        var words = arguments is ["run", .. var rest] ? rest : arguments;
        if (RunArguments.Parse(words, settings, out var problem) is not { } asked)
        {
            error.WriteLine(problem);
            WriteUsage(error, pipeline);
            return WrongUse;
        }

        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler onCancel = (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += onCancel;
        try
        {
            var paths = settings.PathsFrom(asked.Root, asked.Mounts);
            var memory = MemoryBudget.Of(settings.Configuration, Lakehouse.SpillFolder(asked.Lakehouse));
            return Run(asked with { Options = asked.Options with { Memory = memory } }, pipeline, paths, files, output, error, stop.Token);
        }
        catch (RuntimeError trouble)
        {
            error.WriteLine(trouble.ToDiagnostic());
            return NotPossible;
        }
        finally
        {
            Console.CancelKeyPress -= onCancel;
        }
    }

    private static int Run(RunArguments asked, IPipeline pipeline, PathMap paths, Func<PathMap, IFileSources> files, TextWriter output, TextWriter error, CancellationToken stop)
    {
        // Workers of several flows want threads at once; the pool would add them half a second apart.
        ThreadPool.SetMinThreads(Math.Max(8, asked.Options.WorkersOrDefault * 4), 4);
        using IProgressView view = asked.Json ? new JsonLines(output) : new PlainLines(output);
        var lakehouse = Lakehouse.InFolder(asked.Lakehouse);
        var result = asked.Continuous
            ? ContinuousRunner.Run(pipeline, lakehouse, files(paths), paths, asked.Options, view, TimeProvider.System, stop)
            : UpdateRunner.Run(pipeline, lakehouse, files(paths), paths, asked.Options, view, stop: stop);
        foreach (var flow in result.Flows)
        {
            if (flow.Error is not null) error.WriteLine(flow.Error.ToDiagnostic());
            if (flow.Unexpected is not null) error.WriteLine($"error LF0001: {flow.Unexpected.Message}");
        }

        if (result.NothingNew && !asked.Json) output.WriteLine("nothing new");
        return result.State switch { UpdateState.Completed => Done, UpdateState.Canceled => Stopped, _ => FlowFailed };
    }

    private static void WriteUsage(TextWriter to, IPipeline pipeline)
    {
        to.WriteLine($"usage: {pipeline.Info.Name} {RunArguments.Usage.ReplaceLineEndings()}");
        to.WriteLine($"       {pipeline.Info.Name} --version");
    }

    /// <summary>One number for all plans: another number, another pipeline.</summary>
    private static string PlanHash(IPipeline pipeline) =>
        string.Join('-', pipeline.Info.Flows.Select(f => f.PlanFingerprint[..Math.Min(4, f.PlanFingerprint.Length)]));
}
