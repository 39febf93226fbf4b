using System.Runtime.InteropServices;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>STRING and BINARY.</summary>
internal sealed class TextLeafWriter : LeafWriter
{
    // Bounds longer than this are cut in the footer; Delta gets them whole.
    private const int LongestBound = 64;
    private const int LargestDictionary = 1 << 20;
    private const int Probation = 16_384;

    private readonly bool maySharePrefixes;
    private readonly TextTable table = new();
    private readonly ByteSink plain = new();
    private int[] codes = new int[1024];
    private int count;
    private long pageBytes;
    private long chunkBytes;
    private bool? shares;
    private byte[]? chunkMin;
    private byte[]? chunkMax;
    private byte[]? fileMin;
    private byte[]? fileMax;

    // The dictionary of the batch before and what its codes are here: batches of a row group share one.
    private ArrowArray? known;
    private int[] translation = [];

    public TextLeafWriter(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor)
        : base(leaf, options, compressor)
    {
        // Who looks for few rows is better off with what need not be decompressed, and writes tables that only newer readers know.
        maySharePrefixes = options.PageRows > 0;
    }

    public override ColumnStatistics FileStatistics => new(Boxed(fileMin), Boxed(fileMax), FileNulls);

    protected override bool IsOnProbation => UsesDictionary && !HasCodedPages && count < Probation;

    protected override long PageSize => pageBytes;

    protected override void AddRange(ArrowArray array, int from, int to)
    {
        if (array is DictionaryArray encoded)
        {
            StartTranslation(encoded);
            var source = encoded.Codes;
            for (var i = from; i < to; i++) AddCode(encoded, source[i]);
        }
        else
        {
            var texts = (StringArray)array;
            var ends = texts.Offsets;
            var data = texts.Data;
            for (var i = from; i < to; i++) Add(data[ends[i]..ends[i + 1]]);
        }

        Judge();
    }

    protected override void AddRows(ArrowArray array, ReadOnlySpan<int> rows)
    {
        if (array is DictionaryArray encoded)
        {
            StartTranslation(encoded);
            var source = encoded.Codes;
            foreach (var row in rows) AddCode(encoded, source[row]);
        }
        else
        {
            var texts = (StringArray)array;
            var ends = texts.Offsets;
            var data = texts.Data;
            foreach (var row in rows) Add(data[ends[row]..ends[row + 1]]);
        }

        Judge();
    }

    protected override PageEncoding WritePageValues(ByteSink target)
    {
        var encoding = PageEncoding.Plain;
        if (UsesDictionary && count > 0)
        {
            encoding = PageEncoding.RleDictionary;
            // Never 0 bits: not every reader agrees on what follows those.
            var width = Math.Max(1, BitPacking.WidthOf(table.Count - 1));
            target.Add((byte)width);
            HybridWriter.Write<int>(target, codes.AsSpan(0, count), width);
        }
        else if (TryShare(target))
        {
            encoding = PageEncoding.DeltaByteArray;
        }
        else
        {
            target.Add(plain.Bytes);
        }

        count = 0;
        pageBytes = 0;
        plain.Clear();
        return encoding;
    }

    /// <summary>Writes each text of the page as what differs from the one before it, if that takes no more than compressed texts: the row group's first page tells.</summary>
    private bool TryShare(ByteSink target)
    {
        if (!maySharePrefixes || count == 0 || shares == false) return false;
        var start = target.Length;
        DeltaByteArrays.Write(target, plain.Bytes, count);
        shares ??= target.Length - start <= CompressedSize(plain.Bytes);
        if (shares == true && target.Length - start < plain.Length) return true;
        target.Advance(start - target.Length);
        return false;
    }

    protected override int WriteDictionary(ByteSink target)
    {
        for (var code = 0; code < table.Count; code++)
        {
            var text = table[code];
            target.AddInt(text.Length);
            target.Add(text);
        }

        return table.Count;
    }

    protected override (byte[]? Min, byte[]? Max, bool MinExact, bool MaxExact) ChunkBounds()
    {
        // A dictionary given up without a page of codes holds values that were counted when they went plain.
        for (var code = 0; code < table.Count; code++) Widen(ref chunkMin, ref chunkMax, table[code]);
        var isText = Leaf.Type is StringType;
        var (min, minExact) = TextBounds.Lower(chunkMin, LongestBound, isText);
        var (max, maxExact) = TextBounds.Upper(chunkMax, LongestBound, isText);
        return (min, max, minExact, maxExact);
    }

    protected override void StartChunk()
    {
        if (chunkMin is not null)
        {
            Widen(ref fileMin, ref fileMax, chunkMin);
            Widen(ref fileMin, ref fileMax, chunkMax);
        }

        (chunkMin, chunkMax) = (null, null);
        chunkBytes = 0;
        shares = null;
        table.Clear();
        known = null;
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        if (UsesDictionary) Push(table.CodeOf(text));
        else AddPlain(text);
        pageBytes += text.Length + sizeof(int);
        chunkBytes += text.Length + sizeof(int);
    }

    private void AddCode(DictionaryArray encoded, int code)
    {
        var texts = (StringArray)encoded.Dictionary;
        if (!UsesDictionary)
        {
            Add(texts[code]);
            return;
        }

        var own = translation[code];
        if (own < 0) own = translation[code] = table.CodeOf(texts[code]);
        Push(own);
        var size = texts.Offsets[code + 1] - texts.Offsets[code] + sizeof(int);
        pageBytes += size;
        chunkBytes += size;
    }

    private void Push(int code)
    {
        if (count == codes.Length) Array.Resize(ref codes, count * 2);
        codes[count++] = code;
    }

    private void AddPlain(ReadOnlySpan<byte> text)
    {
        plain.AddInt(text.Length);
        plain.Add(text);
        count++;
        Widen(ref chunkMin, ref chunkMax, text);
    }

    private void StartTranslation(DictionaryArray encoded)
    {
        if (ReferenceEquals(known, encoded.Dictionary)) return;
        known = encoded.Dictionary;
        if (translation.Length < known.Length) translation = new int[known.Length];
        translation.AsSpan().Fill(-1);
    }

    /// <summary>Gives the dictionary up where it grows too large or saves too little.</summary>
    private void Judge()
    {
        if (!UsesDictionary) return;
        var poor = !HasCodedPages && count >= Probation && table.Size + (table.Count * sizeof(int)) > chunkBytes / 2;
        if (table.Size <= LargestDictionary && !poor) return;
        UsesDictionary = false;
        var page = codes.AsSpan(0, count).ToArray();
        count = 0;
        foreach (var code in page) AddPlain(table[code]);
    }

    private static void Widen(ref byte[]? min, ref byte[]? max, ReadOnlySpan<byte> text)
    {
        if (min is null || max is null)
        {
            min = max = text.ToArray();
            return;
        }

        if (text.SequenceCompareTo(min) < 0) min = text.ToArray();
        else if (text.SequenceCompareTo(max) > 0) max = text.ToArray();
    }

    private object? Boxed(byte[]? bound) => bound is null ? null : Leaf.Type is StringType ? Encoding.UTF8.GetString(bound) : bound;
}
