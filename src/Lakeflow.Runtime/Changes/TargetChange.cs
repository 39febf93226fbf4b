using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>What events come to: the change of the target, and that of the state.</summary>
/// <param name="Rows">New rows of the target.</param>
/// <param name="Remember">Fresh events that the state takes up.</param>
/// <param name="Forget">Stored events that the state gives up.</param>
internal sealed record TargetChange(RecordBatch Rows, int[] Remember, int[] Forget) : IDisposable
{
    /// <summary>Rows of the target that go; null if none do.</summary>
    public FoundRows? Old { get; init; }

    /// <summary>Which of <see cref="Old"/> go.</summary>
    public ImmutableArray<int> Gone { get; init; } = [];

    /// <summary>How many of them have no new form among <see cref="Rows"/>.</summary>
    public long Deleted { get; init; }

    public void Dispose()
    {
        Rows.Dispose();
        Old?.Dispose();
    }
}
