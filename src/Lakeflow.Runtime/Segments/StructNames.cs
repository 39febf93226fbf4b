using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Segments;

/// <summary>Rows whose structs call their fields otherwise, in the same order; no value is touched.</summary>
internal static class StructNames
{
    /// <summary>The rows under a schema that differs from theirs in names only.</summary>
    public static RecordBatch Of(RecordBatch rows, Schema named) =>
        new(named, rows.Columns.Select((column, i) => Of(column, named[i].Type)).ToImmutableArray(), rows.Length) { Ordinal = rows.Ordinal, Origin = rows.Origin };

    private static ArrowArray Of(ArrowArray column, DataType type)
    {
        if (column.Type.Equals(type)) return column.Retain();
        switch (column, type)
        {
            case (DictionaryArray encoded, _):
                var plain = encoded.Decode();
                var named = Of(plain, type);
                plain.Release();
                return named;
            case (StructArray rows, StructType s):
                return rows.WithChildren(s, [.. rows.Children.Select((child, i) => Of(child, s.Fields[i].Type))]);
            case (ListArray list, ListType l):
                return list.WithChild(l, Of(list.Child, l.Element.Type));
            case (ListArray map, MapType m):
                var entries = (StructArray)map.Child;
                return map.WithChild(m, entries.WithChildren(m.Entries, [Of(entries.Children[0], m.Key.Type), Of(entries.Children[1], m.Value.Type)]));
            default:
                return column.Retain();
        }
    }
}
