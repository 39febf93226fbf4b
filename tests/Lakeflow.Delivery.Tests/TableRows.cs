using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Pipelines;

namespace Lakeflow.Delivery.Tests;

/// <summary>The rows of tables as text, to compare with those of others that are to be the same to the last bit.</summary>
internal static class TableRows
{
    /// <summary>Of all tables of a project's lakehouse, by name; the rows in one order.</summary>
    public static SortedDictionary<string, List<string>> Of(Project project)
    {
        var tables = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var table in LakehouseTables.List(project.Settings.Lakehouse)) tables[table.ToString()] = Of(Snapshot.Open(project.OpenLakehouse().Table(table)));
        return tables;
    }

    private static List<string> Of(Snapshot table)
    {
        var rows = new List<string>();
        using var scan = new DeltaScan(table);
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length; row++) rows.Add(string.Join('|', batch.Columns.Select(c => Text(c.GetValue(row)))));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    /// <summary>A value so that no two have one text: of floating numbers the bits.</summary>
    private static string Text(object? value) => value switch
    {
        null => "NULL",
        double number => BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
        float number => BitConverter.SingleToInt32Bits(number).ToString("x8", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        string text => $"'{text}'",
        System.Collections.IEnumerable values => $"[{string.Join(',', values.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
