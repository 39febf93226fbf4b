using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>What yields one value per row.</summary>
public abstract record ExpressionSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary>A column, an alias, or a path through structs: the binder finds out where the column ends and the fields begin.</summary>
public sealed record NameExpressionSyntax(NameSyntax Name, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>*</c>, <c>t.*</c>, <c>s.*</c>, each with <c>EXCEPT (…)</c>; also the argument of <c>count(*)</c>.</summary>
/// <param name="Qualifier">Null for the bare star.</param>
/// <param name="Except">Names, of several parts for struct fields; empty when absent.</param>
public sealed record StarSyntax(NameSyntax? Qualifier, ImmutableArray<NameSyntax> Except, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>A call: scalar function, aggregate, window function or generator alike.</summary>
/// <param name="Name">As written; <c>LEFT</c>, <c>IF</c> and the like arrive here too.</param>
public sealed record CallSyntax(NameSyntax Name, ImmutableArray<ArgumentSyntax> Arguments, SourceSpan Span) : ExpressionSyntax(Span)
{
    /// <summary><c>f(DISTINCT a)</c>.</summary>
    public bool Distinct { get; init; }

    /// <summary><c>FILTER (WHERE …)</c>; null when absent.</summary>
    public ExpressionSyntax? Filter { get; init; }

    /// <summary><c>WITHIN GROUP (ORDER BY …)</c>; empty when absent.</summary>
    public ImmutableArray<SortItemSyntax> WithinGroup { get; init; } = [];

    /// <summary><c>IGNORE NULLS</c> true, <c>RESPECT NULLS</c> false, neither null.</summary>
    public bool? IgnoreNulls { get; init; }

    /// <summary><c>OVER (…)</c> or <c>OVER name</c>; null when absent.</summary>
    public WindowSyntax? Over { get; init; }
}

/// <summary>One argument, maybe named: <c>format => 'json'</c>.</summary>
/// <param name="Name">Null when positional. A quoted name may hold dots: <c>`kafka.group.id`</c>.</param>
public sealed record ArgumentSyntax(IdentifierSyntax? Name, ExpressionSyntax Value, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>TABLE(t)</c> or <c>TABLE(query)</c> as the argument of a table function.</summary>
/// <param name="PartitionBy">With <c>WITH SINGLE PARTITION</c> and without any clause: empty.</param>
public sealed record TableArgumentSyntax(
    QuerySyntax Query, ImmutableArray<ExpressionSyntax> PartitionBy, ImmutableArray<SortItemSyntax> OrderBy, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>What stands behind OVER, or in a WINDOW clause.</summary>
/// <param name="Name">The named window referred to, alone or as a base; null when absent.</param>
/// <param name="Frame">Null when absent: its default depends on ORDER BY.</param>
public sealed record WindowSyntax(
    IdentifierSyntax? Name, ImmutableArray<ExpressionSyntax> PartitionBy, ImmutableArray<SortItemSyntax> OrderBy, FrameSyntax? Frame, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>ROWS | RANGE BETWEEN start AND end</c>; a lone start ends at the current row.</summary>
public sealed record FrameSyntax(bool IsRows, FrameBoundSyntax Start, FrameBoundSyntax End, SourceSpan Span) : SyntaxNode(Span);

/// <summary>One end of a frame.</summary>
/// <param name="Offset">For PRECEDING and FOLLOWING; null when unbounded.</param>
public sealed record FrameBoundSyntax(FrameBoundKind Kind, ExpressionSyntax? Offset, SourceSpan Span) : SyntaxNode(Span);

/// <summary>Where a frame starts or ends.</summary>
public enum FrameBoundKind
{
    UnboundedPreceding,
    Preceding,
    CurrentRow,
    Following,
    UnboundedFollowing,
}

/// <summary><c>-x</c>, <c>+x</c>, <c>~x</c>, <c>NOT x</c>. A minus before a number is part of its literal.</summary>
public sealed record UnarySyntax(UnaryOperator Operator, ExpressionSyntax Operand, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>The operators with one operand.</summary>
public enum UnaryOperator
{
    Plus,
    Minus,
    BitNot,
    Not,
}

/// <summary>Two operands. Long chains of AND and OR come as balanced trees, so that their depth stays small.</summary>
/// <param name="OperatorSpan">The operator alone: where a type error points.</param>
public sealed record BinarySyntax(
    BinaryOperator Operator, ExpressionSyntax Left, ExpressionSyntax Right, SourceSpan OperatorSpan, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>The operators with two operands.</summary>
public enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,

    /// <summary><c>DIV</c>: integral division.</summary>
    IntegralDivide,
    Modulo,
    Concat,
    BitAnd,
    BitOr,
    BitXor,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    Equal,

    /// <summary><c>&lt;=&gt;</c>; <c>IS NOT DISTINCT FROM</c> is an <see cref="IsSyntax"/>.</summary>
    NullSafeEqual,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

/// <summary><c>value [NOT] BETWEEN [SYMMETRIC] low AND high</c>.</summary>
public sealed record BetweenSyntax(
    ExpressionSyntax Value, ExpressionSyntax Low, ExpressionSyntax High, bool Not, bool Symmetric, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value [NOT] IN (item, …)</c>.</summary>
public sealed record InListSyntax(ExpressionSyntax Value, ImmutableArray<ExpressionSyntax> Items, bool Not, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value [NOT] IN (query)</c>; a row value is a <see cref="TupleSyntax"/>.</summary>
public sealed record InQuerySyntax(ExpressionSyntax Value, QuerySyntax Query, bool Not, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>EXISTS (query)</c>.</summary>
public sealed record ExistsSyntax(QuerySyntax Query, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>A query in brackets that yields one value.</summary>
public sealed record ScalarSubquerySyntax(QuerySyntax Query, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value [NOT] LIKE | ILIKE | RLIKE [ANY | ALL] pattern [ESCAPE 'c']</c>.</summary>
/// <param name="Patterns">One for <see cref="LikeQuantifier.One"/>.</param>
public sealed record LikeSyntax(
    LikeKind Kind, LikeQuantifier Quantifier, ExpressionSyntax Value, ImmutableArray<ExpressionSyntax> Patterns, ExpressionSyntax? Escape, bool Not, SourceSpan Span)
    : ExpressionSyntax(Span);

/// <summary>How a pattern is matched. REGEXP is RLIKE.</summary>
public enum LikeKind
{
    Like,
    ILike,
    RLike,
}

/// <summary>How many of several patterns must match. SOME is ANY.</summary>
public enum LikeQuantifier
{
    One,
    Any,
    All,
}

/// <summary><c>value IS [NOT] NULL | TRUE | FALSE | UNKNOWN | DISTINCT FROM other</c>.</summary>
/// <param name="Other">For DISTINCT FROM; null otherwise.</param>
public sealed record IsSyntax(IsTest Test, ExpressionSyntax Value, ExpressionSyntax? Other, bool Not, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>What IS tests for.</summary>
public enum IsTest
{
    Null,
    True,
    False,
    Unknown,
    DistinctFrom,
}

/// <summary><c>CASE [operand] WHEN … THEN … ELSE … END</c>.</summary>
/// <param name="Operand">Null for the searched form.</param>
public sealed record CaseSyntax(ExpressionSyntax? Operand, ImmutableArray<WhenSyntax> Whens, ExpressionSyntax? Else, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>WHEN condition THEN result</c>.</summary>
public sealed record WhenSyntax(ExpressionSyntax Condition, ExpressionSyntax Result, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>CAST(value AS type)</c>, <c>TRY_CAST(value AS type)</c>, <c>value::type</c>.</summary>
/// <param name="Try">NULL in place of an error; also <c>value?::type</c>.</param>
public sealed record CastSyntax(ExpressionSyntax Value, TypeSyntax Type, bool Try, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value[index]</c>: array element, 0-based, or map key.</summary>
public sealed record SubscriptSyntax(ExpressionSyntax Value, ExpressionSyntax Index, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value.field</c> where the value is no plain name: <c>f(x).a</c>, <c>a[0].b</c>.</summary>
public sealed record FieldSyntax(ExpressionSyntax Value, IdentifierSyntax Field, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value:a.b[0]['x y']</c>: a path into JSON text or VARIANT.</summary>
public sealed record JsonPathSyntax(ExpressionSyntax Value, ImmutableArray<JsonStepSyntax> Steps, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>One step of a path: a field by name, an element by number, or every element.</summary>
/// <param name="Field">Null for elements.</param>
/// <param name="Exact">Written in brackets and quotes: compared with case.</param>
/// <param name="Index">Null for fields, and for <c>[*]</c>.</param>
public sealed record JsonStepSyntax(string? Field, bool Exact, ExpressionSyntax? Index, SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>x -> body</c>, <c>(x, i) -> body</c>.</summary>
public sealed record LambdaSyntax(ImmutableArray<IdentifierSyntax> Parameters, ExpressionSyntax Body, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>:name</c>, or <c>?</c> with no name.</summary>
public sealed record ParameterSyntax(string? Name, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>(a, b)</c>: a struct of unnamed fields. One expression in brackets is that expression itself. An item may have an alias, as in <c>struct(a AS x)</c>.</summary>
public sealed record TupleSyntax(ImmutableArray<ExpressionSyntax> Items, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>expression AS name</c> where the name becomes part of the value: in <c>struct(a AS x)</c> and tuples.</summary>
public sealed record AliasedSyntax(ExpressionSyntax Expression, IdentifierSyntax Alias, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>EXTRACT(field FROM value)</c>.</summary>
/// <param name="Field">As written, upper case.</param>
public sealed record ExtractSyntax(string Field, ExpressionSyntax Value, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>TRIM([BOTH | LEADING | TRAILING] [characters] FROM value)</c>; the plain <c>trim(x)</c> is a <see cref="CallSyntax"/>.</summary>
/// <param name="Characters">Null for spaces.</param>
public sealed record TrimSyntax(TrimSide Side, ExpressionSyntax? Characters, ExpressionSyntax Value, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>Which end is trimmed.</summary>
public enum TrimSide
{
    Both,
    Leading,
    Trailing,
}

/// <summary><c>POSITION(part IN value)</c>; the form with a comma is a <see cref="CallSyntax"/>.</summary>
public sealed record PositionSyntax(ExpressionSyntax Part, ExpressionSyntax Value, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>OVERLAY(value PLACING part FROM start [FOR length])</c>.</summary>
public sealed record OverlaySyntax(
    ExpressionSyntax Value, ExpressionSyntax Replacement, ExpressionSyntax From, ExpressionSyntax? Length, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>value COLLATE name</c>.</summary>
public sealed record CollateSyntax(ExpressionSyntax Value, NameSyntax Collation, SourceSpan Span) : ExpressionSyntax(Span);
