using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

public sealed class OptionTests
{
    [Theory]
    [InlineData("heder", "true", "LF7001", "Did you mean 'header'?")]
    [InlineData("nothing like it at all", "1", "LF7001", null)]
    [InlineData("header", "yes", "LF7002", "It takes true or false.")]
    [InlineData("maxFilesPerTrigger", "0", "LF7002", "It takes a whole number of at least 1.")]
    [InlineData("maxBytesPerTrigger", "ten", "LF7002", "It takes a number of bytes such as 10g or 512mb.")]
    [InlineData("modifiedAfter", "soon", "LF7002", "It takes a date or timestamp such as 2026-01-31 or 2026-01-31T12:00:00Z.")]
    [InlineData("mode", "LENIENT", "LF7002", "It takes one of PERMISSIVE, DROPMALFORMED, FAILFAST.")]
    [InlineData("cleanSource", "DELETE", "LF7003", "Files are never deleted or moved; archive them outside the pipeline.")]
    [InlineData("cloudFiles.schemaLocation", "/x", "LF7004", "The schema is inferred when the pipeline is compiled and kept with it.")]
    public void A_wrong_option_is_said_where_it_stands(string name, string value, string code, string? hint)
    {
        var bag = new DiagnosticBag();
        var at = new SourceSpan("a.lfsql", 3, 4, 3, 9);
        ReadFilesOptions.Set.Parse([(name, value, at)], bag);
        var found = Assert.Single(bag.ToImmutable());
        Assert.Equal((code, at, hint), (found.Code, found.At, found.Hint));
        Assert.Equal(code != "LF7004", found.IsError);
    }

    [Fact]
    public void Names_match_in_any_case_with_or_without_prefix_and_by_alias()
    {
        var bag = new DiagnosticBag();
        var values = ReadFilesOptions.Set.Parse(
            [("CLOUDFILES.MaxBytesPerTrigger", "10g", SourceSpan.None), ("Delimiter", ";", SourceSpan.None), ("MODE", "failfast", SourceSpan.None), ("multiLine", null, SourceSpan.None)], bag);
        Assert.Empty(bag.ToImmutable());
        Assert.Equal((10L << 30, ";", "FAILFAST", false), (values.Int64("maxBytesPerTrigger"), values.Text("sep"), values.Text("mode"), values.Boolean("multiLine")));
        Assert.False(values.IsGiven("multiLine"));
    }

    [Fact]
    public void An_option_given_twice_is_an_error_at_the_second()
    {
        var bag = new DiagnosticBag();
        ReadFilesOptions.Set.Parse([("sep", ";", SourceSpan.None), ("delimiter", ",", SourceSpan.None)], bag);
        Assert.Equal("LF7005", Assert.Single(bag.ToImmutable()).Code);
    }

    [Fact]
    public void Options_that_contradict_and_formats_that_are_not_read_are_refused()
    {
        var bag = new DiagnosticBag();
        var values = ReadFilesOptions.Set.Parse([("format", "avro", SourceSpan.None), ("schemaEvolutionMode", "addNewColumns", SourceSpan.None)], bag);
        FileScanSpec.Create("x", "x", values, new Lakeflow.Arrow.Schema(), SourceSpan.None, bag);
        Assert.Equal(["LF7006", "LF7010"], bag.ToImmutable().Select(d => d.Code).Order());
    }

    [Fact]
    public void Every_option_says_what_it_does()
    {
        Assert.All(ReadFilesOptions.Set, option => Assert.False(string.IsNullOrWhiteSpace(option.Doc)));
        Assert.Equal(ReadFilesOptions.Set.Count(), ReadFilesOptions.Set.Select(o => o.Name.ToUpperInvariant()).Distinct().Count());
    }
}
