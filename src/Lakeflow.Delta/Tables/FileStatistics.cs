using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Gathers what the log keeps of a data file: rows, and by column the NULLs, smallest and largest value. Delta protocol, "Per-file Statistics".</summary>
internal sealed class FileStatistics
{
    private readonly ImmutableArray<ColumnStatistics> columns;
    private long rows;

    /// <param name="schema">The file's columns.</param>
    /// <param name="indexedColumns">How many leaf columns, from the first, get statistics; -1 is all.</param>
    public FileStatistics(Schema schema, int indexedColumns)
    {
        var left = indexedColumns < 0 ? int.MaxValue : indexedColumns;
        columns = ColumnStatistics.For(schema.Fields, ref left);
    }

    public long Rows => rows;

    public void Add(RecordBatch batch)
    {
        rows += batch.Length;
        for (var i = 0; i < columns.Length; i++) columns[i].Add(batch.Columns[i], null);
    }

    public string ToJson() => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("numRecords", rows);
        Write(json, "minValues", (c, j) => c.WriteBound(j, smallest: true));
        Write(json, "maxValues", (c, j) => c.WriteBound(j, smallest: false));
        Write(json, "nullCount", (c, j) => c.WriteNullCount(j));
        json.WriteEndObject();
    });

    private void Write(Utf8JsonWriter json, string name, Action<ColumnStatistics, Utf8JsonWriter> write)
    {
        json.WriteStartObject(name);
        foreach (var column in columns) write(column, json);
        json.WriteEndObject();
    }
}
