using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Spilling;

/// <summary>What the breakers of one run hold, in memory and in files. Its end gives back all of it.</summary>
public sealed class RunMemory(MemoryBudget budget, FlowCounts counts, CancellationToken stop) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<MemoryShare> shares = [];
    private readonly List<SpillFile> files = [];

    public MemoryBudget Budget => budget;

    /// <summary>Set when the run is to end.</summary>
    public CancellationToken Stop => stop;

    /// <summary>A place in the budget for a breaker of the run.</summary>
    public MemoryShare Open()
    {
        var share = budget.Open();
        lock (gate) shares.Add(share);
        return share;
    }

    /// <summary>A file for what a breaker of the run spills.</summary>
    public SpillFile NewFile()
    {
        var file = budget.Folder.NewFile();
        lock (gate) files.Add(file);
        return file;
    }

    /// <summary>Appends a block to a file, and counts it.</summary>
    /// <exception cref="OperationCanceledException">The run is to end: a breaker may have much left to write, and no batch comes between.</exception>
    public SpillPlace Append(SpillFile file, ReadOnlySpan<byte> block)
    {
        stop.ThrowIfCancellationRequested();
        counts.AddSpilled(block.Length);
        return file.Append(block);
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var share in shares) share.Dispose();
            foreach (var file in files) file.Dispose();
            shares.Clear();
            files.Clear();
        }
    }
}
