using System.Text.RegularExpressions;

namespace Lakeflow.Cli.Tests;

/// <summary>A page of <c>docs</c>, for tests that do what it says.</summary>
/// <param name="Blocks">What stands between fences: the language, the file that a block is, and the text.</param>
internal sealed partial record DocsPage(IReadOnlyList<(string Language, string File, string Text)> Blocks)
{
    public static DocsPage Read(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lakeflow.sln"))) folder = Path.GetDirectoryName(folder)!;
        var text = File.ReadAllText(Path.Combine(folder, "docs", name)).ReplaceLineEndings("\n");
        return new([.. Fence().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value))]);
    }

    [GeneratedRegex("^```([a-z]*) ?([^\n]*)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
