using System.Collections.Immutable;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Segments;

/// <summary>Segments that several sources feed one after another.</summary>
public static class Workers
{
    /// <summary>One for each worker of the run.</summary>
    public static ImmutableArray<T> Each<T>(FlowRun run, Func<int, T> make) => [.. Enumerable.Range(0, run.Workers).Select(make)];
}
