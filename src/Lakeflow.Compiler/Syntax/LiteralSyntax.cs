using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary><c>NULL</c>.</summary>
public sealed record NullLiteralSyntax(SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>TRUE</c>, <c>FALSE</c>.</summary>
public sealed record BooleanLiteralSyntax(bool Value, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>A number with its sign, if a minus stands directly before it.</summary>
/// <param name="Text">Without suffix: <c>-1</c>, <c>1.5</c>, <c>.5</c>, <c>1e3</c>.</param>
/// <param name="Kind">From the suffix, or from the form.</param>
public sealed record NumberLiteralSyntax(string Text, NumberKind Kind, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>What type a number has by its form.</summary>
public enum NumberKind
{
    /// <summary>Digits only: INT, else BIGINT, else DECIMAL, whichever first holds it.</summary>
    Integer,

    /// <summary><c>1Y</c>: TINYINT.</summary>
    TinyInt,

    /// <summary><c>1S</c>: SMALLINT.</summary>
    SmallInt,

    /// <summary><c>1L</c>: BIGINT.</summary>
    BigInt,

    /// <summary><c>1.5</c>, <c>.5</c>, <c>1.5BD</c>: DECIMAL of exactly its digits.</summary>
    Decimal,

    /// <summary><c>1F</c>: FLOAT.</summary>
    Float,

    /// <summary><c>1D</c>, <c>1e3</c>: DOUBLE.</summary>
    Double,
}

/// <summary>A text, unescaped; adjacent literals are joined.</summary>
/// <param name="DoubleQuoted">Written in double quotes, which some databases take for a name.</param>
public sealed record StringLiteralSyntax(string Value, bool DoubleQuoted, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>DATE'2024-01-31'</c>, <c>TIMESTAMP'…'</c>, <c>TIMESTAMP_NTZ'…'</c>, <c>TIMESTAMP_LTZ'…'</c>, <c>TIME'…'</c>, <c>X'1F'</c>.</summary>
/// <param name="Type">Upper case; <c>X</c> for binary.</param>
public sealed record TypedLiteralSyntax(string Type, string Value, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary><c>INTERVAL 3 HOURS</c>, <c>INTERVAL '1-2' YEAR TO MONTH</c>, <c>INTERVAL '1 day 2 hours'</c>, <c>INTERVAL 1 DAY 2 HOURS</c>.</summary>
/// <param name="Parts">One or more <c>value unit</c>; a text that holds its own units is one part without unit.</param>
public sealed record IntervalLiteralSyntax(ImmutableArray<IntervalPartSyntax> Parts, SourceSpan Span) : ExpressionSyntax(Span);

/// <summary>One <c>value unit [TO unit]</c>.</summary>
/// <param name="Value">A number, a text, or any expression in brackets.</param>
/// <param name="Unit">Upper case, singular (<c>HOUR</c>); null where the text holds it.</param>
/// <param name="To">Upper case, singular; null when absent.</param>
/// <param name="Negative">A minus before the value.</param>
public sealed record IntervalPartSyntax(ExpressionSyntax Value, string? Unit, string? To, bool Negative, SourceSpan Span) : SyntaxNode(Span);
