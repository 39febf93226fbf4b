using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>Truth values, as bits.</summary>
internal sealed class BooleanLeafWriter(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor)
    : LeafWriter(leaf, options, compressor)
{
    private byte[] flags = new byte[1024];
    private int count;
    private (bool False, bool True) chunk;
    private (bool False, bool True) file;

    public override ColumnStatistics FileStatistics => new(Least(file), Greatest(file), FileNulls);

    protected override bool IsOnProbation => false;

    protected override long PageSize => count / 8;

    protected override void AddRange(ArrowArray array, int from, int to)
    {
        for (var i = from; i < to; i++) Add(array, i);
    }

    protected override void AddRows(ArrowArray array, ReadOnlySpan<int> rows)
    {
        foreach (var row in rows) Add(array, row);
    }

    protected override PageEncoding WritePageValues(ByteSink target)
    {
        var page = flags.AsSpan(0, count);
        chunk.False |= page.Contains((byte)0);
        chunk.True |= page.Contains((byte)1);
        var size = Bitmap.ByteCount(count);
        Bitmap.Pack(page, target.Room(size));
        target.Advance(size);
        count = 0;
        return PageEncoding.Plain;
    }

    protected override int WriteDictionary(ByteSink target) => 0;

    protected override (byte[]? Min, byte[]? Max, bool MinExact, bool MaxExact) ChunkBounds() =>
        (Stored(Least(chunk)), Stored(Greatest(chunk)), true, true);

    protected override void StartChunk()
    {
        file.False |= chunk.False;
        file.True |= chunk.True;
        chunk = default;
    }

    private void Add(ArrowArray array, int row)
    {
        if (count == flags.Length) Array.Resize(ref flags, count * 2);
        var value = array is DictionaryArray encoded ? ((BooleanArray)encoded.Dictionary)[encoded.Codes[row]] : ((BooleanArray)array)[row];
        flags[count++] = value ? (byte)1 : (byte)0;
    }

    private static object? Least((bool False, bool True) seen) => seen.False ? false : seen.True ? true : null;

    private static object? Greatest((bool False, bool True) seen) => seen.True ? true : seen.False ? false : null;

    private static byte[]? Stored(object? value) => value is bool b ? [b ? (byte)1 : (byte)0] : null;
}
