using System.Runtime.InteropServices;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Which rows of a batch belong to which partition.</summary>
internal static class PartitionSplit
{
    /// <summary>The row numbers of each partition, partitions in the order in which they first come, rows ascending.</summary>
    public static List<List<int>> Of(IReadOnlyList<ArrowArray> columns, int length)
    {
        // Partition numbers by row, refined column by column: equal (number so far, value) gives an equal new number.
        var numbers = new int[length];
        var count = 1;
        foreach (var column in columns)
        {
            var codes = Codes(column, length);
            var seen = new Dictionary<(int, int), int>();
            for (var row = 0; row < length; row++)
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, (numbers[row], codes[row]), out var known);
                if (!known) number = seen.Count - 1;
                numbers[row] = number;
            }

            count = seen.Count;
        }

        var parts = Enumerable.Range(0, count).Select(_ => new List<int>()).ToList();
        for (var row = 0; row < length; row++) parts[numbers[row]].Add(row);
        return parts;
    }

    /// <summary>A number for each row's value, -1 for NULL and for what is written like NULL. Unequal values may not share one.</summary>
    private static int[] Codes(ArrowArray column, int length)
    {
        var codes = new int[length];
        if (column is DictionaryArray encoded)
        {
            // A dictionary may hold a value twice, so its codes go through the values.
            var byEntry = Codes(encoded.Dictionary, encoded.Dictionary.Length);
            for (var row = 0; row < length; row++) codes[row] = encoded.IsValid(row) ? byEntry[encoded.Codes[row]] : -1;
            return codes;
        }

        switch (column)
        {
            case PrimitiveArray<int> ints: Number(ints, codes); break;
            case PrimitiveArray<long> longs: Number(longs, codes); break;
            default:
                var seen = new Dictionary<string, int>(StringComparer.Ordinal);
                for (var row = 0; row < length; row++)
                {
                    var text = PartitionValue.Write(column.GetValue(row), column.Type);
                    codes[row] = text is null ? -1 : seen.TryGetValue(text, out var code) ? code : seen[text] = seen.Count;
                }

                break;
        }

        return codes;
    }

    private static void Number<T>(PrimitiveArray<T> column, int[] codes)
        where T : unmanaged
    {
        var seen = new Dictionary<T, int>();
        var values = column.Values;
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = column.IsNull(row) ? -1 : seen.TryGetValue(values[row], out var code) ? code : seen[values[row]] = seen.Count;
        }
    }
}
