using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Numbers the keys of rows from 0, in order of appearance. A key with a NULL has the number −1.</summary>
/// <remarks>
/// One column of at most eight bytes is compared as a word; anything else as bytes. −0.0 and 0.0 are one key, and so are all NaNs.
/// <see cref="Find"/> and <see cref="Choose"/> may be called from several threads as long as nobody adds.
/// </remarks>
internal sealed class KeyTable : IKeyNumbers
{
    /// <summary>At most half of the slots are taken, so that there are at least eight bits a key.</summary>
    private const int SlotsInAWord = 16;

    private readonly bool isWord;
    private int[] slots;
    private ulong[] bits;
    private ulong[] hashes;
    private ulong[] words = [];
    private byte[] bytes = [];
    private int[] ends = [];

    /// <param name="types">The types of the key columns, in order; none is nested.</param>
    /// <param name="expected">How many keys there may be, for room.</param>
    public KeyTable(ImmutableArray<DataType> types, int expected = 0)
    {
        isWord = types is [not (StringType or BinaryType or DecimalType { Is64: false })];
        expected = Math.Clamp(expected, 32, 1 << 28);
        slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)expected * 2)];
        bits = new ulong[slots.Length / SlotsInAWord];
        hashes = new ulong[expected];
        if (isWord) words = new ulong[expected];
        else ends = new int[expected];
    }

    public int Count { get; private set; }

    /// <summary>The keys of some rows, and by row the number of its key; −1 where it has a NULL.</summary>
    public static (IKeyNumbers Keys, int[] Numbers) Of(ImmutableArray<ArrowArray> columns)
    {
        if (DenseKeys.Of(columns.AsSpan(), out var numbers) is { } dense) return (dense, numbers);
        var keys = new KeyTable([.. columns.Select(c => c.Type)], columns[0].Length);
        return (keys, keys.Add(columns));
    }

    /// <summary>The numbers of the rows' keys; new keys get the next ones.</summary>
    public int[] Add(ImmutableArray<ArrowArray> columns)
    {
        var numbers = new int[columns[0].Length];
        Run([.. columns], numbers, adds: true);
        return numbers;
    }

    /// <summary>The same, into <paramref name="numbers"/>.</summary>
    public void Add(ImmutableArray<ArrowArray> columns, Span<int> numbers) => Run([.. columns], numbers, adds: true);

    /// <summary>The numbers of the rows' keys; −1 for one that is not there.</summary>
    public int[] Find(ImmutableArray<ArrowArray> columns)
    {
        var numbers = new int[columns[0].Length];
        Run([.. columns], numbers, adds: false);
        return numbers;
    }

    public int Choose(ReadOnlySpan<ArrowArray> columns, bool[]? isWanted, int[] numbers, Span<int> chosen)
    {
        var rows = columns[0].Length;
        var some = rows;
        if (isWord) some = ChooseWords(columns[0], numbers, chosen);
        else RunBytes([.. columns], numbers.AsSpan(0, rows), adds: false);
        var count = 0;
        for (var i = 0; i < some; i++)
        {
            var row = isWord ? chosen[i] : i;
            if (numbers[row] >= 0 && isWanted?[numbers[row]] != false && !HasNull(columns, row)) chosen[count++] = row;
        }

        return count;
    }

    private static bool HasNull(ReadOnlySpan<ArrowArray> columns, int row)
    {
        foreach (var column in columns)
        {
            if (column.NullCount > 0 && column.IsNull(row)) return true;
        }

        return false;
    }

    private void Run(ReadOnlySpan<ArrowArray> columns, Span<int> numbers, bool adds)
    {
        if (!isWord) RunBytes([.. columns], numbers, adds);
        else if (adds) AddWords(columns[0], numbers);
        else FindWords(columns[0], numbers);
        foreach (var column in columns)
        {
            if (column.NullCount == 0) continue;
            for (var i = 0; i < numbers.Length; i++)
            {
                if (column.IsNull(i)) numbers[i] = -1;
            }
        }
    }

    private void AddWords(ArrowArray column, Span<int> numbers)
    {
        var keys = new ulong[numbers.Length];
        KeyBytes.Words(column, keys);
        for (var i = 0; i < keys.Length; i++)
        {
            if (column.NullCount > 0 && column.IsNull(i)) continue;
            var hash = KeyHash.Mix(keys[i]);
            var mask = slots.Length - 1;
            var slot = (int)hash & mask;
            int number;
            while ((number = slots[slot] - 1) >= 0 && words[number] != keys[i]) slot = (slot + 1) & mask;
            if (number < 0)
            {
                number = Insert(slot, hash);
                if (words.Length <= number) Array.Resize(ref words, words.Length * 2);
                words[number] = keys[i];
            }

            numbers[i] = number;
        }
    }

    private void FindWords(ArrowArray column, Span<int> numbers)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(numbers.Length);
        var keys = rented.AsSpan(0, numbers.Length);
        KeyBytes.Words(column, keys);
        for (var i = 0; i < keys.Length; i++) numbers[i] = NumberOf(keys[i]);
        ArrayPool<ulong>.Shared.Return(rented);
    }

    /// <summary>
    /// The rows whose keys may be there, and their numbers or −1. Most rows of a large table have none of the keys: a few bits a key, which stay
    /// in the processor's cache, tell so of nine in ten.
    /// </summary>
    private int ChooseWords(ArrowArray column, int[] numbers, Span<int> chosen)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(column.Length);
        var keys = rented.AsSpan(0, column.Length);
        KeyBytes.Words(column, keys);
        var bits = this.bits;
        var count = 0;
        // Without a branch on the outcome, which nobody could foretell.
        for (var i = 0; i < keys.Length; i++)
        {
            chosen[count] = i;
            count += MayHold(bits, KeyHash.Mix(keys[i])) ? 1 : 0;
        }

        foreach (var row in chosen[..count]) numbers[row] = NumberOf(keys[row]);
        ArrayPool<ulong>.Shared.Return(rented);
        return count;
    }

    /// <summary>The number of a key; −1 if it is not there.</summary>
    private int NumberOf(ulong key)
    {
        var (slots, words) = (this.slots, this.words);
        var mask = slots.Length - 1;
        var slot = (int)KeyHash.Mix(key) & mask;
        int number;
        while ((number = slots[slot] - 1) >= 0 && words[number] != key) slot = (slot + 1) & mask;
        return number;
    }

    private void RunBytes(ImmutableArray<ArrowArray> columns, Span<int> numbers, bool adds)
    {
        var keys = KeyBytes.Of(columns);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = -1;
            if (keys.IsNull(i)) continue;
            var key = keys[i];
            var hash = HashKernels.XxHash64(key, 0);
            if (!adds && !MayHold(bits, hash)) continue;
            var mask = slots.Length - 1;
            var slot = (int)hash & mask;
            int number;
            while ((number = slots[slot] - 1) >= 0 && (hashes[number] != hash || !Bytes(number).SequenceEqual(key))) slot = (slot + 1) & mask;
            if (number < 0 && adds)
            {
                number = Insert(slot, hash);
                Keep(number, key);
            }

            numbers[i] = number;
        }
    }

    /// <summary>The low bits of a hash choose the slot, the high ones the bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayHold(ulong[] bits, ulong hash) => ((bits[(hash >> 32) & (ulong)(bits.Length - 1)] >> (int)(hash >> 26)) & 1) != 0;

    private static void Note(ulong[] bits, ulong hash) => bits[(hash >> 32) & (ulong)(bits.Length - 1)] |= 1UL << (int)(hash >> 26);

    private ReadOnlySpan<byte> Bytes(int number)
    {
        var start = number == 0 ? 0 : ends[number - 1];
        return bytes.AsSpan(start, ends[number] - start);
    }

    private void Keep(int number, ReadOnlySpan<byte> key)
    {
        var start = number == 0 ? 0 : ends[number - 1];
        var end = checked(start + key.Length);
        if (ends.Length <= number) Array.Resize(ref ends, ends.Length * 2);
        if (bytes.Length < end) Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(1024, end * 2L)));
        key.CopyTo(bytes.AsSpan(start));
        ends[number] = end;
    }

    private int Insert(int slot, ulong hash)
    {
        var number = Count++;
        if (hashes.Length <= number) Array.Resize(ref hashes, hashes.Length * 2);
        hashes[number] = hash;
        slots[slot] = number + 1;
        Note(bits, hash);
        if (Count * 2 > slots.Length) Grow();
        return number;
    }

    private void Grow()
    {
        var wider = new int[slots.Length * 2];
        var mask = wider.Length - 1;
        for (var number = 0; number < Count; number++)
        {
            var slot = (int)hashes[number] & mask;
            while (wider[slot] != 0) slot = (slot + 1) & mask;
            wider[slot] = number + 1;
        }

        slots = wider;
        bits = new ulong[slots.Length / SlotsInAWord];
        for (var number = 0; number < Count; number++) Note(bits, hashes[number]);
    }
}

/// <summary>Keys of several columns, or of long values, as bytes: equal keys have equal bytes.</summary>
internal sealed class KeyBytes
{
    private readonly byte[] data;
    private readonly int[] ends;
    private readonly bool[] nulls;

    private KeyBytes(byte[] data, int[] ends, bool[] nulls)
    {
        this.data = data;
        this.ends = ends;
        this.nulls = nulls;
    }

    public ReadOnlySpan<byte> this[int row] => data.AsSpan(row == 0 ? 0 : ends[row - 1], ends[row] - (row == 0 ? 0 : ends[row - 1]));

    public bool IsNull(int row) => nulls[row];

    public static KeyBytes Of(ImmutableArray<ArrowArray> columns)
    {
        var rows = columns[0].Length;
        var ends = new int[rows];
        var nulls = new bool[rows];
        foreach (var column in columns) AddLengths(column, ends, nulls);
        var at = new int[rows];
        var total = 0;
        for (var i = 0; i < rows; i++)
        {
            at[i] = total;
            total = checked(total + ends[i]);
            ends[i] = total;
        }

        var data = new byte[total];
        foreach (var column in columns) Fill(column, data, at);
        return new KeyBytes(data, ends, nulls);
    }

    /// <summary>Values of at most eight bytes as words: equal values have equal words.</summary>
    public static void Words(ArrowArray column, Span<ulong> words)
    {
        switch (column)
        {
            case DictionaryArray encoded:
                Span<ulong> distinct = new ulong[encoded.Dictionary.Length + 1];
                Words(encoded.Dictionary, distinct[..^1]);
                var codes = encoded.Codes;
                for (var i = 0; i < words.Length; i++) words[i] = (uint)codes[i] < (uint)distinct.Length ? distinct[codes[i]] : 0;
                break;
            case PrimitiveArray<sbyte> c: for (var i = 0; i < words.Length; i++) words[i] = (ulong)c.Values[i]; break;
            case PrimitiveArray<short> c: for (var i = 0; i < words.Length; i++) words[i] = (ulong)c.Values[i]; break;
            case PrimitiveArray<int> c:
                var ints = c.Values;
                for (var i = 0; i < words.Length; i++) words[i] = (ulong)ints[i];
                break;
            case PrimitiveArray<long> c:
                var longs = c.Values;
                for (var i = 0; i < words.Length; i++) words[i] = (ulong)longs[i];
                break;
            case PrimitiveArray<float> c: for (var i = 0; i < words.Length; i++) words[i] = BitConverter.DoubleToUInt64Bits(KeyHash.Canonical((double)c.Values[i])); break;
            case PrimitiveArray<double> c: for (var i = 0; i < words.Length; i++) words[i] = BitConverter.DoubleToUInt64Bits(KeyHash.Canonical(c.Values[i])); break;
            case BooleanArray c: for (var i = 0; i < words.Length; i++) words[i] = c[i] ? 1UL : 0; break;
            case NullArray: words.Clear(); break;
            default: throw new System.Diagnostics.UnreachableException(column.GetType().Name);
        }
    }

    private static void AddLengths(ArrowArray column, int[] lengths, bool[] nulls)
    {
        for (var i = 0; i < nulls.Length; i++) nulls[i] |= column.IsNull(i);
        if (column.Type is StringType or BinaryType)
        {
            var texts = TextColumn.Of(column);
            for (var i = 0; i < lengths.Length; i++) lengths[i] += sizeof(int) + (column.IsNull(i) ? 0 : texts[i].Length);
            return;
        }

        var width = column.Type is DecimalType { Is64: false } ? 16 : sizeof(ulong);
        for (var i = 0; i < lengths.Length; i++) lengths[i] += width;
    }

    private static void Fill(ArrowArray column, byte[] data, int[] at)
    {
        if (column.Type is StringType or BinaryType)
        {
            var texts = TextColumn.Of(column);
            for (var i = 0; i < at.Length; i++)
            {
                var text = column.IsNull(i) ? default : texts[i].Bytes;
                BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(at[i]), text.Length);
                text.CopyTo(data.AsSpan(at[i] + sizeof(int)));
                at[i] += sizeof(int) + text.Length;
            }

            return;
        }

        if (column.Type is DecimalType { Is64: false })
        {
            var wide = column is DictionaryArray encoded ? encoded.Decode() : column;
            for (var i = 0; i < at.Length; i++)
            {
                BinaryPrimitives.WriteInt128LittleEndian(data.AsSpan(at[i]), wide is PrimitiveArray<Int128> values ? values.Values[i] : 0);
                at[i] += 16;
            }

            return;
        }

        var words = new ulong[at.Length];
        Words(column, words);
        for (var i = 0; i < at.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(at[i]), words[i]);
            at[i] += sizeof(ulong);
        }
    }
}
