using System.Text.RegularExpressions;
using Lakeflow.Compiler.Tests.Syntax;

namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>Every page of a binding or graph diagnostic has an example that produces it, and nothing else.</summary>
public partial class DiagnosticPageTests
{
    [GeneratedRegex("```(?<lang>lfsql|sql)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example { get; }

    public static TheoryData<string> Pages =>
        [.. new[] { "LF2*.md", "LF3*.md" }.SelectMany(p => Directory.GetFiles(Repository.PathOf("docs", "diagnostics"), p)).Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_example_produces_its_diagnostic(string code)
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "diagnostics", code + ".md")).Replace("\r\n", "\n");
        var example = Example.Match(page);
        Assert.True(example.Success, "the page has no example");
        var text = example.Groups["text"].Value;
        var result = example.Groups["lang"].Value == "sql" ? Compiled.Query(text) : Compiled.Pipeline(text);
        Assert.True(result.Diagnostics.Length > 0 && result.Diagnostics.All(d => d.Code == code), Compiled.Messages(result));
    }
}
