using Lakeflow.Connect.Files;
using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Connect.Hosting;

/// <summary>A compiled pipeline as a part of a program: the base of the class that a build generates.</summary>
/// <param name="code">The generated flows.</param>
/// <param name="settings">The project's, built in.</param>
public class HostedPipeline(IPipeline code, PipelineSettings settings)
{
    private PathMap? paths;

    /// <summary>What the pipeline declares.</summary>
    public PipelineInfo Info => code.Info;

    /// <summary>The project's settings, built in.</summary>
    public PipelineSettings Settings => settings;

    /// <summary>Where the paths of its queries lead. Unless it is set they start at what is the current folder when they are first wanted, with the mounts of the project.</summary>
    public PathMap Paths
    {
        get => paths ??= settings.PathsFrom(Directory.GetCurrentDirectory());
        init => paths = value;
    }

    /// <summary>Told what happens in updates, from the threads where it happens; or null.</summary>
    public IProgress<UpdateEvent>? Progress { get; init; }

    /// <summary>Brings the tables up to date, once.</summary>
    /// <param name="lakehouse">Where the tables are: <see cref="Lakehouse.InFolder"/>.</param>
    /// <param name="options">What to do; null for everything that is new. Time zone and configuration are always the pipeline's own.</param>
    /// <param name="cancellation">Ends the update after the batches in hand; nothing half is committed, and the result's state is CANCELED.</param>
    /// <returns>How each flow ended. A flow that failed is told of here (<see cref="FlowOutcome.Error"/>), not thrown.</returns>
    /// <exception cref="Runtime.Diagnostics.RuntimeError">The update could not begin.</exception>
    public Task<UpdateResult> UpdateAsync(Lakehouse lakehouse, UpdateOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lakehouse);
        var asked = settings.ApplyTo(options ?? new UpdateOptions { MaxRetries = settings.MaxRetries });
        // Who says nothing of memory means what the project says.
        if (asked.Memory == MemoryBudget.OfMachine) asked = asked with { Memory = MemoryBudget.Of(settings.Configuration, SpillFolder.Temporary) };
        return Task.Run(() => UpdateRunner.Run(code, lakehouse, new FileSources(Paths), Paths, asked, Progress, stop: cancellation), CancellationToken.None);
    }

    /// <summary>The whole program: <c>run</c> with the options of <c>lakeflow run</c>, and what else <see cref="PipelineProgram"/> knows.</summary>
    /// <returns>The exit code.</returns>
    public int RunProgram(string[] arguments) =>
        PipelineProgram.Run(arguments, code, settings, paths => new FileSources(paths), StandardStreams.Out, StandardStreams.Error);
}
