using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>One item of the list in brackets after the name of a table or view.</summary>
public abstract record TableElementSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>A column with or without a type.</summary>
/// <param name="Type">Null in views and wherever only the name or a comment is given.</param>
public sealed record ColumnSyntax(
    IdentifierSyntax Name, TypeSyntax? Type, ImmutableArray<ColumnPropertySyntax> Properties, SourceSpan Span) : TableElementSyntax(Span);

/// <summary><c>CONSTRAINT name EXPECT (condition) [ON VIOLATION …]</c>.</summary>
/// <param name="ConditionText">The condition as written: shown with its metrics.</param>
public sealed record ExpectationSyntax(
    IdentifierSyntax Name, ExpressionSyntax Condition, string ConditionText, ViolationAction Action, SourceSpan Span) : TableElementSyntax(Span);

/// <summary>What happens to a row that breaks an expectation.</summary>
public enum ViolationAction
{
    /// <summary>Written and counted.</summary>
    Warn,
    DropRow,
    FailUpdate,
}

/// <summary><c>[CONSTRAINT name] PRIMARY KEY (column, …)</c>: informational.</summary>
public sealed record PrimaryKeySyntax(IdentifierSyntax? Name, ImmutableArray<IdentifierSyntax> Columns, SourceSpan Span) : TableElementSyntax(Span);

/// <summary><c>[CONSTRAINT name] FOREIGN KEY (column, …) REFERENCES parent [(column, …)]</c>: informational.</summary>
public sealed record ForeignKeySyntax(
    IdentifierSyntax? Name, ImmutableArray<IdentifierSyntax> Columns, NameSyntax Parent, ImmutableArray<IdentifierSyntax> ParentColumns, SourceSpan Span)
    : TableElementSyntax(Span);

/// <summary><c>[CONSTRAINT name] CHECK (condition)</c> or <c>UNIQUE (column, …)</c>: parsed so that it can be refused by name.</summary>
public sealed record OtherConstraintSyntax(IdentifierSyntax? Name, string Kind, SourceSpan Span) : TableElementSyntax(Span);

/// <summary>What follows name and type of a column.</summary>
public abstract record ColumnPropertySyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>NOT NULL</c>.</summary>
public sealed record NotNullSyntax(SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>GENERATED ALWAYS AS (expression)</c>.</summary>
public sealed record GeneratedSyntax(ExpressionSyntax Expression, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>GENERATED (ALWAYS | BY DEFAULT) AS IDENTITY [(START WITH s INCREMENT BY i)]</c>.</summary>
public sealed record IdentitySyntax(bool Always, long Start, long Increment, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>DEFAULT expression</c>.</summary>
public sealed record DefaultSyntax(ExpressionSyntax Expression, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>COMMENT 'text'</c> of a column.</summary>
public sealed record ColumnCommentSyntax(string Text, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>[CONSTRAINT name] PRIMARY KEY</c> behind a column.</summary>
public sealed record ColumnPrimaryKeySyntax(IdentifierSyntax? Name, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>[CONSTRAINT name] [FOREIGN KEY] REFERENCES parent [(column)]</c> behind a column.</summary>
public sealed record ColumnReferenceSyntax(IdentifierSyntax? Name, NameSyntax Parent, IdentifierSyntax? Column, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary><c>MASK function [USING COLUMNS (argument, …)]</c>.</summary>
public sealed record MaskSyntax(NameSyntax Function, ImmutableArray<ExpressionSyntax> Arguments, SourceSpan Span) : ColumnPropertySyntax(Span);

/// <summary>A clause between the column list and the query. Their order is free; each stands at most once.</summary>
public abstract record TableClauseSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>USING format</c>.</summary>
public sealed record UsingSyntax(NameSyntax Format, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>PARTITIONED BY (column, …)</c>; a transform such as <c>days(at)</c> is a <see cref="CallSyntax"/>, to be refused.</summary>
public sealed record PartitionedBySyntax(ImmutableArray<ExpressionSyntax> Columns, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>CLUSTER BY (column, …) | AUTO | NONE</c>.</summary>
public sealed record ClusterBySyntax(ImmutableArray<NameSyntax> Columns, bool Auto, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>LOCATION 'path'</c>.</summary>
public sealed record LocationSyntax(string Path, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>COMMENT 'text'</c> of a dataset.</summary>
public sealed record CommentSyntax(string Text, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>TBLPROPERTIES (key = value, …)</c>.</summary>
public sealed record PropertiesSyntax(ImmutableArray<PropertySyntax> Items, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>OPTIONS (key = value, …)</c>: no pipeline clause, but that of a plain table.</summary>
public sealed record OptionsSyntax(ImmutableArray<PropertySyntax> Items, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>SCHEDULE [REFRESH] EVERY n unit | CRON 'text' [AT TIME ZONE 'zone']</c>.</summary>
/// <param name="Every">Count of <paramref name="Unit"/>; null with a cron text.</param>
/// <param name="Unit"><c>HOUR</c>, <c>DAY</c> or <c>WEEK</c>.</param>
public sealed record ScheduleSyntax(int? Every, string? Unit, string? Cron, string? Zone, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>TRIGGER ON UPDATE [AT MOST EVERY interval]</c>.</summary>
public sealed record TriggerSyntax(ExpressionSyntax? AtMostEvery, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>WITH ROW FILTER function ON (column, …)</c>.</summary>
public sealed record RowFilterSyntax(NameSyntax Function, ImmutableArray<ExpressionSyntax> Columns, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary><c>REFRESH POLICY AUTO | INCREMENTAL [STRICT] | FULL</c>, of a materialized view.</summary>
public sealed record RefreshPolicySyntax(RefreshPolicy Policy, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary>How a materialized view may be brought up to date.</summary>
public enum RefreshPolicy
{
    Auto,
    Incremental,
    IncrementalStrict,
    Full,
}

/// <summary>A clause that parses but has no meaning in a pipeline (<c>DEFAULT COLLATION</c>, <c>CLUSTERED BY … BUCKETS</c>, <c>SCHEMA BINDING</c> …).</summary>
/// <param name="Kind">Its first words, upper case.</param>
public sealed record OtherClauseSyntax(string Kind, SourceSpan Span) : TableClauseSyntax(Span);

/// <summary>One <c>key = value</c>. The value is the text of its literal, unquoted.</summary>
/// <param name="Value">Null where only the key is given.</param>
public sealed record PropertySyntax(string Key, string? Value, SourceSpan Span) : SyntaxNode(Span);
