namespace Lakeflow.Pipelines.Tests.Robustness;

/// <summary>The store calls of an update at which it is made to die.</summary>
internal static class Deaths
{
    private const int Third = 3;

    /// <summary>All of them if <c>LAKEFLOW_DEATHS=all</c>; else a third of them, each day another.</summary>
    /// <remarks>For what goes beyond the pipeline of <see cref="Cdc.KillAnywhereTests"/>, whose every call is tried in every run.</remarks>
    /// <param name="calls">How many calls the update makes when nothing happens to it.</param>
    public static IEnumerable<int> Among(int calls)
    {
        var all = Enumerable.Range(1, calls);
        if (Environment.GetEnvironmentVariable("LAKEFLOW_DEATHS") == "all") return all;
        var today = DateOnly.FromDateTime(DateTime.UtcNow).DayNumber % Third;
        return all.Where(call => call % Third == today);
    }
}
