using Antlr4.Runtime;
using Lakeflow.Compiler.Syntax.Generated;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Gives text its form: SQL in, syntax records out.</summary>
/// <remarks>
/// Promise: never throws on any text, and ends. A statement with a mistake gives one diagnostic (LF1xxx) and no record, and the next statement is
/// parsed as if nothing had been. Columns in diagnostics and spans are those of the file as written, before <c>${name}</c> was replaced.
/// </remarks>
public static class Parser
{
    /// <summary>All statements of the files, each file by itself.</summary>
    public static IReadOnlyList<ScriptSyntax> Parse(IReadOnlyList<SourceText> sources, ParseOptions options, DiagnosticBag bag)
    {
        var parsed = DeepWork.Map(sources, source =>
        {
            var found = new DiagnosticBag();
            return (Script: ParseScript(source, options, found), Found: found);
        });
        foreach (var (_, found) in parsed) bag.AddRange(found.ToImmutable());
        return [.. parsed.Select(p => p.Script)];
    }

    /// <summary>All statements of one file.</summary>
    public static ScriptSyntax ParseScript(SourceText source, ParseOptions options, DiagnosticBag bag) => new ScriptParser(source, options, bag).Parse();

    /// <summary>The statements of a text that is still being typed, as written, without their semicolons; and what stands behind the last semicolon.</summary>
    public static (ImmutableArray<string> Statements, string Remainder) Cut(string text)
    {
        var pieces = new ScriptCutter(new SourceText("", text), new DiagnosticBag()).Cut();
        var ended = pieces.Where(p => p.End < text.Length).ToList();
        var end = ended.Count == 0 ? 0 : ended[^1].End + 1;
        return ([.. ended.Select(p => text[p.Start..p.End])], text[end..]);
    }

    /// <summary>One query, with or without a semicolon behind it; null where it does not parse.</summary>
    public static QuerySyntax? ParseQuery(SourceText source, ParseOptions options, DiagnosticBag bag) =>
        Parse(source, options, bag, p => p.singleQuery(), (b, node) => b.Query(node.query()));

    /// <summary>One expression; null where it does not parse. An alias behind it is dropped.</summary>
    public static ExpressionSyntax? ParseExpression(SourceText source, ParseOptions options, DiagnosticBag bag) =>
        Parse(source, options, bag, p => p.singleExpression(), (b, node) => b.SelectItem(node.selectItem()).Expression);

    /// <summary>A type in a text: <c>DECIMAL(10, 2)</c>. All spans, and those of diagnostics, are <paramref name="at"/>: where the text stands in a file.</summary>
    public static TypeSyntax? ParseDataType(string type, SourceSpan at, DiagnosticBag bag) =>
        Parse(type, at, bag, p => p.singleDataType(), (b, node) => b.DataType(node.dataType()));

    /// <summary>A schema in a text, <c>a INT, b STRUCT&lt;c: STRING&gt;</c>; also <c>STRUCT&lt;…&gt;</c> as a whole. Spans as in <see cref="ParseDataType"/>.</summary>
    public static StructTypeSyntax? ParseSchema(string ddl, SourceSpan at, DiagnosticBag bag)
    {
        var trial = new DiagnosticBag();
        return ddl.TrimStart().StartsWith("STRUCT<", StringComparison.OrdinalIgnoreCase) && ParseDataType(ddl, at, trial) is StructTypeSyntax whole
            ? whole
            : Parse(ddl, at, bag, p => p.singleSchema(), (b, node) => b.Schema(node));
    }

    private static TResult? Parse<TContext, TResult>(
        SourceText source, ParseOptions options, DiagnosticBag bag, Func<LakeflowParser, TContext> door, Func<AstBuilder, TContext, TResult> build)
        where TContext : ParserRuleContext
        where TResult : class
    {
        var found = new DiagnosticBag();
        var cut = new ScriptCutter(source, found).Cut();
        bag.AddRange(found.ToImmutable());
        if (found.HasErrors) return null;
        var whole = new ScriptCutter.Piece(0, source.Text.Length, [.. cut.SelectMany(p => p.Variables)], IsBlock: false);
        var text = new Substitution(source, options, bag).Apply(whole);
        return StatementParser.Parse(TokenList.Read(text).WithoutEnd(), text.HasUnknownName ? new DiagnosticBag() : bag, door, build);
    }

    private static TResult? Parse<TContext, TResult>(
        string text, SourceSpan at, DiagnosticBag bag, Func<LakeflowParser, TContext> door, Func<AstBuilder, TContext, TResult> build)
        where TContext : ParserRuleContext
        where TResult : class
    {
        var tokens = TokenList.Read(new StatementText(new SourceText(at.File, text), 0, text.Length) { Fixed = at });
        return StatementParser.Parse(tokens, bag, door, build);
    }
}
