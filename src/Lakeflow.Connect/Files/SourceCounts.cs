namespace Lakeflow.Connect.Files;

/// <summary>What a scan met, over all its workers so far.</summary>
public sealed class SourceCounts
{
    private long rows;
    private long malformed;
    private long dropped;
    private long rescued;

    /// <summary>Rows handed on.</summary>
    public long Rows => Interlocked.Read(ref rows);

    /// <summary>Broken records: no JSON, or the wrong number of fields; without a rescued column also a value of the wrong type.</summary>
    public long Malformed => Interlocked.Read(ref malformed);

    /// <summary>Malformed records that DROPMALFORMED left out.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Rows with something in the rescued column.</summary>
    public long Rescued => Interlocked.Read(ref rescued);

    internal void Add(long rows = 0, long malformed = 0, long dropped = 0, long rescued = 0)
    {
        if (rows != 0) Interlocked.Add(ref this.rows, rows);
        if (malformed != 0) Interlocked.Add(ref this.malformed, malformed);
        if (dropped != 0) Interlocked.Add(ref this.dropped, dropped);
        if (rescued != 0) Interlocked.Add(ref this.rescued, rescued);
    }
}
