using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>The texts of one page as what each shares with the one before it and the rest of each (DELTA_BYTE_ARRAY), or as lengths and all bytes in a row (DELTA_LENGTH_BYTE_ARRAY).</summary>
internal sealed class PrefixedTexts
{
    // Texts up to this length are made by one load and one store, whatever they share.
    private const int Short = 32;

    // Of each text, behind an empty one that stands before the first.
    private int[] prefixes = [0];
    private int[] suffixes = [0];
    private int count;
    private int next;

    // Where in the page's body the rest of the next text begins.
    private int from;

    // The text before: of a page with a long one in memory, else in a register, for to load it again right after it was stored takes longer than all the rest.
    private byte[] text = [];
    private Vector256<byte> beginning;
    private int longest;
    private long total;

    /// <summary>Goes to a page's texts, which begin at <paramref name="start"/> in its body.</summary>
    public void Start(PageSource pages, int start)
    {
        var padded = pages.Body[start..];
        var length = pages.BodyLength - start;
        count = DeltaBinaryPacked.Count(padded[..length]);
        if (prefixes.Length <= count)
        {
            prefixes = new int[count + 1];
            suffixes = new int[count + 1];
        }

        var taken = 0;
        if (pages.Header.Encoding == PageEncoding.DeltaByteArray)
        {
            taken = DeltaBinaryPacked.Read(padded, length, prefixes.AsSpan(1, count));
            var others = DeltaBinaryPacked.Count(padded[taken..length]);
            if (others != count) throw new BrokenDataException($"{count} beginnings and {others} ends");
        }
        else
        {
            prefixes.AsSpan(1, count).Clear();
        }

        taken += DeltaBinaryPacked.Read(padded[taken..], length - taken, suffixes.AsSpan(1, count));
        Check(length - taken);
        from = start + taken;
        next = 1;
        beginning = default;
        if (longest > Short && text.Length < longest) text = new byte[longest];
    }

    /// <summary>Bytes that so many texts of the page take at most, and one vector more, which <see cref="Read"/> may write.</summary>
    public long Room(int texts) => Math.Min((long)texts * longest, total) + Short;

    /// <summary>Adds some of the next texts to others, and passes over the rest.</summary>
    /// <param name="body">The page's body.</param>
    /// <param name="some">Number of texts to go on by.</param>
    /// <param name="wanted">The places of those to add, ascending, counted from the next one.</param>
    /// <param name="target">Takes the bytes; has <see cref="Room"/> for them.</param>
    /// <param name="used">Where in it the first begins.</param>
    /// <param name="ends">Takes where each ends.</param>
    /// <returns>Where the last one ends.</returns>
    public int Read(ReadOnlySpan<byte> body, int some, ReadOnlySpan<int> wanted, Span<byte> target, int used, Span<int> ends)
    {
        CheckLeft(some);
        if (target.Length - used < Room(wanted.Length)) throw new ArgumentException("Too little room.", nameof(target));
        var last = next + some;
        if (longest <= Short) return ReadShort(body, last, wanted, target, used, ends);
        var first = next;
        for (var i = 0; i < wanted.Length; i++)
        {
            while (next < first + wanted[i]) Next(body);
            var one = Next(body);
            one.CopyTo(target[used..]);
            used += one.Length;
            ends[i] = used;
        }

        while (next < last) Next(body);
        return used;
    }

    /// <summary>Passes over the next texts.</summary>
    public void Skip(ReadOnlySpan<byte> body, int some)
    {
        CheckLeft(some);
        var last = next + some;
        if (longest <= Short) ReadShort(body, last, [], [], 0, []);
        while (next < last) Next(body);
    }

    /// <summary>All texts of the page as PLAIN values.</summary>
    /// <param name="pages">At the page.</param>
    /// <param name="fixedLength">Bytes of each, written without its length; 0 if they vary.</param>
    public PlainValues ToPlain(PageSource pages, int fixedLength)
    {
        if (text.Length < longest) text = new byte[longest];
        var size = total + (fixedLength == 0 ? (long)count * sizeof(int) : 0);
        var plain = pages.Room(size <= Array.MaxLength ? (int)size : throw new BrokenDataException("more than 2 GB of values in a page"));
        var rest = plain.Bytes;
        while (next <= count)
        {
            var one = Next(pages.Body);
            if (fixedLength == 0)
            {
                MemoryMarshal.Write(rest, one.Length);
                rest = rest[sizeof(int)..];
            }
            else if (one.Length != fixedLength)
            {
                throw new BrokenDataException($"a value of {one.Length} bytes where all have {fixedLength}");
            }

            one.CopyTo(rest);
            rest = rest[one.Length..];
        }

        return new PlainValues(plain, 0, (int)size);
    }

    private void CheckLeft(int some)
    {
        if (some > count + 1 - next) throw new BrokenDataException("the texts end too early");
    }

    private ReadOnlySpan<byte> Next(ReadOnlySpan<byte> body)
    {
        // What it shares with the text before stands there already.
        var (prefix, suffix) = (prefixes[next], suffixes[next]);
        body.Slice(from, suffix).CopyTo(text.AsSpan(prefix));
        from += suffix;
        next++;
        return text.AsSpan(0, prefix + suffix);
    }

    // No bounds are checked here: Check has seen the lengths, Read the room, and behind the page's body lies a vector (PageSource.Padding).
    // The rest of a text is loaded so that it comes to lie where it belongs. That never is before the body: a text is not longer than the ends of all up to it.
    private int ReadShort(ReadOnlySpan<byte> body, int last, ReadOnlySpan<int> wanted, Span<byte> target, int used, Span<int> ends)
    {
        ref var prefix = ref MemoryMarshal.GetArrayDataReference(prefixes);
        ref var suffix = ref MemoryMarshal.GetArrayDataReference(suffixes);
        ref var source = ref MemoryMarshal.GetReference(body);
        ref var to = ref MemoryMarshal.GetReference(target);
        var (at, first, value) = (from, next, beginning);
        var i = first;
        for (var k = 0; k < wanted.Length; k++)
        {
            var place = first + wanted[k];
            for (; i < place; i++)
            {
                value = With(value, Unsafe.Add(ref prefix, i), ref source, at);
                at += Unsafe.Add(ref suffix, i);
            }

            var shared = Unsafe.Add(ref prefix, i);
            var rest = Unsafe.Add(ref suffix, i);
            value = With(value, shared, ref source, at);
            value.StoreUnsafe(ref to, (nuint)used);
            at += rest;
            used += shared + rest;
            ends[k] = used;
            i++;
        }

        for (; i < last; i++)
        {
            value = With(value, Unsafe.Add(ref prefix, i), ref source, at);
            at += Unsafe.Add(ref suffix, i);
        }

        (from, next, beginning) = (at, i, value);
        return used;
    }

    /// <summary>The first bytes of a text, and behind them what stands at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> With(Vector256<byte> text, int shared, ref byte source, int at)
    {
        var isShared = Vector256.LessThan(Vector256<sbyte>.Indices, Vector256.Create((sbyte)shared)).AsByte();
        return Vector256.ConditionalSelect(isShared, text, Vector256.LoadUnsafe(ref source, (nuint)(at - shared)));
    }

    /// <summary>Throws if the lengths make no sense, or ask for more than <paramref name="room"/> bytes of ends.</summary>
    private void Check(int room)
    {
        var (negative, tooMuch, most) = (Vector<int>.Zero, Vector<int>.Zero, Vector<int>.Zero);
        var (ends, all) = (Vector<long>.Zero, Vector<long>.Zero);
        var i = 1;
        for (; i + Vector<int>.Count <= count + 1; i += Vector<int>.Count)
        {
            var prefix = new Vector<int>(prefixes, i);
            var suffix = new Vector<int>(suffixes, i);
            var length = prefix + suffix;
            negative |= prefix | suffix | length;
            tooMuch |= Vector.GreaterThan(prefix, new Vector<int>(prefixes, i - 1) + new Vector<int>(suffixes, i - 1));
            most = Vector.Max(most, length);
            Vector.Widen(suffix, out var low, out var high);
            ends += low + high;
            Vector.Widen(length, out low, out high);
            all += low + high;
        }

        longest = 0;
        for (var lane = 0; lane < Vector<int>.Count; lane++) longest = Math.Max(longest, most[lane]);
        total = Vector.Sum(all);
        var size = Vector.Sum(ends);
        var isBroken = Vector.LessThanAny(negative, Vector<int>.Zero) || tooMuch != Vector<int>.Zero;
        for (; i <= count; i++)
        {
            var length = unchecked(prefixes[i] + suffixes[i]);
            isBroken |= (prefixes[i] | suffixes[i] | length) < 0 || prefixes[i] > prefixes[i - 1] + suffixes[i - 1];
            longest = Math.Max(longest, length);
            total += length;
            size += suffixes[i];
        }

        if (isBroken) throw new BrokenDataException("a text shares more than the one before it has, or has less than no bytes");
        if (size > room) throw new BrokenDataException($"ends of {size} bytes in {room}");
    }
}
