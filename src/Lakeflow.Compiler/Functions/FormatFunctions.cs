using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Values as texts by a pattern and back, and checks of texts.</summary>
internal static class FormatFunctions
{
    public static readonly SqlFunction ToChar = new("to_char")
    {
        Aliases = ["to_varchar"],
        Overloads =
        [
            Fn(new Where(TimestampNtz, a => a.Type is TimestampType { Zoned: false }), Text).Returns(DataType.String).PerRow(DateTimeFormatKernels.FormatTimestampNtz),
            Fn(new Where(Timestamp, a => a.Type is TimestampType or DateType), Text).Returns(DataType.String).PerRow(DateTimeFormatKernels.FormatTimestamp),
            Fn(OnlyBytes, Word("base64")).Returns(DataType.String).PerRow(EncodingKernels.Base64Of),
            Fn(OnlyBytes, Word("hex")).Returns(DataType.String).PerRow(EncodingKernels.HexOf),
            Fn(OnlyBytes, Word("utf-8")).Returns(DataType.String).PerRow(EncodingKernels.Decode),
            Fn(Numbers, NumberFormat).Returns(DataType.String).PerRow(NumberFormatKernels.ToText).With((types, _) => [((DecimalType)types[0]).Scale]),
        ],
        Summary = "A date or timestamp by a date pattern, a number by a number pattern, BINARY as 'base64', 'hex' or 'utf-8'.",
        Examples = [("to_char(454.00, '000D00')", "'454.00'"), ("to_char(-12454.8, '99G999D9S')", "'12,454.8-'"), ("to_char(78.12, '$99.99')", "'$78.12'"), ("to_char(DATE'2016-04-08', 'y')", "'2016'")],
    };

    public static readonly SqlFunction ToNumber = new("to_number")
    {
        Overloads = [Fn(Text, NumberFormat).ReturnsFrom(NumberType).PerRow(NumberFormatKernels.ToNumber)],
        Summary = "A DECIMAL from a text by a number pattern; its size is that of the pattern.",
        Examples = [("to_number('12,454', '99,999')", "12454"), ("to_number('$78.12', '$99.99')", "78.12"), ("to_number('12,454.8-', '99,999.9S')", "-12454.8")],
    };

    public static readonly SqlFunction TryToNumber = new("try_to_number")
    {
        Overloads = [Fn(Text, NumberFormat).ReturnsFrom(NumberType).PerRow(NumberFormatKernels.TryToNumber)],
        Summary = "As to_number, but NULL where the text does not match.",
        Examples = [("try_to_number('x', '999')", "NULL"), ("try_to_number('454', '999')", "454")],
    };

    public static readonly SqlFunction ToBinary = new("to_binary")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.Binary).PerRow(EncodingKernels.BytesOfHex),
            Fn(Text, Word("hex")).Returns(DataType.Binary).PerRow(EncodingKernels.BytesOf),
            Fn(Text, Word("base64")).Returns(DataType.Binary).PerRow(EncodingKernels.BytesOf),
            Fn(Text, Word("utf-8", "utf8")).Returns(DataType.Binary).PerRow(EncodingKernels.BytesOf),
        ],
        Summary = "BINARY from a text: 'hex' (if not said), 'base64', or 'utf-8'.",
        Examples = [("string(to_binary('537061726B'))", "'Spark'"), ("string(to_binary('U3Bhcms=', 'base64'))", "'Spark'"), ("string(to_binary('abc', 'utf-8'))", "'abc'")],
    };

    public static readonly SqlFunction TryToBinary = new("try_to_binary")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.Binary).PerRow(EncodingKernels.TryUnhex),
            Fn(Text, Word("hex")).Returns(DataType.Binary).PerRow(EncodingKernels.TryBytesOf),
            Fn(Text, Word("base64")).Returns(DataType.Binary).PerRow(EncodingKernels.TryBytesOf),
            Fn(Text, Word("utf-8", "utf8")).Returns(DataType.Binary).PerRow(EncodingKernels.TryBytesOf),
        ],
        Summary = "As to_binary, but NULL where the text is not of that form.",
        Examples = [("try_to_binary('a!', 'base64')", "NULL")],
    };

    public static readonly SqlFunction IsValidUtf8 = new("is_valid_utf8")
    {
        Overloads = [Fn(TextOrBytes).Returns(DataType.Boolean).PerRow(ValidityKernels.IsValidUtf8)],
        Summary = "Whether the bytes are UTF-8.",
        Examples = [("is_valid_utf8('Spark')", "true"), ("is_valid_utf8(X'80')", "false")],
    };

    public static readonly SqlFunction MakeValidUtf8 = new("make_valid_utf8")
    {
        Overloads = [Fn(TextOrBytes).Returns(DataType.String).PerRow(ValidityKernels.MakeValidUtf8)],
        Summary = "The text with U+FFFD in place of what is not UTF-8.",
        Examples = [("make_valid_utf8('Spark')", "'Spark'")],
    };

    public static readonly SqlFunction ValidateUtf8 = new("validate_utf8")
    {
        Overloads = [Fn(TextOrBytes).Returns(DataType.String).PerRow(ValidityKernels.ValidateUtf8)],
        Summary = "The text; LF5009 if its bytes are not UTF-8.",
        Examples = [("validate_utf8('Spark')", "'Spark'")],
    };

    public static readonly SqlFunction TryValidateUtf8 = new("try_validate_utf8")
    {
        Overloads = [Fn(TextOrBytes).Returns(DataType.String).PerRow(ValidityKernels.TryValidateUtf8)],
        Summary = "The text; NULL if its bytes are not UTF-8.",
        Examples = [("try_validate_utf8(X'80')", "NULL")],
    };

    public static readonly SqlFunction LuhnCheck = new("luhn_check")
    {
        Overloads = [Fn(Text).Returns(DataType.Boolean).PerRow(ValidityKernels.LuhnCheck)],
        Summary = "Whether a text of digits passes the Luhn check.",
        Examples = [("luhn_check('79927398713')", "true"), ("luhn_check('79927398714')", "false")],
    };

    public static readonly SqlFunction Quote = new("quote")
    {
        Overloads = [Fn(Text).Returns(DataType.String).PerRow(ValidityKernels.Quote)],
        Summary = "In single quotes; those inside after a backslash.",
        Examples = [("length(quote('Don\\'t'))", "8")],
    };

    private static Where OnlyBytes => new(Bytes, a => a.Type is BinaryType);

    private static OneOf TextOrBytes => new("STRING or BINARY", t => t is StringType or BinaryType);

    private static OneOf Numbers => new("a number", t => t is DecimalType)
    {
        Otherwise = t => t switch
        {
            { IsInteger: true } => DecimalRules.Of(t),
            FloatType => new DecimalType(14, 7),
            DoubleType => new DecimalType(30, 15),
            _ => null,
        },
    };

    private static Where NumberFormat => new(Constant(Text), a => a.Type is NullType || (a.Value is string format && NumberPattern.IsValid(format)));

    /// <summary>One of the words, in any case; NULL goes with every one.</summary>
    private static Where Word(params string[] words) => new(Constant(Text), a => a.Type is NullType || (a.Value is string word && words.Contains(word, StringComparer.OrdinalIgnoreCase)));

    private static DecimalType NumberType(ImmutableArray<Argument> arguments) =>
        arguments[1].Value is string format ? new DecimalType(NumberPattern.Compile(format).Precision, NumberPattern.Compile(format).Scale) : new DecimalType(38, 0);
}
