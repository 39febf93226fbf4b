using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Compression;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>Numbers, dates, timestamps and decimals.</summary>
/// <typeparam name="T">The value in memory.</typeparam>
/// <typeparam name="TBits">An integer of the same size, by which values are told apart.</typeparam>
internal sealed class FixedLeafWriter<T, TBits> : LeafWriter
    where T : unmanaged, INumber<T>
    where TBits : unmanaged, IEquatable<TBits>
{
    // Codes of more bits than this cost more than they save.
    private const int LargestDictionary = 1 << 16;

    // So many values of a page tell whether the dictionary pays.
    private const int Probation = 16_384;

    private readonly ValueTable<TBits> table = new();
    private T[] values = new T[1024];
    private int[] codes = [];
    private int count;
    private int indexed;
    private Bounds chunk;
    private Bounds file;

    public FixedLeafWriter(LeafColumn leaf, ParquetWriteOptions options, PageCompressor compressor)
        : base(leaf, options, compressor)
    {
    }

    public override ColumnStatistics FileStatistics =>
        file.Any ? new ColumnStatistics(Boxed(file.Lowest), Boxed(file.Highest), FileNulls) : new ColumnStatistics(null, null, FileNulls);

    protected override bool IsOnProbation => UsesDictionary && !HasCodedPages && count < Probation;

    protected override long PageSize => (long)count * Unsafe.SizeOf<T>();

    protected override void AddRange(ArrowArray array, int from, int to)
    {
        if (array is DictionaryArray encoded)
        {
            var target = Take(to - from);
            var dictionary = ((PrimitiveArray<T>)encoded.Dictionary).Values;
            var at = encoded.Codes[from..to];
            for (var i = 0; i < at.Length; i++) target[i] = dictionary[at[i]];
        }
        else
        {
            ((PrimitiveArray<T>)array).Values[from..to].CopyTo(Take(to - from));
        }

        Index();
    }

    protected override void AddRows(ArrowArray array, ReadOnlySpan<int> rows)
    {
        var target = Take(rows.Length);
        if (array is DictionaryArray encoded)
        {
            var dictionary = ((PrimitiveArray<T>)encoded.Dictionary).Values;
            for (var i = 0; i < rows.Length; i++) target[i] = dictionary[encoded.Codes[rows[i]]];
        }
        else
        {
            var source = ((PrimitiveArray<T>)array).Values;
            for (var i = 0; i < rows.Length; i++) target[i] = source[rows[i]];
        }

        Index();
    }

    protected override PageEncoding WritePageValues(ByteSink target)
    {
        var page = values.AsSpan(0, count);
        var encoding = PageEncoding.Plain;
        if (UsesDictionary && count > 0)
        {
            encoding = PageEncoding.RleDictionary;
            // Never 0 bits: not every reader agrees on what follows those.
            var width = Math.Max(1, BitPacking.WidthOf(table.Count - 1));
            target.Add((byte)width);
            HybridWriter.Write<int>(target, codes.AsSpan(0, count), width);
        }
        else
        {
            chunk.Add(page);
            if (WriteDifferences(page, target)) encoding = PageEncoding.DeltaBinaryPacked;
            else WritePlain(page, target);
        }

        count = 0;
        indexed = 0;
        return encoding;
    }

    protected override int WriteDictionary(ByteSink target)
    {
        WritePlain(MemoryMarshal.Cast<TBits, T>(table.Values), target);
        return table.Count;
    }

    protected override (byte[]? Min, byte[]? Max, bool MinExact, bool MaxExact) ChunkBounds()
    {
        if (HasCodedPages) chunk.Add(MemoryMarshal.Cast<TBits, T>(table.Values));
        return chunk.Any ? (Stored(chunk.Lowest), Stored(chunk.Highest), true, true) : default;
    }

    protected override void StartChunk()
    {
        file.Merge(chunk);
        chunk = default;
        table.Clear();
    }

    private Span<T> Take(int more)
    {
        if (count + more > values.Length) Array.Resize(ref values, Math.Max(count + more, values.Length * 2));
        count += more;
        return values.AsSpan(count - more, more);
    }

    /// <summary>Gives codes to the values added last, or gives the dictionary up.</summary>
    private void Index()
    {
        if (!UsesDictionary) return;
        if (codes.Length < values.Length) Array.Resize(ref codes, values.Length);
        var bits = MemoryMarshal.Cast<T, TBits>(values.AsSpan(indexed, count - indexed));
        var target = codes.AsSpan(indexed, count - indexed);
        for (var i = 0; i < bits.Length; i++) target[i] = table.CodeOf(bits[i]);
        indexed = count;
        // Earlier pages keep their codes; the values of this page are still here, and go plain.
        if (table.Count > LargestDictionary || (count >= Probation && table.Count > count / 2 && !HasCodedPages)) UsesDictionary = false;
    }

    private void WritePlain(ReadOnlySpan<T> page, ByteSink target)
    {
        var width = Leaf.StoredWidth;
        var room = target.Room(page.Length * width);
        if (width == Unsafe.SizeOf<T>() && Leaf.Physical != PhysicalType.FixedLenByteArray)
        {
            MemoryMarshal.AsBytes(page).CopyTo(room);
        }
        else if (width == sizeof(int))
        {
            for (var i = 0; i < page.Length; i++) MemoryMarshal.Write(room[(i * 4)..], int.CreateChecked(page[i]));
        }
        else
        {
            Span<byte> whole = stackalloc byte[16];
            for (var i = 0; i < page.Length; i++)
            {
                BinaryPrimitives.WriteInt128BigEndian(whole, Int128.CreateChecked(page[i]));
                whole[(16 - width)..].CopyTo(room[(i * width)..]);
            }
        }

        target.Advance(page.Length * width);
    }

    /// <summary>Writes the differences of integers, if they take less: those of keys in order, and of times, mostly do.</summary>
    private bool WriteDifferences(ReadOnlySpan<T> page, ByteSink target) =>
        typeof(T) == typeof(long) && Leaf.Physical == PhysicalType.Int64 ? DeltaBinaryPacked.TryWrite(target, MemoryMarshal.Cast<T, long>(page))
        : typeof(T) == typeof(int) && Leaf.Physical == PhysicalType.Int32 && DeltaBinaryPacked.TryWrite(target, MemoryMarshal.Cast<T, int>(page));

    private byte[] Stored(T value)
    {
        var sink = new ByteSink();
        WritePlain([value], sink);
        return sink.Bytes.ToArray();
    }

    private object Boxed(T value) => Leaf.Type is DecimalType && typeof(T) == typeof(long) ? Int128.CreateChecked(value) : value;

    /// <summary>The least and the greatest value. NaN is neither; of zeros the least is −0.0 and the greatest +0.0, as parquet.thrift asks.</summary>
    private struct Bounds
    {
        private T low;
        private T high;

        public bool Any { get; private set; }

        public readonly T Lowest => T.IsZero(low) && typeof(T) != typeof(Int128) ? -T.Zero : low;

        public readonly T Highest => T.IsZero(high) ? T.Zero : high;

        public void Add(ReadOnlySpan<T> values)
        {
            var i = 0;
            if (!Any)
            {
                while (i < values.Length && T.IsNaN(values[i])) i++;
                if (i == values.Length) return;
                (low, high, Any) = (values[i], values[i], true);
            }

            var (least, most) = (low, high);
            if (Vector.IsHardwareAccelerated && Vector<T>.IsSupported && typeof(T) != typeof(float) && typeof(T) != typeof(double)
                && values.Length - i >= Vector<T>.Count)
            {
                var (lows, highs) = (new Vector<T>(least), new Vector<T>(most));
                for (; i + Vector<T>.Count <= values.Length; i += Vector<T>.Count)
                {
                    var some = new Vector<T>(values[i..]);
                    lows = Vector.Min(lows, some);
                    highs = Vector.Max(highs, some);
                }

                for (var lane = 0; lane < Vector<T>.Count; lane++)
                {
                    if (lows[lane] < least) least = lows[lane];
                    if (highs[lane] > most) most = highs[lane];
                }
            }

            // A comparison with NaN is false: it moves neither bound.
            for (; i < values.Length; i++)
            {
                if (values[i] < least) least = values[i];
                if (values[i] > most) most = values[i];
            }

            (low, high) = (least, most);
        }

        public void Merge(Bounds other)
        {
            if (other.Any) Add([other.low, other.high]);
        }
    }
}
