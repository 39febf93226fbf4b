using System.Buffers.Binary;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>Truth values: bits in PLAIN, or runs.</summary>
internal sealed class BooleanLeafReader(string file, LeafColumn leaf, PageSource pages, long chunkValues)
    : LeafReader(file, leaf, pages, chunkValues)
{
    private byte[] flags = [];
    private byte[] passed = [];
    private int dense;
    private bool runs;
    private HybridReader hybrid;
    private int bitsStart;
    private int bitsDone;

    public override ArrowArray Take()
    {
        var slots = SlotDefinitions();
        var length = Levels.AllDefined ? Levels.Count : slots.Length;
        ArrowBuffer? validity = null;
        var nulls = 0;
        if (dense < length)
        {
            (validity, nulls) = LevelBuffer.Mark(slots, Leaf.MaxDefinition);
            Reserve(length);
            Spread(flags.AsSpan(), dense, slots, Leaf.MaxDefinition);
        }

        var bits = ArrowBuffer.Rent(Bitmap.ByteCount(length));
        Bitmap.Pack(flags.AsSpan(0, length), bits.Bytes);
        return new BooleanArray(length, bits, validity, nulls);
    }

    protected override void StartBatch(int rows) => dense = 0;

    protected override void StartDictionary() => throw new BrokenDataException("a dictionary of truth values");

    protected override void StartPage(int start, bool dictionary)
    {
        if (dictionary) throw UnsupportedEncoding();
        runs = Pages.Header.Encoding == PageEncoding.Rle;
        if (!runs)
        {
            if (Pages.Header.Encoding != PageEncoding.Plain) throw UnsupportedEncoding();
            bitsStart = start;
            bitsDone = 0;
            return;
        }

        // The runs' length stands before them, in either version of the page.
        var rest = Pages.BodyLength - start;
        if (rest == 0)
        {
            hybrid = new HybridReader(start, start, 1);
            return;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(Pages.Body[start..Pages.BodyLength]);
        if (length < 0 || length > rest - 4) throw new BrokenDataException($"runs of {length} bytes in {rest}");
        hybrid = new HybridReader(start + 4, start + 4 + length, 1);
    }

    protected override void Decode(int count, ReadOnlySpan<int> wanted)
    {
        Reserve(checked(dense + wanted.Length));
        var target = flags.AsSpan(dense, wanted.Length);
        if (wanted.Length == count)
        {
            Next(target);
        }
        else
        {
            if (passed.Length < count) passed = new byte[count];
            Next(passed.AsSpan(0, count));
            for (var i = 0; i < target.Length; i++) target[i] = passed[wanted[i]];
        }

        dense += wanted.Length;
    }

    private void Next(Span<byte> into)
    {
        if (runs)
        {
            hybrid.ReadBytes(Pages.Body, into);
            return;
        }

        BitPacking.UnpackBytes(Pages.Body[bitsStart..Pages.BodyLength], bitsDone, 1, into);
        bitsDone += into.Length;
    }

    private void Reserve(int count)
    {
        if (flags.Length < count) Array.Resize(ref flags, Math.Max(count, (int)Math.Min(Array.MaxLength, flags.Length * 2L)));
    }
}
