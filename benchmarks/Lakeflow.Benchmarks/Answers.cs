using System.Globalization;

namespace Lakeflow.Benchmarks;

/// <summary>Compares the rows of both sides: in any order, numbers to nine digits.</summary>
internal static class Answers
{
    /// <summary>Null if they are equal, else what differs first.</summary>
    public static string? Difference(IReadOnlyList<object?[]> ours, IReadOnlyList<string?[]> theirs)
    {
        if (ours.Count != theirs.Count) return $"{ours.Count} rows, DuckDB has {theirs.Count}";
        var mine = ours.Select(r => r.Select(Text).ToArray()).OrderBy(Key, StringComparer.Ordinal).ToList();
        var other = theirs.OrderBy(Key, StringComparer.Ordinal).ToList();
        for (var i = 0; i < mine.Count; i++)
        {
            if (!mine[i].Zip(other[i], Same).All(s => s)) return $"({string.Join(", ", mine[i])}), DuckDB has ({string.Join(", ", other[i])})";
        }

        return null;
    }

    // Rounding may tell two rows apart in the last digits only, so what sorts them is cut.
    private static string Key(string?[] row) => string.Join('\u0001', row.Select(v => v is null ? "" : double.TryParse(v, CultureInfo.InvariantCulture, out var n) ? n.ToString("E4", CultureInfo.InvariantCulture) : v));

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static bool Same(string? a, string? b)
    {
        if (a == b) return true;
        if (a is null || b is null) return false;
        if (!double.TryParse(a, CultureInfo.InvariantCulture, out var x) || !double.TryParse(b, CultureInfo.InvariantCulture, out var y)) return false;
        return Math.Abs(x - y) <= 1e-9 * Math.Max(Math.Abs(x), Math.Abs(y));
    }
}
