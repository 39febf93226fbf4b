using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

public class PatternKernelsTests
{
    private static Arbitrary<string> Over(params string[] letters) => Gen.Elements(letters).ListOf().Select(l => string.Concat(l)).ToArbitrary();

    [Fact]
    public void Like_is_its_regular_expression() => Prop.ForAll(Over("a", "b", "å", "😀"), Over("a", "b", "å", "%", "_"), (text, pattern) =>
    {
        // A surrogate pair is one character in LIKE and two in a regular expression.
        var regex = "^" + Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)", StringComparison.Ordinal) + @"\z";
        return LikePattern.Compile(pattern).Matches(Utf8.From(text).Bytes) == Regex.IsMatch(text, regex, RegexOptions.Singleline);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a_c", @"a\_c", true)]
    [InlineData("abc", @"a\_c", false)]
    [InlineData("100%", @"%\%", true)]
    [InlineData(@"a\b", @"a\\b", true)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    public void Escapes_stand_for_themselves(string text, string pattern, bool matches) =>
        Assert.Equal(matches, LikePattern.Compile(pattern).Matches(Utf8.From(text).Bytes));

    [Fact]
    public void Another_escape_can_be_chosen()
    {
        Assert.True(PatternKernels.LikeEscape(Utf8.From("50%"), Utf8.From("50#%"), Utf8.From("#")));
        Assert.False(PatternKernels.LikeEscape(Utf8.From("500"), Utf8.From("50#%"), Utf8.From("#")));
        Assert.Equal(@"50\%a\\b", PatternKernels.WithBackslash(@"50#%a\b", '#'));
    }

    [Fact]
    public void Ilike_does_not_look_at_case()
    {
        var scratch = default(TextArena);
        Assert.True(PatternKernels.ILike(Utf8.From("SPARK Å"), ILikePattern.Compile("sp%å"), ref scratch));
    }

    [Theory]
    [InlineData("a1", @"\d", true)]
    [InlineData("a٣", @"\d", false)]
    [InlineData("a.b", @"\Qa.b\E", true)]
    [InlineData("axb", @"\Qa.b\E", false)]
    [InlineData("Abc", @"^\p{Upper}\p{Alpha}+$", true)]
    [InlineData("abc", @"^[\w]++$", true)]
    public void Java_patterns_keep_their_meaning(string text, string pattern, bool matches) =>
        Assert.Equal(matches, PatternKernels.RLike(Utf8.From(text), RegexPattern.Compile(pattern)));

    [Fact]
    public void Regular_expression_functions()
    {
        var scratch = default(TextArena);
        var digits = RegexPattern.Compile("([0-9]+)-([0-9]+)");
        Assert.Equal("200", PatternKernels.RegexGroup(Utf8.From("100-200"), digits, 2, ref scratch, 0).ToString());
        Assert.Equal("", PatternKernels.RegexGroup(Utf8.From("x"), digits, 2, ref scratch, 0).ToString());
        Assert.Equal("200-100", PatternKernels.RegexReplace(Utf8.From("100-200"), digits, RegexReplacement.Compile("$2-$1"), ref scratch).ToString());
        Assert.Equal("$1", PatternKernels.RegexReplace(Utf8.From("100-200"), digits, RegexReplacement.Compile(@"\$1"), ref scratch).ToString());
        Assert.Throws<KernelFault>(() =>
        {
            var own = default(TextArena);
            PatternKernels.RegexGroup(Utf8.From("100-200"), RegexPattern.Compile("a"), 1, ref own, 0);
        });
        Assert.Throws<KernelFault>(() => RegexPattern.Compile("("));
    }

    [Fact]
    public void Split_keeps_trailing_empty_parts()
    {
        Assert.Equal(["a", "b", "", ""], (object?[])PatternKernels.Split(Utf8.From("a,b,,"), RegexPattern.Compile(",")));
        Assert.Equal(["a", "b,,"], (object?[])PatternKernels.SplitLimit(Utf8.From("a,b,,"), RegexPattern.Compile(","), 2));
        Assert.Equal(["one", "two", "three", ""], (object?[])PatternKernels.Split(Utf8.From("oneAtwoBthreeC"), RegexPattern.Compile("[ABC]")));
    }
}
