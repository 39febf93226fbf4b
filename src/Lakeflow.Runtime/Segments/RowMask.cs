using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>Which rows of a batch meet conditions on single columns: one bit a row, 64 rows at a time, before the loop over the rows that are left.</summary>
/// <remarks>
/// Conditions narrow the mask one after another; 64 rows that are all out are not read again. Only conditions that cannot
/// fail belong here: they run ahead of the others. One instance per worker.
/// </remarks>
public sealed class RowMask
{
    /// <summary>For each eight bits: the places of its ones, a byte each, ascending.</summary>
    private static readonly ulong[] Places = [.. Enumerable.Range(0, 256).Select(PlacesOf)];

    private ulong[] words = [];
    private ulong[] found = [];
    private int[] rows = [];
    private int length;

    /// <summary>Starts with all rows of a batch.</summary>
    public void Begin(int count)
    {
        length = count;
        var used = (count + 63) >> 6;
        if (words.Length < used) words = new ulong[used];
        words.AsSpan(0, used).Fill(ulong.MaxValue);
        if ((count & 63) != 0) words[used - 1] = (1UL << (count & 63)) - 1;
    }

    /// <summary>Keeps rows whose value is from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public void Between<T>(ReadOnlySpan<T> values, T low, T high)
        where T : unmanaged, IBinaryInteger<T>
    {
        values = values[..length];
        ref var first = ref MemoryMarshal.GetReference(values);
        var whole = length >> 6;
        for (var w = 0; w < whole; w++)
        {
            if (words[w] != 0) words[w] &= Between64(ref Unsafe.Add(ref first, w << 6), low, high);
        }

        if ((length & 63) == 0) return;
        var last = 0UL;
        for (var i = whole << 6; i < length; i++) last |= values[i] >= low && values[i] <= high ? 1UL << (i & 63) : 0;
        words[whole] &= last;
    }

    /// <summary>Keeps rows whose value is another.</summary>
    public void Except<T>(ReadOnlySpan<T> values, T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        values = values[..length];
        ref var first = ref MemoryMarshal.GetReference(values);
        var whole = length >> 6;
        for (var w = 0; w < whole; w++)
        {
            if (words[w] != 0) words[w] &= ~Between64(ref Unsafe.Add(ref first, w << 6), value, value);
        }

        for (var i = whole << 6; i < length; i++)
        {
            if (values[i] == value) words[whole] &= ~(1UL << (i & 63));
        }
    }

    /// <summary>Keeps rows whose bit is set: those that are not NULL.</summary>
    public void Valid(ReadOnlySpan<byte> bits)
    {
        var bytes = MemoryMarshal.AsBytes(words.AsSpan())[..Bitmap.ByteCount(length)];
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= bits[i];
    }

    /// <summary>Keeps rows whose text matches; with <paramref name="want"/> false, those whose text does not.</summary>
    public void Like(in TextColumn texts, LikePattern pattern, bool want = true)
    {
        var used = (length + 63) >> 6;
        if (found.Length < used) found = new ulong[used];
        Array.Clear(found, 0, used);
        if (texts.IsDictionary) FindByCode(texts, pattern);
        else if (pattern.ContainedText.Length > 1) FindText(texts.Offsets, texts.Data, pattern.ContainedText);
        else FindByRow(texts, pattern);
        for (var w = 0; w < used; w++) words[w] &= want ? found[w] : ~found[w];
    }

    /// <summary>The numbers of the rows that are left, ascending. Valid until the next call.</summary>
    public ReadOnlySpan<int> Rows()
    {
        // Some more: numbers are written eight at a time.
        if (rows.Length < length + 8) rows = new int[length + 8];
        var target = rows;
        ref var first = ref MemoryMarshal.GetArrayDataReference(target);
        var places = Places;
        var n = 0;
        for (var w = 0; w < (length + 63) >> 6; w++)
        {
            var word = words[w];
            var row = w << 6;
            if (BitOperations.PopCount(word) < 8)
            {
                for (; word != 0; word &= word - 1) target[n++] = row + BitOperations.TrailingZeroCount(word);
                continue;
            }

            for (; word != 0; word >>= 8, row += 8)
            {
                var bits = (int)(word & 0xFF);
                var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(places[bits]).AsByte()));
                (low.AsInt32() + Vector128.Create(row)).StoreUnsafe(ref first, (nuint)n);
                (high.AsInt32() + Vector128.Create(row)).StoreUnsafe(ref first, (nuint)(n + 4));
                n += BitOperations.PopCount((uint)bits);
            }
        }

        return target.AsSpan(0, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Between64<T>(ref T first, T low, T high)
        where T : unmanaged, IBinaryInteger<T>
    {
        var bits = 0UL;
        if (Vector512.IsHardwareAccelerated)
        {
            var (lows, highs) = (Vector512.Create(low), Vector512.Create(high));
            for (var k = 0; k < 64; k += Vector512<T>.Count)
            {
                var some = Vector512.LoadUnsafe(ref first, (nuint)k);
                bits |= (Vector512.GreaterThanOrEqual(some, lows) & Vector512.LessThanOrEqual(some, highs)).ExtractMostSignificantBits() << k;
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var (lows, highs) = (Vector256.Create(low), Vector256.Create(high));
            for (var k = 0; k < 64; k += Vector256<T>.Count)
            {
                var some = Vector256.LoadUnsafe(ref first, (nuint)k);
                bits |= (ulong)(Vector256.GreaterThanOrEqual(some, lows) & Vector256.LessThanOrEqual(some, highs)).ExtractMostSignificantBits() << k;
            }
        }
        else
        {
            for (var k = 0; k < 64; k++)
            {
                var value = Unsafe.Add(ref first, k);
                bits |= value >= low && value <= high ? 1UL << k : 0;
            }
        }

        return bits;
    }

    private static ulong PlacesOf(int bits)
    {
        var places = 0UL;
        var n = 0;
        for (var place = 0; place < 8; place++)
        {
            if ((bits & (1 << place)) != 0) places |= (ulong)place << (8 * n++);
        }

        return places;
    }

    private void FindByCode(in TextColumn texts, LikePattern pattern)
    {
        var codes = texts.Codes;
        if (texts.DictionaryLength > length)
        {
            FindByRow(texts, pattern);
            return;
        }

        Span<bool> matches = texts.DictionaryLength < 1024 ? stackalloc bool[1024] : new bool[texts.DictionaryLength + 1];
        for (var c = 0; c < texts.DictionaryLength; c++) matches[c] = pattern.Matches(texts.Value(c).Bytes);
        for (var i = 0; i < length; i++)
        {
            if ((uint)codes[i] < (uint)matches.Length && matches[codes[i]]) found[i >> 6] |= 1UL << (i & 63);
        }
    }

    private void FindByRow(in TextColumn texts, LikePattern pattern)
    {
        for (var w = 0; w < (length + 63) >> 6; w++)
        {
            for (var left = words[w]; left != 0; left &= left - 1)
            {
                var bit = BitOperations.TrailingZeroCount(left);
                if (pattern.Matches(texts[(w << 6) + bit].Bytes)) found[w] |= 1UL << bit;
            }
        }
    }

    /// <summary>One search over the bytes of all rows. Two bytes of the text, seldom ones here, are compared for many places at once.</summary>
    private void FindText(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> data, ReadOnlySpan<byte> text)
    {
        var end = offsets[length];
        var at = offsets[0];
        var row = 0;
        var (a, b) = Seldom(data[at..end], text);
        if (Vector512.IsHardwareAccelerated || Vector256.IsHardwareAccelerated)
        {
            var step = Vector512.IsHardwareAccelerated ? Vector512<byte>.Count : Vector256<byte>.Count;
            var stop = end - step - text.Length;
            ref var bytes = ref MemoryMarshal.GetReference(data);
            for (; at <= stop; at += step)
            {
                ref var here = ref Unsafe.Add(ref bytes, at);
                var hits = Vector512.IsHardwareAccelerated
                    ? (Vector512.Equals(Vector512.LoadUnsafe(ref here, (nuint)a), Vector512.Create(text[a])) & Vector512.Equals(Vector512.LoadUnsafe(ref here, (nuint)b), Vector512.Create(text[b]))).ExtractMostSignificantBits()
                    : (Vector256.Equals(Vector256.LoadUnsafe(ref here, (nuint)a), Vector256.Create(text[a])) & Vector256.Equals(Vector256.LoadUnsafe(ref here, (nuint)b), Vector256.Create(text[b]))).ExtractMostSignificantBits();
                for (; hits != 0; hits &= hits - 1)
                {
                    var place = at + BitOperations.TrailingZeroCount(hits);
                    if (data.Slice(place, text.Length).SequenceEqual(text)) row = Note(offsets, row, place, text.Length);
                }
            }
        }

        while (at < end)
        {
            var next = data[at..end].IndexOf(text);
            if (next < 0) return;
            row = Note(offsets, row, at + next, text.Length);
            at += next + 1;
        }
    }

    /// <summary>Finds the row of a place, from <paramref name="row"/> on, and marks it unless the text reaches into the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Note(ReadOnlySpan<int> offsets, int row, int place, int size)
    {
        while (offsets[row + 1] <= place) row++;
        if (place + size <= offsets[row + 1]) found[row >> 6] |= 1UL << (row & 63);
        return row;
    }

    /// <summary>Two places of the text whose bytes come up least at the beginning of the data.</summary>
    private static (int, int) Seldom(ReadOnlySpan<byte> data, ReadOnlySpan<byte> text)
    {
        var sample = data[..Math.Min(data.Length, 512)];
        int best = 0, second = text.Length - 1, bestCount = int.MaxValue, secondCount = int.MaxValue;
        for (var i = 0; i < Math.Min(text.Length, 32); i++)
        {
            var count = sample.Count(text[i]);
            if (count < bestCount) (second, secondCount, best, bestCount) = (best, bestCount, i, count);
            else if (count < secondCount && text[i] != text[best]) (second, secondCount) = (i, count);
        }

        return (best, second);
    }
}
