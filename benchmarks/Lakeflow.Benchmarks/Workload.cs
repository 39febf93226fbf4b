namespace Lakeflow.Benchmarks;

/// <summary>The same work for both sides.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Goal">Ours / DuckDB that we aim at.</param>
/// <param name="Open">Makes both sides ready for that many threads; what it does is not timed.</param>
internal sealed record Workload(string Name, double Goal, Func<int, Sides> Open)
{
    public int Rounds { get; init; } = 5;
}

/// <summary>Both sides of a workload, each to be run many times.</summary>
/// <param name="Ours">One run; its rows, each value boxed.</param>
/// <param name="Theirs">One run without looking at the rows.</param>
/// <param name="TheirRows">One run for its rows, as DuckDB prints them.</param>
internal sealed record Sides(Func<IReadOnlyList<object?[]>> Ours, Action Theirs, Func<IReadOnlyList<string?[]>> TheirRows) : IDisposable
{
    public Action? Close { get; init; }

    public void Dispose() => Close?.Invoke();
}
