using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>Diagnostics for people: the line, a caret below it, what to do.</summary>
public static class DiagnosticText
{
    private const int LinesBefore = 1;

    /// <param name="to">Where to write.</param>
    /// <param name="diagnostics">What to write, in this order.</param>
    /// <param name="sources">The texts that spans point into; a span of no known text has no excerpt.</param>
    /// <param name="color">Whether ANSI colours are wanted.</param>
    public static void Write(TextWriter to, IEnumerable<Diagnostic> diagnostics, IReadOnlyCollection<SourceText> sources, bool color)
    {
        foreach (var diagnostic in diagnostics)
        {
            WriteHead(to, diagnostic, color);
            if (!diagnostic.At.IsNone && sources.FirstOrDefault(s => s.File == diagnostic.At.File) is { } text) WriteExcerpt(to, diagnostic.At, text, color);
            if (diagnostic.Also is { IsNone: false } also)
            {
                to.WriteLine($"  see also {also}");
                if (sources.FirstOrDefault(s => s.File == also.File) is { } other) WriteExcerpt(to, also, other, color);
            }
        }
    }

    private static void WriteHead(TextWriter to, Diagnostic diagnostic, bool color)
    {
        var (word, paint) = diagnostic.Severity switch
        {
            Severity.Error => ("error", "\u001b[31m"),
            Severity.Warning => ("warning", "\u001b[33m"),
            _ => ("note", "\u001b[36m"),
        };
        var place = diagnostic.At.ToString();
        if (place.Length > 0) place += ": ";
        var label = color ? $"{paint}{word} {diagnostic.Code}\u001b[0m" : $"{word} {diagnostic.Code}";
        to.WriteLine($"{place}{label}: {diagnostic.Message}{(diagnostic.Hint is null ? "" : " " + diagnostic.Hint)}");
    }

    private static void WriteExcerpt(TextWriter to, SourceSpan at, SourceText text, bool color)
    {
        if (at.Line > text.LineCount) return;
        var width = at.Line.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        for (var line = Math.Max(1, at.Line - LinesBefore); line <= at.Line; line++)
        {
            to.WriteLine($"  {line.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(width)} | {text.Line(line).Replace('\t', ' ')}");
        }

        var shown = text.Line(at.Line);
        var start = Math.Min(at.Column, shown.Length + 1);
        var end = at.EndLine > at.Line ? shown.Length + 1 : Math.Clamp(at.EndColumn, start + 1, Math.Max(start + 1, shown.Length + 1));
        var marks = new string('^', Math.Max(1, end - start));
        to.WriteLine($"  {new string(' ', width)} | {new string(' ', start - 1)}{(color ? $"\u001b[31m{marks}\u001b[0m" : marks)}");
    }
}
