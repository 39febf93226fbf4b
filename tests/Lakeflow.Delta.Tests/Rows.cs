using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>Rows as objects and as text, for comparing tables.</summary>
internal static class Rows
{
    public static List<object?[]> Of(Snapshot snapshot, IReadOnlyList<string>? columns = null, IReadOnlyList<ColumnPredicate>? predicates = null, int workers = 1)
    {
        using var scan = new DeltaScan(snapshot, columns, predicates);
        return Of(scan, workers);
    }

    public static List<object?[]> Of(IBatchSource source, int workers = 1)
    {
        var batches = new List<(long Ordinal, List<object?[]> Rows)>();
        void Work(int worker)
        {
            using var reader = source.Open(worker, workers);
            while (reader.Read() is { } batch)
            {
                using (batch)
                {
                    var rows = Enumerable.Range(0, batch.Length).Select(i => batch.Columns.Select(c => c.GetValue(i)).ToArray()).ToList();
                    lock (batches) batches.Add((batch.Ordinal, rows));
                }
            }
        }

        if (workers == 1) Work(0);
        else Parallel.For(0, workers, Work);
        return [.. batches.OrderBy(b => b.Ordinal).SelectMany(b => b.Rows)];
    }

    public static (Schema Schema, List<object?[]> Rows) OfParquetFolder(string folder)
    {
        var rows = new List<object?[]>();
        Schema? schema = null;
        foreach (var path in Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using var file = ParquetFile.Open(path);
            schema ??= file.Schema;
            var columns = Enumerable.Range(0, file.Schema.Count).ToArray();
            for (var group = 0; group < file.RowGroups.Count; group++)
            {
                using var reader = file.OpenRowGroup(group, columns);
                while (reader.Read(1000) is { } batch)
                {
                    using (batch) rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => batch.Columns.Select(c => c.GetValue(i)).ToArray()));
                }
            }
        }

        return (schema ?? Schema.Empty, rows);
    }

    public static string Text(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        KeyValuePair<object, object?>[] pairs => "{" + string.Join(", ", pairs.Select(p => $"{Text(p.Key)}: {Text(p.Value)}")) + "}",
        object?[] items => "[" + string.Join(", ", items.Select(Text)) + "]",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        float f => f.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Sorted, one line a row: equal lists are equal bags of rows.</summary>
    public static List<string> Sorted(IEnumerable<object?[]> rows) => [.. rows.Select(r => string.Join(" | ", r.Select(Text))).Order(StringComparer.Ordinal)];
}
