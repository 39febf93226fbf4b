using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>A build side in files, divided by the keys' hashes.</summary>
internal sealed class TableParts<TKey>
    where TKey : unmanaged, IGroupKey<TKey>
{
    private const int LeastParts = 4;
    private const int MostParts = 256;

    /// <summary>A table takes more than its rows: keys, chains, slots, and twice the rows while they are put together.</summary>
    private const int TablePerByte = 3;

    private readonly MemoryBudget budget;
    private readonly Schema schema;
    private readonly PartedRows rows;

    private TableParts(MemoryBudget budget, Schema schema, PartedRows rows, Action<JoinTable<TKey>> fill)
    {
        this.budget = budget;
        this.schema = schema;
        this.rows = rows;
        Fill = fill;
        Matched = new byte[rows.Parts][];
    }

    public int Count => rows.Parts;

    public Action<JoinTable<TKey>> Fill { get; }

    public bool HasNullKey { get; private set; }

    /// <summary>For each part the rows that found a partner, null where none did.</summary>
    public byte[]?[] Matched { get; }

    public static TableParts<TKey> Divide(RunMemory memory, BatchBuffer buffer, Action<JoinTable<TKey>> fill)
    {
        var count = LeastParts;
        while (count < MostParts && buffer.Bytes * TablePerByte / count > memory.Budget.Fair) count *= 2;
        var rows = new PartedRows(memory, count);
        var parts = new TableParts<TKey>(memory.Budget, buffer.Schema, rows, fill);
        foreach (var batch in buffer.Batches())
        {
            using var table = new JoinTable<TKey>(batch);
            fill(table);
            parts.HasNullKey |= table.HasNullKey;
            rows.Add(batch, table.PartsOf(count));
        }

        rows.Flush();
        return parts;
    }

    public static int PartOf(ulong hash, int parts) => (int)(hash >> 44) & (parts - 1);

    /// <summary>The rows of a part; none for −1. The caller owns them.</summary>
    /// <exception cref="Diagnostics.RuntimeError">LF5020: they are more than the whole budget.</exception>
    public RecordBatch Read(int part)
    {
        if (part < 0) return Concatenate.Batches(schema, []);
        if (rows.BytesOf(part) > budget.Bytes) throw SpillErrors.TooLarge("The rows of a few keys of a join's smaller side", rows.BytesOf(part), budget.Bytes, "group or filter that side first");
        var batches = rows.Read(part).ToList();
        var all = Concatenate.Batches(schema, batches);
        foreach (var batch in batches) batch.Dispose();
        return all;
    }
}
