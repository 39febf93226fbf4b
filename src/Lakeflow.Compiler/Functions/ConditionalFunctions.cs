using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Choices, casts written as functions, errors, and what has no other home.</summary>
internal static class ConditionalFunctions
{
    public static readonly SqlFunction Boolean = new("boolean")
    {
        Overloads = [Fn(Any).Returns(DataType.Boolean)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS BOOLEAN).",
    };

    public static readonly SqlFunction Tinyint = new("tinyint")
    {
        Overloads = [Fn(Any).Returns(DataType.Int8)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS TINYINT).",
    };

    public static readonly SqlFunction Smallint = new("smallint")
    {
        Overloads = [Fn(Any).Returns(DataType.Int16)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS SMALLINT).",
    };

    public static readonly SqlFunction Int = new("int")
    {
        Overloads = [Fn(Any).Returns(DataType.Int32)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS INT).",
    };

    public static readonly SqlFunction Bigint = new("bigint")
    {
        Overloads = [Fn(Any).Returns(DataType.Int64)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS BIGINT).",
    };

    public static readonly SqlFunction Float = new("float")
    {
        Overloads = [Fn(Any).Returns(DataType.Float)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS FLOAT).",
    };

    public static readonly SqlFunction Double = new("double")
    {
        Overloads = [Fn(Any).Returns(DataType.Double)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS DOUBLE).",
    };

    public static readonly SqlFunction String = new("string")
    {
        Overloads = [Fn(Any).Returns(DataType.String)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS STRING).",
    };

    public static readonly SqlFunction Binary = new("binary")
    {
        Overloads = [Fn(Any).Returns(DataType.Binary)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS BINARY).",
    };

    public static readonly SqlFunction Date = new("date")
    {
        Overloads = [Fn(Any).Returns(DataType.Date)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS DATE).",
    };

    public static readonly SqlFunction Timestamp = new("timestamp")
    {
        Overloads = [Fn(Any).Returns(DataType.Timestamp)],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS TIMESTAMP).",
    };

    public static readonly SqlFunction Decimal = new("decimal")
    {
        Overloads = [Fn(Any).Returns(new DecimalType(10, 0))],
        Lowering = Lowering.Cast,
        Summary = "CAST(x AS DECIMAL).",
    };

    public static readonly SqlFunction Coalesce = new("coalesce")
    {
        Overloads = [Fn(Repeat(T)).ReturnsArgument(0)],
        Nulls = NullRule.Custom,
        Lowering = Lowering.Coalesce,
        Summary = "The first that is not NULL.",
        Examples = [("coalesce(NULL, 1, 2)", "1")],
    };

    public static readonly SqlFunction Nvl = new("nvl")
    {
        Aliases = ["ifnull"],
        Overloads = [Fn(T, T).ReturnsArgument(0)],
        Nulls = NullRule.Custom,
        Lowering = Lowering.Coalesce,
        Summary = "The first, or the second where the first is NULL.",
        Examples = [("nvl(NULL, 2)", "2")],
    };

    public static readonly SqlFunction Nvl2 = new("nvl2")
    {
        Overloads = [Fn(Any, T, T).ReturnsArgument(1)],
        Nulls = NullRule.Custom,
        Lowering = Lowering.Nvl2,
        Summary = "The second where the first is not NULL, else the third.",
        Examples = [("nvl2(NULL, 2, 1)", "1")],
    };

    public static readonly SqlFunction If = new("if")
    {
        Aliases = ["iff"],
        Overloads = [Fn(Bool, T, T).ReturnsArgument(1)],
        Nulls = NullRule.Custom,
        Lowering = Lowering.If,
        Summary = "The second where the first is TRUE, else the third.",
        Examples = [("if(1 < 2, 'a', 'b')", "'a'")],
    };

    public static readonly SqlFunction Nullif = new("nullif")
    {
        Overloads = [Fn(Any, Any).ReturnsArgument(0).MaybeNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.NullIf,
        Summary = "NULL where both are equal, else the first.",
        Examples = [("nullif(2, 2)", "NULL")],
    };

    public static readonly SqlFunction Nullifzero = new("nullifzero")
    {
        Overloads = [Fn(AnyNumeric).ReturnsArgument(0).MaybeNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.NullIfZero,
        Summary = "NULL for 0.",
        Examples = [("nullifzero(0)", "NULL")],
    };

    public static readonly SqlFunction Zeroifnull = new("zeroifnull")
    {
        Overloads = [Fn(AnyNumeric).ReturnsArgument(0).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.ZeroIfNull,
        Summary = "0 for NULL.",
        Examples = [("zeroifnull(NULL)", "0")],
    };

    public static readonly SqlFunction Decode = new("decode")
    {
        Overloads =
        [
            Fn(Bytes, Text).Returns(DataType.String).PerRow(EncodingKernels.Decode),
            Fn(Any, Any, Repeat(Any)).Returns(DecodeResult).MaybeNull(),
        ],
        Lowering = Lowering.Decode,
        Summary = "With two arguments: BINARY in a character set to text. Else: the value after the first key that equals the first argument (NULL equals NULL), or the last.",
        Examples = [("decode(2, 1, 'a', 2, 'b')", "'b'")],
    };

    public static readonly SqlFunction Greatest = new("greatest")
    {
        Overloads = [Fn(Repeat(T, 2)).ReturnsArgument(0).PerRow(ChoiceKernels.Greatest).MaybeNull()],
        Nulls = NullRule.Custom,
        Summary = "The largest that is not NULL.",
        Examples = [("greatest(1, NULL, 3)", "3")],
    };

    public static readonly SqlFunction Least = new("least")
    {
        Overloads = [Fn(Repeat(T, 2)).ReturnsArgument(0).PerRow(ChoiceKernels.Least).MaybeNull()],
        Nulls = NullRule.Custom,
        Summary = "The smallest that is not NULL.",
        Examples = [("least(1, NULL, 3)", "1")],
    };

    public static readonly SqlFunction Typeof = new("typeof")
    {
        Overloads = [Fn(Any).Returns(DataType.String).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.TypeOf,
        Summary = "The name of the type, in small letters.",
        Examples = [("typeof(1)", "'int'")],
    };

    public static readonly SqlFunction Uuid = new("uuid")
    {
        Overloads = [Fn().Returns(DataType.String).PerRow(RandomKernels.Uuid).NeverNull()],
        IsDeterministic = false,
        Summary = "A random UUID.",
    };

    public static readonly SqlFunction RaiseError = new("raise_error")
    {
        Overloads = [Fn(Text).Returns(DataType.Null).PerRow(ErrorKernels.Raise).MaybeNull()],
        Nulls = NullRule.Custom,
        Summary = "Raises LF5009 with that message.",
    };

    public static readonly SqlFunction AssertTrue = new("assert_true")
    {
        Overloads =
        [
            Fn(Bool).Returns(DataType.Null).PerRow(ErrorKernels.AssertTrue).MaybeNull(),
            Fn(Bool, Text).Returns(DataType.Null).PerRow(ErrorKernels.AssertTrueOr).MaybeNull(),
        ],
        Nulls = NullRule.Custom,
        Summary = "NULL where it holds, else raises LF5009.",
        Examples = [("assert_true(true)", "NULL")],
    };

    public static readonly SqlFunction InputFileName = new("input_file_name")
    {
        Overloads = [Fn().Returns(DataType.String).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.InputFile,
        IsDeterministic = false,
        Summary = "The path of the file that the row was read from.",
    };

    public static readonly SqlFunction Window = new("window")
    {
        Overloads =
        [
            Fn(Patterns.Timestamp, Constant(Text)).Returns(WindowType),
            Fn(Patterns.Timestamp, Constant(Text), Constant(Text)).Returns(WindowType),
            Fn(Patterns.Timestamp, Constant(Text), Constant(Text), Constant(Text)).Returns(WindowType),
        ],
        Lowering = Lowering.TimeWindow,
        Summary = "Time windows: length, slide, start.",
    };

    public static readonly SqlFunction SessionWindow = new("session_window")
    {
        Overloads = [Fn(Patterns.Timestamp, Patterns.Any).Returns(WindowType)],
        Lowering = Lowering.TimeWindow,
        Summary = "Sessions: rows whose times lie no further apart than a gap.",
    };

    public static readonly SqlFunction WindowTime = new("window_time")
    {
        Overloads = [Fn(Patterns.AnyStruct).Returns(DataType.Timestamp)],
        Lowering = Lowering.TimeWindow,
        Summary = "The last microsecond of a time window.",
    };

    private static StructType WindowType => new([new Field("start", DataType.Timestamp), new Field("end", DataType.Timestamp)]);

    /// <summary>decode(x, k1, v1, k2, v2, …[, else]): the common type of the values.</summary>
    private static DataType DecodeResult(ImmutableArray<DataType> types) =>
        TypeCoercion.LeastCommonType(types.Where((_, i) => i >= 2 && (i % 2 == 0 || i == types.Length - 1))) ?? DataType.String;
}
