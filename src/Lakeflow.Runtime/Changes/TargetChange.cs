using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>What events come to: the change of the target, and that of the state.</summary>
/// <param name="Present">New rows of the target that hold now. They are made of the events, which must be there until the rows are written.</param>
/// <param name="Remember">Events that the state takes up.</param>
/// <param name="Forget">Stored events that the state gives up.</param>
internal sealed record TargetChange(NewRows Present, RememberedEvent[] Remember, int[] Forget) : IDisposable
{
    /// <summary>New rows whose versions are over.</summary>
    public NewRows Over { get; init; } = NewRows.None;

    /// <summary>How many rows are new.</summary>
    public int Count => Present.Count + Over.Count;

    /// <summary>Rows of the target that go; null if none do.</summary>
    public FoundRows? Old { get; init; }

    /// <summary>Which of <see cref="Old"/> go.</summary>
    public ImmutableArray<int> Gone { get; init; } = [];

    /// <summary>By row of <see cref="Old"/>, whether it has a new form.</summary>
    public bool[] HasNewForm { get; init; } = [];

    /// <summary>By row of <see cref="Present"/>, then of <see cref="Over"/>, whether it is the new form of one that goes. Only change feeds ask.</summary>
    public Func<bool[]> NewForms { get; init; } = () => [];

    /// <summary>What the new rows are made of besides the events; null where that is nothing.</summary>
    public RecordBatch? Values { get; init; }

    /// <summary>What else the new rows are made of.</summary>
    public ImmutableArray<IDisposable> Parts { get; init; } = [];

    /// <summary>How many rows go that have no new form.</summary>
    public long Deleted { get; init; }

    /// <summary>The new rows that are the new form of others, or those that are not.</summary>
    public TargetChange Only(bool[] isNewForm, bool wanted) => new(Present.Where(row => isNewForm[row] == wanted), [], [])
    {
        Over = Over.Where(row => isNewForm[Present.Count + row] == wanted),
    };

    public void Dispose()
    {
        Old?.Dispose();
        Values?.Dispose();
        foreach (var part in Parts) part.Dispose();
    }
}

/// <summary>An event that the state takes up.</summary>
/// <param name="Event">Its number.</param>
/// <param name="Expires">True if it only matters to events that come late: it is forgotten when the retention is over.</param>
internal readonly record struct RememberedEvent(int Event, bool Expires);
