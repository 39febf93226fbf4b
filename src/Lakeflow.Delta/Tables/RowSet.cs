using System.Numerics;

namespace Lakeflow.Delta;

/// <summary>A set of rows of one data file, by their 0-based number in the file: those that a deletion vector takes out, or is to take out.</summary>
/// <remarks>One bit a row of the file, while in memory; as a deletion vector a RoaringBitmapArray, see <see cref="RoaringBitmap"/>. Not thread-safe.</remarks>
public sealed class RowSet
{
    private ulong[] words = [];

    /// <summary>Rows in the set.</summary>
    public long Count { get; private set; }

    /// <summary>True for a row in the set.</summary>
    public bool Contains(long row) => row >> 6 < words.Length && ((words[row >> 6] >> (int)(row & 63)) & 1) != 0;

    /// <summary>Deleted rows from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public long CountBetween(long from, long to)
    {
        long count = 0;
        for (var row = from; row < to;)
        {
            if ((row & 63) == 0 && to - row >= 64)
            {
                count += row >> 6 < words.Length ? BitOperations.PopCount(words[row >> 6]) : 0;
                row += 64;
                continue;
            }

            if (Contains(row)) count++;
            row++;
        }

        return count;
    }

    /// <summary>Adds a row; false if it is there already.</summary>
    public bool Add(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        var word = checked((int)(row >> 6));
        if (word >= words.Length) Array.Resize(ref words, Math.Max(word + 1, words.Length * 2));
        var bit = 1UL << (int)(row & 63);
        if ((words[word] & bit) != 0) return false;
        words[word] |= bit;
        Count++;
        return true;
    }

    public void AddRange(IEnumerable<long> rows)
    {
        foreach (var row in rows) Add(row);
    }

    /// <summary>Adds 64 rows at most.</summary>
    /// <param name="word">They are those from 64 times this on.</param>
    /// <param name="bits">Which of them, the first one lowest.</param>
    internal void AddWord(int word, ulong bits)
    {
        if (word >= words.Length) Array.Resize(ref words, Math.Max(word + 1, words.Length * 2));
        Count += BitOperations.PopCount(bits & ~words[word]);
        words[word] |= bits;
    }

    /// <summary>The greatest row; −1 of the empty set.</summary>
    public long Greatest
    {
        get
        {
            for (var i = words.Length - 1; i >= 0; i--)
            {
                if (words[i] != 0) return ((long)i << 6) + 63 - BitOperations.LeadingZeroCount(words[i]);
            }

            return -1;
        }
    }

    /// <summary>The rows of this set that another has not.</summary>
    public RowSet Without(RowSet other)
    {
        var rest = new RowSet { words = new ulong[words.Length] };
        for (var i = 0; i < words.Length; i++)
        {
            rest.words[i] = words[i] & ~other.Word(i);
            rest.Count += BitOperations.PopCount(rest.words[i]);
        }

        return rest;
    }

    /// <summary>Adds all rows of another set.</summary>
    public void UnionWith(RowSet other)
    {
        if (other.words.Length > words.Length) Array.Resize(ref words, other.words.Length);
        for (var i = 0; i < other.words.Length; i++) words[i] |= other.words[i];
        long count = 0;
        foreach (var word in words) count += BitOperations.PopCount(word);
        Count = count;
    }

    /// <summary>The rows, ascending.</summary>
    public IEnumerable<long> Ascending()
    {
        for (var i = 0; i < words.Length; i++)
        {
            for (var bits = words[i]; bits != 0; bits &= bits - 1) yield return ((long)i << 6) + BitOperations.TrailingZeroCount(bits);
        }
    }

    /// <summary>Bits of the rows from 64 · <paramref name="word"/> on, the first one lowest.</summary>
    internal ulong Word(int word) => word < words.Length ? words[word] : 0;

    /// <summary>64-row words up to the last row of the set.</summary>
    internal int WordCount => words.Length;
}
