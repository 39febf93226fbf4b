namespace Lakeflow.Pipelines;

/// <summary>Finds what somebody may have meant.</summary>
public static class Spelling
{
    /// <summary>The known name that is fewest edits away, or null if none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> known) => known
        .Select(k => (Name: k, Edits: Edits(name.ToLowerInvariant(), k.ToLowerInvariant())))
        .Where(k => k.Edits <= Math.Max(1, name.Length / 3))
        .OrderBy(k => k.Edits).ThenBy(k => k.Name, StringComparer.Ordinal)
        .Select(k => k.Name)
        .FirstOrDefault();

    /// <summary>Levenshtein's distance: letters to insert, drop or replace.</summary>
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
