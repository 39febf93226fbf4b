using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>What operators make of their operands' types before an overload is looked for.</summary>
internal static class Promotion
{
    /// <summary>+ − * %: integers to the wider one, DECIMAL with an integer both DECIMAL, anything with a floating number both DOUBLE.</summary>
    public static ImmutableArray<DataType>? Arithmetic(ImmutableArray<Argument> arguments)
    {
        if (arguments.Length != 2) return null;
        var (a, b) = (Numeric(arguments[0].Type, arguments[1].Type), Numeric(arguments[1].Type, arguments[0].Type));
        if (a is null || b is null) return null;
        if (a is NullType) return [b, b];
        if (b is NullType) return [a, a];
        if (a is FloatType or DoubleType || b is FloatType or DoubleType)
        {
            DataType wide = a is FloatType && b is FloatType ? a : DataType.Double;
            return [wide, wide];
        }

        if (a is DecimalType || b is DecimalType) return [AsDecimal(arguments[0], a), AsDecimal(arguments[1], b)];
        var common = TypeCoercion.LeastCommonType(a, b)!;
        return [common, common];
    }

    /// <summary>/: DECIMAL stays DECIMAL, everything else is DOUBLE.</summary>
    public static ImmutableArray<DataType>? Division(ImmutableArray<Argument> arguments) => Arithmetic(arguments) switch
    {
        [DecimalType, ..] decimals => decimals,
        [NullType, ..] or [{ IsNumeric: true }, ..] => [DataType.Double, DataType.Double],
        _ => null,
    };

    /// <summary>div: integers become BIGINT.</summary>
    public static ImmutableArray<DataType>? WholeDivision(ImmutableArray<Argument> arguments) => Arithmetic(arguments) switch
    {
        [DecimalType, ..] decimals => decimals,
        [NullType, ..] or [{ IsInteger: true }, ..] => [DataType.Int64, DataType.Int64],
        _ => null,
    };

    /// <summary>Comparisons: all to the least common type.</summary>
    public static ImmutableArray<DataType>? Common(ImmutableArray<Argument> arguments)
    {
        // An integer literal beside a DECIMAL needs only its own digits, so that the common type grows no more than it must.
        var hasDecimal = arguments.Any(a => a.Type is DecimalType);
        var common = TypeCoercion.LeastCommonType(arguments.Select(a =>
            hasDecimal && a.Type.IsInteger ? DecimalRules.Of(a) : (a.Type, arguments) switch
            {
                (StringType, _) when arguments.Any(x => x.Type is BinaryType) => DataType.Binary,
                _ => a.Type,
            }));
        return common is null ? null : [.. arguments.Select(_ => common)];
    }

    /// <summary>A text beside a number is read as BIGINT or DOUBLE; two texts are no numbers; null if it is none.</summary>
    private static DataType? Numeric(DataType type, DataType other) => type switch
    {
        StringType when other.IsInteger => DataType.Int64,
        StringType when other.IsNumeric || other is NullType => DataType.Double,
        NullType when other.IsNumeric || other is NullType or StringType => type,
        _ => type.IsNumeric ? type : null,
    };

    private static DataType AsDecimal(Argument argument, DataType type) => type switch
    {
        DecimalType => type,
        _ when argument.Type.Equals(type) => DecimalRules.Of(argument),
        _ => DecimalRules.Of(type),
    };
}
