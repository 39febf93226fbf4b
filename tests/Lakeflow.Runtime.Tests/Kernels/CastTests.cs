using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

public class CastTests
{
    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(9999999.0, "9999999.0")]
    [InlineData(1e-3, "0.001")]
    [InlineData(1e-4, "1.0E-4")]
    [InlineData(123456789.125, "1.23456789125E8")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(double.MaxValue, "1.7976931348623157E308")]
    [InlineData(1e21, "1.0E21")]
    [InlineData(0.1, "0.1")]
    [InlineData(100.0, "100.0")]
    public void Doubles_print_as_Java_prints_them(double value, string text) => Assert.Equal(text, NumberText.OfDouble(value));

    [Fact]
    public void Floats_print_with_their_own_digits() => Assert.Equal("0.1", NumberText.OfFloat(0.1f));

    [Fact]
    public void A_double_reads_back_from_its_text() => Prop.ForAll<double>(value =>
        NumberText.TryDouble(Utf8.From(NumberText.OfDouble(value)).Bytes, out var back) && back.Equals(value)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_long_reads_back_from_its_text() => Prop.ForAll<long>(value =>
        NumberText.TryInt64(Utf8.From(value.ToString(CultureInfo.InvariantCulture)).Bytes, out var back) && back == value).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("-9223372036854775808", true, long.MinValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData(" +12\t", true, 12)]
    [InlineData("1.5", false, 0)]
    [InlineData("", false, 0)]
    [InlineData("-", false, 0)]
    [InlineData("1 2", false, 0)]
    public void Text_to_bigint(string text, bool parses, long value)
    {
        Assert.Equal(parses, NumberText.TryInt64(Utf8.From(text).Bytes, out var read));
        if (parses) Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("1d", 1.0)]
    [InlineData("infinity", double.PositiveInfinity)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("nan", double.NaN)]
    public void Text_to_double(string text, double value)
    {
        Assert.True(NumberText.TryDouble(Utf8.From(text).Bytes, out var read));
        Assert.Equal(value, read);
    }

    [Fact]
    public void A_text_that_is_no_number_raises_or_gives_null()
    {
        Assert.Equal("CAST_INVALID_INPUT", Assert.Throws<KernelFault>(() => TextCasts.TextToInt32(Utf8.From("x"), 3)).ErrorClass);
        Assert.Equal(3, Assert.Throws<KernelFault>(() => TextCasts.TextToInt32(Utf8.From("x"), 3)).Site);
        Assert.False(TextCasts.TryTextToInt32(Utf8.From("2147483648"), out _));
        Assert.False(TextCasts.TryTextToDouble(Utf8.From("1,5"), out _));
    }

    [Theory]
    [InlineData("1.005", 10, 2, "1.01")]
    [InlineData("-1.005", 10, 2, "-1.01")]
    [InlineData("1e-2", 10, 2, "0.01")]
    [InlineData("12345678901234567890123456789012345678", 38, 0, "12345678901234567890123456789012345678")]
    [InlineData("0.000000000000000000000000000000000000000000001", 10, 2, "0.00")]
    [InlineData("1E5", 10, 2, "100000.00")]
    public void Text_to_decimal(string text, int precision, int scale, string expected) =>
        Assert.Equal(expected, DecimalMath.Text(TextCasts.TextToDecimal(Utf8.From(text), precision, scale, 0), scale));

    [Fact]
    public void A_decimal_that_is_too_large_says_so()
    {
        Assert.Equal("LF5005", Assert.Throws<KernelFault>(() => TextCasts.TextToDecimal(Utf8.From("12345"), 4, 0, 0)).Code);
        Assert.Equal("LF5003", Assert.Throws<KernelFault>(() => TextCasts.TextToDecimal(Utf8.From("1x"), 4, 0, 0)).Code);
        Assert.Equal("LF5005", Assert.Throws<KernelFault>(() => NumberCasts.Decimal64ToDecimal64(9995, 1, 3, 0, 0)).Code);
        Assert.Equal(1000, NumberCasts.Decimal64ToDecimal64(9995, 1, 4, 0, 0));
    }

    [Theory]
    [InlineData(2.9, 2)]
    [InlineData(-2.9, -2)]
    [InlineData(2147483647.9, int.MaxValue)]
    [InlineData(-2147483648.9, int.MinValue)]
    public void A_double_is_cut_toward_zero(double value, int expected) => Assert.Equal(expected, NumberCasts.DoubleToInt32(value, 0));

    [Theory]
    [InlineData(2147483648.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_double_that_does_not_fit_raises(double value) =>
        Assert.Equal("CAST_OVERFLOW", Assert.Throws<KernelFault>(() => NumberCasts.DoubleToInt32(value, 0)).ErrorClass);

    [Theory]
    [InlineData("t", true)]
    [InlineData(" YES ", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("n", false)]
    public void Text_to_boolean(string text, bool value) => Assert.Equal(value, TextCasts.TextToBoolean(Utf8.From(text), 0));

    [Fact]
    public void Nested_values_cast_and_print_element_by_element()
    {
        var list = new ListType(DataType.String);
        object?[] texts = ["1", null, "3"];
        Assert.Equal([1, null, 3], (object?[])BoxedCasts.Cast(texts, [list], new ListType(DataType.Int32), SessionZone.Utc, 0)!);
        Assert.Equal([1, null], (object?[])BoxedCasts.TryCast(new object?[] { "1", "x" }, [list], new ListType(DataType.Int32), SessionZone.Utc)!);
        Assert.Equal("[1, null, 3]", BoxedCasts.Text(texts, list, SessionZone.Utc));
        Assert.Equal("{a -> 1}", BoxedCasts.Text(new KeyValuePair<object, object?>[] { new("a", 1) }, new MapType(DataType.String, DataType.Int32), SessionZone.Utc));
        Assert.Equal("{1, x}", BoxedCasts.Text(new object?[] { 1, "x" }, new StructType([new Field("a", DataType.Int32), new Field("b", DataType.String)]), SessionZone.Utc));
    }

    [Fact]
    public void Intervals_print_and_read_back()
    {
        Assert.Equal("INTERVAL '1-2' YEAR TO MONTH", IntervalText.OfMonths(14));
        Assert.Equal("INTERVAL '-1 02:03:04.5' DAY TO SECOND", IntervalText.OfDuration(-(86_400_000_000L + 7_384_500_000L)));
        Prop.ForAll<int>(m => IntervalText.TryMonths(IntervalText.OfMonths(m), out var back) && back == m).QuickCheckThrowOnFailure();
        Prop.ForAll<long>(m => IntervalText.TryDuration(IntervalText.OfDuration(m), out var back) && back == m).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_decimal_prints_with_its_scale()
    {
        var scratch = default(TextArena);
        Assert.Equal("-0.050", TextOutput.Decimal64ToText(-50, 3, ref scratch).ToString());
        Assert.Equal("12.00", TextOutput.DecimalToText(1200, 2, ref scratch).ToString());
        Assert.Equal("7", TextOutput.Decimal64ToText(7, 0, ref scratch).ToString());
    }
}
