using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>The command line of a binary that holds one compiled pipeline: <c>./flights run --lakehouse /data</c>.</summary>
/// <remarks>It parses by hand: the closure of native binaries takes no packages.</remarks>
public static class PipelineProgram
{
    private const int Done = 0;
    private const int FlowFailed = 1;
    private const int WrongUse = 2;
    private const int NotPossible = 3;
    private const int Stopped = 130;

    /// <summary>Runs the command and returns its exit code: 0 done, 1 a flow failed, 2 wrong use, 3 environment, 130 stopped.</summary>
    /// <param name="arguments">Of the process.</param>
    /// <param name="pipeline">The compiled pipeline.</param>
    /// <param name="settings">Of the project, when the binary was built.</param>
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

        if (arguments is not ["run", .. var options] || Parse(options, settings.ToOptions()) is not { } asked)
        {
            error.WriteLine($"usage: {pipeline.Info.Name} run [--lakehouse DIR] [--root DIR] [--mount PREFIX=DIR]… [--threads N] [--full-refresh-all --yes]");
            error.WriteLine($"       {pipeline.Info.Name} --version");
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
            // Workers of several flows want threads at once; the pool would add them half a second apart.
            ThreadPool.SetMinThreads(Math.Max(8, asked.Options.WorkersOrDefault * 4), 4);
            var paths = new PathMap(asked.Root, asked.Mounts);
            var memory = MemoryBudget.Of(settings.Configuration, Lakehouse.SpillFolder(asked.Lakehouse));
            var result = UpdateRunner.Run(
                pipeline, Lakehouse.InFolder(asked.Lakehouse), files(paths), paths, asked.Options with { Memory = memory }, stop: stop.Token);
            foreach (var flow in result.Flows) Tell(flow, output, error);
            if (result.NothingNew) output.WriteLine("nothing new");
            return result.State switch { UpdateState.Completed => Done, UpdateState.Canceled => Stopped, _ => FlowFailed };
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

    private static void Tell(FlowOutcome flow, TextWriter output, TextWriter error)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{flow.Flow.Name}: {flow.State.ToString().ToUpperInvariant()}, {flow.Counts.Read} read, {flow.Counts.Written} written, {flow.Counts.Upserted} upserted, {flow.Counts.Deleted} deleted, {flow.Counts.Dropped} dropped"));
        if (flow.Error is not null) error.WriteLine(flow.Error.ToDiagnostic());
        if (flow.Unexpected is not null) error.WriteLine($"error LF0001: {flow.Unexpected.Message}");
    }

    /// <summary>One number for all plans: another number, another pipeline.</summary>
    private static string PlanHash(IPipeline pipeline) =>
        string.Join('-', pipeline.Info.Flows.Select(f => f.PlanFingerprint[..Math.Min(4, f.PlanFingerprint.Length)]));

    private static Asked? Parse(ReadOnlySpan<string> options, UpdateOptions defaults)
    {
        var asked = new Asked("lakehouse", Directory.GetCurrentDirectory(), [], defaults);
        var yes = false;
        for (var i = 0; i < options.Length; i++)
        {
            var value = i + 1 < options.Length ? options[i + 1] : null;
            switch (options[i])
            {
                case "--yes":
                    yes = true;
                    continue;
                case "--full-refresh-all":
                    asked = asked with { Options = asked.Options with { FullRefreshAll = true } };
                    continue;
                case "--lakehouse" when value is not null:
                    asked = asked with { Lakehouse = value };
                    break;
                case "--root" when value is not null:
                    asked = asked with { Root = Path.GetFullPath(value) };
                    break;
                case "--threads" when int.TryParse(value, out var threads) && threads > 0:
                    asked = asked with { Options = asked.Options with { Workers = threads } };
                    break;
                case "--mount" when value?.IndexOf('=', StringComparison.Ordinal) is > 0 and var split:
                    asked = asked with { Mounts = asked.Mounts.Add(new Mount(value[..split], Path.GetFullPath(value[(split + 1)..]))) };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return asked with { Lakehouse = Path.GetFullPath(asked.Lakehouse), Options = asked.Options with { LoseRows = yes } };
    }

    private sealed record Asked(string Lakehouse, string Root, ImmutableArray<Mount> Mounts, UpdateOptions Options);
}
