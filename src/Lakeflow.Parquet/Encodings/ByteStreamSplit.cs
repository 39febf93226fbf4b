namespace Lakeflow.Parquet.Encodings;

/// <summary>BYTE_STREAM_SPLIT: the first bytes of all values, then all second bytes, and so on.</summary>
internal static class ByteStreamSplit
{
    /// <summary>Puts the bytes of each value together. Both spans hold a whole number of values of <paramref name="width"/> bytes.</summary>
    public static void Read(ReadOnlySpan<byte> split, int width, Span<byte> values)
    {
        var count = split.Length / width;
        for (var k = 0; k < width; k++)
        {
            var stream = split.Slice(k * count, count);
            for (int i = 0, at = k; i < stream.Length; i++, at += width) values[at] = stream[i];
        }
    }
}
