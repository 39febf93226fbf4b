using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>What events come to: the change of the target, and that of the state.</summary>
/// <param name="Rows">New rows of the target.</param>
/// <param name="Remember">Events that the state takes up.</param>
/// <param name="Forget">Stored events that the state gives up.</param>
internal sealed record TargetChange(RecordBatch Rows, RememberedEvent[] Remember, int[] Forget) : IDisposable
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

/// <summary>An event that the state takes up.</summary>
/// <param name="Event">Its number.</param>
/// <param name="Expires">True if it only matters to events that come late: it is forgotten when the retention is over.</param>
internal readonly record struct RememberedEvent(int Event, bool Expires);
