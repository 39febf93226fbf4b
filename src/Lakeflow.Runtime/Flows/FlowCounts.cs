using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>What a pass counts: rows read, written and dropped, and the verdict of each expectation. Thread-safe; add once per batch, not per row.</summary>
public sealed class FlowCounts(int expectations)
{
    /// <summary>Sample rows kept per rule and step.</summary>
    public const int SamplesPerRule = 5;

    private readonly long[] passed = new long[expectations];
    private readonly long[] failed = new long[expectations];
    private readonly List<ViolationSample>[] samples = [.. Enumerable.Range(0, expectations).Select(_ => new List<ViolationSample>())];
    private long read;
    private long made;
    private long toMake;
    private long written;
    private long dropped;
    private long skipped;
    private long late;
    private long upserted;
    private long deleted;
    private long spilled;
    private long searchedFiles;
    private long searchedBytes;

    public long Read => Interlocked.Read(ref read);

    /// <summary>Rows that the flow has made itself, of <c>range()</c>; not in <see cref="Read"/>.</summary>
    public long Made => Interlocked.Read(ref made);

    /// <summary>How many of these there will be, in what has begun; at most <see cref="long.MaxValue"/>.</summary>
    public long ToMake => Interlocked.Read(ref toMake);

    public long Written => Interlocked.Read(ref written);

    /// <summary>Rows that at least one DROP rule rejected; each row once.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Of an AUTO CDC flow: rows that its events put into the target, new ones and new forms of old ones. Such a flow has none <see cref="Written"/>.</summary>
    public long Upserted => Interlocked.Read(ref upserted);

    /// <summary>Of an AUTO CDC flow: rows taken away that have no new form.</summary>
    public long Deleted => Interlocked.Read(ref deleted);

    public void AddChanged(long upsertedRows, long deletedRows)
    {
        Interlocked.Add(ref upserted, upsertedRows);
        Interlocked.Add(ref deleted, deletedRows);
    }

    /// <summary>Of an AUTO CDC flow: files of the target and its state that could hold a row of the changed keys.</summary>
    public long SearchedFiles => Interlocked.Read(ref searchedFiles);

    /// <summary>Bytes that were read of them.</summary>
    public long SearchedBytes => Interlocked.Read(ref searchedBytes);

    public void AddSearched(long files, long bytes)
    {
        Interlocked.Add(ref searchedFiles, files);
        Interlocked.Add(ref searchedBytes, bytes);
    }

    /// <summary>Malformed records that a source left out because it was told to (<c>mode => 'DROPMALFORMED'</c>); not in <see cref="Read"/>.</summary>
    public long Skipped => Interlocked.Read(ref skipped);

    /// <summary>Rows that came when the watermark had passed what they belong to, and were left out; a row in several windows once for each.</summary>
    public long Late => Interlocked.Read(ref late);

    /// <summary>Bytes that breakers wrote to files because they did not fit into memory.</summary>
    public long Spilled => Interlocked.Read(ref spilled);

    public void AddSpilled(long bytes) => Interlocked.Add(ref spilled, bytes);

    public void AddLate(long rows) => Interlocked.Add(ref late, rows);

    public void AddSkipped(long records) => Interlocked.Add(ref skipped, records);

    public void AddRead(long rows) => Interlocked.Add(ref read, rows);

    public void AddMade(long rows) => Interlocked.Add(ref made, rows);

    /// <summary>A range begins; from one thread at a time.</summary>
    public void AddToMake(Int128 rows) => Interlocked.Add(ref toMake, (long)Int128.Min(rows, long.MaxValue - ToMake));

    public void AddWritten(long rows) => Interlocked.Add(ref written, rows);

    public void AddDropped(long rows) => Interlocked.Add(ref dropped, rows);

    /// <summary>The verdicts of one batch on rule <paramref name="expectation"/> of <see cref="FlowInfo.Expectations"/>.</summary>
    public void AddVerdicts(int expectation, long passedRows, long failedRows)
    {
        Interlocked.Add(ref passed[expectation], passedRows);
        Interlocked.Add(ref failed[expectation], failedRows);
    }

    public long Passed(int expectation) => Interlocked.Read(ref passed[expectation]);

    public long Failed(int expectation) => Interlocked.Read(ref failed[expectation]);

    /// <summary>True while rule <paramref name="expectation"/> still wants samples; test it before making one.</summary>
    public bool WantsSample(int expectation) => samples[expectation].Count < SamplesPerRule;

    /// <summary>Keeps a violating row, if there is still room.</summary>
    /// <param name="expectation">The rule.</param>
    /// <param name="row">The output row as a JSON object.</param>
    /// <param name="origin">The batch's origin, or null.</param>
    /// <param name="index">The row's index in the scan's batch.</param>
    public void AddSample(int expectation, string row, RowOrigin? origin, int index)
    {
        lock (samples[expectation])
        {
            if (samples[expectation].Count < SamplesPerRule) samples[expectation].Add(new ViolationSample(row, origin?.Describe(index)));
        }
    }

    public ImmutableArray<ViolationSample> Samples(int expectation)
    {
        lock (samples[expectation]) return [.. samples[expectation]];
    }
}

/// <summary>A row that broke a rule.</summary>
/// <param name="Row">The row as a JSON object.</param>
/// <param name="Place"><c>orders.csv:17</c>, or null where the row has no single place.</param>
public sealed record ViolationSample(string Row, string? Place);
