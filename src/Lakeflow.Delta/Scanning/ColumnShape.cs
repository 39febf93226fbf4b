using System.Collections.Immutable;
using System.Numerics;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Turns a column as a file has it into the column as the table has it: widened, renamed, with new struct fields as NULL.</summary>
internal sealed class ColumnShape
{
    private readonly Func<ArrowArray, ArrowArray>? convert;

    private ColumnShape(Func<ArrowArray, ArrowArray>? convert) => this.convert = convert;

    /// <summary>True if the file's arrays are the table's as they are.</summary>
    public bool IsIdentity => convert is null;

    /// <summary>How to read a file's field as a table's. LF6073 if there is no way.</summary>
    public static ColumnShape For(Field stored, Field wanted, ColumnMapping mapping, string file) => new(Conversion(stored.Type, wanted.Type, mapping, file, wanted.Name));

    /// <summary>The table's column; the caller owns it as well as the one given.</summary>
    public ArrowArray Apply(ArrowArray array) => convert is null ? array.Retain() : convert(array);

    private static Func<ArrowArray, ArrowArray>? Conversion(DataType stored, DataType wanted, ColumnMapping mapping, string file, string column)
    {
        if (stored.Equals(wanted) && !HasStruct(wanted)) return null;
        switch (stored, wanted)
        {
            case (_, NullType): return a => new NullArray(a.Length);
            case (NullType, _): return a => Columns.AllNull(wanted, a.Length);
            case (StructType s, StructType w): return Struct(s, w, mapping, file, column);
            case (ListType s, ListType w):
                var element = Conversion(s.Element.Type, w.Element.Type, mapping, file, column);
                return element is null && stored.Equals(wanted) ? null : a => List((ListArray)a, wanted, child => element is null ? child.Retain() : element(child));
            case (MapType s, MapType w):
                var key = Conversion(s.Key.Type, w.Key.Type, mapping, file, column);
                var value = Conversion(s.Value.Type, w.Value.Type, mapping, file, column);
                if (key is null && value is null && stored.Equals(wanted)) return null;
                return a => List((ListArray)a, wanted, child =>
                {
                    var entries = (StructArray)child;
                    ImmutableArray<ArrowArray> parts =
                    [
                        key is null ? entries.Children[0].Retain() : key(entries.Children[0]),
                        value is null ? entries.Children[1].Retain() : value(entries.Children[1]),
                    ];
                    return new StructArray(w.Entries, entries.Length, parts);
                });
            default:
                var leaf = LeafConversion.Find(stored, wanted) ?? throw DeltaFaults.CannotConvert(file, column, stored, wanted);
                return a => LeafConversion.Apply(a, wanted, leaf, file, column);
        }
    }

    /// <summary>Only names' agreement with the mapping tells whether structs of equal type are the same; they are looked into.</summary>
    private static bool HasStruct(DataType type) => type switch
    {
        StructType => true,
        ListType list => HasStruct(list.Element.Type),
        MapType map => HasStruct(map.Key.Type) || HasStruct(map.Value.Type),
        _ => false,
    };

    private static Func<ArrowArray, ArrowArray>? Struct(StructType stored, StructType wanted, ColumnMapping mapping, string file, string column)
    {
        var sources = wanted.Fields.Select(f => mapping.Find(stored.Fields, f)).ToArray();
        var shapes = wanted.Fields.Select((f, i) => sources[i] < 0 ? null : Conversion(stored.Fields[sources[i]].Type, f.Type, mapping, file, $"{column}.{f.Name}")).ToArray();
        if (stored.Equals(wanted) && shapes.All(s => s is null) && sources.Select((s, i) => s == i).All(same => same)) return null;
        return a =>
        {
            var from = (StructArray)a;
            var children = ImmutableArray.CreateBuilder<ArrowArray>(sources.Length);
            for (var i = 0; i < sources.Length; i++)
            {
                if (sources[i] < 0) children.Add(Columns.AllNull(wanted.Fields[i].Type, a.Length));
                else children.Add(shapes[i] is { } shape ? shape(from.Children[sources[i]]) : from.Children[sources[i]].Retain());
            }

            return new StructArray(wanted, a.Length, children.MoveToImmutable(), LeafConversion.CopyValidity(a), a.NullCount);
        };
    }

    private static ListArray List(ListArray from, DataType wanted, Func<ArrowArray, ArrowArray> child) => new(
        wanted, from.Length, ArrowBuffer.Copy(from.Offsets), child(from.Child), LeafConversion.CopyValidity(from), from.NullCount);
}
