using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Binding;

/// <summary>Makes casts explicit.</summary>
internal static class Conversions
{
    /// <summary>The expression as a value of <paramref name="to"/>; the caller knows that the cast is allowed.</summary>
    public static Expr To(Expr expr, DataType to)
    {
        if (expr is ErrorExpr || IsSame(expr.Type, to)) return expr;
        if (expr is Literal literal && Exactly(literal, to) is { } exact) return exact;
        return new Cast(expr, to, Try: false, IsSafe(expr.Type, to), expr.Origin);
    }

    /// <summary>The same type, or one that only says less about NULLs inside: no cast is needed.</summary>
    public static bool IsSame(DataType from, DataType to)
    {
        if (from.Equals(to)) return true;
        return (from, to) switch
        {
            (ListType a, ListType b) => Holds(a.Element, b.Element),
            (MapType a, MapType b) => IsSame(a.Key.Type, b.Key.Type) && Holds(a.Value, b.Value),
            (StructType a, StructType b) => a.Fields.Length == b.Fields.Length
                && a.Fields.Zip(b.Fields).All(p => p.First.Name == p.Second.Name && Holds(p.First, p.Second)),
            _ => false,
        };

        static bool Holds(Field from, Field to) => IsSame(from.Type, to.Type) && (to.Nullable || !from.Nullable);
    }

    /// <summary>True where no value of <paramref name="from"/> can fail to become <paramref name="to"/>: the cast is Total.</summary>
    public static bool IsSafe(DataType from, DataType to) => CastTable.Find(from, to) is { CanFail: false };

    /// <summary>The constant in the other type, where that changes nothing about its value: <c>amount &gt; 0</c> compares with 0.0D right away.</summary>
    private static Literal? Exactly(Literal literal, DataType to)
    {
        if (literal.Value is null) return new Literal(null, to, literal.Origin);
        if (!literal.Type.IsInteger)
        {
            return (literal.Value, literal.Type, to) switch
            {
                (Int128 unscaled, DecimalType from, DoubleType) => new Literal(
                    double.Parse(literal.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture), to, literal.Origin),
                (Int128 unscaled, DecimalType from, DecimalType wide) when wide.Scale >= from.Scale && wide.Precision - wide.Scale >= from.Precision - from.Scale => new Literal(
                    unscaled * Power(wide.Scale - from.Scale), to, literal.Origin),
                _ => null,
            };
        }

        var value = Convert.ToInt64(literal.Value, CultureInfo.InvariantCulture);
        object? exact = to switch
        {
            Int8Type when value is >= sbyte.MinValue and <= sbyte.MaxValue => (sbyte)value,
            Int16Type when value is >= short.MinValue and <= short.MaxValue => (short)value,
            Int32Type when value is >= int.MinValue and <= int.MaxValue => (int)value,
            Int64Type => value,
            FloatType when value is > -(1 << 24) and < 1 << 24 => (float)value,
            DoubleType when value is > -(1L << 53) and < 1L << 53 => (double)value,
            DecimalType d when value == 0 || Int128.Abs(value) * Power(d.Scale) < Power(d.Precision) => value * Power(d.Scale),
            _ => null,
        };
        return exact is null ? null : new Literal(exact, to, literal.Origin);
    }

    private static Int128 Power(int exponent)
    {
        Int128 result = 1;
        for (var i = 0; i < exponent; i++) result *= 10;
        return result;
    }
}
