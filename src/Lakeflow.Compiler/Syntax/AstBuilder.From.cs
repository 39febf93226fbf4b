using System.Diagnostics;
using Lakeflow.Compiler.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    private static readonly ImmutableHashSet<string> PathFormats =
        ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "json", "csv", "parquet", "delta", "text", "orc", "avro", "xml", "binaryfile");

    private FromSyntax From(FromClauseContext node)
    {
        var item = Relation(node.relation(0));
        foreach (var next in node.relation().Skip(1))
        {
            var right = Relation(next);
            item = new JoinSyntax(JoinKind.Comma, IsNatural: false, item, right, null, [], item.Span.To(right.Span));
        }

        foreach (var view in node.lateralView()) item = LateralView(item, view);
        if (node.pivotClause() is { } pivot) item = Pivot(item, pivot);
        if (node.unpivotClause() is { } unpivot) item = Unpivot(item, unpivot);
        return item;
    }

    private FromSyntax Relation(RelationContext node)
    {
        var item = RelationPrimary(node.relationPrimary());
        if (depth + node.relationExtension().Length > MostDepth) throw new TooDeep(Span(node.Start));
        foreach (var extension in node.relationExtension())
        {
            item = extension.joinRelation() is { } join ? Join(item, join)
                : extension.pivotClause() is { } pivot ? Pivot(item, pivot)
                : Unpivot(item, extension.unpivotClause());
        }

        return item;
    }

    private JoinSyntax Join(FromSyntax left, JoinRelationContext node)
    {
        var word = node.joinKind();
        var kind =
            word.CROSS() is not null ? JoinKind.Cross
            : word.SEMI() is not null ? JoinKind.LeftSemi
            : word.ANTI() is not null ? JoinKind.LeftAnti
            : word.LEFT() is not null ? JoinKind.Left
            : word.RIGHT() is not null ? JoinKind.Right
            : word.FULL() is not null ? JoinKind.Full
            : JoinKind.Inner;
        var right = RelationPrimary(node.relationPrimary());
        return new JoinSyntax(
            kind, node.NATURAL() is not null, left, right, Maybe(node.expression(), Expression), Identifiers(node.identifierList()), left.Span.To(Span(node)));
    }

    public FromSyntax RelationPrimary(RelationPrimaryContext node)
    {
        Enter(node);
        try
        {
            return node switch
            {
                TableRelationContext table => Decorated(Table(table), table.sample(), table.watermark(), table.tableAlias()),
                FileRelationContext file => Decorated(
                    new PathTableSyntax(null, StringText.Of(file.STRING().GetText()), IsStream: false, null, Span(node)), file.sample(), file.watermark(), file.tableAlias()),
                StreamRelationContext stream => Decorated(Stream(stream.streamSource(), stream), stream.sample(), stream.watermark(), stream.tableAlias()),
                SubqueryRelationContext query => Decorated(
                    new SubquerySyntax(Query(query.query()), IsStream: false, query.LATERAL() is not null, Span(node)), query.sample(), query.watermark(), query.tableAlias()),
                NestedRelationContext nested => Decorated(
                    new NestedFromSyntax(Relation(nested.relation()), Span(node)), nested.sample(), nested.watermark(), nested.tableAlias()),
                ValuesRelationContext values => Values(values),
                FunctionRelationContext function => Decorated(
                    new TableFunctionSyntax(FunctionName(function.functionName()), Arguments(function.arguments()), IsStream: false, function.LATERAL() is not null, Span(node)),
                    function.sample(), function.watermark(), function.tableAlias()),
                _ => throw new UnreachableException(node.GetType().Name),
            };
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The alias names what the sample gives, so a sampled item bears its alias outside.</summary>
    private FromSyntax Decorated(FromSyntax item, SampleContext? sample, WatermarkContext? watermark, TableAliasContext alias)
    {
        if (sample is not null) item = Sample(item, sample);
        return item with { Watermark = Maybe(watermark, Watermark), Alias = TableAlias(alias) };
    }

    private FromSyntax Table(TableRelationContext node)
    {
        var asOf = Maybe(node.timeTravel(), TimeTravel);
        if (node.AT_SIGN() is not null) asOf = AtSign(node.anyIdentifier(), asOf);
        return TableOrPath(node.name(), isStream: false, asOf, node.options(), node);
    }

    private FromSyntax TableOrPath(NameContext name, bool isStream, TimeTravelSyntax? asOf, OptionsContext? options, Antlr4.Runtime.ParserRuleContext node)
    {
        var table = DatasetName(name);
        ImmutableArray<PropertySyntax> given = options is null ? [] : Map(options.option(), o => Property(o.property()));
        return table is { Dynamic: null, Parts: [{ Quoted: false } format, { Quoted: true } path] } && PathFormats.Contains(format.Text)
            ? new PathTableSyntax(format.Text.ToLowerInvariant(), path.Text, isStream, asOf, Span(node)) { Options = given }
            : new TableRefSyntax(table, isStream, asOf, given, Span(node));
    }

    /// <summary><c>t@v3</c>: a version; <c>t@20260131000000000</c>: a time.</summary>
    private TimeTravelSyntax? AtSign(AnyIdentifierContext node, TimeTravelSyntax? other)
    {
        var word = Identifier(node).Text;
        if (other is not null) bag.Add(SyntaxErrors.DuplicateClause(Span(node), "AS OF", other.Span));
        if (word.Length > 1 && word[0] is 'v' or 'V' && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0)
            return new TimeTravelSyntax(new NumberLiteralSyntax(word[1..], NumberKind.Integer, Span(node)), null, Span(node));
        return new TimeTravelSyntax(null, new StringLiteralSyntax(word, DoubleQuoted: false, Span(node)), Span(node));
    }

    private TimeTravelSyntax TimeTravel(TimeTravelContext node)
    {
        var value = Value(node.valueExpression());
        return node.VERSION() is not null || node.SYSTEM_VERSION() is not null
            ? new TimeTravelSyntax(value, null, Span(node))
            : new TimeTravelSyntax(null, value, Span(node));
    }

    private FromSyntax Stream(StreamSourceContext node, StreamRelationContext whole)
    {
        while (node.streamSource() is { } inner) node = inner;
        // Databricks writes them behind the alias, Spark behind the table.
        var options = whole.options();
        if (options.Length > 1) bag.Add(SyntaxErrors.DuplicateClause(Span(options[1]), "WITH", Span(options[0])));
        if (options.Length > 0 && node.name() is null) bag.Add(SyntaxErrors.OptionsOfTable(Span(options[0]), isFunction: node.query() is null));
        if (node.query() is { } query) return new SubquerySyntax(Query(query), IsStream: true, IsLateral: false, Span(whole));
        return node.functionName() is { } function
            ? new TableFunctionSyntax(FunctionName(function), Arguments(node.arguments()), IsStream: true, IsLateral: false, Span(whole))
            : TableOrPath(node.name(), isStream: true, Maybe(node.timeTravel(), TimeTravel), options.FirstOrDefault(), whole);
    }

    private SubquerySyntax Values(ValuesRelationContext node)
    {
        var last = node.valuesRow()[^1];
        var span = Span(node.Start, last.Stop);
        var values = new QuerySyntax(null, new ValuesSyntax(Rows(node.valuesRow()), null, span), null, null, null, span);
        return new SubquerySyntax(values, IsStream: false, IsLateral: false, Span(node)) { Alias = TableAlias(node.tableAlias()) };
    }

    private WatermarkSyntax Watermark(WatermarkContext node) =>
        new(Expression(node.expression(0)), Maybe(node.identifier(), Identifier), Expression(node.expression(1)), Span(node));

    /// <summary>Null where the alias rule took nothing.</summary>
    private TableAliasSyntax? TableAlias(TableAliasContext node)
    {
        if (node.ChildCount == 0) return null;
        var name = node.identifier() is { } named ? Identifier(named) : Maybe(node.implicitAlias(), Identifier);
        return new TableAliasSyntax(name, Identifiers(node.columnList()), Span(node));
    }

    private LateralViewSyntax LateralView(FromSyntax input, LateralViewContext node)
    {
        var name = FunctionName(node.functionName());
        var generator = new CallSyntax(name, Arguments(node.arguments()), Span(node.functionName().Start, node.RPAREN().Symbol));
        return new LateralViewSyntax(
            input, node.OUTER() is not null, generator, Maybe(node.table, Identifier), Map(node.identifier(), Identifier), input.Span.To(Span(node)));
    }

    private PivotSyntax Pivot(FromSyntax input, PivotClauseContext node)
    {
        var aggregates = Map(node.pivotAggregate(), a => new SelectItemSyntax(
            Expression(a.expression()),
            a.implicitAlias() is { } word ? [Identifier(word)] : a.anyIdentifier() is { } named ? [Identifier(named)] : [], Span(a)));
        return new PivotSyntax(input, aggregates, Map(node.name(), Name), Map(node.selectItem(), SelectItem), input.Span.To(Span(node)))
        {
            Alias = TableAlias(node.tableAlias()),
        };
    }

    private UnpivotSyntax Unpivot(FromSyntax input, UnpivotClauseContext node)
    {
        var names = node.identifier();
        ImmutableArray<IdentifierSyntax> values = node.identifierList() is { } several ? Identifiers(several) : [Identifier(names[0])];
        var items = Map(node.unpivotItem(), i => new UnpivotItemSyntax(
            Map(i.name(), Name), i.@string() is { } text ? Text(text) : i.identifier() is { } alias ? Identifier(alias).Text : null, Span(i)));
        return new UnpivotSyntax(input, node.INCLUDE() is not null, values, Identifier(names[^1]), items, input.Span.To(Span(node)))
        {
            Alias = TableAlias(node.tableAlias()),
        };
    }

    private SampleSyntax Sample(FromSyntax input, SampleContext node)
    {
        var amount = node.sampleAmount();
        var seed = Maybe(node.number(), n => (ExpressionSyntax)Number(n));
        var span = input.Span.To(Span(node));
        if (amount is null)
        {
            bag.Add(SyntaxErrors.EmptyBrackets(Span(node)));
            return new SampleSyntax(input, SampleKind.Rows, new NumberLiteralSyntax("0", NumberKind.Integer, Span(node)), null, seed, span);
        }

        if (amount.BUCKET() is not null)
        {
            var (bucket, buckets) = (amount.INTEGER_VALUE(0).Symbol, amount.INTEGER_VALUE(1).Symbol);
            return new SampleSyntax(
                input, SampleKind.Bucket, new NumberLiteralSyntax(bucket.Text, NumberKind.Integer, Span(bucket)),
                new NumberLiteralSyntax(buckets.Text, NumberKind.Integer, Span(buckets)), seed, span);
        }

        if (amount.number() is { } number)
            return new SampleSyntax(
                input, amount.PERCENT() is not null ? SampleKind.Percent : SampleKind.Rows, Number(number, amount.MINUS() is null ? "" : "-"), null, seed, span);
        return amount.expression() is { } rows
            ? new SampleSyntax(input, SampleKind.Rows, Expression(rows), null, seed, span)
            : new SampleSyntax(input, SampleKind.Bytes, new StringLiteralSyntax(amount.GetText(), DoubleQuoted: false, Span(amount)), null, seed, span);
    }
}
