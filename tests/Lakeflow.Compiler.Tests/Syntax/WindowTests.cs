using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

/// <summary>Source lines below a diagnostic, in windows of all widths.</summary>
public sealed class WindowTests
{
    [Theory]
    [InlineData(12, "  1 | …o, nop…", "    |     ^^^^")]
    [InlineData(20, "  1 | … two, nope A…", "    |        ^^^^")]
    [InlineData(40, "  1 | SELECT 1 AS one, 2 AS two, nope A…", "    |                            ^^^^")]
    [InlineData(80, "  1 | SELECT 1 AS one, 2 AS two, nope AS three, 4 AS four", "    |                            ^^^^")]
    public void A_line_is_cut_around_the_place(int columns, string line, string carets) =>
        Assert.Equal([line, carets], Lines("SELECT 1 AS one, 2 AS two, nope AS three, 4 AS four", "nope", columns));

    /// <summary>No line is wider than its window, and the carets stand below what is named, or below as much of it as there is room for.</summary>
    [Fact]
    public void Carets_stand_below_the_place_in_any_window()
    {
        var random = new Random(9);
        string[] signs = ["a", "b ", "中", "😀", "é", "\t", ", "];
        for (var round = 0; round < 2_000; round++)
        {
            var before = Text(random.Next(60));
            var name = string.Concat(Enumerable.Repeat("n", random.Next(1, 30)));
            var columns = random.Next(14, 140);
            var lines = Lines(before + name + Text(random.Next(60)), name, columns);
            Assert.All(lines, l => Assert.InRange(ScreenText.Width(l), 0, Math.Max(columns, 14)));
            var from = lines[1].IndexOf('^', StringComparison.Ordinal);
            var shown = lines[0];
            var start = ScreenText.Fit(shown, from);
            Assert.Equal(from, ScreenText.Width(shown.AsSpan(0, start)));
            Assert.Equal('n', shown[start]);
            Assert.True(start < 7 || shown[start - 1] != 'n');
        }

        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => signs[random.Next(signs.Length)]));
    }

    private static string[] Lines(string text, string name, int columns)
    {
        var at = text.IndexOf(name, StringComparison.Ordinal) + 1;
        var source = new SourceText("a.lfsql", text);
        var diagnostic = new Diagnostic("LF2001", Severity.Error, new SourceSpan("a.lfsql", 1, at, 1, at + name.Length), "It is not there.");
        return new DiagnosticFormatter([source], columns: columns).Format(diagnostic).Split('\n')[1..3];
    }
}
