using System.Globalization;
using System.Text;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Diagnostics;

/// <summary>Prints a diagnostic with the lines it speaks of: the one text form, for terminal, build and web alike.</summary>
/// <remarks>
/// <code>
/// orders.lfsql(4,17): error LF2001: There is no column 'contry' here. Did you mean 'country'?
///   3 | AS SELECT id,
///   4 |           upper(contry) AS country,
///     |                 ^^^^^^
///   help: docs/diagnostics/LF2001.md
/// </code>
/// The first line is the form that editors and MSBuild read. A tab is printed as spaces up to the next multiple of 4, so that the carets stand right anywhere.
/// A long line is cut around the place, with <c>…</c>, to what a window holds: carets below a line that is wrapped would point at anything.
/// </remarks>
/// <param name="sources">The files that diagnostics may speak of; a diagnostic of another file is printed without lines.</param>
/// <param name="help">What stands before the name of a page.</param>
/// <param name="columns">Columns of the window that it is printed in.</param>
public sealed class DiagnosticFormatter(IEnumerable<SourceText> sources, string help = "docs/diagnostics/", int columns = int.MaxValue)
{
    /// <summary>Columns of source shown at most, and in the smallest window.</summary>
    private const int MostColumns = 120;

    private const int FewestColumns = 8;

    private const int TabWidth = 4;

    private readonly Dictionary<string, SourceText> sources = Index(sources);

    public string Format(IEnumerable<Diagnostic> diagnostics) => string.Join('\n', diagnostics.Select(Format));

    /// <summary>One diagnostic, several lines, each ended by a line feed.</summary>
    public string Format(Diagnostic diagnostic)
    {
        var text = new StringBuilder();
        // A message may quote a value, which may hold anything.
        foreach (var c in diagnostic.ToString()) text.Append(c == '\n' ? c : ScreenText.Tame(c));
        text.Append('\n');
        if (Source(diagnostic.At) is { } source)
        {
            var width = Digits(Math.Max(diagnostic.At.Line, diagnostic.Also?.Line ?? 0));
            if (diagnostic.Also is { } also && Source(also) is not null && also.File == diagnostic.At.File && also.Line < diagnostic.At.Line) Lines(text, source, also, width, lead: false);
            Lines(text, source, diagnostic.At, width, lead: diagnostic.Also is null);
        }

        text.Append("  help: ").Append(help).Append(diagnostic.Code).Append(".md\n");
        return text.ToString();
    }

    private static Dictionary<string, SourceText> Index(IEnumerable<SourceText> sources)
    {
        var index = new Dictionary<string, SourceText>(StringComparer.Ordinal);
        foreach (var source in sources) index[source.File] = source;
        return index;
    }

    private SourceText? Source(SourceSpan at) =>
        !at.IsNone && sources.TryGetValue(at.File, out var source) && at.Line <= source.LineCount ? source : null;

    /// <summary>The line of the place, the line before it where that says something, and carets.</summary>
    private void Lines(StringBuilder text, SourceText source, SourceSpan at, int width, bool lead)
    {
        var line = source.Line(at.Line);
        var from = Column(line, at.Column);
        var to = at.EndLine == at.Line ? Column(line, at.EndColumn) : Expand(line).Length;
        to = Math.Max(to, from + 1);
        var room = Math.Clamp(columns - width - "   | ".Length, FewestColumns, MostColumns);
        var full = Expand(line);
        var shift = Shift(full, from, to, room);

        if (lead && at.Line > 1 && source.Line(at.Line - 1) is var before && !string.IsNullOrWhiteSpace(before) && Expand(before) is var above && above.Length > shift)
            Numbered(text, at.Line - 1, width, Cut(above, shift, room));
        var shown = Cut(full, shift, room);
        Numbered(text, at.Line, width, shown);
        // Places are counted in characters, and some take two columns.
        var (left, right) = (Math.Min(from - shift, shown.Length), Math.Min(to - shift, shown.Length));
        var carets = ScreenText.Width(shown.AsSpan(left, right - left));
        text.Append("  ").Append(' ', width).Append(" | ").Append(' ', ScreenText.Width(shown.AsSpan(0, left))).Append('^', Math.Max(1, carets)).Append('\n');
    }

    private static void Numbered(StringBuilder text, int number, int width, string line) =>
        text.Append("  ").Append(number.ToString(CultureInfo.InvariantCulture).PadLeft(width)).Append(" | ").Append(line).Append('\n');

    /// <summary>Characters left out before a place, so that what it names is seen, or its beginning, and something of what stands around it.</summary>
    private static int Shift(string line, int from, int to, int room)
    {
        from = Math.Min(from, line.Length);
        to = Math.Clamp(to, from, Math.Min(line.Length, from + (room / 3)));
        var isSeen = ScreenText.Width(line.AsSpan(0, from)) < room - (room / 6) && ScreenText.Width(line.AsSpan(0, to)) < room;
        if (isSeen || ScreenText.Width(line) <= room) return 0;
        var shift = from;
        while (shift > 0 && ScreenText.Width(line.AsSpan(shift - 1, from - shift + 1)) <= room / 2) shift--;
        // The mark takes the place of a whole sign.
        return shift + 1 < line.Length && char.IsLowSurrogate(line[shift + 1]) ? shift + 1 : shift;
    }

    /// <summary>What of a line fits from <paramref name="shift"/> on; what is cut is marked.</summary>
    private static string Cut(string line, int shift, int room)
    {
        if (shift >= line.Length) return line.Length == 0 ? "" : "…";
        return ScreenText.Cut(shift == 0 ? line : string.Concat("…", line.AsSpan(shift + 1)), room, '…');
    }

    /// <summary>The 0-based printed column of a 1-based column of the text.</summary>
    private static int Column(string line, int column) => Expand(line[..Math.Min(column - 1, line.Length)]).Length;

    /// <summary>Tabs as spaces; other control characters as their pictures, for a terminal would act on them.</summary>
    private static string Expand(string line)
    {
        if (!line.Any(ScreenText.IsWild)) return line;
        var text = new StringBuilder(line.Length + 16);
        foreach (var c in line)
        {
            if (c == '\t') text.Append(' ', TabWidth - (text.Length % TabWidth));
            else text.Append(ScreenText.Tame(c));
        }

        return text.ToString();
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
