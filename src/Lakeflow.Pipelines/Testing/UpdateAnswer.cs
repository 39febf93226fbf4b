using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Testing;

/// <summary>How the update of a test's step ended.</summary>
/// <param name="Flows">A line a flow, by name: <see cref="Line"/>.</param>
/// <param name="Errors">What went wrong, or kept it from beginning.</param>
public sealed record UpdateAnswer(ImmutableArray<string> Flows, ImmutableArray<UpdateFailure> Errors)
{
    /// <summary>Compiles the project and runs an update of it.</summary>
    /// <param name="project">The project, in the folder of the test.</param>
    /// <param name="step">What to do.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Ends it.</param>
    public static UpdateAnswer InProcess(Project project, Update step, TimeProvider time, CancellationToken stop)
    {
        var session = Session.Of(project);
        var compiled = session.Prepare();
        if (compiled.HasErrors) return new([], [.. compiled.Diagnostics.Where(d => d.IsError).Select(d => new UpdateFailure(d.Code, null, d.ToString()))]);
        UpdateResult result;
        try
        {
            result = session.Run(compiled, new UpdateOptions
            {
                Refresh = step.Refresh,
                FullRefresh = step.FullRefresh,
                FullRefreshAll = step.FullRefreshAll,
                ResetFlows = step.ResetFlows,
                LoseRows = step.LoseRows,
                Configuration = project.Settings.Configuration,
                MaxRetries = 0,
            }, null, time, stop);
        }
        catch (RuntimeError refused)
        {
            // What cannot begin changes nothing, as a mistake in the text.
            return new([], [UpdateFailure.Of(refused)]);
        }

        foreach (var bug in result.Flows.Select(f => f.Unexpected).OfType<Exception>()) throw bug;
        return new(
            [.. result.Flows.OrderBy(f => f.Flow.Name, StringComparer.Ordinal).Select(LineOf)],
            [.. result.Flows.Select(f => f.Error).OfType<RuntimeError>().Select(UpdateFailure.Of)]);
    }

    /// <summary>A flow's line: its name, its state, and its counts that are not zero.</summary>
    public static string Line(string flow, string state, ReadOnlySpan<(string Name, long Value)> counts)
    {
        var line = $"{flow}  {state}";
        foreach (var (name, value) in counts)
        {
            if (value > 0) line += string.Create(CultureInfo.InvariantCulture, $"  {name} {value}");
        }

        return line;
    }

    private static string LineOf(FlowOutcome flow)
    {
        var counts = flow.Counts;
        return Line(flow.Flow.Name, flow.State.ToString().ToUpperInvariant(),
        [
            ("read", counts.Read), ("written", counts.Written), ("upserted", counts.Upserted), ("deleted", counts.Deleted), ("dropped", counts.Dropped),
            ("failed", counts.Expectations.Sum(e => e.Failed)), ("malformed", counts.Skipped), ("late", counts.Late),
        ]);
    }
}

/// <summary>Why an update, or a flow of it, failed.</summary>
/// <param name="Code">LF….</param>
/// <param name="Class">Spark's error class, or null.</param>
/// <param name="Text">The message as users see it.</param>
public sealed record UpdateFailure(string Code, string? Class, string Text)
{
    internal static UpdateFailure Of(RuntimeError error) => new(error.Code, error.ErrorClass, error.ToDiagnostic().ToString());
}
