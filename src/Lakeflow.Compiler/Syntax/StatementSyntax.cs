using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>One statement of a script.</summary>
public abstract record StatementSyntax(SourceSpan Span) : SyntaxNode(Span);

/// <summary><c>CREATE [OR REFRESH] [PRIVATE] STREAMING TABLE …</c>; also the legacy <c>STREAMING LIVE TABLE</c>.</summary>
/// <param name="Flow">The <c>AS query</c> or <c>FLOW …</c> of the statement; null for an empty target that <c>CREATE FLOW</c> fills.</param>
public sealed record CreateStreamingTableSyntax(
    NameSyntax Name, bool IsPrivate, bool IfNotExists, ImmutableArray<TableElementSyntax> Elements,
    ImmutableArray<TableClauseSyntax> Clauses, FlowBodySyntax? Flow, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>CREATE [OR REFRESH] [PRIVATE] MATERIALIZED VIEW … AS query</c>; also the legacy <c>LIVE TABLE</c>.</summary>
public sealed record CreateMaterializedViewSyntax(
    NameSyntax Name, bool IsPrivate, bool IfNotExists, ImmutableArray<TableElementSyntax> Elements,
    ImmutableArray<TableClauseSyntax> Clauses, QuerySyntax Query, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>CREATE [OR REFRESH] [TEMPORARY] VIEW … AS query</c>; also the legacy <c>LIVE VIEW</c>, which is temporary.</summary>
/// <param name="IsTemporary">Visible inside the pipeline only; otherwise published to the catalog.</param>
/// <param name="OrReplace"><c>OR REPLACE</c>, as <c>lakeflow sql</c> takes it.</param>
public sealed record CreateViewSyntax(
    NameSyntax Name, bool IsTemporary, bool OrReplace, bool IfNotExists, ImmutableArray<TableElementSyntax> Elements,
    ImmutableArray<TableClauseSyntax> Clauses, QuerySyntax Query, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>CREATE TABLE name … [FLOW INSERT [ONCE] BY NAME query]</c>.</summary>
/// <param name="Flow">The flow; null for a target that <c>CREATE FLOW</c> fills.</param>
/// <param name="AsQuery">The query of <c>CREATE TABLE … AS query</c>, which parses so that the graph can refuse it in a pipeline.</param>
public sealed record CreateTableSyntax(
    NameSyntax Name, bool IsTemporary, bool OrReplace, bool IfNotExists, ImmutableArray<TableElementSyntax> Elements,
    ImmutableArray<TableClauseSyntax> Clauses, FlowBodySyntax? Flow, QuerySyntax? AsQuery, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>CREATE FLOW name AS …</c>; also the legacy stand-alone <c>APPLY CHANGES INTO target …</c>.</summary>
/// <param name="Name">Null for the legacy statement: the flow is named like its target.</param>
public sealed record CreateFlowSyntax(
    NameSyntax? Name, string? Comment, NameSyntax Target, FlowBodySyntax Body, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>CREATE SINK name USING format OPTIONS (…)</c>: a place outside the lakehouse that flows append to.</summary>
public sealed record CreateSinkSyntax(
    NameSyntax Name, bool IfNotExists, IdentifierSyntax Format, string? Comment, ImmutableArray<PropertySyntax> Options, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>CREATE [OR REPLACE] [TEMPORARY] FUNCTION f(a INT …) RETURNS … RETURN body</c>.</summary>
/// <param name="ReturnType">Null when absent or <c>RETURNS TABLE</c>.</param>
/// <param name="ReturnColumns">The columns of <c>RETURNS TABLE (…)</c>; empty otherwise.</param>
/// <param name="Body">The expression after RETURN; null where the body is a query.</param>
/// <param name="Query">The query after RETURN of a table function; null where the body is an expression.</param>
public sealed record CreateFunctionSyntax(
    NameSyntax Name, bool IsTemporary, bool OrReplace, bool IfNotExists, ImmutableArray<ColumnSyntax> Parameters, bool ReturnsTable,
    TypeSyntax? ReturnType, ImmutableArray<ColumnSyntax> ReturnColumns, ExpressionSyntax? Body, QuerySyntax? Query, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>SET key = value</c>: applies to the flows that follow in the same file.</summary>
/// <param name="Value">The text after <c>=</c>, unquoted where it is one string literal; null for the bare <c>SET key</c>, which changes nothing.</param>
public sealed record SetSyntax(string Key, string? Value, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>USE CATALOG c</c>: sets the catalog and clears the schema for the rest of the file.</summary>
public sealed record UseCatalogSyntax(IdentifierSyntax Catalog, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>USE [SCHEMA] s</c> or <c>USE [SCHEMA] c.s</c>: for the rest of the file.</summary>
public sealed record UseSchemaSyntax(NameSyntax Schema, SourceSpan Span) : StatementSyntax(Span);

/// <summary>A query by itself: what <c>lakeflow sql</c> runs, and what a pipeline file refuses.</summary>
public sealed record QueryStatementSyntax(QuerySyntax Query, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>EXPLAIN [EXTENDED | FORMATTED | …] statement</c>.</summary>
/// <param name="Mode">Upper case; null when absent.</param>
public sealed record ExplainSyntax(string? Mode, StatementSyntax Statement, SourceSpan Span) : StatementSyntax(Span);

/// <summary><c>INSERT INTO target … query</c> at top level: for <c>lakeflow sql</c>; a pipeline file refuses it.</summary>
/// <param name="Columns">The target columns listed; empty when absent.</param>
public sealed record InsertSyntax(
    NameSyntax Target, bool Overwrite, bool ByName, ImmutableArray<IdentifierSyntax> Columns, QuerySyntax Query, SourceSpan Span) : StatementSyntax(Span);

/// <summary>A statement of SQL that is no pipeline statement (MERGE, DROP, ALTER, …): recognised by its first words, not looked into.</summary>
/// <param name="Kind">Its first words, upper case: <c>MERGE</c>, <c>DROP TABLE</c>, <c>CREATE SCHEMA</c>.</param>
/// <param name="Text">The statement as written.</param>
public sealed record OtherStatementSyntax(string Kind, string Text, SourceSpan Span) : StatementSyntax(Span);
