using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>The inside of nested columns as batches, so that loops read it like any other column. The caller disposes them.</summary>
public static class Fields
{
    /// <summary>The fields of a STRUCT column, row by row: NULL where the struct or the field is.</summary>
    public static RecordBatch Of(ArrowArray column)
    {
        if (column is DictionaryArray encoded) column = encoded.Decode();
        var type = (StructType)column.Type;
        return new RecordBatch(new Schema(type.Fields), [.. type.Fields.Select((_, f) => Columns.Field(column, f))], column.Length);
    }

    /// <summary>All elements of an ARRAY column one after another: one column; of a MAP: keys and values; of an ARRAY of STRUCT with <paramref name="inline"/>: its fields.</summary>
    public static RecordBatch Elements(ArrowArray column, bool inline = false)
    {
        if (column is DictionaryArray encoded) column = encoded.Decode();
        var child = ((ListArray)column).Child;
        if (column.Type is MapType || inline) return Of(child);
        return new RecordBatch(new Schema(((ListType)column.Type).Element), [child.Retain()], child.Length);
    }

    /// <summary>Where the elements of each row begin: row i has those from Offsets[i] to Offsets[i + 1].</summary>
    public static ReadOnlySpan<int> Offsets(ArrowArray column) =>
        column is DictionaryArray encoded ? ((ListArray)encoded.Decode()).Offsets : ((ListArray)column).Offsets;
}
