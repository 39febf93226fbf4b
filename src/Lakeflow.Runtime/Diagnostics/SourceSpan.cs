namespace Lakeflow.Runtime.Diagnostics;

/// <summary>A stretch of source text, as a value: it travels through plans and into generated code.</summary>
/// <param name="File">Path as the user knows it, relative to the project; empty for text typed at a prompt.</param>
/// <param name="Line">1-based line of the first character.</param>
/// <param name="Column">1-based column of the first character, in UTF-16 units.</param>
/// <param name="EndLine">1-based line of the character after the last.</param>
/// <param name="EndColumn">1-based column of the character after the last; exclusive.</param>
public readonly record struct SourceSpan(string File, int Line, int Column, int EndLine, int EndColumn)
{
    /// <summary>Nowhere: for nodes that no text stands behind.</summary>
    public static readonly SourceSpan None = new("", 0, 0, 0, 0);

    public bool IsNone => Line == 0;

    /// <summary>Whether another span lies within this one. What a view reads does not lie where the view is read.</summary>
    public bool Has(SourceSpan other) => File == other.File
        && (Line, Column).CompareTo((other.Line, other.Column)) <= 0 && (other.EndLine, other.EndColumn).CompareTo((EndLine, EndColumn)) <= 0;

    /// <summary>From the start of this span to the end of <paramref name="last"/>.</summary>
    public SourceSpan To(SourceSpan last) => last.IsNone ? this : IsNone ? last : this with { EndLine = last.EndLine, EndColumn = last.EndColumn };

    /// <summary><c>orders.lfsql(4,17)</c>: the form that editors and MSBuild take.</summary>
    public override string ToString() => IsNone ? File : $"{File}({Line},{Column})";
}
