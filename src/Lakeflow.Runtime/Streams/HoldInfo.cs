using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Streams;

/// <summary>What is remembered of a stream's rows, and which of them a step gets.</summary>
public enum HoldKind
{
    /// <summary>Rows wait until the watermark has reached their due time, and come out then. A row that comes after its time is late.</summary>
    UntilDue,

    /// <summary>The first of each set of equal rows comes out at once, and is remembered until the watermark has reached its due time, or for good.</summary>
    FirstOnly,
}

/// <summary>A place in a flow's plan that remembers rows from step to step, in a state table of its own.</summary>
/// <param name="Columns">The rows' columns, by names that a table may have.</param>
/// <param name="Due">The column with the due time, or −1.</param>
/// <param name="Time">The column with the time that moves the watermark, or −1.</param>
/// <param name="Delay">How far the watermark lags behind the greatest time seen, microseconds.</param>
/// <param name="Meaning">Fingerprint of what the columns are: rows of another one do not fit.</param>
public sealed record HoldInfo(HoldKind Kind, Schema Columns, int Due, int Time, long Delay, string Meaning);
