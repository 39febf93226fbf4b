using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Writes the rows that a commit changes to files of their own, for readers of the change feed. Delta protocol, "Change Data Files".</summary>
/// <remarks>
/// A commit with such files is read from them alone, so they hold all that it changes. They are written only where the commit's
/// other actions do not tell: whole files that come or go are inserts and deletes by themselves.
/// </remarks>
internal sealed class ChangeFiles : IDisposable
{
    public const string Folder = "_change_data/";

    private readonly Snapshot table;
    private readonly TableWriter writer;
    private readonly Schema schema;

    /// <param name="table">The version that the commit builds on, with the metadata that it gives the table.</param>
    /// <param name="timestamp">Milliseconds since the epoch.</param>
    /// <param name="id">The transaction's.</param>
    public ChangeFiles(Snapshot table, long timestamp, Guid id)
    {
        this.table = table;
        schema = SchemaWithType(table.Schema);
        writer = new TableWriter(table.Store, table.Metadata with { SchemaText = SchemaJson.Write(schema) }, timestamp, id, Folder);
    }

    /// <summary>The table's columns and the kind of change.</summary>
    public static Schema SchemaWithType(Schema table) => new(table.Fields.Add(new Field(RowChangeName.Column, DataType.String, Nullable: false)));

    /// <summary>Writes all rows of some files.</summary>
    public void Write(IEnumerable<AddFile> files, RowChange change)
    {
        using var scan = new DeltaScan(table, files: files);
        Write(scan, change);
    }

    /// <summary>Writes some rows of some files.</summary>
    public void Write(IEnumerable<(AddFile File, RowSet Rows)> removals, RowChange change)
    {
        var some = removals.Where(r => r.Rows.Count > 0).ToList();
        if (some.Count == 0) return;
        using var scan = new DeltaScan(table, some.Select(r => r.File), some.ToDictionary(r => r.File.Path, r => r.Rows, StringComparer.Ordinal));
        Write(scan, change);
    }

    public ImmutableArray<AddCdcFile> Finish() =>
        [.. writer.Finish().Select(f => new AddCdcFile(f.Path, f.Size) { PartitionValues = f.PartitionValues })];

    public void Dispose() => writer.Dispose();

    private void Write(DeltaScan scan, RowChange change)
    {
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            using (var typed = new RecordBatch(
                schema, [.. batch.Columns.Select(c => c.Retain()), Columns.Constant(RowChangeName.Of(change), DataType.String, batch.Length)], batch.Length))
            {
                writer.Write(typed);
            }
        }
    }
}
