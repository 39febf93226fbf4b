using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Rows in a file, in parts. They are gathered until each part has a block's worth, then written part by part.</summary>
internal sealed class PartedRows(RunMemory memory, int parts)
{
    private const int BlockBytes = 32 << 10;

    private readonly List<SpillPlace>[] places = [.. Enumerable.Range(0, parts).Select(_ => new List<SpillPlace>())];
    private readonly long[] bytes = new long[parts];
    private readonly List<(RecordBatch Rows, int[] Parts)> gathered = [];
    private readonly SpillWriter writer = new();
    private SpillFile? file;
    private Schema? schema;
    private long gatheredBytes;

    public int Parts => parts;

    /// <summary>Bytes of a part.</summary>
    public long BytesOf(int part) => bytes[part];

    /// <summary>Adds a batch, which stays the caller's.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="partOf">For each row its part.</param>
    public void Add(RecordBatch rows, int[] partOf)
    {
        if (rows.Length == 0) return;
        schema ??= rows.Schema;
        gathered.Add((rows.WithSchema(schema), partOf));
        gatheredBytes += BatchCodec.BytesOf(rows, new ArrowArray?[rows.Columns.Length]);
        if (gatheredBytes > Math.Min(BlockBytes * (long)parts, memory.Budget.Bytes / 8)) Flush();
    }

    /// <summary>Writes what was gathered.</summary>
    public void Flush()
    {
        if (gathered.Count == 0) return;
        file ??= memory.NewFile();
        using var all = Concatenate.Batches(schema!, [.. gathered.Select(g => g.Rows)]);
        var rowsOf = new List<int>[parts];
        var row = 0;
        foreach (var (rows, partOf) in gathered)
        {
            foreach (var part in partOf) (rowsOf[part] ??= []).Add(row++);
            rows.Dispose();
        }

        for (var part = 0; part < parts; part++)
        {
            if (rowsOf[part] is not { } taken) continue;
            using var block = Gather.Take(all, taken.ToArray());
            writer.Clear();
            BatchCodec.Write(block, writer);
            bytes[part] += writer.Length;
            places[part].Add(memory.Append(file, writer.Block));
        }

        gathered.Clear();
        gatheredBytes = 0;
    }

    /// <summary>The rows of a part, in the order in which they came, once everything is written; each batch is the caller's.</summary>
    public IEnumerable<RecordBatch> Read(int part)
    {
        var reader = new SpillReader();
        foreach (var place in places[part])
        {
            reader.Begin(file!, place);
            yield return BatchCodec.Read(schema!, reader);
        }
    }

    /// <summary>Gives the file back.</summary>
    public void Close() => file?.Dispose();
}
