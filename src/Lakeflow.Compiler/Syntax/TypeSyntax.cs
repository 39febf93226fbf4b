using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>A data type as written; the binder gives it meaning.</summary>
public abstract record TypeSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>INT</c>, <c>DECIMAL(10, 2)</c>, <c>VARCHAR(20)</c>, <c>STRING COLLATE UTF8_LCASE</c>, …: a word, maybe with numbers.</summary>
/// <param name="Name">Upper case, as written: <c>INTEGER</c> stays <c>INTEGER</c>; may be no type at all. <c>TIMESTAMP WITHOUT TIME ZONE</c> is <c>TIMESTAMP_NTZ</c>.</param>
public sealed record PrimitiveTypeSyntax(string Name, ImmutableArray<int> Arguments, string? Collation, SourceSpan Span) : TypeSyntax(Span);

/// <summary><c>ARRAY&lt;element&gt;</c>.</summary>
public sealed record ArrayTypeSyntax(TypeSyntax Element, SourceSpan Span) : TypeSyntax(Span);

/// <summary><c>MAP&lt;key, value&gt;</c>.</summary>
public sealed record MapTypeSyntax(TypeSyntax Key, TypeSyntax Value, SourceSpan Span) : TypeSyntax(Span);

/// <summary><c>STRUCT&lt;name: type [NOT NULL] [COMMENT 'text'], …&gt;</c>; also a DDL schema, <c>a INT, b STRING</c>.</summary>
public sealed record StructTypeSyntax(ImmutableArray<StructFieldSyntax> Fields, SourceSpan Span) : TypeSyntax(Span);

/// <summary><c>INTERVAL from [TO to]</c>, as in <c>INTERVAL DAY TO SECOND</c>.</summary>
/// <param name="From">Upper case, singular: <c>YEAR</c>, <c>MONTH</c>, <c>DAY</c>, <c>HOUR</c>, <c>MINUTE</c>, <c>SECOND</c>; null for the bare <c>INTERVAL</c>.</param>
/// <param name="To">As <paramref name="From"/>; null when absent.</param>
public sealed record IntervalTypeSyntax(string? From, string? To, SourceSpan Span) : TypeSyntax(Span);

/// <summary>One field of a struct type, or one column of a DDL schema.</summary>
/// <param name="Path">One part, or more in <c>schemaHints</c> such as <c>user.address.zip STRING</c>.</param>
public sealed record StructFieldSyntax(NameSyntax Path, TypeSyntax Type, bool NotNull, string? Comment, SourceSpan Span) : SyntaxNode(Span)
{
    public IdentifierSyntax Name => Path.Last;
}
