using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Comparisons, AND, OR, NOT, tests for NULL.</summary>
internal static class ComparisonFunctions
{
    public static readonly SqlFunction Equal = new("=")
    {
        Aliases = ["=="],
        Overloads = Each(
            CompareKernels.EqualBoolean, CompareKernels.EqualInt8, CompareKernels.EqualInt16, CompareKernels.EqualInt32, CompareKernels.EqualInt64,
            CompareKernels.EqualInt128, CompareKernels.EqualFloat, CompareKernels.EqualDouble, CompareKernels.EqualText, CompareKernels.EqualNested),
        Promote = Promotion.Common,
        Summary = "Equality. NaN equals NaN, -0.0 equals 0.0. A text beside a number is read as a number.",
        Examples = [("1 = 1.0", "true"), ("'1' = 1", "true"), ("NULL = 1", "NULL"), ("double('NaN') = double('NaN')", "true")],
    };

    public static readonly SqlFunction NotEqual = new("<>")
    {
        Aliases = ["!="],
        Overloads = [Fn(Any, Any).Returns(DataType.Boolean)],
        Lowering = Lowering.NotEqual,
        Promote = Promotion.Common,
        Summary = "NOT (a = b).",
        Examples = [("1 <> 2", "true")],
    };

    public static readonly SqlFunction Less = new("<")
    {
        Overloads = Each(
            CompareKernels.LessBoolean, CompareKernels.LessInt8, CompareKernels.LessInt16, CompareKernels.LessInt32, CompareKernels.LessInt64,
            CompareKernels.LessInt128, CompareKernels.LessFloat, CompareKernels.LessDouble, CompareKernels.LessText, CompareKernels.LessNested),
        Promote = Promotion.Common,
        Summary = "Less than. NaN is above every number; texts compare by bytes.",
        Examples = [("1 < 2", "true"), ("'a' < 'B'", "false"), ("1e308 < double('NaN')", "true")],
    };

    public static readonly SqlFunction LessOrEqual = new("<=")
    {
        Overloads = Each(
            CompareKernels.LessOrEqualBoolean, CompareKernels.LessOrEqualInt8, CompareKernels.LessOrEqualInt16, CompareKernels.LessOrEqualInt32,
            CompareKernels.LessOrEqualInt64, CompareKernels.LessOrEqualInt128, CompareKernels.LessOrEqualFloat, CompareKernels.LessOrEqualDouble,
            CompareKernels.LessOrEqualText, CompareKernels.LessOrEqualNested),
        Promote = Promotion.Common,
        Summary = "Less than or equal.",
        Examples = [("2 <= 2", "true")],
    };

    public static readonly SqlFunction Greater = new(">")
    {
        Overloads = Each(
            CompareKernels.GreaterBoolean, CompareKernels.GreaterInt8, CompareKernels.GreaterInt16, CompareKernels.GreaterInt32, CompareKernels.GreaterInt64,
            CompareKernels.GreaterInt128, CompareKernels.GreaterFloat, CompareKernels.GreaterDouble, CompareKernels.GreaterText, CompareKernels.GreaterNested),
        Promote = Promotion.Common,
        Summary = "Greater than.",
        Examples = [("2 > 1", "true")],
    };

    public static readonly SqlFunction GreaterOrEqual = new(">=")
    {
        Overloads = Each(
            CompareKernels.GreaterOrEqualBoolean, CompareKernels.GreaterOrEqualInt8, CompareKernels.GreaterOrEqualInt16, CompareKernels.GreaterOrEqualInt32,
            CompareKernels.GreaterOrEqualInt64, CompareKernels.GreaterOrEqualInt128, CompareKernels.GreaterOrEqualFloat, CompareKernels.GreaterOrEqualDouble,
            CompareKernels.GreaterOrEqualText, CompareKernels.GreaterOrEqualNested),
        Promote = Promotion.Common,
        Summary = "Greater than or equal.",
        Examples = [("2 >= 3", "false")],
    };

    public static readonly SqlFunction NullSafeEqual = new("<=>")
    {
        Aliases = ["equal_null"],
        Overloads = [.. Equal.Overloads.Select(o => o.NeverNull())],
        Lowering = Lowering.NullSafeEqual,
        Nulls = NullRule.Custom,
        Promote = Promotion.Common,
        Summary = "Equality in which NULL equals NULL; never NULL itself.",
        Examples = [("NULL <=> NULL", "true"), ("1 <=> NULL", "false"), ("1 <=> 1", "true")],
    };

    public static readonly SqlFunction And = new("and")
    {
        Overloads = [Fn(Bool, Bool).Returns(DataType.Boolean)],
        Lowering = Lowering.And,
        Nulls = NullRule.Custom,
        Summary = "FALSE if a side is FALSE, else NULL if a side is NULL, else TRUE.",
        Examples = [("true AND NULL", "NULL"), ("false AND NULL", "false")],
    };

    public static readonly SqlFunction Or = new("or")
    {
        Overloads = [Fn(Bool, Bool).Returns(DataType.Boolean)],
        Lowering = Lowering.Or,
        Nulls = NullRule.Custom,
        Summary = "TRUE if a side is TRUE, else NULL if a side is NULL, else FALSE.",
        Examples = [("true OR NULL", "true"), ("false OR NULL", "NULL")],
    };

    public static readonly SqlFunction Not = new("not")
    {
        Aliases = ["!"],
        Overloads = [Fn(Bool).Returns(DataType.Boolean)],
        Lowering = Lowering.Not,
        Summary = "The other truth value; NULL stays NULL.",
        Examples = [("NOT true", "false"), ("NOT NULL", "NULL")],
    };

    public static readonly SqlFunction IsNull = new("isnull")
    {
        Overloads = [Fn(Any).Returns(DataType.Boolean).NeverNull()],
        Lowering = Lowering.IsNull,
        Nulls = NullRule.Custom,
        Summary = "TRUE for NULL.",
        Examples = [("isnull(NULL)", "true"), ("isnull(1)", "false")],
    };

    public static readonly SqlFunction IsNotNull = new("isnotnull")
    {
        Overloads = [Fn(Any).Returns(DataType.Boolean).NeverNull()],
        Lowering = Lowering.IsNotNull,
        Nulls = NullRule.Custom,
        Summary = "TRUE for anything but NULL.",
        Examples = [("isnotnull(NULL)", "false")],
    };

    public static readonly SqlFunction In = new("in")
    {
        Overloads = [Fn(Any, Repeat(Any)).Returns(DataType.Boolean)],
        Lowering = Lowering.In,
        Nulls = NullRule.Custom,
        Promote = Promotion.Common,
        Summary = "TRUE if the first equals one of the others; NULL if not found and a NULL is among them.",
        Examples = [("1 IN (1, NULL)", "true"), ("1 IN (2, NULL)", "NULL"), ("1 IN (2, 3)", "false")],
    };

    public static readonly SqlFunction Between = new("between")
    {
        Overloads = [Fn(Any, Any, Any).Returns(DataType.Boolean)],
        Lowering = Lowering.Between,
        Nulls = NullRule.Custom,
        Promote = Promotion.Common,
        Summary = "x >= low AND x <= high.",
        Examples = [("2 BETWEEN 1 AND 3", "true")],
    };

    /// <summary>One overload a physical type; both sides have the common type already.</summary>
    private static ImmutableArray<Overload> Each(
        Delegate boolean, Delegate int8, Delegate int16, Delegate int32, Delegate int64, Delegate int128, Delegate float32, Delegate float64, Delegate text, Delegate nested) =>
    [
        Both(t => t is BooleanType or NullType, boolean),
        Both(t => t is Int8Type, int8),
        Both(t => t is Int16Type, int16),
        Both(t => t is Int32Type or DateType or YearMonthIntervalType, int32),
        Both(t => t is Int64Type or TimestampType or DayTimeIntervalType, int64),
        Both(t => t is DecimalType, int64) with { WideKernel = int128 },
        Both(t => t is FloatType, float32),
        Both(t => t is DoubleType, float64),
        Both(t => t is StringType or BinaryType, text),
        Both(t => t is ListType or StructType && TypeCoercion.IsOrderable(t), nested),
    ];

    private static Overload Both(Func<DataType, bool> accepts, Delegate kernel)
    {
        var pattern = new OneOf("comparable", accepts);
        return Fn(pattern, pattern).Returns(DataType.Boolean).PerRow(kernel);
    }
}
