using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Rows in order in a file, in blocks. A further column holds the ordinal of the batch that each row came in: it decides between equal rows.</summary>
internal sealed class SortedRun(SpillFile file, List<SpillPlace> blocks)
{
    /// <summary>What a block is to hold: merging has one block of each run in memory.</summary>
    public const int BlockBytes = 64 << 10;

    private const int MostRows = 8192;
    private const int LeastRows = 16;

    public SpillFile File => file;

    public IReadOnlyList<SpillPlace> Blocks => blocks;

    /// <summary>The columns in the file.</summary>
    public static Schema With(Schema schema) => new(schema.Fields.Add(new Field("ordinal", DataType.Int64, Nullable: false)));

    /// <summary>Sorts batches, which are in the order of their ordinals, and writes them.</summary>
    public static SortedRun Write(Schema schema, RowOrder order, IReadOnlyList<RecordBatch> batches, RunMemory memory, SpillFile file)
    {
        using var all = Concatenate.Batches(schema, batches);
        var ordinals = new long[all.Length];
        var at = 0;
        foreach (var batch in batches)
        {
            ordinals.AsSpan(at, batch.Length).Fill(batch.Ordinal);
            at += batch.Length;
        }

        var rows = order.Of(all, memory.Stop).Rows();
        var most = (int)Math.Min(order.Most ?? rows.Length, rows.Length);
        var bytes = BatchCodec.BytesOf(all, new ArrowArray?[schema.Count]);
        var step = RowsOfBlock(bytes, all.Length);
        return Write(Blocks(), memory, file);

        IEnumerable<RecordBatch> Blocks()
        {
            for (var from = 0; from < most; from += step)
            {
                var taken = rows.AsSpan(from, Math.Min(step, most - from));
                var buffer = ArrowBuffer.Rent(taken.Length * sizeof(long));
                var values = buffer.As<long>();
                for (var i = 0; i < taken.Length; i++) values[i] = ordinals[taken[i]];
                using var block = Gather.Take(all, taken);
                yield return new RecordBatch(
                    With(schema), [.. block.Columns.Select(c => c.Retain()), new PrimitiveArray<long>(DataType.Int64, taken.Length, buffer)], taken.Length);
            }
        }
    }

    /// <summary>Writes blocks that are in order; disposes them.</summary>
    public static SortedRun Write(IEnumerable<RecordBatch> blocks, RunMemory memory, SpillFile file)
    {
        var writer = new SpillWriter();
        var places = new List<SpillPlace>();
        foreach (var block in blocks)
        {
            using (block)
            {
                writer.Clear();
                BatchCodec.Write(block, writer);
                places.Add(memory.Append(file, writer.Block));
            }
        }

        return new SortedRun(file, places);
    }

    /// <summary>Rows for a block of <see cref="BlockBytes"/>.</summary>
    public static int RowsOfBlock(long bytes, int rows) => rows == 0 ? MostRows : (int)Math.Clamp(BlockBytes * (long)rows / Math.Max(1, bytes), LeastRows, MostRows);
}
