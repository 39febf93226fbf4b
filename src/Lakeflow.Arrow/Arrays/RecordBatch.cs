using System.Collections.Immutable;

namespace Lakeflow.Arrow;

/// <summary>Columns of one length. Owns one reference to each column; disposing gives them up.</summary>
public sealed class RecordBatch : IDisposable
{
    private bool disposed;

    /// <param name="schema">One field a column.</param>
    /// <param name="columns">Columns of <paramref name="length"/> rows; the batch takes the references.</param>
    /// <param name="length">Rows, also where there is no column.</param>
    public RecordBatch(Schema schema, ImmutableArray<ArrowArray> columns, int length)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (columns.Length != schema.Count) throw new ArgumentException($"{columns.Length} columns for {schema.Count} fields");
        foreach (var column in columns)
        {
            if (column.Length != length) throw new ArgumentException($"a column of {column.Length} rows in a batch of {length}");
        }

        Schema = schema;
        Columns = columns;
        Length = length;
    }

    public Schema Schema { get; }

    public ImmutableArray<ArrowArray> Columns { get; }

    public int Length { get; }

    /// <summary>Where this batch stands in its stream: batches put in this order are the stream. Workers may finish in any order.</summary>
    public long Ordinal { get; init; }

    /// <summary>Where the rows came from, if they are as a file gave them; else null.</summary>
    public RowOrigin? Origin { get; init; }

    public RecordBatch Slice(int start, int length) =>
        new(Schema, [.. Columns.Select(c => c.Slice(start, length))], length)
        {
            Ordinal = Ordinal,
            Origin = Origin is null ? null : Origin with { FirstRow = Origin.FirstRow + start, Lines = Origin.Lines?[start..(start + length)] },
        };

    /// <summary>The same columns under another schema of the same types; the caller owns the result as well as the receiver.</summary>
    public RecordBatch WithSchema(Schema schema) =>
        new(schema, [.. Columns.Select(c => c.Retain())], Length) { Ordinal = Ordinal, Origin = Origin };

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        foreach (var column in Columns) column.Release();
    }
}

/// <summary>The file that a batch's rows were read from.</summary>
/// <param name="File">Path as the user knows it.</param>
/// <param name="FirstRow">0-based number of the batch's first row among the file's records.</param>
public sealed record RowOrigin(string File, long FirstRow)
{
    /// <summary>1-based line on which each row begins, for text formats; null otherwise.</summary>
    public int[]? Lines { get; init; }

    /// <summary><c>orders.csv:17</c> for a text format, <c>orders.parquet row 17</c> otherwise.</summary>
    public string Describe(int row) => Lines is null ? $"{File} row {FirstRow + row + 1}" : $"{File}:{Lines[row]}";
}
