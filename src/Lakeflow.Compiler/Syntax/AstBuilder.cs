using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax.Generated;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

/// <summary>Parse trees in, syntax records out. What the grammar takes beyond the language is reported here.</summary>
internal sealed partial class AstBuilder(StatementText text, DiagnosticBag bag)
{
    /// <summary>Records may be this deep; what comes after recurses over them.</summary>
    private const int MostDepth = 2000;

    private int depth;

    /// <summary>Raised where the records would become too deep; the door turns it into LF1006.</summary>
    internal sealed class TooDeep(SourceSpan at) : Exception
    {
        public SourceSpan At { get; } = at;
    }

    private void Enter(ParserRuleContext node)
    {
        if (++depth > MostDepth) throw new TooDeep(Span(node.Start));
    }

    private void Leave() => depth--;

    private SourceSpan Span(IToken token) => text.Span(token.StartIndex, token.StopIndex + 1);

    private SourceSpan Span(ITerminalNode node) => Span(node.Symbol);

    private SourceSpan Span(ParserRuleContext node) => Span(node.Start, node.Stop);

    /// <summary>A rule that took nothing has its end before its start; its span is empty.</summary>
    private SourceSpan Span(IToken first, IToken? last) =>
        last is null || last.TokenIndex < first.TokenIndex ? text.Span(first.StartIndex, first.StartIndex) : text.Span(first.StartIndex, last.StopIndex + 1);

    private string TextOf(ParserRuleContext node) => text.Text[node.Start.StartIndex..(node.Stop.StopIndex + 1)];

    private static ImmutableArray<TOut> Map<TIn, TOut>(IReadOnlyList<TIn> items, Func<TIn, TOut> build)
    {
        if (items.Count == 0) return [];
        var built = ImmutableArray.CreateBuilder<TOut>(items.Count);
        foreach (var item in items) built.Add(build(item));
        return built.MoveToImmutable();
    }

    private static TOut? Maybe<TIn, TOut>(TIn? item, Func<TIn, TOut> build)
        where TIn : class
        where TOut : class =>
        item is null ? null : build(item);

    /// <summary>The first words of a node, upper case: what a clause is called in messages.</summary>
    private string Words(ParserRuleContext node, int count)
    {
        var words = new List<string>();
        Collect(node);
        return string.Join(' ', words);

        void Collect(IParseTree tree)
        {
            for (var i = 0; i < tree.ChildCount && words.Count < count; i++)
            {
                if (tree.GetChild(i) is ITerminalNode leaf) words.Add(leaf.GetText().ToUpperInvariant());
                else Collect(tree.GetChild(i));
            }
        }
    }

    // ---- names -----------------------------------------------------------------------------------------------------

    private IdentifierSyntax Identifier(ParserRuleContext node) => Identifier(node.Start);

    private IdentifierSyntax Identifier(IToken token) =>
        token.Type == QUOTED_WORD
            ? new IdentifierSyntax(token.Text[1..^1].Replace("``", "`", StringComparison.Ordinal), Quoted: true, Span(token))
            : new IdentifierSyntax(token.Text, Quoted: false, Span(token));

    private ImmutableArray<IdentifierSyntax> Identifiers(ColumnListContext? list) => list is null ? [] : Map(list.identifier(), Identifier);

    private ImmutableArray<IdentifierSyntax> Identifiers(IdentifierListContext? list) => list is null ? [] : Map(list.identifier(), Identifier);

    private NameSyntax Name(NameContext node)
    {
        var rest = node.anyIdentifier();
        if (node.expression() is { } dynamic)
            return new NameSyntax(Map(rest, Identifier), Span(node)) { Dynamic = Expression(dynamic) };
        var parts = ImmutableArray.CreateBuilder<IdentifierSyntax>(rest.Length + 1);
        parts.Add(Identifier(node.identifier()));
        foreach (var part in rest) parts.Add(Identifier(part));
        return new NameSyntax(parts.MoveToImmutable(), Span(node));
    }

    /// <summary>The name of a dataset: takes the legacy qualifier <c>LIVE.</c> off, with a warning.</summary>
    private NameSyntax DatasetName(NameContext node)
    {
        var name = Name(node);
        if (name.Dynamic is not null || name.Parts.Length < 2 || name.Parts[0].Quoted || !Is(name.Parts[0], "LIVE")) return name;
        var plain = name with { Parts = name.Parts.RemoveAt(0), IsLive = true };
        bag.Add(SyntaxErrors.LegacySpelling(name.Parts[0].Span, "LIVE." + plain, plain.ToString()));
        return plain;
    }

    private static bool Is(IdentifierSyntax name, string word) => string.Equals(name.Text, word, StringComparison.OrdinalIgnoreCase);

    private NameSyntax FunctionName(FunctionNameContext node)
    {
        if (node.name() is { } name) return Name(name);
        var word = Identifier(node.callKeyword());
        return new NameSyntax([word], word.Span);
    }

    // ---- types -----------------------------------------------------------------------------------------------------

    public TypeSyntax DataType(DataTypeContext node)
    {
        Enter(node);
        try
        {
            return node switch
            {
                ArrayTypeContext array => new ArrayTypeSyntax(DataType(array.dataType()), Span(node)),
                MapTypeContext map => new MapTypeSyntax(DataType(map.dataType(0)), DataType(map.dataType(1)), Span(node)),
                StructTypeContext row => new StructTypeSyntax(Map(row.structField(), StructField), Span(node)),
                IntervalTypeContext interval => new IntervalTypeSyntax(Maybe(interval.from, Unit), Maybe(interval.to, Unit), Span(node)),
                TimestampTypeContext stamp => new PrimitiveTypeSyntax(stamp.WITHOUT() is null ? "TIMESTAMP_LTZ" : "TIMESTAMP_NTZ", [], null, Span(node)),
                PrimitiveTypeContext word => new PrimitiveTypeSyntax(
                    Identifier(word.typeWord()).Text.ToUpperInvariant(), Map(word.INTEGER_VALUE(), n => Int32(n.Symbol)),
                    word.anyIdentifier()?.GetText(), Span(node)),
                _ => throw new System.Diagnostics.UnreachableException(node.GetType().Name),
            };
        }
        finally
        {
            Leave();
        }
    }

    private StructFieldSyntax StructField(StructFieldContext node)
    {
        var name = Identifier(node.anyIdentifier());
        return new StructFieldSyntax(
            new NameSyntax([name], name.Span), DataType(node.dataType()), node.NOT() is not null, Maybe(node.commentClause(), Comment), Span(node));
    }

    public StructTypeSyntax Schema(SingleSchemaContext node) => new(
        Map(node.schemaField(), f => new StructFieldSyntax(
            Name(f.name()), DataType(f.dataType()), f.NOT() is not null, Maybe(f.commentClause(), Comment), Span(f))),
        Span(node.Start, node.schemaField()[^1].Stop));

    private static string Unit(IntervalUnitContext node)
    {
        var word = node.Start.Text.ToUpperInvariant();
        return word.EndsWith('S') ? word[..^1] : word;
    }

    // ---- small literals --------------------------------------------------------------------------------------------

    private string Comment(CommentClauseContext node) => StringText.Of(node.@string().Start.Text);

    private string Text(StringContext node) => StringText.Of(node.Start.Text);

    private int Int32(IToken token)
    {
        if (int.TryParse(token.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)) return value;
        bag.Add(SyntaxErrors.NumberTooLarge(Span(token), token.Text, "INT"));
        return 0;
    }

    private long Int64(SignedIntegerContext node)
    {
        var digits = node.GetText().TrimEnd('L', 'l');
        if (long.TryParse(digits, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var value)) return value;
        bag.Add(SyntaxErrors.NumberTooLarge(Span(node), digits, "BIGINT"));
        return 0;
    }
}
