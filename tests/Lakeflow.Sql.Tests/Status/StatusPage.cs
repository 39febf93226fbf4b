using System.Text.RegularExpressions;

namespace Lakeflow.Sql.Tests.Status;

/// <summary><c>docs/status.md</c>: sections between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>, each written by one test.</summary>
internal static class StatusPage
{
    private static readonly Lock Writing = new();

    private static string Path => System.IO.Path.Combine(Repository.Root, "docs", "status.md");

    /// <summary>True when tests write what they expect: <c>LAKEFLOW_FILL=1</c>.</summary>
    public static bool Fills => Environment.GetEnvironmentVariable("LAKEFLOW_FILL") == "1";

    /// <summary>The section's text as it stands.</summary>
    public static string Read(string section)
    {
        lock (Writing) return Section(section).Match(File.ReadAllText(Path).ReplaceLineEndings("\n")).Groups[1].Value;
    }

    /// <summary>Compares the section with <paramref name="text"/>, or writes it.</summary>
    public static void Check(string section, string text)
    {
        if (!Fills)
        {
            Assert.True(Read(section) == text, $"docs/status.md is not of today: LAKEFLOW_FILL=1 dotnet test tests/Lakeflow.Sql.Tests writes its section '{section}'.");
            return;
        }

        lock (Writing)
        {
            var page = File.ReadAllText(Path).ReplaceLineEndings("\n");
            File.WriteAllText(Path, Section(section).Replace(page, _ => $"<!-- {section} -->\n{text}<!-- /{section} -->"));
        }
    }

    private static Regex Section(string name) => new($"<!-- {name} -->\n(.*?)<!-- /{name} -->", RegexOptions.Singleline);
}
