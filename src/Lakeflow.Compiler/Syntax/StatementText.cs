using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>The text of one statement after <c>${name}</c> was replaced, with the way back to the file as written.</summary>
/// <remarks>A character that came from a value maps to the whole <c>${name}</c> it stands for.</remarks>
internal sealed class StatementText
{
    private readonly ImmutableArray<Replacement> replacements;

    /// <param name="Start">Offset of the value in the replaced text.</param>
    /// <param name="Length">Length of the value.</param>
    /// <param name="SourceStart">Offset of <c>${</c> in the file.</param>
    /// <param name="SourceEnd">Offset behind <c>}</c> in the file.</param>
    internal readonly record struct Replacement(int Start, int Length, int SourceStart, int SourceEnd);

    public StatementText(SourceText source, int start, int end)
        : this(source, start, source.Text[start..end], [])
    {
    }

    public StatementText(SourceText source, int sourceStart, string text, ImmutableArray<Replacement> replacements)
    {
        Source = source;
        SourceStart = sourceStart;
        Text = text;
        this.replacements = replacements;
    }

    public SourceText Source { get; }

    public int SourceStart { get; }

    public string Text { get; }

    /// <summary>Set when a name in <c>${}</c> was not known, which is reported: what does not parse then is no second mistake.</summary>
    public bool HasUnknownName { get; init; }

    /// <summary>Set for text that is no part of a file by itself, such as a schema in a literal: every span is this one.</summary>
    public SourceSpan? Fixed { get; init; }

    /// <summary>The span in the file of characters of the replaced text.</summary>
    public SourceSpan Span(int start, int end) => Fixed ?? Source.Span(ToSource(start, atEnd: false), Math.Max(ToSource(start, atEnd: false), ToSource(end, atEnd: true)));

    private int ToSource(int offset, bool atEnd)
    {
        var shift = SourceStart;
        foreach (var replaced in replacements)
        {
            if (offset < replaced.Start || (offset == replaced.Start && atEnd)) break;
            if (offset < replaced.Start + replaced.Length || (atEnd && offset == replaced.Start + replaced.Length))
                return atEnd ? replaced.SourceEnd : replaced.SourceStart;
            shift = replaced.SourceEnd - replaced.Start - replaced.Length;
        }

        return shift + offset;
    }
}
