namespace Lakeflow.Runtime.Spilling;

/// <summary>What one breaker holds on one thread, as its <see cref="MemoryBudget"/> sees it. Used by that thread alone.</summary>
public sealed class MemoryShare : IDisposable
{
    private readonly MemoryBudget budget;
    private bool isPinned;
    private bool isClosed;

    internal MemoryShare(MemoryBudget budget) => this.budget = budget;

    /// <summary>Bytes held.</summary>
    public long Used { get; private set; }

    /// <summary>True if this breaker is to write out what it holds before it takes more.</summary>
    public bool IsOver => !isPinned && Used > 0 && (budget.SpillsAlways || (budget.Used > budget.Bytes && Used >= budget.Fair));

    /// <summary>Says how many bytes are held now.</summary>
    public void Hold(long bytes)
    {
        if (isClosed) return;
        budget.Add(bytes - Used);
        if (isPinned) budget.Pin(bytes - Used);
        Used = bytes;
    }

    /// <summary>What is held from here on stays until it is given back: others have less to share.</summary>
    public void Pin()
    {
        if (isPinned || isClosed) return;
        isPinned = true;
        budget.Settle();
        budget.Pin(Used);
    }

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        if (isClosed) return;
        Hold(0);
        if (!isPinned) budget.Settle();
        isClosed = true;
    }
}
