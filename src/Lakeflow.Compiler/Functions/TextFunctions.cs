using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Text functions. One field is one SQL function; <see cref="FunctionTable"/> collects the fields.</summary>
internal static class TextFunctions
{
    public static readonly SqlFunction Length = new("length")
    {
        Aliases = ["char_length", "character_length", "len"],
        Overloads =
        [
            Fn(OnlyBytes).Returns(DataType.Int32).PerRow(TextKernels.OctetLength),
            Fn(Text).Returns(DataType.Int32).PerRow(TextKernels.Length),
        ],
        Summary = "Characters of a text, bytes of a BINARY.",
        Examples = [("length('åse')", "3"), ("length(X'0102')", "2"), ("length('')", "0")],
    };

    public static readonly SqlFunction OctetLength = new("octet_length")
    {
        Overloads =
        [
            Fn(OnlyBytes).Returns(DataType.Int32).PerRow(TextKernels.OctetLength),
            Fn(Text).Returns(DataType.Int32).PerRow(TextKernels.OctetLength),
        ],
        Summary = "Bytes.",
        Examples = [("octet_length('åse')", "4")],
    };

    public static readonly SqlFunction BitLength = new("bit_length")
    {
        Overloads =
        [
            Fn(OnlyBytes).Returns(DataType.Int32).PerRow(TextKernels.BitLength),
            Fn(Text).Returns(DataType.Int32).PerRow(TextKernels.BitLength),
        ],
        Summary = "Bits.",
        Examples = [("bit_length('abc')", "24")],
    };

    public static readonly SqlFunction Upper = new("upper")
    {
        Aliases = ["ucase"],
        Overloads = [Fn(Text).Returns(DataType.String).PerRow(TextKernels.Upper)],
        Summary = "In capitals, by the full Unicode mapping.",
        Examples = [("upper('åse')", "'ÅSE'"), ("upper('straße')", "'STRASSE'")],
    };

    public static readonly SqlFunction Lower = new("lower")
    {
        Aliases = ["lcase"],
        Overloads = [Fn(Text).Returns(DataType.String).PerRow(TextKernels.Lower)],
        Summary = "In small letters, by the full Unicode mapping.",
        Examples = [("lower('ÅSE')", "'åse'")],
    };

    public static readonly SqlFunction Initcap = new("initcap")
    {
        Overloads = [Fn(Text).Returns(DataType.String).PerRow(TextKernels.InitCap)],
        Summary = "First letter of each word large, the others small. Words are divided by blanks.",
        Examples = [("initcap('sPark sql')", "'Spark Sql'")],
    };

    public static readonly SqlFunction Trim = new("trim")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextKernels.Trim),
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.TrimCharacters),
        ],
        Summary = "Without blanks at both ends (only U+0020). With two arguments, trim(s, c) or TRIM(BOTH c FROM s), without any of the characters of the second.",
        Examples = [("trim('  a b ')", "'a b'"), ("trim(BOTH 'x' FROM 'xxaxx')", "'a'")],
    };

    public static readonly SqlFunction Ltrim = new("ltrim")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextKernels.TrimStart),
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.TrimStartCharacters),
        ],
        Summary = "Without blanks at the start; ltrim(s, c) without any of the characters of the second.",
        Examples = [("ltrim('  a ')", "'a '")],
    };

    public static readonly SqlFunction Rtrim = new("rtrim")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextKernels.TrimEnd),
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.TrimEndCharacters),
        ],
        Summary = "Without blanks at the end; rtrim(s, c) without any of the characters of the second.",
        Examples = [("rtrim(' a  ')", "' a'")],
    };

    public static readonly SqlFunction Btrim = new("btrim")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextKernels.Trim),
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.TrimCharacters),
        ],
        Summary = "Without blanks, or without any of those characters, at both ends.",
        Examples = [("btrim('xxaxx', 'x')", "'a'")],
    };

    public static readonly SqlFunction Left = new("left")
    {
        Overloads = [Fn(Text, Int).Returns(DataType.String).PerRow(TextKernels.Left)],
        Summary = "First `n` characters, counted in Unicode code points. '' when `n <= 0`.",
        Examples = [("left('Lakeflow', 4)", "'Lake'"), ("left('åse', 1)", "'å'"), ("left('x', -1)", "''"), ("left(NULL, 3)", "NULL")],
    };

    public static readonly SqlFunction Right = new("right")
    {
        Overloads = [Fn(Text, Int).Returns(DataType.String).PerRow(TextKernels.Right)],
        Summary = "Last `n` characters. '' when `n <= 0`.",
        Examples = [("right('Lakeflow', 4)", "'flow'"), ("right('x', 5)", "'x'")],
    };

    public static readonly SqlFunction Substring = new("substring")
    {
        Aliases = ["substr", "mid"],
        Overloads =
        [
            Fn(OnlyBytes, Int, Int).Returns(DataType.Binary).PerRow(TextKernels.SubstringBytes),
            Fn(Text, Int).Returns(DataType.String).PerRow(TextKernels.SubstringFrom),
            Fn(Text, Int, Int).Returns(DataType.String).PerRow(TextKernels.Substring),
        ],
        Summary = "From a position (1-based, negative from the end, 0 as 1) on, at most so many characters.",
        Examples = [("substring('Spark SQL', 5)", "'k SQL'"), ("substring('Spark SQL', -3)", "'SQL'"), ("substring('Spark SQL', 5, 1)", "'k'"), ("substring('Spark SQL', 0, 2)", "'Sp'")],
    };

    public static readonly SqlFunction SubstringIndex = new("substring_index")
    {
        Overloads = [Fn(Text, Text, Int).Returns(DataType.String).PerRow(TextKernels.SubstringIndex)],
        Summary = "All before the n-th delimiter; negative: after the n-th from the end.",
        Examples = [("substring_index('www.apache.org', '.', 2)", "'www.apache'"), ("substring_index('www.apache.org', '.', -1)", "'org'")],
    };

    public static readonly SqlFunction Instr = new("instr")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Int32).PerRow(TextKernels.InStr)],
        Summary = "Place of the first occurrence, from 1; 0 if there is none.",
        Examples = [("instr('SparkSQL', 'SQL')", "6"), ("instr('abc', 'x')", "0")],
    };

    public static readonly SqlFunction Locate = new("locate")
    {
        Aliases = ["position"],
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.Int32).PerRow(TextKernels.Locate),
            Fn(Text, Text, Int).Returns(DataType.Int32).PerRow(TextKernels.LocateFrom),
        ],
        Summary = "As instr with the part first; optionally from a place on.",
        Examples = [("locate('bar', 'foobarbar')", "4"), ("locate('bar', 'foobarbar', 5)", "7")],
    };

    public static readonly SqlFunction Charindex = new("charindex")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.Int32).PerRow(TextKernels.Locate),
            Fn(Text, Text, Int).Returns(DataType.Int32).PerRow(TextKernels.LocateFrom),
        ],
        Summary = "As locate.",
        Examples = [("charindex('bar', 'foobarbar')", "4")],
    };

    public static readonly SqlFunction Contains = new("contains")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Boolean).PerRow(TextKernels.Contains)],
        Summary = "Whether the second text occurs in the first.",
        Examples = [("contains('Spark SQL', 'park')", "true")],
    };

    public static readonly SqlFunction Startswith = new("startswith")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Boolean).PerRow(TextKernels.StartsWith)],
        Summary = "Whether the first text begins with the second.",
        Examples = [("startswith('Spark', 'Sp')", "true")],
    };

    public static readonly SqlFunction Endswith = new("endswith")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Boolean).PerRow(TextKernels.EndsWith)],
        Summary = "Whether the first text ends with the second.",
        Examples = [("endswith('Spark', 'rk')", "true")],
    };

    public static readonly SqlFunction Replace = new("replace")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.Remove),
            Fn(Text, Text, Text).Returns(DataType.String).PerRow(TextKernels.Replace),
        ],
        Summary = "Every occurrence of the second text replaced by the third, or removed.",
        Examples = [("replace('ABCabc', 'abc', 'DEF')", "'ABCDEF'")],
    };

    public static readonly SqlFunction Translate = new("translate")
    {
        Overloads = [Fn(Text, Text, Text).Returns(DataType.String).PerRow(TextKernels.Translate)],
        Summary = "Characters of the second text become those at the same place of the third, or vanish.",
        Examples = [("translate('AaBbCc', 'abc', '123')", "'A1B2C3'")],
    };

    public static readonly SqlFunction Repeat = new("repeat")
    {
        Overloads = [Fn(Text, Int).Returns(DataType.String).PerRow(TextKernels.RepeatText)],
        Summary = "The text so many times.",
        Examples = [("repeat('ab', 2)", "'abab'")],
    };

    public static readonly SqlFunction Space = new("space")
    {
        Overloads = [Fn(Int).Returns(DataType.String).PerRow(TextKernels.Space)],
        Summary = "So many blanks.",
        Examples = [("space(2)", "'  '")],
    };

    public static readonly SqlFunction Reverse = new("reverse")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextKernels.Reverse),
            Fn(AnyArray).ReturnsArgument(0).PerRow(ArrayKernels.Reverse),
        ],
        Summary = "The characters, or the elements, in the other direction.",
        Examples = [("reverse('abc')", "'cba'")],
    };

    public static readonly SqlFunction Lpad = new("lpad")
    {
        Overloads =
        [
            Fn(OnlyBytes, Int).Returns(DataType.Binary).PerRow(BytesKernels.PadLeftZero),
            Fn(OnlyBytes, Int, OnlyBytes).Returns(DataType.Binary).PerRow(BytesKernels.PadLeft),
            Fn(Text, Int).Returns(DataType.String).PerRow(TextKernels.PadLeftBlank),
            Fn(Text, Int, Text).Returns(DataType.String).PerRow(TextKernels.PadLeft),
        ],
        Summary = "To exactly n characters: filled from the left with blanks or a text, or cut. BINARY: n bytes, zeros.",
        Examples = [("lpad('hi', 5, '??')", "'???hi'"), ("lpad('hi', 1)", "'h'"), ("hex(lpad(X'AABB', 5))", "'000000AABB'")],
    };

    public static readonly SqlFunction Rpad = new("rpad")
    {
        Overloads =
        [
            Fn(OnlyBytes, Int).Returns(DataType.Binary).PerRow(BytesKernels.PadRightZero),
            Fn(OnlyBytes, Int, OnlyBytes).Returns(DataType.Binary).PerRow(BytesKernels.PadRight),
            Fn(Text, Int).Returns(DataType.String).PerRow(TextKernels.PadRightBlank),
            Fn(Text, Int, Text).Returns(DataType.String).PerRow(TextKernels.PadRight),
        ],
        Summary = "To exactly n characters: filled at the right with blanks or a text, or cut. BINARY: n bytes, zeros.",
        Examples = [("rpad('hi', 5, '??')", "'hi???'"), ("hex(rpad(X'AA', 3, X'1F2E'))", "'AA1F2E'")],
    };

    public static readonly SqlFunction Concat = new("concat")
    {
        Overloads =
        [
            Fn(OnlyBytes, OnlyBytes).Returns(DataType.Binary).PerRow(TextKernels.Concat2),
            Fn(Repeat(ArrayOfT)).ReturnsArgument(0).PerRow(ArrayKernels.Concat),
            Fn(Text).Returns(DataType.String).PerRow(TextCasts.TextToBinary),
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.Concat2),
            Fn(Text, Text, Text).Returns(DataType.String).PerRow(TextKernels.Concat3),
            Fn(Text, Text, Text, Text).Returns(DataType.String).PerRow(TextKernels.Concat4),
            Fn(Text, Text, Text, Text, Repeat(Text)).Returns(DataType.String).PerRow(TextBoxedKernels.Concat),
        ],
        Summary = "Its arguments, one after another: texts, or arrays.",
        Examples = [("concat('a', 'b', 'c')", "'abc'"), ("concat('a', NULL)", "NULL"), ("concat('a', 1)", "'a1'")],
    };

    public static readonly SqlFunction ConcatOperator = new("||")
    {
        Overloads =
        [
            Fn(OnlyBytes, OnlyBytes).Returns(DataType.Binary).PerRow(TextKernels.Concat2),
            Fn(ArrayOfT, ArrayOfT).ReturnsArgument(0).PerRow(ArrayKernels.Concat),
            Fn(Text, Text).Returns(DataType.String).PerRow(TextKernels.Concat2),
        ],
        Summary = "One after the other; NULL if a side is NULL.",
        Examples = [("'a' || 1", "'a1'")],
    };

    public static readonly SqlFunction ConcatWs = new("concat_ws")
    {
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextBoxedKernels.ConcatWithSeparator),
            Fn(Text, Repeat(TextOrTexts)).Returns(DataType.String).PerRow(TextBoxedKernels.ConcatWithSeparator),
        ],
        Nulls = NullRule.Custom,
        Summary = "Texts (and the elements of arrays of texts) with a separator between; NULLs are left out.",
        Examples = [("concat_ws('-', 'a', NULL, 'b')", "'a-b'")],
    };

    public static readonly SqlFunction Ascii = new("ascii")
    {
        Overloads = [Fn(Text).Returns(DataType.Int32).PerRow(TextKernels.AsciiCode)],
        Summary = "Code of the first character; 0 without one.",
        Examples = [("ascii('A')", "65"), ("ascii('')", "0")],
    };

    public static readonly SqlFunction Chr = new("chr")
    {
        Aliases = ["char"],
        Overloads = [Fn(BigInt).Returns(DataType.String).PerRow(TextKernels.Character)],
        Summary = "The character of a code, modulo 256.",
        Examples = [("chr(65)", "'A'")],
    };

    public static readonly SqlFunction Split = new("split")
    {
        Overloads =
        [
            Fn(Text, Text).Returns(Texts).PerRow(PatternKernels.Split),
            Fn(Text, Text, Int).Returns(Texts).PerRow(PatternKernels.SplitLimit),
        ],
        Summary = "Parts between matches of a regular expression, at most so many.",
        Examples = [("size(split('a,b,', ','))", "3")],
    };

    public static readonly SqlFunction SplitPart = new("split_part")
    {
        Overloads = [Fn(Text, Text, Int).Returns(DataType.String).PerRow(TextKernels.SplitPart)],
        Summary = "The n-th part between delimiters (a plain text), negative from the end; '' beyond.",
        Examples = [("split_part('11.12.13', '.', 3)", "'13'"), ("split_part('11.12.13', '.', 4)", "''"), ("split_part('11.12.13', '.', -1)", "'13'")],
    };

    public static readonly SqlFunction Overlay = new("overlay")
    {
        Overloads =
        [
            Fn(Text, Text, Int).Returns(DataType.String).PerRow(TextKernels.OverlayAll),
            Fn(Text, Text, Int, Int).Returns(DataType.String).PerRow(TextKernels.Overlay),
        ],
        Summary = "The text with a stretch replaced.",
        Examples = [("overlay('Spark SQL', '_', 6)", "'Spark_SQL'")],
    };

    public static readonly SqlFunction FindInSet = new("find_in_set")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Int32).PerRow(TextKernels.FindInSet)],
        Summary = "Place of a text in a list divided by commas; 0 if it is not there.",
        Examples = [("find_in_set('ab', 'abc,b,ab,c,def')", "3")],
    };

    public static readonly SqlFunction Levenshtein = new("levenshtein")
    {
        Overloads = [Fn(Text, Text).Returns(DataType.Int32).PerRow(TextDistance.Levenshtein)],
        Summary = "Fewest insertions, deletions and replacements between two texts.",
        Examples = [("levenshtein('kitten', 'sitting')", "3")],
    };

    public static readonly SqlFunction Soundex = new("soundex")
    {
        Overloads = [Fn(Text).Returns(DataType.String).PerRow(TextDistance.Soundex)],
        Summary = "The Soundex code of an English word.",
        Examples = [("soundex('Miller')", "'M460'")],
    };

    public static readonly SqlFunction FormatString = new("format_string")
    {
        Aliases = ["printf"],
        Overloads =
        [
            Fn(Text).Returns(DataType.String).PerRow(TextBoxedKernels.Format),
            Fn(Text, Repeat(Any)).Returns(DataType.String).PerRow(TextBoxedKernels.Format),
        ],
        Nulls = NullRule.Custom,
        Summary = "Text with %s, %d, %.2f … filled in, as in C and Java.",
        Examples = [("format_string('%s %03d', 'x', 7)", "'x 007'")],
    };

    public static readonly SqlFunction FormatNumber = new("format_number")
    {
        Overloads = [Fn(AnyNumeric, Int).Returns(DataType.String).PerRow(TextBoxedKernels.FormatNumber)],
        Summary = "With thousands separators and so many decimals.",
        Examples = [("format_number(12332.123456, 4)", "'12,332.1235'")],
    };

    public static readonly SqlFunction Elt = new("elt")
    {
        Overloads =
        [
            Fn(Int, Repeat(OnlyBytes)).Returns(DataType.Binary).PerRow(TextBoxedKernels.Elt),
            Fn(Int, Repeat(Text)).Returns(DataType.String).PerRow(TextBoxedKernels.Elt),
        ],
        Nulls = NullRule.Custom,
        Summary = "The n-th of the texts that follow; a number beyond them raises LF5006.",
        Examples = [("elt(2, 'a', 'b')", "'b'")],
    };

    private static ListType Texts => new(DataType.String, containsNull: false);

    private static TypePattern OnlyBytes => new Where(Bytes, a => a.Type is BinaryType);

    private static TypePattern TextOrTexts => new OneOf("STRING or ARRAY<STRING>", t => t is StringType or NullType or ListType { Element.Type: StringType })
    {
        Otherwise = t => t.IsNested ? null : DataType.String,
    };
}
