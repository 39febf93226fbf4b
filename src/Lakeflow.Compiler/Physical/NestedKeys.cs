using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Physical;

/// <summary>Hash tables know flat keys. A nested one is looked up by bytes that stand for it; a key of type VOID says nothing.</summary>
internal static class NestedKeys
{
    /// <summary>Users cannot call it.</summary>
    private static readonly SqlFunction Bytes = new("key_bytes")
    {
        Overloads = [Fn(Any).Returns(DataType.Binary).PerRow(NestedKeyKernels.Bytes)],
        Summary = "Bytes that equal values share.",
    };

    public static bool IsFlat(DataType type) => !type.IsNested && type is not NullType;

    /// <summary>True for types that have no bytes of their own: maps, whose order of entries means nothing, also inside others.</summary>
    public static bool HasMap(DataType type) => type switch
    {
        MapType => true,
        ListType list => HasMap(list.Element.Type),
        StructType row => row.Fields.Any(f => HasMap(f.Type)),
        _ => false,
    };

    public static Expr BytesOf(Expr value) => new Call(Bytes, Bytes.Overloads[0], [value], DataType.Binary, value.Nullable, value.Origin);

    /// <summary>The same groups by flat keys, each nested key as an aggregate that takes it from any row of the group.</summary>
    public static Project Flattened(Aggregate aggregate, ColumnIds ids)
    {
        var origin = aggregate.Origin;
        var input = aggregate.Input;
        var (keys, carried, items) = (new List<NamedExpr>(), new List<NamedAggregate>(), new List<NamedExpr>());
        foreach (var key in aggregate.Keys)
        {
            if (key.Value.Type is NullType)
            {
                keys.Add(new NamedExpr(new Literal(0, DataType.Int32, origin), ids.New(key.Column.Name, DataType.Int32, false)));
                items.Add(new NamedExpr(new Literal(null, DataType.Null, origin), key.Column));
                continue;
            }

            if (IsFlat(key.Value.Type))
            {
                keys.Add(key);
                items.Add(new NamedExpr(new ColumnRef(key.Column, origin), key.Column));
                continue;
            }

            var value = key.Value;
            if (value is not ColumnRef)
            {
                var column = ids.New(key.Column.Name, value.Type, value.Nullable);
                input = new Project(input, [.. input.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)), new NamedExpr(value, column)], origin);
                value = new ColumnRef(column, value.Origin);
            }

            var first = FunctionResolution.Require("first", value.Type);
            var carrier = ids.New(key.Column.Name, value.Type, true);
            keys.Add(new NamedExpr(BytesOf(value), ids.New(key.Column.Name + "_key", DataType.Binary, value.Nullable)));
            carried.Add(new NamedAggregate(new AggregateCall(first.Function, first.Overload, [value], false, null, value.Type, true, origin), carrier));
            items.Add(new NamedExpr(new ColumnRef(carrier, origin), key.Column));
        }

        var flat = aggregate with { Input = input, Keys = [.. keys], Aggregates = [.. aggregate.Aggregates, .. carried] };
        return new Project(flat, [.. items, .. aggregate.Aggregates.Select(a => new NamedExpr(new ColumnRef(a.Column, origin), a.Column))], origin);
    }
}
