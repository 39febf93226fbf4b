using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>Numbers, dates, timestamps and decimals, decoded straight into the column's block.</summary>
internal sealed class FixedLeafReader<T>(string file, LeafColumn leaf, PageSource pages, long chunkValues)
    : LeafReader(file, leaf, pages, chunkValues)
    where T : unmanaged
{
    private readonly bool converts = leaf.Meaning != StoredAs.Same;
    private ArrowBuffer? values;
    private int dense;
    private ArrowBuffer? dictionary;
    private ArrowBuffer? converted;
    private PlainValues plain;
    private T[] passed = [];
    private bool coded;
    private HybridReader codes;

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
            Spread(values!.As<T>(), dense, slots, Leaf.MaxDefinition);
        }

        var array = new PrimitiveArray<T>(Leaf.Type, length, values!, validity, nulls);
        values = null;
        return array;
    }

    public override void Dispose()
    {
        values?.Release();
        dictionary?.Release();
        converted?.Release();
        (values, dictionary, converted) = (null, null, null);
        base.Dispose();
    }

    protected override void StartBatch(int rows)
    {
        values?.Release();
        values = ArrowBuffer.Rent(checked(Math.Max(rows, 16) * Unsafe.SizeOf<T>()));
        dense = 0;
    }

    protected override void StartDictionary()
    {
        dictionary?.Release();
        var bytes = Pages.Body[..Pages.BodyLength];
        dictionary = converts ? Conversion.To<T>(Leaf, bytes) : ArrowBuffer.Copy(bytes);
        if (dictionary.Length / Unsafe.SizeOf<T>() < Pages.Header.ValueCount) throw new BrokenDataException($"a dictionary of {Pages.Header.ValueCount} values in {bytes.Length} bytes");
    }

    protected override void StartPage(int start, bool dictionary)
    {
        coded = dictionary;
        if (coded)
        {
            codes = start < Pages.BodyLength ? new HybridReader(start + 1, Pages.BodyLength, Pages.Body[start]) : new HybridReader(start, start, 1);
            return;
        }

        plain = PlainValues.Of(Pages, Leaf, start) ?? throw UnsupportedEncoding();
        if (!converts) return;
        converted?.Release();
        converted = null;
        converted = Conversion.To<T>(Leaf, plain.Bytes);
        plain = PlainValues.Whole(converted);
    }

    protected override void Decode(int count, ReadOnlySpan<int> wanted)
    {
        if (wanted.IsEmpty)
        {
            if (coded) codes.Skip(Pages.Body, count);
            else NextPlain(count);
            return;
        }

        Reserve(checked(dense + wanted.Length));
        var target = values!.As<T>().Slice(dense, wanted.Length);
        dense += wanted.Length;
        var isEvery = wanted.Length == count;
        if (!coded)
        {
            var bytes = NextPlain(count);
            if (isEvery) bytes.CopyTo(MemoryMarshal.AsBytes(target));
            else Pick(MemoryMarshal.Cast<byte, T>(bytes), wanted, target);
            return;
        }

        if (!isEvery && passed.Length < count) passed = new T[count];
        codes.ReadThrough(Pages.Body, dictionary is null ? default : (ReadOnlySpan<T>)dictionary.As<T>(), isEvery ? target : passed.AsSpan(0, count));
        if (!isEvery) Pick(passed, wanted, target);
    }

    private static void Pick(ReadOnlySpan<T> all, ReadOnlySpan<int> wanted, Span<T> target)
    {
        for (var i = 0; i < wanted.Length; i++) target[i] = all[wanted[i]];
    }

    private ReadOnlySpan<byte> NextPlain(int count)
    {
        var size = (long)count * Unsafe.SizeOf<T>();
        if (size > plain.End - plain.Start) throw new BrokenDataException($"the page ends {size - (plain.End - plain.Start)} bytes too early");
        var bytes = plain.Bytes[..(int)size];
        plain = plain with { Start = plain.Start + (int)size };
        return bytes;
    }

    private void Reserve(int count)
    {
        var needed = (long)count * Unsafe.SizeOf<T>();
        if (needed <= values!.Length) return;
        if (needed > int.MaxValue / 2) throw TooLarge("a batch of more than 1 GB");
        var larger = ArrowBuffer.Rent((int)Math.Max(needed, values.Length * 2L));
        values.Bytes[..(dense * Unsafe.SizeOf<T>())].CopyTo(larger.Bytes);
        values.Release();
        values = larger;
    }
}
