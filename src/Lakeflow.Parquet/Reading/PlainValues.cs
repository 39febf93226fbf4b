using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>Values in the PLAIN encoding: a stretch of a block, which is valid until the next page is loaded.</summary>
internal readonly record struct PlainValues(ArrowBuffer Buffer, int Start, int End)
{
    public ReadOnlySpan<byte> Bytes => Buffer.Bytes[Start..End];

    /// <summary>The values of a page, whatever their encoding, as PLAIN. Null if the encoding does not fit the type.</summary>
    /// <param name="pages">At the page.</param>
    /// <param name="leaf">The column.</param>
    /// <param name="start">Where in the page's body the values begin.</param>
    public static PlainValues? Of(PageSource pages, LeafColumn leaf, int start)
    {
        var padded = pages.Body[start..];
        var bytes = padded[..(pages.BodyLength - start)];
        switch (pages.Header.Encoding, leaf.Physical)
        {
            case (PageEncoding.Plain, _):
                return new PlainValues(pages.BodyBuffer, pages.BodyStart + start, pages.BodyStart + pages.BodyLength);
            case (_, _) when bytes.Length == 0:
                // A page of nothing but NULL need not have the head of its encoding.
                return new PlainValues(ArrowBuffer.Empty, 0, 0);
            case (PageEncoding.DeltaBinaryPacked, PhysicalType.Int32):
                var ints = DeltaBinaryPacked.Count(bytes);
                var intsRoom = pages.Room(checked(ints * sizeof(int)));
                DeltaBinaryPacked.Read(padded, bytes.Length, intsRoom.As<int>()[..ints]);
                return new PlainValues(intsRoom, 0, ints * sizeof(int));
            case (PageEncoding.DeltaBinaryPacked, PhysicalType.Int64):
                var longs = DeltaBinaryPacked.Count(bytes);
                var longsRoom = pages.Room(checked(longs * sizeof(long)));
                DeltaBinaryPacked.Read(padded, bytes.Length, longsRoom.As<long>()[..longs]);
                return new PlainValues(longsRoom, 0, longs * sizeof(long));
            case (PageEncoding.DeltaLengthByteArray, PhysicalType.ByteArray):
            case (PageEncoding.DeltaByteArray, PhysicalType.ByteArray or PhysicalType.FixedLenByteArray):
                var texts = new PrefixedTexts();
                texts.Start(pages, start);
                return texts.ToPlain(pages, leaf.TypeLength);
            case (PageEncoding.ByteStreamSplit, PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Float or PhysicalType.Double or PhysicalType.FixedLenByteArray):
                if (bytes.Length % leaf.StoredWidth != 0) throw new BrokenDataException($"{bytes.Length} bytes for values of {leaf.StoredWidth}");
                var together = pages.Room(bytes.Length);
                ByteStreamSplit.Read(bytes, leaf.StoredWidth, together.Bytes[..bytes.Length]);
                return new PlainValues(together, 0, bytes.Length);
            default:
                return null;
        }
    }

    /// <summary>Fixed-length values with their length before each, as byte arrays have it.</summary>
    public static ArrowBuffer WithLengths(ReadOnlySpan<byte> bytes, int width)
    {
        var count = bytes.Length / width;
        var plain = ArrowBuffer.Rent(checked(count * (width + 4)));
        var target = plain.Bytes;
        for (var i = 0; i < count; i++)
        {
            MemoryMarshal.Write(target, width);
            bytes.Slice(i * width, width).CopyTo(target[4..]);
            target = target[(width + 4)..];
        }

        return plain;
    }

    /// <summary>UUIDs as text: 8-4-4-4-12 hexadecimal digits, lower case.</summary>
    public static ArrowBuffer AsUuidText(ReadOnlySpan<byte> bytes)
    {
        const int Text = 36;
        var count = bytes.Length / 16;
        var plain = ArrowBuffer.Rent(checked(count * (Text + 4)));
        var target = plain.Bytes;
        for (var i = 0; i < count; i++)
        {
            MemoryMarshal.Write(target, Text);
            new Guid(bytes.Slice(i * 16, 16), bigEndian: true).TryFormat(target[4..], out _);
            target = target[(Text + 4)..];
        }

        return plain;
    }

    public static PlainValues Whole(ArrowBuffer buffer) => new(buffer, 0, buffer.Length);
}
