using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>+ − * / div % and their kin on numbers, and + − of dates and intervals.</summary>
internal static class ArithmeticFunctions
{
    public static readonly SqlFunction Add = new("+")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.AddInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.AddInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.AddInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.AddInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.AddFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.AddDouble),
            Decimals(DecimalRules.Sum, Shifts).PerRow(DecimalKernels.AddDecimal64, DecimalKernels.AddDecimal),
            .. TemporalOverloads.Plus,
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Sum. Integers raise LF5002 on overflow. DATE + n adds days; DATE or TIMESTAMP + interval moves in time.",
        Examples = [("1 + 2", "3"), ("CAST(1.5 AS DECIMAL(2,1)) + 1", "2.5"), ("DATE'2024-01-31' + INTERVAL '0-1' YEAR TO MONTH", "DATE'2024-02-29'"), ("DATE'2024-12-31' + 1", "DATE'2025-01-01'")],
    };

    public static readonly SqlFunction Subtract = new("-")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.SubtractInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.SubtractInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.SubtractInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.SubtractInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.SubtractFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.SubtractDouble),
            Decimals(DecimalRules.Sum, Shifts).PerRow(DecimalKernels.SubtractDecimal64, DecimalKernels.SubtractDecimal),
            .. TemporalOverloads.Minus,
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Difference. DATE − DATE and TIMESTAMP − TIMESTAMP are intervals of days to seconds.",
        Examples = [("1 - 2", "-1"), ("1.5 - 0.25", "1.25"), ("DATE'2024-01-01' - 1", "DATE'2023-12-31'")],
    };

    public static readonly SqlFunction Multiply = new("*")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.MultiplyInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.MultiplyInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.MultiplyInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.MultiplyInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.MultiplyFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.MultiplyDouble),
            Decimals(DecimalRules.Product, Lost).PerRow(DecimalKernels.MultiplyDecimal64, DecimalKernels.MultiplyDecimal),
            .. TemporalOverloads.Times,
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Product. DECIMAL(p1,s1) * DECIMAL(p2,s2) is DECIMAL(p1+p2+1, s1+s2), capped at 38 digits. An interval times a number, or a number times an interval, is an interval.",
        Examples = [("2 * 3", "6"), ("CAST(1.5 AS DECIMAL(2,1)) * 2.0", "3.00"), ("2 * INTERVAL 90 SECONDS", "INTERVAL 3 MINUTES"), ("INTERVAL 100 MONTHS * 1.005", "INTERVAL 101 MONTHS")],
    };

    public static readonly SqlFunction Divide = new("/")
    {
        Overloads =
        [
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.DivideDouble),
            Decimals(DecimalRules.Quotient, QuotientShift).PerRow(DecimalKernels.DivideDecimal),
            .. TemporalOverloads.Over,
        ],
        Promote = Promotion.Division,
        Summary = "Quotient: DOUBLE, or DECIMAL of DECIMALs; an interval by a number is an interval. A divisor of 0 raises LF5001.",
        Examples = [("3 / 2", "1.5D"), ("1.0 / 3.0", "0.333333"), ("INTERVAL 1 YEAR / 24", "INTERVAL 1 MONTH")],
    };

    public static readonly SqlFunction WholeDivide = new("div")
    {
        Overloads =
        [
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.DivideInt64),
            Fn(AnyDecimal, AnyDecimal).Returns(DataType.Int64).PerRow(DecimalKernels.DivDecimal).With(Shifts),
        ],
        Promote = Promotion.WholeDivision,
        Summary = "Whole part of the quotient, toward zero, as BIGINT.",
        Examples = [("7 div 2", "3L"), ("-7 div 2", "-3L")],
    };

    public static readonly SqlFunction Remainder = new("%")
    {
        Aliases = ["mod"],
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.RemainderInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.RemainderInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.RemainderInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.RemainderInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.RemainderFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.RemainderDouble),
            Decimals(DecimalRules.Remainder, Shifts).PerRow(DecimalKernels.RemainderDecimal),
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Remainder, with the sign of the dividend.",
        Examples = [("7 % 3", "1"), ("-7 % 3", "-1"), ("mod(7, 3)", "1")],
    };

    public static readonly SqlFunction PositiveModulo = new("pmod")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.PositiveModuloInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.PositiveModuloInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.PositiveModuloInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.PositiveModuloInt64),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.PositiveModuloDouble),
            Decimals(DecimalRules.Remainder, Shifts).PerRow(DecimalKernels.PositiveModuloDecimal),
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Remainder that is not negative for a positive divisor.",
        Examples = [("pmod(-7, 3)", "2")],
    };

    public static readonly SqlFunction Negative = new("negative")
    {
        Overloads =
        [
            Fn(NullNumber).Returns(DataType.Double).PerRow(FloatKernels.NegateDouble),
            Fn(TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.NegateInt8),
            Fn(SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.NegateInt16),
            Fn(Int).Returns(DataType.Int32).PerRow(IntegerKernels.NegateInt32),
            Fn(BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.NegateInt64),
            Fn(Float32).Returns(DataType.Float).PerRow(FloatKernels.NegateFloat),
            Fn(Float64).Returns(DataType.Double).PerRow(FloatKernels.NegateDouble),
            Fn(AnyDecimal).ReturnsArgument(0).PerRow(DecimalKernels.NegateDecimal64, DecimalKernels.NegateDecimal),
            Fn(Months).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.NegateInt32),
            Fn(Duration).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.NegateInt64),
        ],
        Summary = "The number with the other sign; also written -x.",
        Examples = [("negative(1)", "-1"), ("-(2.5)", "-2.5")],
    };

    public static readonly SqlFunction Positive = new("positive")
    {
        Overloads =
        [
            Fn(NullNumber).Returns(DataType.Double).PerRow(FloatKernels.SameDouble),
            Fn(TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.SameInt8),
            Fn(SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.SameInt16),
            Fn(Int).Returns(DataType.Int32).PerRow(IntegerKernels.SameInt32),
            Fn(BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.SameInt64),
            Fn(Float32).Returns(DataType.Float).PerRow(FloatKernels.SameFloat),
            Fn(Float64).Returns(DataType.Double).PerRow(FloatKernels.SameDouble),
            Fn(AnyDecimal).ReturnsArgument(0).PerRow(DecimalKernels.SameDecimal64, DecimalKernels.SameDecimal),
            Fn(Months).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.SameInt32),
            Fn(Duration).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.SameInt64),
        ],
        Summary = "The number itself; also written +x.",
        Examples = [("positive(1)", "1")],
    };

    public static readonly SqlFunction Abs = new("abs")
    {
        Overloads =
        [
            Fn(NullNumber).Returns(DataType.Double).PerRow(FloatKernels.AbsDouble),
            Fn(TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.AbsInt8),
            Fn(SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.AbsInt16),
            Fn(Int).Returns(DataType.Int32).PerRow(IntegerKernels.AbsInt32),
            Fn(BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.AbsInt64),
            Fn(Float32).Returns(DataType.Float).PerRow(FloatKernels.AbsFloat),
            Fn(Float64).Returns(DataType.Double).PerRow(FloatKernels.AbsDouble),
            Fn(AnyDecimal).ReturnsArgument(0).PerRow(DecimalKernels.AbsDecimal64, DecimalKernels.AbsDecimal),
            Fn(Months).Returns(DataType.YearMonthInterval).PerRow(IntegerKernels.AbsInt32),
            Fn(Duration).Returns(DataType.DayTimeInterval).PerRow(IntegerKernels.AbsInt64),
        ],
        Summary = "Size without sign.",
        Examples = [("abs(-1)", "1"), ("abs(-1.5)", "1.5")],
    };

    public static readonly SqlFunction TryAdd = new("try_add")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.TryAddInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.TryAddInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.TryAddInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.TryAddInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.AddFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.AddDouble),
            Decimals(DecimalRules.Sum, Shifts).PerRow(DecimalKernels.TryAddDecimal),
            .. TemporalOverloads.TryPlus,
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Sum, or NULL on overflow.",
        Examples = [("try_add(1, 2)", "3"), ("try_add(2147483647, 1)", "NULL")],
    };

    public static readonly SqlFunction TrySubtract = new("try_subtract")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.TrySubtractInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.TrySubtractInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.TrySubtractInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.TrySubtractInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.SubtractFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.SubtractDouble),
            Decimals(DecimalRules.Sum, Shifts).PerRow(DecimalKernels.TrySubtractDecimal),
            .. TemporalOverloads.TryMinus,
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Difference, or NULL on overflow.",
        Examples = [("try_subtract(1, 2)", "-1"), ("try_subtract(-2147483648, 1)", "NULL")],
    };

    public static readonly SqlFunction TryMultiply = new("try_multiply")
    {
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.TryMultiplyInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.TryMultiplyInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.TryMultiplyInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.TryMultiplyInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.MultiplyFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.MultiplyDouble),
            Decimals(DecimalRules.Product, Lost).PerRow(DecimalKernels.TryMultiplyDecimal),
            .. TemporalOverloads.TryTimes,
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Product, or NULL on overflow.",
        Examples = [("try_multiply(2, 3)", "6"), ("try_multiply(2147483647, 2)", "NULL")],
    };

    public static readonly SqlFunction TryDivide = new("try_divide")
    {
        Overloads =
        [
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.TryDivideDouble),
            Decimals(DecimalRules.Quotient, QuotientShift).PerRow(DecimalKernels.TryDivideDecimal),
            .. TemporalOverloads.TryOver,
        ],
        Promote = Promotion.Division,
        Summary = "Quotient, or NULL where the divisor is 0.",
        Examples = [("try_divide(3, 2)", "1.5D"), ("try_divide(1, 0)", "NULL")],
    };

    public static readonly SqlFunction TryRemainder = new("try_mod")
    {
        Aliases = ["try_remainder"],
        Overloads =
        [
            Fn(TinyInt, TinyInt).Returns(DataType.Int8).PerRow(IntegerKernels.TryRemainderInt8),
            Fn(SmallInt, SmallInt).Returns(DataType.Int16).PerRow(IntegerKernels.TryRemainderInt16),
            Fn(Int, Int).Returns(DataType.Int32).PerRow(IntegerKernels.TryRemainderInt32),
            Fn(BigInt, BigInt).Returns(DataType.Int64).PerRow(IntegerKernels.TryRemainderInt64),
            Fn(Float32, Float32).Returns(DataType.Float).PerRow(FloatKernels.TryRemainderFloat),
            Fn(Float64, Float64).Returns(DataType.Double).PerRow(FloatKernels.TryRemainderDouble),
            Decimals(DecimalRules.Remainder, Shifts).PerRow(DecimalKernels.TryRemainderDecimal),
        ],
        Promote = Promotion.Arithmetic,
        Summary = "Remainder, or NULL where the divisor is 0.",
        Examples = [("try_mod(7, 3)", "1"), ("try_mod(7, 0)", "NULL")],
    };

    /// <summary>A bare NULL, which Spark takes for a DOUBLE.</summary>
    private static Where NullNumber => new(Float64, a => a.Type is NullType);

    private static Overload Decimals(Func<DecimalType, DecimalType, DecimalType> rule, Func<ImmutableArray<DataType>, DataType, int[]> numbers) =>
        Fn(AnyDecimal, AnyDecimal).Returns(t => rule(DecimalRules.Of(t[0]), DecimalRules.Of(t[1]))).With(numbers);

    /// <summary>shiftA, shiftB, lost, precision, scale.</summary>
    private static int[] Shifts(ImmutableArray<DataType> types, DataType result)
    {
        var (a, b) = (DecimalRules.Of(types[0]), DecimalRules.Of(types[1]));
        var scale = Math.Max(a.Scale, b.Scale);
        var to = result as DecimalType ?? new DecimalType(38, scale);
        return [scale - a.Scale, scale - b.Scale, scale - to.Scale, to.Precision, to.Scale];
    }

    /// <summary>lost, precision, scale.</summary>
    private static int[] Lost(ImmutableArray<DataType> types, DataType result)
    {
        var to = (DecimalType)result;
        return [DecimalRules.Of(types[0]).Scale + DecimalRules.Of(types[1]).Scale - to.Scale, to.Precision, to.Scale];
    }

    /// <summary>shift, precision, scale, scaleA.</summary>
    private static int[] QuotientShift(ImmutableArray<DataType> types, DataType result)
    {
        var to = (DecimalType)result;
        var (a, b) = (DecimalRules.Of(types[0]), DecimalRules.Of(types[1]));
        return [to.Scale - a.Scale + b.Scale, to.Precision, to.Scale, a.Scale];
    }
}
