using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>What events come to: the change of the target, and that of the state.</summary>
/// <param name="Present">New rows of the target that hold now.</param>
/// <param name="Remember">Events that the state takes up.</param>
/// <param name="Forget">Stored events that the state gives up.</param>
internal sealed record TargetChange(ImmutableArray<RecordBatch> Present, RememberedEvent[] Remember, int[] Forget) : IDisposable
{
    /// <summary>New rows whose versions are over.</summary>
    public ImmutableArray<RecordBatch> Over { get; init; } = [];

    /// <summary>How many rows are new.</summary>
    public int Count => Present.Sum(rows => rows.Length) + Over.Sum(rows => rows.Length);

    /// <summary>Rows of the target that go; null if none do.</summary>
    public FoundRows? Old { get; init; }

    /// <summary>Which of <see cref="Old"/> go.</summary>
    public ImmutableArray<int> Gone { get; init; } = [];

    /// <summary>By row of <see cref="Old"/>, whether it has a new form.</summary>
    public bool[] HasNewForm { get; init; } = [];

    /// <summary>By row of <see cref="Present"/>, then of <see cref="Over"/>, whether it is the new form of one that goes.</summary>
    public bool[] IsNewForm { get; init; } = [];

    /// <summary>How many rows go that have no new form.</summary>
    public long Deleted { get; init; }

    /// <summary>The new rows that are the new form of others, or those that are not.</summary>
    public TargetChange Only(bool newForms)
    {
        var first = 0;
        ImmutableArray<RecordBatch> present = [.. Present.Select(Some)];
        return new TargetChange(present, [], []) { Over = [.. Over.Select(Some)] };

        RecordBatch Some(RecordBatch rows)
        {
            var from = first;
            first += rows.Length;
            return Gather.Take(rows, [.. Enumerable.Range(0, rows.Length).Where(row => IsNewForm[from + row] == newForms)]);
        }
    }

    public void Dispose()
    {
        foreach (var rows in Present.Concat(Over)) rows.Dispose();
        Old?.Dispose();
    }
}

/// <summary>An event that the state takes up.</summary>
/// <param name="Event">Its number.</param>
/// <param name="Expires">True if it only matters to events that come late: it is forgotten when the retention is over.</param>
internal readonly record struct RememberedEvent(int Event, bool Expires);
