using System.Globalization;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Rows of a batch by the values of their key columns. A row with a NULL in its key is no row's equal.</summary>
internal sealed class KeyIndex
{
    private readonly Dictionary<long, int>? numbers;
    private readonly Dictionary<string, int> texts = new(StringComparer.Ordinal);

    /// <summary>Looks at all rows. LF6077 if a key comes twice.</summary>
    /// <param name="columns">The key columns, in an order that <see cref="Find"/> keeps.</param>
    public KeyIndex(string location, IReadOnlyList<ArrowArray> columns, int length)
    {
        if (columns is [{ Type: Int64Type } and PrimitiveArray<long>]) numbers = [];
        for (var row = 0; row < length; row++)
        {
            if (columns.Any(c => c.IsNull(row))) continue;
            var isNew = numbers is not null ? numbers.TryAdd(((PrimitiveArray<long>)columns[0]).Values[row], row) : texts.TryAdd(Text(columns, row), row);
            if (!isNew) throw DeltaFaults.ManyMatches(location, string.Join(", ", columns.Select(c => Convert.ToString(c.GetValue(row), CultureInfo.InvariantCulture))));
        }
    }

    /// <summary>The row with the key that a row of other columns has; -1 if there is none.</summary>
    public int Find(IReadOnlyList<ArrowArray> columns, int row)
    {
        foreach (var column in columns)
        {
            if (column.IsNull(row)) return -1;
        }

        if (numbers is not null)
        {
            var number = columns[0] is PrimitiveArray<long> longs ? longs.Values[row] : Convert.ToInt64(columns[0].GetValue(row), CultureInfo.InvariantCulture);
            return numbers.TryGetValue(number, out var at) ? at : -1;
        }

        return texts.TryGetValue(Text(columns, row), out var found) ? found : -1;
    }

    /// <summary>A text that equal keys, and no others, share.</summary>
    private static string Text(IReadOnlyList<ArrowArray> columns, int row)
    {
        var text = new StringBuilder();
        foreach (var column in columns)
        {
            var part = column.GetValue(row) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                double d => (d == 0 ? 0.0 : d).ToString("R", CultureInfo.InvariantCulture),
                float f => (f == 0 ? 0f : f).ToString("R", CultureInfo.InvariantCulture),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            };
            text.Append(part.Length).Append(':').Append(part);
        }

        return text.ToString();
    }
}
