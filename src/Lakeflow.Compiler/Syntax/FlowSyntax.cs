using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>How rows get into a target.</summary>
public abstract record FlowBodySyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>AS query</c>, <c>FLOW INSERT [ONCE] BY NAME query</c>, <c>INSERT [ONCE] INTO target BY NAME query</c>.</summary>
/// <param name="Once">Runs once, and again only under full refresh.</param>
public sealed record AppendFlowSyntax(QuerySyntax Query, bool Once, SourceSpan Span) : FlowBodySyntax(Span);

/// <summary><c>FLOW REPLACE WHERE predicate BY NAME query</c>.</summary>
public sealed record ReplaceWhereFlowSyntax(ExpressionSyntax Predicate, QuerySyntax Query, SourceSpan Span) : FlowBodySyntax(Span);

/// <summary><c>REPLACE USING (key, …) SEQUENCE BY column … query</c>.</summary>
public sealed record ReplaceUsingFlowSyntax(
    ImmutableArray<NameSyntax> Keys, ExpressionSyntax SequenceBy, QuerySyntax Query, bool Once, SourceSpan Span) : FlowBodySyntax(Span);

/// <summary><c>AUTO CDC …</c> (legacy <c>APPLY CHANGES …</c>), from a change feed or from snapshots.</summary>
/// <param name="FromSnapshot"><c>AUTO CDC FROM SNAPSHOT</c>.</param>
/// <param name="Keys">Empty when the clause is missing, which is reported.</param>
/// <param name="IgnoreNullUpdates"><c>IGNORE NULL UPDATES</c>, with or without a selection.</param>
/// <param name="IgnoreNullColumns">Its <c>ON …</c> selection; null for all columns.</param>
/// <param name="SequenceBy">A tuple or <c>STRUCT(…)</c> is a <see cref="TupleSyntax"/> or <see cref="CallSyntax"/>; null only for snapshots.</param>
/// <param name="Storage">Null when absent: SCD type 1.</param>
/// <param name="ColumnsToUpdate"><c>COLUMNS TO UPDATE column</c>.</param>
/// <param name="SnapshotVersion"><c>SNAPSHOT VERSION expression</c>, for snapshots only.</param>
public sealed record AutoCdcFlowSyntax(
    FromSyntax Source, bool Once, bool FromSnapshot, ImmutableArray<NameSyntax> Keys, bool IgnoreNullUpdates, ColumnSelectionSyntax? IgnoreNullColumns,
    ExpressionSyntax? DeleteWhen, ExpressionSyntax? TruncateWhen, ExpressionSyntax? SequenceBy, ExpressionSyntax? SystemSequenceBy,
    ColumnSelectionSyntax? Columns, CdcStorage? Storage, ColumnSelectionSyntax? TrackHistory, NameSyntax? ColumnsToUpdate,
    ExpressionSyntax? SnapshotVersion, SourceSpan Span) : FlowBodySyntax(Span);

/// <summary><c>STORED AS …</c>.</summary>
public enum CdcStorage
{
    ScdType1,
    ScdType2,
    Bitemporal,
}

/// <summary><c>(a, b)</c>, <c>a, b</c> or <c>* EXCEPT (a, b)</c>.</summary>
/// <param name="IsExcept">All columns but those named.</param>
public sealed record ColumnSelectionSyntax(bool IsExcept, ImmutableArray<NameSyntax> Columns, SourceSpan Span) : SyntaxNode(Span);
