using System.Text.RegularExpressions;

namespace Lakeflow.Cli.Tests;

/// <summary>A page of <c>docs</c>, for tests that do what it says.</summary>
/// <param name="Blocks">What stands between fences: the language, the file that a block is, and the text.</param>
internal sealed partial record DocsPage(IReadOnlyList<(string Language, string File, string Text)> Blocks)
{
    /// <param name="name">The page's file.</param>
    /// <param name="section">The heading whose blocks are meant; all of the page without it.</param>
    public static DocsPage Read(string name, string? section = null)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lakeflow.sln"))) folder = Path.GetDirectoryName(folder)!;
        var text = File.ReadAllText(Path.Combine(folder, "docs", name)).ReplaceLineEndings("\n");
        if (section is not null)
        {
            var start = text.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, $"{name} has no section '{section}'");
            var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
            text = end < 0 ? text[start..] : text[start..end];
        }

        return new([.. Fence().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value))]);
    }

    /// <summary>Does what the page says, from its top to its end: writes the blocks that are files, runs what stands behind <c>$</c>, and looks in each answer for the lines below.</summary>
    /// <param name="write">Writes a file: its path and its text.</param>
    /// <param name="run">Runs a command: its words; what it said.</param>
    /// <returns>How many commands were run.</returns>
    public int Follow(Action<string, string> write, Func<string[], string> run)
    {
        var commands = 0;
        foreach (var (language, file, text) in Blocks)
        {
            if (file.Length > 0) write(file, text);
            if (language.Length > 0) continue;
            var said = "";
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.StartsWith("$ ", StringComparison.Ordinal))
                {
                    said = run([.. Word().Matches(line[2..]).Select(m => m.Value.Trim('"'))]);
                    commands++;
                }
                else
                {
                    Assert.Contains(line, said, StringComparison.Ordinal);
                }
            }
        }

        return commands;
    }

    [GeneratedRegex("^```([a-z]*) ?([^\n]*)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
