using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>What stands in a FROM clause.</summary>
public abstract record FromSyntax(SourceSpan Span) : SyntaxNode(Span)
{
    /// <summary><c>AS t(a, b)</c>; null when absent, and always for joins.</summary>
    public TableAliasSyntax? Alias { get; init; }

    /// <summary><c>WATERMARK at DELAY OF INTERVAL 10 MINUTES</c>; null when absent.</summary>
    public WatermarkSyntax? Watermark { get; init; }
}

/// <summary><c>[AS] name [(column, …)]</c>.</summary>
/// <param name="Name">Null for the bare column list that some functions take: <c>AS (a, b)</c>.</param>
public sealed record TableAliasSyntax(IdentifierSyntax? Name, ImmutableArray<IdentifierSyntax> Columns, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>WATERMARK expression [AS name] DELAY OF interval</c>.</summary>
public sealed record WatermarkSyntax(ExpressionSyntax Time, IdentifierSyntax? Name, ExpressionSyntax Delay, SourceSpan Span) : SyntaxNode(Span);

/// <summary>A table, view or CTE by name: <c>t</c>, <c>STREAM t</c>, <c>STREAM(t)</c>, <c>t VERSION AS OF 3</c>, <c>t WITH (option = value)</c>.</summary>
public sealed record TableRefSyntax(
    NameSyntax Name, bool IsStream, TimeTravelSyntax? AsOf, ImmutableArray<PropertySyntax> Options, SourceSpan Span) : FromSyntax(Span);

/// <summary>Files named in place of a table: <c>json.`/data/in`</c>, <c>delta.`/lake/t`</c>, <c>'x.parquet'</c>.</summary>
/// <param name="Format">Lower case; null where only the path is given, as text.</param>
public sealed record PathTableSyntax(string? Format, string Path, bool IsStream, TimeTravelSyntax? AsOf, SourceSpan Span) : FromSyntax(Span)
{
    public ImmutableArray<PropertySyntax> Options { get; init; } = [];
}

/// <summary><c>VERSION AS OF n</c>, <c>TIMESTAMP AS OF t</c>, <c>t@v3</c>: exactly one of the two is set.</summary>
public sealed record TimeTravelSyntax(ExpressionSyntax? Version, ExpressionSyntax? Timestamp, SourceSpan Span) : SyntaxNode(Span);

/// <summary>A function that yields rows: <c>read_files('/in', format => 'json')</c>, <c>range(10)</c>, <c>LATERAL explode(a)</c>.</summary>
public sealed record TableFunctionSyntax(
    NameSyntax Name, ImmutableArray<ArgumentSyntax> Arguments, bool IsStream, bool IsLateral, SourceSpan Span) : FromSyntax(Span);

/// <summary>A query in brackets, or <c>VALUES …</c>, in FROM.</summary>
public sealed record SubquerySyntax(QuerySyntax Query, bool IsStream, bool IsLateral, SourceSpan Span) : FromSyntax(Span);

/// <summary>Joins in brackets, so that they may bear an alias: <c>(a JOIN b ON …) AS c</c>.</summary>
public sealed record NestedFromSyntax(FromSyntax Inner, SourceSpan Span) : FromSyntax(Span);

/// <summary><c>left [kind] JOIN right [ON condition | USING (column, …)]</c>.</summary>
/// <param name="Using">Empty when absent.</param>
public sealed record JoinSyntax(
    JoinKind Kind, bool IsNatural, FromSyntax Left, FromSyntax Right, ExpressionSyntax? On, ImmutableArray<IdentifierSyntax> Using, SourceSpan Span) : FromSyntax(Span);

/// <summary>The kinds of join.</summary>
public enum JoinKind
{
    Inner,
    Left,
    Right,
    Full,
    Cross,
    LeftSemi,
    LeftAnti,

    /// <summary><c>FROM a, b</c>: a cross join that binds less tightly.</summary>
    Comma,
}

/// <summary><c>input LATERAL VIEW [OUTER] generator(…) [table] [AS column, …]</c>: repeats the row for each row of the generator.</summary>
/// <param name="TableAlias">Null when absent.</param>
public sealed record LateralViewSyntax(
    FromSyntax Input, bool IsOuter, CallSyntax Generator, IdentifierSyntax? TableAlias, ImmutableArray<IdentifierSyntax> Columns, SourceSpan Span) : FromSyntax(Span);

/// <summary><c>input PIVOT (sum(v) AS s FOR q IN ('a' AS a, 'b'))</c>.</summary>
/// <param name="For">The pivot columns: one, or several in brackets.</param>
/// <param name="Values">One per value; with several columns each is a <see cref="TupleSyntax"/>.</param>
public sealed record PivotSyntax(
    FromSyntax Input, ImmutableArray<SelectItemSyntax> Aggregates, ImmutableArray<NameSyntax> For, ImmutableArray<SelectItemSyntax> Values, SourceSpan Span) : FromSyntax(Span);

/// <summary><c>input UNPIVOT [INCLUDE | EXCLUDE NULLS] (v FOR n IN (c1 AS 'x', c2))</c>.</summary>
/// <param name="Values">The value columns: one, or several in brackets.</param>
public sealed record UnpivotSyntax(
    FromSyntax Input, bool IncludeNulls, ImmutableArray<IdentifierSyntax> Values, IdentifierSyntax Name, ImmutableArray<UnpivotItemSyntax> Items, SourceSpan Span) : FromSyntax(Span);

/// <summary><c>c1 AS 'x'</c> or <c>(a, b) AS 'ab'</c>.</summary>
/// <param name="Columns">As many as the UNPIVOT has value columns.</param>
/// <param name="Alias">Null when absent.</param>
public sealed record UnpivotItemSyntax(ImmutableArray<NameSyntax> Columns, string? Alias, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>input TABLESAMPLE (10 PERCENT | 5 ROWS | BUCKET 1 OUT OF 4) [REPEATABLE (seed)]</c>.</summary>
/// <param name="Amount">Percent, rows, bytes (as text), or the bucket's number.</param>
/// <param name="Buckets">The number of buckets; null otherwise.</param>
public sealed record SampleSyntax(
    FromSyntax Input, SampleKind Kind, ExpressionSyntax Amount, ExpressionSyntax? Buckets, ExpressionSyntax? Seed, SourceSpan Span) : FromSyntax(Span);

/// <summary>What a sample counts in.</summary>
public enum SampleKind
{
    Percent,
    Rows,
    Bucket,
    Bytes,
}

/// <summary>The rows that come into a pipe operator; see <see cref="PipeFromSyntax"/>.</summary>
public sealed record PipeInputSyntax(SourceSpan Span) : FromSyntax(Span);
