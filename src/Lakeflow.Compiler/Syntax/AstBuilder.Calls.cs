using Lakeflow.Compiler.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    private ExpressionSyntax Call(CallContext node)
    {
        var callee = Primary(node.primaryExpression());
        if (callee is NameExpressionSyntax { Name: var name }) return Call(name, node.arguments(), node.callTail(), node);
        bag.Add(SyntaxErrors.CallNeedsName(callee.Span));
        return callee;
    }

    private CallSyntax Call(IdentifierSyntax word, KeywordCallContext node) => Call(new NameSyntax([word], word.Span), node.arguments(), node.callTail(), node);

    private CallSyntax Call(NameSyntax name, ArgumentsContext arguments, CallTailContext tail, Antlr4.Runtime.ParserRuleContext node)
    {
        var inside = arguments.IGNORE() is not null ? true : arguments.RESPECT() is not null ? false : (bool?)null;
        var outside = tail.nullTreatment is null ? (bool?)null : tail.nullTreatment.Type == IGNORE;
        if (arguments.sortItem().Length > 0) bag.Add(SyntaxErrors.OrderInsideCall(Span(arguments.sortItem(0)), name.ToString()));
        return new CallSyntax(name, Arguments(arguments), Span(node))
        {
            Distinct = arguments.setQuantifier()?.DISTINCT() is not null,
            Filter = Maybe(tail.where, Expression),
            WithinGroup = Map(tail.sortItem(), SortItem),
            IgnoreNulls = outside ?? inside,
            Over = Maybe(tail.windowSpec(), Window),
        };
    }

    private ImmutableArray<ArgumentSyntax> Arguments(ArgumentsContext node) => Map(node.argument(), Argument);

    private ArgumentSyntax Argument(ArgumentContext node)
    {
        var name = Maybe(node.argumentName, Identifier);
        if (node.tableArgument() is { } table) return new ArgumentSyntax(name, TableArgument(table), Span(node));
        var value = Expression(node.expression());
        if (node.AS() is not null) value = new AliasedSyntax(value, Identifier(node.anyIdentifier()), Span(node));
        return new ArgumentSyntax(name, value, Span(node));
    }

    private TableArgumentSyntax TableArgument(TableArgumentContext node)
    {
        var query = node.query() is { } inner ? Query(inner) : TableQuery(DatasetName(node.name()));
        var parts = node.tableArgumentPartition();
        return new TableArgumentSyntax(query, parts is null ? [] : Expressions(parts.expression()), parts is null ? [] : Map(parts.sortItem(), SortItem), Span(node));
    }

    private static QuerySyntax TableQuery(NameSyntax name) => new(null, new TableQuerySyntax(name, name.Span), null, null, null, name.Span);

    private WindowSyntax Window(WindowSpecContext node) => new(
        node.identifier() is { } whole ? Identifier(whole) : Maybe(node.@base, Identifier),
        Expressions([.. node._partition]), Map(node.sortItem(), SortItem), Maybe(node.windowFrame(), Frame), Span(node));

    private FrameSyntax Frame(WindowFrameContext node)
    {
        var start = FrameBound(node.frameBound(0));
        var end = node.frameBound().Length > 1
            ? FrameBound(node.frameBound(1))
            : new FrameBoundSyntax(FrameBoundKind.CurrentRow, null, start.Span);
        return new FrameSyntax(node.unit.Type == ROWS, start, end, Span(node));
    }

    private FrameBoundSyntax FrameBound(FrameBoundContext node)
    {
        if (node.CURRENT() is not null) return new FrameBoundSyntax(FrameBoundKind.CurrentRow, null, Span(node));
        var before = node.PRECEDING() is not null;
        return node.UNBOUNDED() is not null
            ? new FrameBoundSyntax(before ? FrameBoundKind.UnboundedPreceding : FrameBoundKind.UnboundedFollowing, null, Span(node))
            : new FrameBoundSyntax(before ? FrameBoundKind.Preceding : FrameBoundKind.Following, Value(node.valueExpression()), Span(node));
    }

    private SortItemSyntax SortItem(SortItemContext node) => new(
        Expression(node.expression()), node.DESC() is not null, node.NULLS() is null ? null : node.FIRST() is not null, Span(node));

    // ---- literals --------------------------------------------------------------------------------------------------

    private NumberLiteralSyntax Number(NumberLiteralContext node) => Number(node.number(), node.MINUS() is null ? "" : "-", node);

    private NumberLiteralSyntax Number(NumberContext node, string sign = "", Antlr4.Runtime.ParserRuleContext? whole = null)
    {
        var token = node.Start;
        var (kind, suffix) = token.Type switch
        {
            INTEGER_VALUE => (NumberKind.Integer, 0),
            BIGINT_VALUE => (NumberKind.BigInt, 1),
            SMALLINT_VALUE => (NumberKind.SmallInt, 1),
            TINYINT_VALUE => (NumberKind.TinyInt, 1),
            FLOAT_VALUE => (NumberKind.Float, 1),
            DOUBLE_VALUE => (NumberKind.Double, 1),
            BIGDECIMAL_VALUE => (NumberKind.Decimal, 2),
            EXPONENT_VALUE => (NumberKind.Double, 0),
            _ => (NumberKind.Decimal, 0),
        };
        return new NumberLiteralSyntax(sign + token.Text[..^suffix], kind, Span(whole ?? node));
    }

    private StringLiteralSyntax TextLiteral(StringContext node) => new(Text(node), node.DOUBLE_STRING() is not null, Span(node));

    private StringLiteralSyntax Strings(StringLiteralContext node)
    {
        var parts = node.@string();
        return parts.Length == 1
            ? TextLiteral(parts[0])
            : new StringLiteralSyntax(string.Concat(parts.Select(Text)), parts[0].DOUBLE_STRING() is not null, Span(node));
    }

    private IntervalPartSyntax IntervalPart(IntervalPartContext node)
    {
        var value = node.intervalValue();
        ExpressionSyntax amount =
            value.number() is { } number ? Number(number)
            : value.@string() is { } words ? TextLiteral(words)
            : value.anyIdentifier() is { } parameter ? new ParameterSyntax(Identifier(parameter).Text, Span(value))
            : Expression(value.expression());
        return new IntervalPartSyntax(amount, Maybe(node.unit, Unit), Maybe(node.to, Unit), value.MINUS() is not null, Span(node));
    }
}
