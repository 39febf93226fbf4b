namespace Lakeflow.Parquet.Tests;

/// <summary>Whole files as rows of objects.</summary>
internal static class Rows
{
    public static List<object?[]> Of(string path, int batchRows = 1000)
    {
        using var file = ParquetFile.Open(path);
        return Of(file, batchRows);
    }

    public static List<object?[]> Of(ParquetFile file, int batchRows = 1000)
    {
        var rows = new List<object?[]>();
        var columns = Enumerable.Range(0, file.Schema.Count).ToList();
        for (var g = 0; g < file.RowGroups.Count; g++)
        {
            using var reader = file.OpenRowGroup(g, columns);
            while (reader.Read(batchRows) is { } batch)
            {
                using (batch)
                {
                    // Of rows of a gigabyte the first is enough, and is not turned into objects.
                    if (file.RowGroups[g].Columns.Sum(c => c.UncompressedSize) > 1L << 30) return rows;
                    for (var i = 0; i < batch.Length; i++) rows.Add([.. batch.Columns.Select(c => c.GetValue(i))]);
                }
            }
        }

        return rows;
    }
}
