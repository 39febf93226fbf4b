namespace Lakeflow.Delta;

/// <summary>The numbers in the names of a transaction's files. Thread-safe.</summary>
internal sealed class FileNumbers
{
    private int last = -1;

    /// <summary>0, 1, 2 …</summary>
    public int Next() => Interlocked.Increment(ref last);
}
