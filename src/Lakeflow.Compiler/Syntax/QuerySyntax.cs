using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>A whole query: <c>[WITH …] body [ORDER BY …] [LIMIT …] [OFFSET …]</c>.</summary>
/// <param name="With">Null when absent.</param>
/// <param name="Limit">Null when absent or <c>LIMIT ALL</c>.</param>
public sealed record QuerySyntax(
    WithSyntax? With, QueryBodySyntax Body, OrderSyntax? Order, ExpressionSyntax? Limit, ExpressionSyntax? Offset, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>WITH [RECURSIVE] name [(column, …)] AS (query), …</c>.</summary>
public sealed record WithSyntax(bool IsRecursive, ImmutableArray<CteSyntax> Items, SourceSpan Span) : SyntaxNode(Span);

/// <summary>One common table expression.</summary>
/// <param name="Columns">Empty when not renamed.</param>
/// <param name="MaxRecursion"><c>MAX RECURSION LEVEL n</c>.</param>
public sealed record CteSyntax(
    IdentifierSyntax Name, ImmutableArray<IdentifierSyntax> Columns, ExpressionSyntax? MaxRecursion, QuerySyntax Query, SourceSpan Span) : SyntaxNode(Span);

/// <summary>The sorting clauses of a query.</summary>
/// <param name="OrderBy">Empty when absent.</param>
/// <param name="OrderByAll"><c>ORDER BY ALL</c>; its direction is that of the one item in <paramref name="OrderBy"/>, whose expression is a <see cref="NameExpressionSyntax"/> of the word <c>ALL</c>.</param>
public sealed record OrderSyntax(
    ImmutableArray<SortItemSyntax> OrderBy, bool OrderByAll, ImmutableArray<SortItemSyntax> SortBy, ImmutableArray<ExpressionSyntax> DistributeBy,
    ImmutableArray<ExpressionSyntax> ClusterBy, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>expression [ASC | DESC] [NULLS FIRST | LAST]</c>.</summary>
/// <param name="NullsFirst">As written; null when absent: first when ascending, last when descending.</param>
public sealed record SortItemSyntax(ExpressionSyntax Expression, bool Descending, bool? NullsFirst, SourceSpan Span) : SyntaxNode(Span);

/// <summary>What yields the rows of a query, before its own ORDER BY and LIMIT.</summary>
public abstract record QueryBodySyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>SELECT … FROM … WHERE … GROUP BY … HAVING … QUALIFY … WINDOW …</c>.</summary>
/// <param name="From">Comma-separated items are joins of kind <see cref="JoinKind.Comma"/>; null without FROM.</param>
public sealed record SelectSyntax(
    ImmutableArray<HintSyntax> Hints, bool Distinct, ImmutableArray<SelectItemSyntax> Items, FromSyntax? From, ExpressionSyntax? Where,
    GroupBySyntax? GroupBy, ExpressionSyntax? Having, ExpressionSyntax? Qualify, ImmutableArray<NamedWindowSyntax> Windows, SourceSpan Span) : QueryBodySyntax(Span)
{
    /// <summary>Set for <c>SELECT TRANSFORM (…) USING 'script'</c>, <c>MAP</c> and <c>REDUCE</c>, which run a program and are refused later.</summary>
    public bool IsScriptTransform { get; init; }
}

/// <summary><c>/*+ BROADCAST(t) */</c>: one hint.</summary>
public sealed record HintSyntax(string Name, ImmutableArray<ExpressionSyntax> Arguments, SourceSpan Span) : SyntaxNode(Span);

/// <summary>One item of a select list.</summary>
/// <param name="Expression">May be a <see cref="StarSyntax"/>.</param>
/// <param name="Aliases">None, one, or as many as a generator has columns: <c>explode(m) AS (k, v)</c>.</param>
public sealed record SelectItemSyntax(ExpressionSyntax Expression, ImmutableArray<IdentifierSyntax> Aliases, SourceSpan Span) : SyntaxNode(Span)
{
    public IdentifierSyntax? Alias => Aliases.Length == 1 ? Aliases[0] : null;
}

/// <summary><c>GROUP BY ALL</c>, or items.</summary>
/// <param name="With"><c>GROUP BY a, b WITH ROLLUP | WITH CUBE</c>; or <c>GROUP BY a, b GROUPING SETS (…)</c>, whose sets are the last item.</param>
public sealed record GroupBySyntax(bool All, ImmutableArray<GroupItemSyntax> Items, GroupKind With, SourceSpan Span) : SyntaxNode(Span);

/// <summary>One item of GROUP BY.</summary>
/// <param name="Kind"><see cref="GroupKind.Plain"/>: <paramref name="Sets"/> is one set of one expression. ROLLUP and CUBE: one set per item in brackets. GROUPING SETS: one per set; a nested
/// ROLLUP, CUBE or GROUPING SETS is in <paramref name="Nested"/>.</param>
/// <param name="Alias">Only in the pipe operator AGGREGATE … GROUP BY: <c>k AS a</c>.</param>
public sealed record GroupItemSyntax(
    GroupKind Kind, ImmutableArray<ImmutableArray<ExpressionSyntax>> Sets, ImmutableArray<GroupItemSyntax> Nested, IdentifierSyntax? Alias, SourceSpan Span) : SyntaxNode(Span);

/// <summary>The kinds of grouping.</summary>
public enum GroupKind
{
    Plain,
    Rollup,
    Cube,
    GroupingSets,
}

/// <summary><c>WINDOW name AS (…)</c>.</summary>
public sealed record NamedWindowSyntax(IdentifierSyntax Name, WindowSyntax Window, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>left UNION | INTERSECT | EXCEPT [ALL] [BY NAME] right</c>.</summary>
public sealed record SetOperationSyntax(
    SetOperator Operator, bool All, bool ByName, QueryBodySyntax Left, QueryBodySyntax Right, SourceSpan Span) : QueryBodySyntax(Span);

/// <summary>The set operators; MINUS is EXCEPT.</summary>
public enum SetOperator
{
    Union,
    Intersect,
    Except,
}

/// <summary><c>VALUES (1, 'a'), (2, 'b')</c>.</summary>
/// <param name="Alias"><c>AS t(id, name)</c> behind it, where the VALUES is a query by itself.</param>
public sealed record ValuesSyntax(ImmutableArray<ImmutableArray<ExpressionSyntax>> Rows, TableAliasSyntax? Alias, SourceSpan Span) : QueryBodySyntax(Span);

/// <summary><c>TABLE name</c>: the same as <c>SELECT * FROM name</c>.</summary>
public sealed record TableQuerySyntax(NameSyntax Name, SourceSpan Span) : QueryBodySyntax(Span);

/// <summary><c>FROM t</c> as a query of its own: the same as <c>SELECT * FROM t</c>.</summary>
public sealed record FromQuerySyntax(FromSyntax From, SourceSpan Span) : QueryBodySyntax(Span);

/// <summary>A query in brackets, with a WITH, ORDER BY or LIMIT of its own.</summary>
public sealed record NestedQuerySyntax(QuerySyntax Query, SourceSpan Span) : QueryBodySyntax(Span);

/// <summary><c>input |> operator</c>.</summary>
public sealed record PipeSyntax(QueryBodySyntax Input, PipeOperatorSyntax Operator, SourceSpan Span) : QueryBodySyntax(Span);
