using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

public sealed class NumberPatternTests
{
    [Fact]
    public void What_a_pattern_writes_it_reads_back()
    {
        var pattern = NumberPattern.Compile("999,999,999,990.99S");
        Prop.ForAll<int>(n => pattern.TryParse(pattern.Format(n, 2), out var back) && back == n).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("999G")]
    [InlineData("9,,9")]
    [InlineData("9.9,9")]
    [InlineData("S9S")]
    [InlineData("$9$")]
    [InlineData("9x")]
    public void What_is_no_pattern_is_refused(string text) => Assert.False(NumberPattern.IsValid(text));

    [Fact]
    public void Digits_without_a_place_become_number_signs() =>
        Assert.Equal("##.#", NumberPattern.Compile("99.9").Format(Int128.Parse("1234", CultureInfo.InvariantCulture), 1));
}
