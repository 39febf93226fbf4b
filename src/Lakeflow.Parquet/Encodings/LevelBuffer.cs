using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Encodings;

/// <summary>The levels of one leaf's entries in one batch or page. Most columns have no NULL: then no level is kept at all.</summary>
internal sealed class LevelBuffer(int maxDefinition, bool repeated)
{
    private byte[] definitions = [];
    private byte[] repetitions = [];

    public int Count { get; private set; }

    /// <summary>True while every entry is defined and none of them repeats: there are no levels to look at.</summary>
    public bool AllDefined { get; private set; } = !repeated;

    public ReadOnlySpan<byte> Definitions => definitions.AsSpan(0, Count);

    /// <summary>Empty where the column does not repeat.</summary>
    public ReadOnlySpan<byte> Repetitions => repeated ? repetitions.AsSpan(0, Count) : default;

    public void Clear()
    {
        Count = 0;
        AllDefined = !repeated;
    }

    public void AddDefined(int count)
    {
        if (!AllDefined) Reserve(count).Fill((byte)maxDefinition);
        Count = checked(Count + count);
    }

    /// <summary>Room for the definition levels of <paramref name="count"/> more entries.</summary>
    public Span<byte> AddDefinitions(int count)
    {
        if (AllDefined)
        {
            AllDefined = false;
            var before = Count;
            Count = 0;
            Reserve(before).Fill((byte)maxDefinition);
            Count = before;
        }

        var room = Reserve(count);
        Count = checked(Count + count);
        return room;
    }

    /// <summary>Adds entries of a column that repeats.</summary>
    public void Add(ReadOnlySpan<byte> definition, ReadOnlySpan<byte> repetition)
    {
        definition.CopyTo(Reserve(definition.Length));
        if (repetitions.Length < definitions.Length) Array.Resize(ref repetitions, definitions.Length);
        repetition.CopyTo(repetitions.AsSpan(Count));
        Count = checked(Count + definition.Length);
    }

    /// <summary>One bit an entry, set where its level is at least <paramref name="level"/>.</summary>
    /// <returns>Null if all are set.</returns>
    public static (ArrowBuffer? Bits, int Nulls) Mark(ReadOnlySpan<byte> levels, int level)
    {
        var buffer = ArrowBuffer.Rent(Bitmap.ByteCount(levels.Length));
        var bits = buffer.Bytes;
        var ones = 0;
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var least = Vector256.Create((byte)level);
            var words = MemoryMarshal.Cast<byte, uint>(bits);
            for (; i + 32 <= levels.Length; i += 32)
            {
                var word = Vector256.GreaterThanOrEqual(Vector256.Create(levels.Slice(i, 32)), least).ExtractMostSignificantBits();
                words[i >> 5] = word;
                ones += BitOperations.PopCount(word);
            }
        }

        bits[(i >> 3)..].Clear();
        for (; i < levels.Length; i++)
        {
            if (levels[i] < level) continue;
            Bitmap.Set(bits, i);
            ones++;
        }

        if (ones < levels.Length) return (buffer, levels.Length - ones);
        buffer.Release();
        return (null, 0);
    }

    /// <summary>How many levels equal <paramref name="level"/>.</summary>
    public static int CountEqual(ReadOnlySpan<byte> levels, int level) => levels.Count((byte)level);

    private Span<byte> Reserve(int count)
    {
        var needed = checked(Count + count);
        if (definitions.Length < needed) Array.Resize(ref definitions, (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(1024, definitions.Length * 2L))));
        return definitions.AsSpan(Count, count);
    }
}
