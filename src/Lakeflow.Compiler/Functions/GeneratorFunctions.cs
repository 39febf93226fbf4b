using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Functions that make rows. The result is a struct with a field a column; the breaker makes the rows.</summary>
internal static class GeneratorFunctions
{
    public static readonly SqlFunction Explode = new("explode")
    {
        Overloads =
        [
            Fn(AnyArray).Returns(t => Exploded(t[0], false)),
            Fn(AnyMap).Returns(t => Exploded(t[0], false)),
        ],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "A row for each element of an array, or entry of a map; NULL or empty gives no row.",
    };

    public static readonly SqlFunction ExplodeOuter = new("explode_outer")
    {
        Overloads =
        [
            Fn(AnyArray).Returns(t => Exploded(t[0], false)),
            Fn(AnyMap).Returns(t => Exploded(t[0], false)),
        ],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "A row for each element of an array, or entry of a map; NULL or empty gives one row of NULLs.",
    };

    public static readonly SqlFunction Posexplode = new("posexplode")
    {
        Overloads =
        [
            Fn(AnyArray).Returns(t => Exploded(t[0], true)),
            Fn(AnyMap).Returns(t => Exploded(t[0], true)),
        ],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "A row for each element of an array, or entry of a map, with its place from 0; NULL or empty gives no row.",
    };

    public static readonly SqlFunction PosexplodeOuter = new("posexplode_outer")
    {
        Overloads =
        [
            Fn(AnyArray).Returns(t => Exploded(t[0], true)),
            Fn(AnyMap).Returns(t => Exploded(t[0], true)),
        ],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "A row for each element of an array, or entry of a map, with its place from 0; NULL or empty gives one row of NULLs.",
    };

    public static readonly SqlFunction Inline = new("inline")
    {
        Overloads = [Fn(AnyArray).Returns(t => ((ListType)t[0]).Element.Type)],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "A row for each struct of an array.",
    };

    public static readonly SqlFunction InlineOuter = new("inline_outer")
    {
        Overloads = [Fn(AnyArray).Returns(t => ((ListType)t[0]).Element.Type)],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "A row for each struct of an array.",
    };

    public static readonly SqlFunction Stack = new("stack")
    {
        Overloads = [Fn(Constant(Int), Repeat(Any)).ReturnsFrom(Stacked)],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "The values in so many rows.",
    };

    public static readonly SqlFunction JsonTuple = new("json_tuple")
    {
        Overloads = [Fn(Text, Repeat(new Where(Text, a => a.Type is StringType))).ReturnsFrom(a => new StructType([.. a.Skip(1).Select((_, i) => new Field($"c{i}", DataType.String))]))],
        Kind = FunctionKind.Generator,
        Nulls = NullRule.Custom,
        Summary = "Fields of a JSON object as columns.",
    };

    public static readonly SqlFunction Range = new("range")
    {
        Overloads =
        [
            Fn(BigInt).Returns(Ids),
            Fn(BigInt, BigInt).Returns(Ids),
            Fn(BigInt, BigInt, BigInt).Returns(Ids),
            Fn(BigInt, BigInt, BigInt, Int).Returns(Ids),
        ],
        Kind = FunctionKind.TableFunction,
        Nulls = NullRule.Custom,
        Summary = "Numbers from start (0) up to end, without it, in steps.",
    };

    private static StructType Ids => new([new Field("id", DataType.Int64, Nullable: false)]);

    private static StructType Exploded(DataType type, bool withPosition)
    {
        ImmutableArray<Field> columns = type is MapType map
            ? [map.Key, map.Value]
            : [new Field("col", ((ListType)type).Element.Type, ((ListType)type).Element.Nullable)];
        return new StructType(withPosition ? [new Field("pos", DataType.Int32, Nullable: false), .. columns] : columns);
    }

    private static StructType Stacked(ImmutableArray<Argument> arguments)
    {
        var rows = arguments[0].Value is int n and > 0 ? n : 1;
        var width = (arguments.Length - 1 + rows - 1) / rows;
        return new StructType([.. Enumerable.Range(0, width).Select(c => new Field($"col{c}", ColumnType(arguments, c, width)))]);
    }

    private static DataType ColumnType(ImmutableArray<Argument> arguments, int column, int width) =>
        TypeCoercion.LeastCommonType(arguments.Skip(1).Where((_, i) => i % width == column).Select(a => a.Type)) ?? DataType.String;
}
