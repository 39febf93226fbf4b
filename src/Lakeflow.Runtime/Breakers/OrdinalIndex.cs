using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Finds a number by an integer key with one array access, as long as the keys seen lie close together.</summary>
/// <remarks>Give it up (<see cref="IsOff"/>) once the range outgrows <see cref="MaxRange"/> or is far wider than the number of keys.</remarks>
internal struct OrdinalIndex
{
    /// <summary>16 million entries, 64 MB: beyond this a hash table is the smaller evil.</summary>
    private const long MaxRange = 1L << 24;

    private const long FarthestKey = 1L << 62;

    /// <summary>A range of this many is modest for any number of keys: the untouched part costs no memory.</summary>
    private const long Modest = 1L << 20;

    private int[] entries;
    private long first;

    public static OrdinalIndex Empty => new() { entries = [] };

    public readonly bool IsOff => entries is null;

    public readonly long Bytes => sizeof(int) * (long)(entries?.Length ?? 0);

    /// <summary>The number stored for a key, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Find(long key)
    {
        var at = (ulong)(key - first);
        return at < (ulong)entries.Length ? entries[at] - 1 : -1;
    }

    /// <summary>Stores a number; false if the range got too wide, and the index is off from then on.</summary>
    public bool Add(long key, int number, int keys)
    {
        var at = (ulong)(key - first);
        if (at >= (ulong)entries.Length && !Widen(key, keys))
        {
            entries = null!;
            return false;
        }

        entries[key - first] = number + 1;
        return true;
    }

    private bool Widen(long key, int keys)
    {
        // Far out, differences of keys would overflow.
        if (key is < -FarthestKey or > FarthestKey) return false;
        if (entries.Length == 0)
        {
            first = key - 64;
            entries = new int[1024];
            return true;
        }

        var low = Math.Min(first, key);
        var high = Math.Max(first + entries.Length - 1, key);
        var range = high - low + 1;
        if (range > MaxRange || range > Math.Max(Modest, 64L * keys)) return false;
        var room = Math.Min(MaxRange, range * 2);
        var start = key < first ? high - room + 1 : low;
        var wider = new int[room];
        entries.CopyTo(wider, first - start);
        entries = wider;
        first = start;
        return true;
    }
}
