using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

public class TextKernelsTests
{
    private static readonly string[] Alphabet = ["a", "B", " ", "å", "ß", "€", "😀", "z", "0", ","];

    private static Arbitrary<string> Texts => Gen.Elements(Alphabet).ListOf().Select(l => string.Concat(l)).ToArbitrary();

    [Theory]
    [InlineData("Spark SQL", 5, 100, "k SQL")]
    [InlineData("Spark SQL", -3, 100, "SQL")]
    [InlineData("Spark SQL", 5, 1, "k")]
    [InlineData("Spark SQL", 0, 2, "Sp")]
    [InlineData("abc", -5, 3, "a")]
    [InlineData("abc", -5, 1, "")]
    [InlineData("åßc", 2, 1, "ß")]
    [InlineData("abc", 2, -1, "")]
    [InlineData("abc", 2, int.MaxValue, "bc")]
    [InlineData("abc", int.MinValue, int.MaxValue, "ab")]
    public void Substring(string text, int position, int length, string expected) =>
        Assert.Equal(expected, TextKernels.Substring(Utf8.From(text), position, length).ToString());

    [Theory]
    [InlineData("straße", "STRASSE")]
    [InlineData("åse ﬁ", "ÅSE FI")]
    [InlineData("abc", "ABC")]
    public void Upper(string text, string expected)
    {
        var scratch = default(TextArena);
        Assert.Equal(expected, TextKernels.Upper(Utf8.From(text), ref scratch).ToString());
    }

    [Theory]
    [InlineData("ÅSE", "åse")]
    [InlineData("ΟΔΟΣ ΣΑ", "οδος σα")]
    public void Lower(string text, string expected)
    {
        var scratch = default(TextArena);
        Assert.Equal(expected, TextKernels.Lower(Utf8.From(text), ref scratch).ToString());
    }

    [Fact]
    public void Length_counts_code_points_as_runes_do() =>
        Prop.ForAll(Texts, text => TextKernels.Length(Utf8.From(text)) == text.EnumerateRunes().Count()).QuickCheckThrowOnFailure();

    [Fact]
    public void Left_and_right_cut_between_code_points() => Prop.ForAll(Texts, Gen.Choose(-2, 12).ToArbitrary(), (text, n) =>
    {
        var runes = text.EnumerateRunes().Select(r => r.ToString()).ToArray();
        var take = Math.Clamp(n, 0, runes.Length);
        return TextKernels.Left(Utf8.From(text), n).ToString() == string.Concat(runes.Take(take))
            && TextKernels.Right(Utf8.From(text), n).ToString() == string.Concat(runes.Skip(runes.Length - take));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Byte_order_is_code_point_order_in_both_forms() => Prop.ForAll(Texts, Texts, (a, b) =>
        Math.Sign(Utf8.From(a).CompareTo(Utf8.From(b))) == Math.Sign(BoxedValues.CompareText(a, b))).QuickCheckThrowOnFailure();

    [Fact]
    public void Replace_is_that_of_strings() => Prop.ForAll(Texts, Texts, Texts, (text, search, with) =>
    {
        var scratch = default(TextArena);
        var expected = search.Length == 0 ? text : text.Replace(search, with, StringComparison.Ordinal);
        return TextKernels.Replace(Utf8.From(text), Utf8.From(search), Utf8.From(with), ref scratch).ToString() == expected;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reverse_twice_is_the_text() => Prop.ForAll(Texts, text =>
    {
        var scratch = default(TextArena);
        return TextKernels.Reverse(TextKernels.Reverse(Utf8.From(text), ref scratch), ref scratch).ToString() == text;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Padding_fills_or_cuts_to_the_length()
    {
        var scratch = default(TextArena);
        Assert.Equal("???hi", TextKernels.PadLeft(Utf8.From("hi"), 5, Utf8.From("??"), ref scratch).ToString());
        Assert.Equal("hiåßå", TextKernels.PadRight(Utf8.From("hi"), 5, Utf8.From("åß"), ref scratch).ToString());
        Assert.Equal("h", TextKernels.PadLeft(Utf8.From("hi"), 1, Utf8.From("x"), ref scratch).ToString());
        Assert.Equal("", TextKernels.PadLeft(Utf8.From("hi"), -1, Utf8.From("x"), ref scratch).ToString());
    }

    [Fact]
    public void Texts_made_earlier_outlive_the_growth_of_the_arena()
    {
        var scratch = default(TextArena);
        var first = TextKernels.Upper(Utf8.From("first"), ref scratch);
        for (var i = 0; i < 10_000; i++) TextKernels.Upper(Utf8.From("another one of some length"), ref scratch);
        Assert.Equal("FIRST", first.ToString());
    }

    [Theory]
    [InlineData("11.12.13", ".", 3, "13")]
    [InlineData("11.12.13", ".", -3, "11")]
    [InlineData("11.12.13", ".", -4, "")]
    [InlineData("11.12.13", ".", 4, "")]
    [InlineData("11.12.13", "", 1, "11.12.13")]
    public void Split_part(string text, string delimiter, int part, string expected) =>
        Assert.Equal(expected, TextKernels.SplitPart(Utf8.From(text), Utf8.From(delimiter), part, 0).ToString());

    [Theory]
    [InlineData("foobarbar", "bar", 4)]
    [InlineData("åbc", "c", 3)]
    [InlineData("abc", "", 1)]
    [InlineData("abc", "x", 0)]
    public void In_str(string text, string part, int place) => Assert.Equal(place, TextKernels.InStr(Utf8.From(text), Utf8.From(part)));

    [Fact]
    public void Trim_takes_blanks_only()
    {
        Assert.Equal("\ta\t", TextKernels.Trim(Utf8.From("  \ta\t ")).ToString());
        Assert.Equal("a", TextKernels.TrimCharacters(Utf8.From("åxaxå"), Utf8.From("xå")).ToString());
    }

    [Fact]
    public void Formats_are_filled_in()
    {
        object? Format(params object?[] arguments) =>
            TextBoxedKernels.Format(arguments, [.. arguments.Select(a => (Arrow.DataType)(a is int ? Arrow.DataType.Int32 : a is double ? Arrow.DataType.Double : Arrow.DataType.String))], SessionZone.Utc, 0);
        Assert.Equal("x 007 2.50 %", Format("%s %03d %.2f %%", "x", 7, 2.5));
        Assert.Equal("null", Format("%s", null));
        Assert.Equal("b a", Format("%2$s %1$s", "a", "b"));
        Assert.Equal("LF5009", Assert.Throws<KernelFault>(() => Format("%d")).Code);
        Assert.Equal("12,332.1235", TextBoxedKernels.FormatNumber(12332.123456, 4, [Arrow.DataType.Double]));
    }

    [Fact]
    public void Digests_and_encodings_agree_with_Spark()
    {
        var scratch = default(TextArena);
        Assert.Equal("8cde774d6f7333752ed72cacddb05126", EncodingKernels.Md5(Utf8.From("Spark"), ref scratch).ToString());
        Assert.Equal(1557323817L, EncodingKernels.Crc32(Utf8.From("Spark")));
        Assert.Equal("U3BhcmsgU1FM", EncodingKernels.ToBase64(Utf8.From("Spark SQL"), ref scratch).ToString());
        Assert.Equal("Spark SQL", EncodingKernels.FromBase64(Utf8.From("U3BhcmsgU1FM"), ref scratch, 0).ToString());
        Assert.True(EncodingKernels.TryConv(Utf8.From("-10"), 16, -10, ref scratch, 0, out var converted));
        Assert.Equal("-16", converted.ToString());
        var types = new Arrow.DataType[] { Arrow.DataType.String, new Arrow.ListType(Arrow.DataType.Int32), Arrow.DataType.Int32 };
        Assert.Equal(-1321691492, SparkHash.Murmur3(["Spark", new object?[] { 123 }, 2], types));
        Assert.Equal(5602566077635097486L, SparkHash.XxHash64(["Spark", new object?[] { 123 }, 2], types));
    }

    [Fact]
    public void Soundex_and_distance()
    {
        var scratch = default(TextArena);
        Assert.Equal("M460", TextDistance.Soundex(Utf8.From("Miller"), ref scratch).ToString());
        Assert.Equal(3, TextDistance.Levenshtein(Utf8.From("kitten"), Utf8.From("sitting")));
        Assert.Equal("Lake Flow", TextKernels.InitCap(Utf8.From("lAKE fLOW"), ref scratch).ToString());
        Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.CurrentCulture);
    }
}
