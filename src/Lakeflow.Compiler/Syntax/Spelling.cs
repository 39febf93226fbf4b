namespace Lakeflow.Compiler.Syntax;

/// <summary>Finds the word that was meant.</summary>
internal static class Spelling
{
    /// <summary>The word closest to <paramref name="written"/>, at most two slips away (one in short words); null where none is near. Case does not matter.</summary>
    public static string? Nearest(string written, IEnumerable<string> words)
    {
        string? nearest = null;
        var least = written.Length <= 3 ? 1 : written.Length <= 4 ? 2 : 3;
        foreach (var word in words.Order(StringComparer.Ordinal))
        {
            if (Math.Abs(word.Length - written.Length) >= least) continue;
            var slips = Slips(written.ToUpperInvariant(), word.ToUpperInvariant());
            if (slips == 0 || slips >= least) continue;
            (nearest, least) = (word, slips);
        }

        return nearest;
    }

    /// <summary>Letters added, left out, changed, or swapped with their neighbour.</summary>
    private static int Slips(string a, string b)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
