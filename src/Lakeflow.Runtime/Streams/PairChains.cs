namespace Lakeflow.Runtime.Streams;

/// <summary>For each left row of a join the right rows with its key, of which at least one of the two is new. The new rows come first on both sides.</summary>
internal sealed class PairChains
{
    private readonly int[] leftKeys;
    private readonly int newLefts;
    private readonly int newRights;
    private readonly int[] first;
    private readonly int[] next;

    /// <param name="left">Number of the key of each left row, −1 for a NULL.</param>
    /// <param name="newLefts">How many left rows are new.</param>
    /// <param name="right">The same of the right rows.</param>
    /// <param name="newRights">How many right rows are new.</param>
    /// <param name="keys">How many keys there are.</param>
    public PairChains(int[] left, int newLefts, int[] right, int newRights, int keys)
    {
        leftKeys = left;
        this.newLefts = newLefts;
        this.newRights = newRights;
        // The rows of a key form a chain in row order.
        first = new int[keys];
        Array.Fill(first, -1);
        next = new int[right.Length];
        for (var row = right.Length - 1; row >= 0; row--)
        {
            if (right[row] < 0) continue;
            next[row] = first[right[row]];
            first[right[row]] = row;
        }
    }

    /// <summary>The first right row of a left one, or −1.</summary>
    public int First(int left) => leftKeys[left] < 0 ? -1 : Fitting(left, first[leftKeys[left]]);

    /// <summary>The one after <paramref name="match"/>, or −1.</summary>
    public int Next(int left, int match) => Fitting(left, next[match]);

    /// <summary>Two rows of earlier steps have met before.</summary>
    private int Fitting(int left, int match) => left < newLefts || match < newRights ? match : -1;
}
