using System.Globalization;
using System.Text;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Writes C# as indented lines. Lines keep their depth until they are printed, so a block can be written before its place is known.</summary>
internal sealed class CodeWriter
{
    private const int MaxColumn = 65_000;

    private readonly List<CodeLine> lines = [];
    private int depth;

    public bool IsEmpty => lines.Count == 0;

    /// <summary>Roughly the size of the code, in characters: what the size budget is held by.</summary>
    public int Weight { get; private set; }

    public void Line(string text)
    {
        lines.Add(new CodeLine(depth, text, SourceSpan.None));
        Weight += text.Length;
    }

    public void Blank()
    {
        if (lines.Count > 0 && lines[^1].Text.Length > 0 && lines[^1].Text != "{") lines.Add(new CodeLine(0, "", SourceSpan.None));
    }

    /// <summary>A comment on a line of its own; line breaks in the text become spaces.</summary>
    public void Comment(string text) => lines.Add(new CodeLine(depth, "// " + OneLine(text), SourceSpan.None));

    /// <summary>Opens a brace; disposing closes it.</summary>
    public Block Braces(string? head = null)
    {
        if (head is not null) Line(head);
        Line("{");
        depth++;
        return new Block(this, "}");
    }

    /// <summary>As <see cref="Braces(string?)"/>, closed by <paramref name="end"/>.</summary>
    public Block Braces(string? head, string end)
    {
        if (head is not null) Line(head);
        Line("{");
        depth++;
        return new Block(this, end);
    }

    /// <summary>A method that goes over rows: compiled once, with every optimization. Code that gets fast in steps is slow for as long as most runs take.</summary>
    public Block Loops(string head)
    {
        Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        return Braces(head);
    }

    /// <summary>One level deeper without braces.</summary>
    public Block Indent()
    {
        depth++;
        return new Block(this, null);
    }

    /// <summary>A statement that stands for a stretch of SQL: breakpoints and stack traces land there.</summary>
    public void MappedTo(SourceSpan at, string statement)
    {
        lines.Add(new CodeLine(depth, statement, CanMap(at) ? at : SourceSpan.None));
        Weight += statement.Length;
    }

    /// <summary>Adds what another has written, below the present depth.</summary>
    public void Append(CodeWriter block)
    {
        foreach (var line in block.lines) lines.Add(line with { Depth = line.Depth + depth });
        Weight += block.Weight;
    }

    /// <summary>The text. Only here <c>#line</c> is printed: one statement per directive, the directive directly before it.</summary>
    /// <remarks>
    /// The end of a span is its last character, and the number behind it the length of the line: all that begins within it, as both parts of
    /// <c>if (…) continue;</c>, maps to the whole span.
    /// </remarks>
    /// <param name="sourceRoot">What leads from the C# file's folder to the project's: empty, or ending in '/'.</param>
    public string ToString(string sourceRoot)
    {
        var text = new StringBuilder();
        var mapped = false;
        foreach (var (level, line, at) in lines)
        {
            if (!at.IsNone)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"#line ({at.Line},{at.Column})-({at.EndLine},{at.EndColumn - 1}) {Math.Min((level * 4) + line.Length, MaxColumn)} \"{sourceRoot}{at.File}\"\n");
            }
            else if (mapped)
            {
                text.Append("#line default\n");
            }

            mapped = !at.IsNone;
            if (line.Length > 0) text.Append(' ', level * 4).Append(line);
            text.Append('\n');
        }

        return text.ToString();
    }

    public override string ToString() => ToString("");

    /// <summary>A text on one line: whatever C# takes for a line end becomes a space.</summary>
    public static string OneLine(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsControl(c) && c is not ('\u2028' or '\u2029')) plain.Append(c);
            else if (plain.Length > 0 && plain[^1] != ' ') plain.Append(' ');
        }

        return plain.ToString();
    }

    private static bool CanMap(SourceSpan at) =>
        !at.IsNone && at.File.Length > 0 && at.File.AsSpan().IndexOfAny("\"\r\n") < 0
        && at.Column < MaxColumn && at.EndColumn < MaxColumn
        && at.EndColumn > 1 && (at.EndLine > at.Line || (at.EndLine == at.Line && at.EndColumn > at.Column));

    private readonly record struct CodeLine(int Depth, string Text, SourceSpan At);

    internal readonly struct Block(CodeWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer.depth--;
            if (writer.lines.Count > 0 && writer.lines[^1].Text.Length == 0) writer.lines.RemoveAt(writer.lines.Count - 1);
            if (end is not null) writer.Line(end);
        }
    }
}
