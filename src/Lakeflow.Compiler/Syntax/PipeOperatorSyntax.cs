using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>What stands behind <c>|></c>: sees only the columns that the operator before it gave.</summary>
public abstract record PipeOperatorSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>|> SELECT [DISTINCT] item, … [WINDOW …]</c>.</summary>
public sealed record PipeSelectSyntax(
    ImmutableArray<HintSyntax> Hints, bool Distinct, ImmutableArray<SelectItemSyntax> Items, ImmutableArray<NamedWindowSyntax> Windows, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> EXTEND expression [AS name], …</c>: the columns so far and these.</summary>
public sealed record PipeExtendSyntax(ImmutableArray<SelectItemSyntax> Items, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> SET column = expression, …</c>: replaces columns in their place.</summary>
public sealed record PipeSetSyntax(ImmutableArray<AssignmentSyntax> Items, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>column = expression</c>.</summary>
public sealed record AssignmentSyntax(NameSyntax Column, ExpressionSyntax Value, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>|> DROP column, …</c>.</summary>
public sealed record PipeDropSyntax(ImmutableArray<IdentifierSyntax> Columns, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> AS alias</c>: names the input for what follows.</summary>
public sealed record PipeAliasSyntax(IdentifierSyntax Alias, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> WHERE condition</c>; after AGGREGATE it plays HAVING.</summary>
public sealed record PipeWhereSyntax(ExpressionSyntax Condition, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> AGGREGATE item, … [GROUP BY …]</c>: the grouping columns first, then the aggregates.</summary>
/// <param name="Items">Empty with GROUP BY only: the distinct groups.</param>
public sealed record PipeAggregateSyntax(ImmutableArray<SelectItemSyntax> Items, GroupBySyntax? GroupBy, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> [kind] JOIN …</c>, <c>LATERAL VIEW</c>, <c>PIVOT</c>, <c>UNPIVOT</c> or <c>TABLESAMPLE</c>.</summary>
/// <param name="Item">A <see cref="JoinSyntax"/>, <see cref="LateralViewSyntax"/>, <see cref="PivotSyntax"/>, <see cref="UnpivotSyntax"/> or <see cref="SampleSyntax"/> whose leftmost
/// input is a <see cref="PipeInputSyntax"/>.</param>
public sealed record PipeFromSyntax(FromSyntax Item, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> UNION | INTERSECT | EXCEPT [ALL] [BY NAME] query</c>.</summary>
public sealed record PipeSetOperationSyntax(SetOperator Operator, bool All, bool ByName, QueryBodySyntax Right, SourceSpan Span) : PipeOperatorSyntax(Span);

/// <summary><c>|> ORDER BY … | LIMIT … | OFFSET … | SORT BY …</c>.</summary>
public sealed record PipeOrderSyntax(OrderSyntax? Order, ExpressionSyntax? Limit, ExpressionSyntax? Offset, SourceSpan Span) : PipeOperatorSyntax(Span);
