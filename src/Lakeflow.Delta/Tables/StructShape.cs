using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Values with structs, as a table has those: their fields found by name, in the table's order, those that are missing NULL.</summary>
internal static class StructShape
{
    /// <summary>The column in the shape of a type; the caller owns the result.</summary>
    public static ArrowArray Of(ArrowArray column, DataType wanted)
    {
        if (IsSame(column.Type, wanted)) return column.Retain();
        switch (column, wanted)
        {
            case (DictionaryArray encoded, _):
                var plain = encoded.Decode();
                var shaped = Of(plain, wanted);
                plain.Release();
                return shaped;
            case (StructArray rows, StructType type):
                var has = new Schema(((StructType)rows.Type).Fields);
                return rows.WithChildren(type, [.. type.Fields.Select(f => has.IndexOf(f.Name) is >= 0 and var at ? Of(rows.Children[at], f.Type) : Columns.AllNull(f.Type, rows.Length))]);
            case (ListArray list, ListType type):
                return list.WithChild(type, Of(list.Child, type.Element.Type));
            case (ListArray map, MapType type):
                var entries = (StructArray)map.Child;
                var inner = entries.WithChildren(entries.Type, [Of(entries.Children[0], type.Key.Type), Of(entries.Children[1], type.Value.Type)]);
                return map.WithChild(type, inner);
            default:
                return column.Retain();
        }
    }

    /// <summary>Whether structs in two types have the same fields in the same order; what else they are is not looked at.</summary>
    private static bool IsSame(DataType a, DataType b) => (a, b) switch
    {
        (StructType x, StructType y) => x.Fields.Length == y.Fields.Length
            && x.Fields.Zip(y.Fields).All(p => string.Equals(p.First.Name, p.Second.Name, StringComparison.OrdinalIgnoreCase) && IsSame(p.First.Type, p.Second.Type)),
        (ListType x, ListType y) => IsSame(x.Element.Type, y.Element.Type),
        (MapType x, MapType y) => IsSame(x.Key.Type, y.Key.Type) && IsSame(x.Value.Type, y.Value.Type),
        _ => true,
    };
}
