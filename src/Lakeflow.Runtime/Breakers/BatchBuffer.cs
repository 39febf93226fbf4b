using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Gathers the batches of all workers: the build side of a join, the input of a sort or window, a subquery's rows.</summary>
/// <remarks>
/// A worker that holds more than its share of the memory budget writes what it holds to a file, in the order in which the rows will be read
/// if one is given, and goes on with nothing.
/// </remarks>
public sealed class BatchBuffer : IDisposable
{
    private readonly BufferPart[] parts;
    private readonly RunMemory? memory;

    /// <summary>A buffer that keeps everything in memory.</summary>
    public BatchBuffer(Schema schema, int workers)
    {
        Schema = schema;
        parts = new BufferPart[workers];
        for (var worker = 0; worker < workers; worker++) parts[worker] = new BufferPart(schema, null, null);
    }

    /// <summary>A buffer that spills.</summary>
    /// <param name="schema">Of the batches.</param>
    /// <param name="run">Whose memory it takes.</param>
    /// <param name="order">In which the rows will be read; null for the order of the batches.</param>
    public BatchBuffer(Schema schema, FlowRun run, RowOrder? order = null)
    {
        Schema = schema;
        Order = order;
        memory = run.Memory;
        parts = new BufferPart[run.Workers];
        for (var worker = 0; worker < parts.Length; worker++) parts[worker] = new BufferPart(schema, memory, order);
    }

    public Schema Schema { get; }

    /// <summary>In which the rows will be read; null for the order of the batches.</summary>
    public RowOrder? Order { get; }

    public long Rows => parts.Sum(p => p.Rows);

    /// <summary>True if some of the rows are in files.</summary>
    public bool IsSpilled => Array.Exists(parts, p => p.IsSpilled);

    /// <summary>What all rows take in memory.</summary>
    internal long Bytes => parts.Sum(p => p.Bytes);

    internal RunMemory? Memory => memory;

    /// <summary>Set when the run that the rows are gathered for is to end.</summary>
    internal CancellationToken Stop => memory?.Stop ?? CancellationToken.None;

    /// <summary>True once a worker has handed over so many rows: of batches that come in order, the first so many of all workers are then here.</summary>
    public bool Has(int worker, long rows) => parts[worker].Rows >= rows;

    /// <summary>The sink of a worker.</summary>
    public IBatchSink Worker(int worker) => parts[worker];

    /// <summary>The batches in memory in order of their ordinals; they stay the buffer's.</summary>
    public IReadOnlyList<RecordBatch> InOrder() => [.. parts.SelectMany(p => p.Held).OrderBy(b => b.Ordinal)];

    /// <summary>All rows as one batch, in order; the caller owns it.</summary>
    /// <param name="what">What the rows are, for the message if they do not fit.</param>
    /// <param name="instead">What can be done about it.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5020: they are in files, and more than the whole budget.</exception>
    public RecordBatch Concat(string what = "The rows of a subquery", string instead = "make them fewer")
    {
        if (!IsSpilled) return Concatenate.Batches(Schema, InOrder(), parts.Length);
        if (Bytes > memory!.Budget.Bytes) throw SpillErrors.TooLarge(what, Bytes, memory.Budget.Bytes, instead);
        var batches = Batches().ToList();
        var all = Concatenate.Batches(Schema, batches);
        foreach (var batch in batches) batch.Dispose();
        return all;
    }

    /// <summary>The batches one by one in order of their ordinals, those in files included; each is the caller's.</summary>
    internal IEnumerable<RecordBatch> Batches()
    {
        var reader = new SpillReader();
        foreach (var (_, read) in parts.SelectMany(p => p.Stored(reader)).OrderBy(b => b.Ordinal)) yield return read();
    }

    /// <summary>The sorted runs of all workers, those in memory written out as well.</summary>
    internal List<SortedRun> Runs() => [.. parts.SelectMany(p => p.Runs())];

    /// <summary>The batches in order as a source, which takes them over.</summary>
    public IBatchSource AsSource() => IsSpilled ? new OrderedSource(Schema, Batches()) : new BatchSource(Schema, TakeAll());

    public void Dispose()
    {
        foreach (var part in parts) part.Dispose();
    }

    private List<RecordBatch> TakeAll() => [.. parts.SelectMany(p => p.TakeHeld()).OrderBy(b => b.Ordinal)];
}
