using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>Remembers the group of each combination of dictionary codes, so that most rows find their group with one array access.</summary>
/// <remarks>Batches of one row group share their dictionaries; the memory lasts until a dictionary changes. One instance per worker.</remarks>
public sealed class CodeGroups
{
    private const long MaxCombinations = 1 << 16;

    private ArrowArray[] dictionaries = [];
    private int[] groups = [];
    private int combinations;

    /// <summary>Forgets all groups: they have got other numbers.</summary>
    public void Forget() => dictionaries = [];

    /// <summary>The groups by combined code, −1 where it is not known yet; empty if a column is no dictionary, or there are too many combinations.</summary>
    /// <param name="columns">The key columns. Code c of column k counts as c · (product of the lengths + 1 of the columns behind it); NULL is the code after the last.</param>
    public Span<int> Begin(params ReadOnlySpan<ArrowArray> columns)
    {
        long product = 1;
        foreach (var column in columns)
        {
            if (column is not DictionaryArray { Dictionary: StringArray texts }) return default;
            product *= texts.Length + 1L;
            if (product > MaxCombinations) return default;
        }

        var same = dictionaries.Length == columns.Length;
        for (var c = 0; same && c < columns.Length; c++) same = ReferenceEquals(dictionaries[c], ((DictionaryArray)columns[c]).Dictionary);
        if (!same)
        {
            if (groups.Length < product) groups = new int[product];
            combinations = (int)product;
            groups.AsSpan(0, combinations).Fill(-1);
            dictionaries = new ArrowArray[columns.Length];
            for (var c = 0; c < columns.Length; c++) dictionaries[c] = ((DictionaryArray)columns[c]).Dictionary;
        }

        return groups.AsSpan(0, combinations);
    }
}
