using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>What the user wrote, as sealed records: match on them with <c>switch</c>.</summary>
/// <param name="Span">From the first to the last character of the node in its file as written, before <c>${name}</c> was replaced.</param>
/// <remarks>Arrays in syntax are never default; an absent list is empty. Text of quoted names and literals is unquoted and unescaped.</remarks>
public abstract record SyntaxNode(SourceSpan Span);

/// <summary>One name part. Names compare without case; <paramref name="Text"/> keeps the case as written.</summary>
/// <param name="Text">Without backticks; a doubled backtick inside is one.</param>
/// <param name="Quoted">Written in backticks.</param>
public sealed record IdentifierSyntax(string Text, bool Quoted, SourceSpan Span) : SyntaxNode(Span)
{
    public override string ToString() => Text;
}

/// <summary>A name of one or more parts: <c>table</c>, <c>schema.table</c>, <c>catalog.schema.table</c>, <c>column</c>, <c>struct.field</c>.</summary>
public sealed record NameSyntax(ImmutableArray<IdentifierSyntax> Parts, SourceSpan Span) : SyntaxNode(Span)
{
    /// <summary>Set for <c>IDENTIFIER(expression)</c>, whose text is known only once the expression is folded. <see cref="Parts"/> then holds what follows it.</summary>
    public ExpressionSyntax? Dynamic { get; init; }

    /// <summary>Written with the legacy qualifier <c>LIVE.</c>, which is not among the <see cref="Parts"/>.</summary>
    public bool IsLive { get; init; }

    public IdentifierSyntax Last => Parts[^1];

    /// <summary>The parts joined by dots, without quotes: for messages.</summary>
    public override string ToString() => string.Join('.', Parts.Select(p => p.Text));
}

/// <summary>One file: its statements in the order written.</summary>
/// <remarks>A statement that could not be parsed is absent; its diagnostic says why.</remarks>
public sealed record ScriptSyntax(SourceText Source, ImmutableArray<StatementSyntax> Statements)
{
    public string File => Source.File;
}
