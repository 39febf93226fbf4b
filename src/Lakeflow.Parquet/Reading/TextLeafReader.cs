using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>STRING and BINARY. Where the whole batch is coded and the dictionary may be kept, it stays a <see cref="DictionaryArray"/>.</summary>
/// <remarks>
/// A writer that gives its dictionary up goes on with PLAIN pages in the middle of a chunk. A batch that touches one is
/// written out; batches before stay coded.
/// </remarks>
internal sealed class TextLeafReader : LeafReader
{
    // A block of 2 GB less what the pool adds to it.
    private const int LargestData = int.MaxValue - 1024;

    private readonly bool keepDictionary;
    private readonly bool text;
    private StringArray? dictionary;
    private int dictionaryLength;

    // The batch: codes, or offsets and data.
    private bool batchCoded;
    private ArrowBuffer? codeValues;
    private ArrowBuffer? offsets;
    private ArrowBuffer? data;
    private int used;
    private int dense;
    private int batchRows;

    // The page: codes, texts that share their beginnings, or PLAIN values, of which those of fixed length get lengths.
    private bool pageCoded;
    private HybridReader codes;
    private int[] pageCodes = [];
    private bool pagePrefixed;
    private readonly PrefixedTexts prefixed = new();
    private PlainValues plain;
    private ArrowBuffer? withLengths;

    public TextLeafReader(string file, LeafColumn leaf, PageSource pages, long chunkValues, bool keepDictionary)
        : base(file, leaf, pages, chunkValues)
    {
        this.keepDictionary = keepDictionary;
        text = leaf.Type is StringType;
    }

    public override ArrowArray Take()
    {
        if (!batchCoded && text) CheckUtf8();
        var slots = SlotDefinitions();
        var length = Levels.AllDefined ? Levels.Count : slots.Length;
        ArrowBuffer? validity = null;
        var nulls = 0;
        var gaps = dense < length;
        if (gaps) (validity, nulls) = LevelBuffer.Mark(slots, Leaf.MaxDefinition);
        if (batchCoded && dictionary is not null)
        {
            ReserveCodes(length);
            if (gaps) Spread(codeValues!.As<int>(), dense, slots, Leaf.MaxDefinition);
            var coded = new PrimitiveArray<int>(DataType.Int32, length, codeValues!, validity, nulls);
            codeValues = null;
            return new DictionaryArray(coded, dictionary.Retain());
        }

        if (batchCoded) WriteOut();
        ReserveOffsets(length);
        if (gaps) SpreadOffsets(slots);
        var array = new StringArray(Leaf.Type, length, offsets!, data!.Resized(used), validity, nulls);
        (offsets, data) = (null, null);
        return array;
    }

    public override void Dispose()
    {
        ReleaseBatch();
        withLengths?.Release();
        withLengths = null;
        dictionary?.Release();
        dictionary = null;
        base.Dispose();
    }

    protected override void StartBatch(int rows)
    {
        ReleaseBatch();
        batchRows = Math.Max(rows, 16);
        dense = 0;
        used = 0;
        batchCoded = keepDictionary;
        if (!batchCoded) StartOffsets();
    }

    protected override void StartDictionary()
    {
        var count = Pages.Header.ValueCount;
        var stored = Normal(new PlainValues(Pages.BodyBuffer, Pages.BodyStart, Pages.BodyStart + Pages.BodyLength));
        var bytes = stored.Bytes;
        // Four bytes of length each: no more values than that can be.
        if (count > bytes.Length / 4) throw new BrokenDataException($"a dictionary of {count} values in {bytes.Length} bytes");
        var at = ArrowBuffer.Rent((count + 1) * sizeof(int));
        var target = ArrowBuffer.Rent(bytes.Length);
        var ends = at.As<int>();
        ends[0] = 0;
        var size = 0;
        for (var i = 0; i < count; i++)
        {
            var length = LengthAt(bytes);
            bytes.Slice(4, length).CopyTo(target.Bytes[size..]);
            size += length;
            ends[i + 1] = size;
            bytes = bytes[(4 + length)..];
        }

        if (text && !IsUtf8(target.Bytes[..size], ends)) throw NotUtf8();
        dictionary?.Release();
        dictionary = new StringArray(Leaf.Type, count, at, target.Resized(size));
        dictionaryLength = count;
    }

    protected override void StartPage(int start, bool dictionary)
    {
        pageCoded = dictionary;
        pagePrefixed = Leaf.Physical == PhysicalType.ByteArray && start < Pages.BodyLength && Pages.Header.Encoding is PageEncoding.DeltaByteArray or PageEncoding.DeltaLengthByteArray;
        if (pageCoded)
        {
            codes = start < Pages.BodyLength ? new HybridReader(start + 1, Pages.BodyLength, Pages.Body[start]) : new HybridReader(start, start, 1);
            return;
        }

        if (pagePrefixed) prefixed.Start(Pages, start);
        else plain = Normal(PlainValues.Of(Pages, Leaf, start) ?? throw UnsupportedEncoding());
    }

    protected override void Decode(int count, ReadOnlySpan<int> wanted)
    {
        if (wanted.IsEmpty)
        {
            // There may be no batch to add to.
            if (pageCoded) codes.Skip(Pages.Body, count);
            else if (pagePrefixed) prefixed.Skip(Pages.Body, count);
            else plain = plain with { Start = Pass(plain.Start, count) };
            return;
        }

        if (pageCoded)
        {
            DecodeCodes(count, wanted);
            return;
        }

        if (batchCoded) WriteOut();
        if (pagePrefixed) DecodePrefixed(count, wanted);
        else DecodePlain(count, wanted);
        dense += wanted.Length;
    }

    private static int LengthAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) throw new BrokenDataException("the texts end too early");
        var length = MemoryMarshal.Read<int>(bytes);
        if (length < 0 || length > bytes.Length - 4) throw new BrokenDataException($"a text of {(uint)length} bytes where {bytes.Length - 4} are left");
        return length;
    }

    /// <summary>Values as byte arrays with their lengths.</summary>
    private PlainValues Normal(PlainValues stored)
    {
        if (Leaf.Physical != PhysicalType.FixedLenByteArray) return stored;
        withLengths?.Release();
        withLengths = null;
        withLengths = Leaf.Meaning == StoredAs.Uuid ? PlainValues.AsUuidText(stored.Bytes) : PlainValues.WithLengths(stored.Bytes, Leaf.TypeLength);
        return PlainValues.Whole(withLengths);
    }

    private void DecodeCodes(int count, ReadOnlySpan<int> wanted)
    {
        if (dictionary is null) throw new BrokenDataException("codes without a dictionary");
        if (pageCodes.Length < count) pageCodes = new int[count];
        var some = pageCodes.AsSpan(0, count);
        codes.Read(Pages.Body, some);
        HybridReader.CheckCodes(some, dictionaryLength);
        if (wanted.Length < count)
        {
            // No place is before that of its code.
            for (var i = 0; i < wanted.Length; i++) some[i] = some[wanted[i]];
            some = some[..wanted.Length];
        }

        if (!batchCoded)
        {
            AppendCodes(some);
            return;
        }

        ReserveCodes(checked(dense + some.Length));
        some.CopyTo(codeValues!.As<int>()[dense..]);
        dense += some.Length;
    }

    private void DecodePrefixed(int count, ReadOnlySpan<int> wanted)
    {
        var room = prefixed.Room(wanted.Length);
        if (room > LargestData) throw TooLarge("a batch holds more than 2 GB of text");
        ReserveOffsets(checked(dense + wanted.Length));
        if (room > data!.Length - used) GrowData((int)room);
        used = prefixed.Read(Pages.Body, count, wanted, data.Bytes, used, offsets!.As<int>().Slice(dense + 1, wanted.Length));
    }

    private void DecodePlain(int count, ReadOnlySpan<int> wanted)
    {
        ReserveOffsets(checked(dense + wanted.Length));
        var ends = offsets!.As<int>().Slice(dense + 1, wanted.Length);
        ref var source = ref MemoryMarshal.GetReference(plain.Buffer.Bytes);
        var slack = plain.Buffer.Length;
        var target = data!.Bytes;
        var (at, end, passed) = (plain.Start, plain.End, 0);
        for (var i = 0; i < ends.Length; i++, passed++)
        {
            if (wanted[i] > passed) at = Pass(at, wanted[i] - passed);
            passed = wanted[i];
            if (end - at < 4) throw new BrokenDataException("the texts end too early");
            var length = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref source, at));
            at += 4;
            if ((uint)length > (uint)(end - at)) throw new BrokenDataException($"a text of {(uint)length} bytes where {end - at} are left");
            if (length > target.Length - used - 32)
            {
                GrowData(length + 32);
                target = data.Bytes;
            }

            ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(target), used);
            // Short texts by one store, whatever their length: there is room behind on both sides.
            if (length <= 32 && slack - at >= 32) Vector256.LoadUnsafe(ref source, (nuint)at).StoreUnsafe(ref to);
            else Unsafe.CopyBlockUnaligned(ref to, ref Unsafe.Add(ref source, at), (uint)length);
            at += length;
            used += length;
            ends[i] = used;
        }

        plain = plain with { Start = Pass(at, count - passed) };
    }

    /// <summary>Where the PLAIN values behind some others begin.</summary>
    private int Pass(int at, int count)
    {
        for (; count > 0; count--) at += 4 + LengthAt(plain.Buffer.Bytes[at..plain.End]);
        return at;
    }

    /// <summary>Adds the texts that codes stand for; the codes have been checked.</summary>
    private void AppendCodes(ReadOnlySpan<int> block)
    {
        ReserveOffsets(checked(dense + block.Length));
        var ends = offsets!.As<int>().Slice(dense + 1, block.Length);
        var from = dictionary!.Offsets;
        var bytes = dictionary.Data;
        for (var i = 0; i < block.Length; i++)
        {
            var start = from[block[i]];
            var length = from[block[i] + 1] - start;
            if (length > data!.Length - used) GrowData(length);
            bytes.Slice(start, length).CopyTo(data.Bytes[used..]);
            used += length;
            ends[i] = used;
        }

        dense += block.Length;
    }

    /// <summary>Turns the batch from codes to texts.</summary>
    private void WriteOut()
    {
        var block = codeValues;
        var count = dense;
        codeValues = null;
        batchCoded = false;
        dense = 0;
        StartOffsets();
        if (count > 0) AppendCodes(block!.As<int>()[..count]);
        block?.Release();
    }

    private void StartOffsets()
    {
        offsets = ArrowBuffer.Rent((batchRows + 1) * sizeof(int));
        offsets.As<int>()[0] = 0;
        data = ArrowBuffer.Rent(Math.Max(1024, batchRows * 16));
    }

    private void SpreadOffsets(ReadOnlySpan<byte> slots)
    {
        var ends = offsets!.As<int>();
        var from = dense;
        for (var i = slots.Length - 1; i >= 0; i--)
        {
            ends[i + 1] = ends[from];
            if (slots[i] == Leaf.MaxDefinition) from--;
        }
    }

    private void CheckUtf8()
    {
        if (!IsUtf8(data!.Bytes[..used], offsets!.As<int>()[..(dense + 1)])) throw NotUtf8();
    }

    /// <summary>True if all bytes together are UTF-8 and no text begins in the middle of a character.</summary>
    private static bool IsUtf8(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> ends)
    {
        if (Ascii.IsValid(bytes)) return true;
        if (!Utf8.IsValid(bytes)) return false;
        foreach (var end in ends)
        {
            if (end < bytes.Length && (bytes[end] & 0xC0) == 0x80) return false;
        }

        return true;
    }

    private void GrowData(int more)
    {
        var needed = (long)used + more;
        if (needed > LargestData) throw TooLarge("a batch holds more than 2 GB of text");
        var larger = ArrowBuffer.Rent((int)Math.Min(LargestData, Math.Max(needed, data!.Length * 2L)));
        data.Bytes[..used].CopyTo(larger.Bytes);
        data.Release();
        data = larger;
    }

    private void ReserveOffsets(int count)
    {
        var needed = (count + 1L) * sizeof(int);
        if (needed <= offsets!.Length) return;
        if (needed > LargestData) throw TooLarge("a batch of more than 500 million texts");
        var larger = ArrowBuffer.Rent((int)Math.Min(LargestData, Math.Max(needed, offsets.Length * 2L)));
        offsets.Bytes[..((dense + 1) * sizeof(int))].CopyTo(larger.Bytes);
        offsets.Release();
        offsets = larger;
    }

    private void ReserveCodes(int count)
    {
        var needed = Math.Max(count, batchRows) * (long)sizeof(int);
        if (codeValues is not null && needed <= codeValues.Length) return;
        if (needed > LargestData) throw TooLarge("a batch of more than 500 million texts");
        var larger = ArrowBuffer.Rent((int)Math.Min(LargestData, Math.Max(needed, (codeValues?.Length ?? 0) * 2L)));
        codeValues?.Bytes[..(dense * sizeof(int))].CopyTo(larger.Bytes);
        codeValues?.Release();
        codeValues = larger;
    }

    private void ReleaseBatch()
    {
        codeValues?.Release();
        offsets?.Release();
        data?.Release();
        (codeValues, offsets, data) = (null, null, null);
    }
}
