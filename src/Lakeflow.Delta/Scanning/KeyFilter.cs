using Lakeflow.Arrow;
using Lakeflow.Parquet.Bloom;

namespace Lakeflow.Delta;

/// <summary>The values of a key column that a reader looks for: helps to leave out files and row groups that hold none of them.</summary>
/// <remarks>Only a hint, like <see cref="ColumnPredicate"/>: rows with other values may still come.</remarks>
public sealed class KeyFilter
{
    /// <summary>A high end that is of no type, and so is never below a bound.</summary>
    private static readonly object Unbounded = new();

    private readonly object[] lows;
    private readonly object[] highs;
    private readonly bool holdsNull;
    private readonly bool anything;

    private KeyFilter(string column, object[] lows, object[] highs, bool holdsNull, bool anything)
    {
        Column = column;
        this.lows = lows;
        this.highs = highs;
        this.holdsNull = holdsNull;
        this.anything = anything;
    }

    /// <summary>Name of the top-level column.</summary>
    public string Column { get; }

    /// <summary>Rows with one of some values.</summary>
    /// <param name="column">Name of a top-level column.</param>
    /// <param name="values">In the form of <see cref="ArrowArray.GetValue"/>, in any order; null looks for NULL.</param>
    public static KeyFilter Values(string column, IEnumerable<object?> values)
    {
        var known = new List<object>();
        var (holdsNull, anything) = (false, false);
        foreach (var value in values)
        {
            if (value is null) holdsNull = true;
            else if (value is double.NaN or float.NaN) anything = true; // no bound tells of a NaN
            else known.Add(value);
        }

        known.Sort(Order);
        object[] points = [.. known.Where((v, i) => i == 0 || Order(known[i - 1], v) != 0)];
        return new KeyFilter(column, points, points, holdsNull, anything);
    }

    /// <summary>Rows with a value from a low end to a high one, both included, of any of some ranges.</summary>
    public static KeyFilter Ranges(string column, IEnumerable<(object Low, object High)> ranges)
    {
        var lows = new List<object>();
        var highs = new List<object>();
        foreach (var (low, high) in ranges.Order(Comparer<(object Low, object High)>.Create((a, b) => Order(a.Low, b.Low))))
        {
            if (lows.Count > 0 && Order(low, highs[^1]) <= 0)
            {
                if (Order(high, highs[^1]) > 0) highs[^1] = high;
                continue;
            }

            lows.Add(low);
            highs.Add(high);
        }

        return new KeyFilter(column, [.. lows], [.. highs], holdsNull: false, anything: highs.Any(h => h is double.NaN or float.NaN));
    }

    /// <summary>Rows with NULL, or with a value from a low end on.</summary>
    public static KeyFilter FromOrNull(string column, object low) => new(column, [low], [Unbounded], holdsNull: true, anything: low is double or float);

    /// <summary>True if none of the values can lie among some rows.</summary>
    /// <param name="min">No value of the rows is below it; null if that is not known.</param>
    /// <param name="max">No value of the rows is above it, NaN apart; null if that is not known.</param>
    /// <param name="nulls">NULLs among the rows, or null.</param>
    /// <param name="rows">Number of rows, or null.</param>
    internal bool Misses(object? min, object? max, long? nulls, long? rows)
    {
        if (anything || (holdsNull && nulls != 0)) return false;
        return (nulls is not null && nulls == rows) || !IsWithin(min, max, out _, out _);
    }

    /// <summary>True if a filter of the rows' values holds none of those looked for. Says nothing of ranges.</summary>
    /// <param name="filter">Fetches the filter, if it comes to it; null if there is none.</param>
    internal bool Misses(object? min, object? max, long? nulls, DataType type, Func<BloomFilter?> filter)
    {
        if (anything || !ReferenceEquals(lows, highs) || (holdsNull && nulls != 0) || !BloomFilter.Knows(type)) return false;
        if (!IsWithin(min, max, out var first, out var end) || filter() is not { } values) return false;
        for (var i = first; i < end; i++)
        {
            if (values.MayContain(lows[i], type)) return false;
        }

        return true;
    }

    /// <summary>The ranges that reach into what lies between two bounds: from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    private bool IsWithin(object? min, object? max, out int first, out int end)
    {
        first = min is null ? 0 : FirstWhere(highs, high => FileSkipping.Compare(high, min) is not < 0);
        end = max is null ? lows.Length : FirstWhere(lows, low => FileSkipping.Compare(low, max) > 0);
        return first < end;
    }

    /// <summary>True if a value is one of those looked for.</summary>
    internal bool Holds(object? value)
    {
        if (anything) return true;
        return value is null ? holdsNull : IsWithin(value, value, out _, out _);
    }

    private static int FirstWhere(object[] ascending, Func<object, bool> isBeyond)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (isBeyond(ascending[middle])) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private static int Order(object left, object right) =>
        FileSkipping.Compare(left, right) ?? throw new ArgumentException($"{left.GetType().Name} and {right.GetType().Name} are not of one column");
}
