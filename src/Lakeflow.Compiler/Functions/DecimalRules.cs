using System.Collections.Immutable;
using System.Numerics;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>Types of decimal arithmetic, as Spark has them: precision above 38 gives up fraction digits, but keeps six.</summary>
public static class DecimalRules
{
    /// <summary>The DECIMAL that holds every value of an integer type: TINYINT (3,0), SMALLINT (5,0), INT (10,0), BIGINT (20,0).</summary>
    public static DecimalType Of(DataType type) => type switch
    {
        DecimalType d => d,
        Int8Type => new(3, 0),
        Int16Type => new(5, 0),
        Int32Type => new(10, 0),
        Int64Type => new(20, 0),
        FloatType => new(14, 7),
        DoubleType => new(30, 15),
        _ => new(10, 0),
    };

    /// <summary>The DECIMAL of an argument: an integer literal needs only its digits.</summary>
    public static DecimalType Of(Argument argument) =>
        argument is { IsConstant: true, Value: sbyte or short or int or long } && argument.Type.IsInteger
            ? new(Digits(Convert.ToInt64(argument.Value, System.Globalization.CultureInfo.InvariantCulture)), 0)
            : Of(argument.Type);

    public static DecimalType Sum(DecimalType a, DecimalType b)
    {
        var scale = Math.Max(a.Scale, b.Scale);
        return Fit(Math.Max(a.Precision - a.Scale, b.Precision - b.Scale) + scale + 1, scale);
    }

    public static DecimalType Product(DecimalType a, DecimalType b) => Fit(a.Precision + b.Precision + 1, a.Scale + b.Scale);

    public static DecimalType Quotient(DecimalType a, DecimalType b)
    {
        var scale = Math.Max(6, a.Scale + b.Precision + 1);
        return Fit(a.Precision - a.Scale + b.Scale + scale, scale);
    }

    public static DecimalType Remainder(DecimalType a, DecimalType b)
    {
        var scale = Math.Max(a.Scale, b.Scale);
        return Fit(Math.Min(a.Precision - a.Scale, b.Precision - b.Scale) + scale, scale);
    }

    /// <summary>The type that both fit in, for UNION, CASE and comparisons. Above 38 digits the fraction gives way.</summary>
    public static DecimalType Union(DecimalType a, DecimalType b)
    {
        var scale = Math.Max(a.Scale, b.Scale);
        var whole = Math.Max(a.Precision - a.Scale, b.Precision - b.Scale);
        var over = Math.Max(0, whole + scale - DecimalType.MaxPrecision);
        return new(whole + scale - over, Math.Max(0, scale - over));
    }

    public static DecimalType SumAggregate(DecimalType of) => new(Math.Min(DecimalType.MaxPrecision, of.Precision + 10), of.Scale);

    public static DecimalType Average(DecimalType of) => Bounded(of.Precision + 4, of.Scale + 4);

    /// <summary>Result of <c>round(d, digits)</c>; <c>ceil</c> and <c>floor</c> with a scale have one more digit before the point likewise.</summary>
    public static DecimalType Rounded(DecimalType of, int digits)
    {
        var whole = of.Precision - of.Scale + 1;
        return digits < 0
            ? new(Math.Min(DecimalType.MaxPrecision, Math.Max(whole, -digits + 1)), 0)
            : new(Math.Min(DecimalType.MaxPrecision, whole + Math.Min(of.Scale, digits)), Math.Min(of.Scale, digits));
    }

    /// <summary>The type of a literal <c>12.30</c>: as many digits as written.</summary>
    public static DecimalType OfLiteral(BigInteger unscaled, int scale)
    {
        var digits = BigInteger.Abs(unscaled).IsZero ? 1 : BigInteger.Abs(unscaled).ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        return new(Math.Max(digits, Math.Max(scale, 1)), scale);
    }

    /// <summary>Precision above 38: keep the digits before the point, then at least min(scale, 6) after it.</summary>
    public static DecimalType Fit(int precision, int scale)
    {
        if (precision <= DecimalType.MaxPrecision) return new(precision, scale);
        var whole = precision - scale;
        return new(DecimalType.MaxPrecision, Math.Max(DecimalType.MaxPrecision - whole, Math.Min(scale, 6)));
    }

    private static DecimalType Bounded(int precision, int scale) =>
        new(Math.Min(precision, DecimalType.MaxPrecision), Math.Min(scale, DecimalType.MaxPrecision));

    private static int Digits(long value)
    {
        var digits = 1;
        for (var rest = value / 10; rest != 0; rest /= 10) digits++;
        return digits;
    }
}
