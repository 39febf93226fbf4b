using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Mathematical functions.</summary>
internal static class MathFunctions
{
    public static readonly SqlFunction Sqrt = new("sqrt")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Sqrt)],
        Summary = "Square root; NaN below 0.",
        Examples = [("sqrt(4)", "2.0D")],
    };

    public static readonly SqlFunction Cbrt = new("cbrt")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Cbrt)],
        Summary = "Cube root.",
        Examples = [("cbrt(27)", "3.0D")],
    };

    public static readonly SqlFunction Exp = new("exp")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Exp)],
        Summary = "e to the power.",
        Examples = [("exp(0)", "1.0D")],
    };

    public static readonly SqlFunction Expm1 = new("expm1")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Expm1)],
        Summary = "exp(x) − 1.",
    };

    public static readonly SqlFunction Pow = new("pow")
    {
        Aliases = ["power"],
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).PerRow(MathKernels.Pow)],
        Summary = "Power.",
        Examples = [("pow(2, 3)", "8.0D")],
    };

    public static readonly SqlFunction Ln = new("ln")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.TryLn)],
        Summary = "Natural logarithm; NULL at 0 and below.",
        Examples = [("ln(1)", "0.0D"), ("ln(0)", "NULL")],
    };

    public static readonly SqlFunction Log10 = new("log10")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.TryLog10)],
        Summary = "Logarithm to base 10.",
        Examples = [("log10(10)", "1.0D")],
    };

    public static readonly SqlFunction Log2 = new("log2")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.TryLog2)],
        Summary = "Logarithm to base 2.",
        Examples = [("log2(2)", "1.0D")],
    };

    public static readonly SqlFunction Log1p = new("log1p")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.TryLog1p)],
        Summary = "ln(1 + x).",
        Examples = [("log1p(0)", "0.0D")],
    };

    public static readonly SqlFunction Log = new("log")
    {
        Overloads =
        [
            Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.TryLn),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(MathKernels.TryLog),
        ],
        Summary = "Natural logarithm; with two arguments log(base, x).",
        Examples = [("log(10, 100)", "2.0D")],
    };

    public static readonly SqlFunction Sin = new("sin")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Sin)],
        Summary = "Sine.",
    };

    public static readonly SqlFunction Cos = new("cos")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Cos)],
        Summary = "Cosine.",
    };

    public static readonly SqlFunction Tan = new("tan")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Tan)],
        Summary = "Tangent.",
    };

    public static readonly SqlFunction Cot = new("cot")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Cot)],
        Summary = "Cotangent.",
    };

    public static readonly SqlFunction Sec = new("sec")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Sec)],
        Summary = "Secant.",
    };

    public static readonly SqlFunction Csc = new("csc")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Csc)],
        Summary = "Cosecant.",
    };

    public static readonly SqlFunction Asin = new("asin")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Asin)],
        Summary = "Inverse sine.",
    };

    public static readonly SqlFunction Acos = new("acos")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Acos)],
        Summary = "Inverse cosine.",
    };

    public static readonly SqlFunction Atan = new("atan")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Atan)],
        Summary = "Inverse tangent.",
    };

    public static readonly SqlFunction Sinh = new("sinh")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Sinh)],
        Summary = "Hyperbolic sine.",
    };

    public static readonly SqlFunction Cosh = new("cosh")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Cosh)],
        Summary = "Hyperbolic cosine.",
    };

    public static readonly SqlFunction Tanh = new("tanh")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Tanh)],
        Summary = "Hyperbolic tangent.",
    };

    public static readonly SqlFunction Asinh = new("asinh")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Asinh)],
        Summary = "Inverse hyperbolic sine.",
    };

    public static readonly SqlFunction Acosh = new("acosh")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Acosh)],
        Summary = "Inverse hyperbolic cosine.",
    };

    public static readonly SqlFunction Atanh = new("atanh")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Atanh)],
        Summary = "Inverse hyperbolic tangent.",
    };

    public static readonly SqlFunction Degrees = new("degrees")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Degrees)],
        Summary = "Radians as degrees.",
    };

    public static readonly SqlFunction Radians = new("radians")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Radians)],
        Summary = "Degrees as radians.",
    };

    public static readonly SqlFunction Rint = new("rint")
    {
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Rint)],
        Summary = "Nearest whole number, half to even, as DOUBLE.",
    };

    public static readonly SqlFunction Sign = new("sign")
    {
        Aliases = ["signum"],
        Overloads = [Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.Sign)],
        Summary = "−1, 0 or 1, as DOUBLE.",
        Examples = [("sign(-3)", "-1.0D")],
    };

    public static readonly SqlFunction Atan2 = new("atan2")
    {
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).PerRow(MathKernels.Atan2)],
        Summary = "Angle of the point (second, first).",
        Examples = [("atan2(0, 1)", "0.0D")],
    };

    public static readonly SqlFunction Hypot = new("hypot")
    {
        Overloads = [Fn(Float64, Float64).Returns(DataType.Double).PerRow(MathKernels.Hypot)],
        Summary = "Square root of the sum of the squares.",
        Examples = [("hypot(3, 4)", "5.0D")],
    };

    public static readonly SqlFunction Pi = new("pi")
    {
        Overloads = [Fn().Returns(DataType.Double).PerRow(MathKernels.Pi)],
        Summary = "π.",
    };

    public static readonly SqlFunction E = new("e")
    {
        Overloads = [Fn().Returns(DataType.Double).PerRow(MathKernels.Euler)],
        Summary = "e.",
    };

    public static readonly SqlFunction Isnan = new("isnan")
    {
        Overloads = [Fn(Float64).Returns(DataType.Boolean).PerRow(MathKernels.IsNaN)],
        Summary = "Whether it is NaN.",
        Examples = [("isnan(double('NaN'))", "true")],
    };

    public static readonly SqlFunction Nanvl = new("nanvl")
    {
        Overloads = [Fn(Only<FloatType>(), Only<FloatType>()).Returns(DataType.Float), Fn(Float64, Float64).Returns(DataType.Double)],
        Nulls = NullRule.Custom,
        Lowering = Lowering.NanVl,
        Summary = "The first, or the second where the first is NaN; the second is evaluated only there.",
        Examples = [("nanvl(double('NaN'), 1)", "1.0D")],
    };

    public static readonly SqlFunction Floor = new("floor")
    {
        Overloads =
        [
            Fn(AnyInteger).Returns(DataType.Int64).PerRow(MathKernels.FloorInt64),
            Fn(DecimalOnly).Returns(t => Whole(t[0])).PerRow(MathKernels.FloorDecimal).With(FromScale),
            Fn(Float64).Returns(DataType.Int64).PerRow(MathKernels.FloorDouble),
            Fn(AnyDecimal, Place).ReturnsFrom(Rounded).PerRow(MathKernels.FloorDecimalAt).With(Scales),
        ],
        Summary = "The whole number below (BIGINT, or DECIMAL with scale 0); with a second argument at that decimal place.",
        Examples = [("floor(-0.1)", "-1"), ("floor(5)", "5L"), ("floor(1.5D)", "1L")],
    };

    public static readonly SqlFunction Ceil = new("ceil")
    {
        Aliases = ["ceiling"],
        Overloads =
        [
            Fn(AnyInteger).Returns(DataType.Int64).PerRow(MathKernels.FloorInt64),
            Fn(DecimalOnly).Returns(t => Whole(t[0])).PerRow(MathKernels.CeilDecimal).With(FromScale),
            Fn(Float64).Returns(DataType.Int64).PerRow(MathKernels.CeilDouble),
            Fn(AnyDecimal, Place).ReturnsFrom(Rounded).PerRow(MathKernels.CeilDecimalAt).With(Scales),
        ],
        Summary = "The whole number above (BIGINT, or DECIMAL with scale 0); with a second argument at that decimal place.",
        Examples = [("ceil(-0.1)", "0"), ("ceil(1.5D)", "2L")],
    };

    public static readonly SqlFunction Round = new("round")
    {
        Overloads =
        [
            Fn(DecimalOnly).ReturnsFrom(Rounded).PerRow(MathKernels.RoundDecimalWhole).With(FromScale),
            Fn(DecimalOnly, Constant(Int)).ReturnsFrom(Rounded).PerRow(MathKernels.RoundDecimal).With(Scales),
            Fn(Only<Int8Type>()).Returns(DataType.Int8).PerRow(IntegerKernels.SameInt8),
            Fn(Only<Int16Type>()).Returns(DataType.Int16).PerRow(IntegerKernels.SameInt16),
            Fn(Only<Int32Type>()).Returns(DataType.Int32).PerRow(IntegerKernels.SameInt32),
            Fn(Only<Int64Type>()).Returns(DataType.Int64).PerRow(IntegerKernels.SameInt64),
            Fn(Only<Int8Type>(), Int).Returns(DataType.Int8).PerRow(MathKernels.RoundInt8),
            Fn(Only<Int16Type>(), Int).Returns(DataType.Int16).PerRow(MathKernels.RoundInt16),
            Fn(Only<Int32Type>(), Int).Returns(DataType.Int32).PerRow(MathKernels.RoundInt32),
            Fn(BigInt, Int).Returns(DataType.Int64).PerRow(MathKernels.RoundInt64),
            Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.RoundDoubleWhole),
            Fn(Float64, Int).Returns(DataType.Double).PerRow(MathKernels.RoundDouble),
        ],
        Summary = "Nearest, half away from zero, at a decimal place (0 if not said).",
        Examples = [("round(2.5)", "3"), ("round(2.675D, 2)", "2.68D"), ("round(-2.5D)", "-3.0D"), ("round(125, -1)", "130")],
    };

    public static readonly SqlFunction Bround = new("bround")
    {
        Overloads =
        [
            Fn(DecimalOnly).ReturnsFrom(Rounded).PerRow(MathKernels.BRoundDecimalWhole).With(FromScale),
            Fn(DecimalOnly, Constant(Int)).ReturnsFrom(Rounded).PerRow(MathKernels.BRoundDecimal).With(Scales),
            Fn(Only<Int8Type>()).Returns(DataType.Int8).PerRow(IntegerKernels.SameInt8),
            Fn(Only<Int16Type>()).Returns(DataType.Int16).PerRow(IntegerKernels.SameInt16),
            Fn(Only<Int32Type>()).Returns(DataType.Int32).PerRow(IntegerKernels.SameInt32),
            Fn(Only<Int64Type>()).Returns(DataType.Int64).PerRow(IntegerKernels.SameInt64),
            Fn(Only<Int8Type>(), Int).Returns(DataType.Int8).PerRow(MathKernels.BRoundInt8),
            Fn(Only<Int16Type>(), Int).Returns(DataType.Int16).PerRow(MathKernels.BRoundInt16),
            Fn(Only<Int32Type>(), Int).Returns(DataType.Int32).PerRow(MathKernels.BRoundInt32),
            Fn(BigInt, Int).Returns(DataType.Int64).PerRow(MathKernels.BRoundInt64),
            Fn(Float64).Returns(DataType.Double).PerRow(MathKernels.BRoundDoubleWhole),
            Fn(Float64, Int).Returns(DataType.Double).PerRow(MathKernels.BRoundDouble),
        ],
        Summary = "Nearest, half to even, at a decimal place (0 if not said).",
        Examples = [("bround(2.5)", "2"), ("bround(25, -1)", "20")],
    };

    public static readonly SqlFunction Factorial = new("factorial")
    {
        Overloads = [Fn(Int).Returns(DataType.Int64).PerRow(MathKernels.TryFactorial)],
        Summary = "n!, for 0 to 20; else NULL.",
        Examples = [("factorial(5)", "120L")],
    };

    public static readonly SqlFunction WidthBucket = new("width_bucket")
    {
        Overloads = [Fn(Float64, Float64, Float64, BigInt).Returns(DataType.Int64).PerRow(MathKernels.TryWidthBucket)],
        Summary = "Number of the equal-width bucket between two bounds.",
        Examples = [("width_bucket(5.3, 0.2, 10.6, 5)", "3L")],
    };

    public static readonly SqlFunction Rand = new("rand")
    {
        Aliases = ["random"],
        Overloads =
        [
            Fn().Returns(DataType.Double).PerRow(RandomKernels.Next).NeverNull(),
            Fn(Constant(BigInt)).Returns(DataType.Double).PerRow(RandomKernels.Next).NeverNull(),
        ],
        Nulls = NullRule.Custom,
        IsDeterministic = false,
        Summary = "A random DOUBLE from 0 up to 1; with a seed the same sequence as Spark's first partition, where one worker reads the rows.",
    };

    public static readonly SqlFunction Randn = new("randn")
    {
        Overloads =
        [
            Fn().Returns(DataType.Double).PerRow(RandomKernels.NextNormal).NeverNull(),
            Fn(Constant(BigInt)).Returns(DataType.Double).PerRow(RandomKernels.NextNormal).NeverNull(),
        ],
        Nulls = NullRule.Custom,
        IsDeterministic = false,
        Summary = "A random DOUBLE of the standard normal distribution.",
    };

    private static TypePattern DecimalOnly => new OneOf("DECIMAL", t => t is DecimalType);

    /// <summary>A decimal place: an integer that is known at compile time.</summary>
    private static Where Place => new(Constant(Int), a => a.Type.IsInteger && a.Value is not null);

    private static OneOf Only<TType>() => new("that type", t => t is TType);

    /// <summary>DECIMAL with scale 0 and room for the carry.</summary>
    private static DecimalType Whole(DataType type) => new(Math.Min(38, ((DecimalType)type).Precision - ((DecimalType)type).Scale + 1), 0);

    private static DecimalType Rounded(ImmutableArray<Argument> arguments) =>
        DecimalRules.Rounded((DecimalType)arguments[0].Type, arguments is [_, { Value: int digits }, ..] ? digits : 0);

    private static int[] FromScale(ImmutableArray<DataType> types, DataType result) => [((DecimalType)types[0]).Scale];

    private static int[] Scales(ImmutableArray<DataType> types, DataType result) => [((DecimalType)types[0]).Scale, ((DecimalType)result).Scale];
}
