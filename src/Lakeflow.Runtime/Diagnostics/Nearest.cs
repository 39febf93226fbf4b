namespace Lakeflow.Runtime.Diagnostics;

/// <summary>"Did you mean": the candidate closest to a misspelt name.</summary>
public static class Nearest
{
    private const int MaxLength = 64;

    /// <summary>The closest candidate by edits (insert, delete, replace, swap of neighbours), without regard to case; null if none is close.</summary>
    /// <remarks>Close means at most one edit for every three letters of the name, one in a shorter name, and none in a single letter.</remarks>
    public static string? To(string name, IEnumerable<string> candidates) => Within(Math.Min(name.Length - 1, Math.Max(1, name.Length / 3)), name, candidates);

    /// <summary>The closest candidate, if it is at most so many edits away.</summary>
    public static string? Within(int limit, string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > MaxLength) return null;
        string? best = null;
        foreach (var candidate in candidates.Order(StringComparer.OrdinalIgnoreCase))
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - name.Length) > limit) continue;
            var distance = Distance(name, candidate);
            if (distance > limit || (best is not null && distance == limit)) continue;
            best = candidate;
            limit = distance;
            if (distance == 0) break;
        }

        return best;
    }

    /// <summary><c>Did you mean 'x'?</c>, else what there is, else null.</summary>
    public static string? Hint(string name, IEnumerable<string> candidates, string thereIs)
    {
        var all = candidates.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (To(name, all) is { } near) return $"Did you mean '{near}'?";
        return all.Count == 0 ? null : $"{thereIs}: {Short(all, 8)}.";
    }

    /// <summary>The first few items and how many there are besides.</summary>
    public static string Short(IReadOnlyCollection<string> items, int most) =>
        string.Join(", ", items.Take(most)) + (items.Count > most ? $" and {items.Count - most} more" : "");

    private static int Distance(string a, string b)
    {
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> now = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                now[j] = Math.Min(Math.Min(now[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) now[j] = Math.Min(now[j], before[j - 2] + 1);
            }

            last.CopyTo(before);
            now.CopyTo(last);
        }

        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
