using System.Diagnostics;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    public QuerySyntax Query(QueryContext node)
    {
        Enter(node);
        try
        {
            var with = Maybe(node.ctes(), With);
            var body = Body(node.queryTerm());
            var tail = node.queryOrganization();
            var (order, limit, offset) = Organization(tail);
            body = WithWindows(body, tail.windowClause());
            var pipes = node.pipeOperator();
            if (pipes.Length == 0) return new QuerySyntax(with, body, order, limit, offset, Span(node));

            // ORDER BY and LIMIT stand before the pipes, so they belong to what the first pipe reads.
            if (order is not null || limit is not null || offset is not null)
            {
                var span = body.Span.To(Span(tail));
                body = new NestedQuerySyntax(new QuerySyntax(null, body, order, limit, offset, span), span);
            }

            foreach (var pipe in pipes) body = Pipe(body, pipe);
            return new QuerySyntax(with, body, null, null, null, Span(node));
        }
        finally
        {
            Leave();
        }
    }

    private WithSyntax With(CtesContext node) => new(
        node.RECURSIVE() is not null,
        Map(node.namedQuery(), q => new CteSyntax(
            Identifier(q.identifier()), Identifiers(q.columnList()), q.number() is { } level ? Number(level) : null, Query(q.query()), Span(q))),
        Span(node));

    private (OrderSyntax? Order, ExpressionSyntax? Limit, ExpressionSyntax? Offset) Organization(QueryOrganizationContext node)
    {
        var limit = Maybe(node.limitClause()?.limit, Expression);
        var offset = Maybe(node.offsetClause()?.offset, Expression);
        if (node._order.Count + node._cluster.Count + node._distribute.Count + node._sort.Count == 0) return (null, limit, offset);
        var orderBy = Map([.. node._order], SortItem);
        var all = orderBy is [{ Expression: NameExpressionSyntax { Name: { Parts: [{ Quoted: false } word], Dynamic: null } } }] && Is(word, "ALL");
        return (new OrderSyntax(orderBy, all, Map([.. node._sort], SortItem), Expressions([.. node._distribute]), Expressions([.. node._cluster]), Span(node)), limit, offset);
    }

    /// <summary>A WINDOW clause behind ORDER BY belongs to the one SELECT of the query.</summary>
    private QueryBodySyntax WithWindows(QueryBodySyntax body, WindowClauseContext? windows)
    {
        if (windows is null) return body;
        if (body is SelectSyntax select) return select with { Windows = select.Windows.AddRange(Windows(windows)) };
        bag.Add(SyntaxErrors.WindowWithoutSelect(Span(windows)));
        return body;
    }

    /// <summary>a UNION b UNION c |> …: walks down the left side without recursion.</summary>
    private QueryBodySyntax Body(QueryTermContext node)
    {
        var steps = new Stack<QueryTermContext>();
        while (node is not PrimaryTermContext)
        {
            steps.Push(node);
            node = node switch
            {
                SetOperationContext set => set.left,
                PipeContext pipe => pipe.queryTerm(),
                _ => throw new UnreachableException(node.GetType().Name),
            };
        }

        if (depth + steps.Count > MostDepth) throw new TooDeep(Span(node.Start));
        var body = QueryPrimary(((PrimaryTermContext)node).queryPrimary());
        foreach (var step in steps)
        {
            if (step is PipeContext pipe)
            {
                body = Pipe(body, pipe.pipeOperator());
                continue;
            }

            var set = (SetOperationContext)step;
            Enter(set);
            var right = Body(set.right);
            Leave();
            body = new SetOperationSyntax(
                SetOperatorOf(set.@operator.Type), set.setQuantifier()?.ALL() is not null, set.NAME() is not null, body, right, body.Span.To(right.Span));
        }

        return body;
    }

    private static SetOperator SetOperatorOf(int token) => token switch
    {
        UNION => SetOperator.Union,
        INTERSECT => SetOperator.Intersect,
        _ => SetOperator.Except,
    };

    private QueryBodySyntax QueryPrimary(QueryPrimaryContext node) => node switch
    {
        SelectContext select => Select(select.selectClause(), select.fromClause(), select.selectTail(), Span(node)),
        FromFirstContext from => FromFirst(from),
        TableQueryContext table => new TableQuerySyntax(DatasetName(table.name()), Span(node)),
        ValuesContext values => new ValuesSyntax(Rows(values.valuesRow()), TableAlias(values.tableAlias()), Span(node)),
        NestedQueryContext nested => new NestedQuerySyntax(Query(nested.query()), Span(node)),
        _ => throw new UnreachableException(node.GetType().Name),
    };

    /// <summary>FROM t alone, or Hive's FROM t SELECT ….</summary>
    private QueryBodySyntax FromFirst(FromFirstContext node)
    {
        var tail = node.selectTail();
        if (node.selectClause() is { } clause) return Select(clause, node.fromClause(), tail, Span(node));
        if (tail.ChildCount == 0) return new FromQuerySyntax(From(node.fromClause()), Span(node));
        bag.Add(SyntaxErrors.FromWithoutSelect(Span(tail), Words(tail, 1)));
        return new FromQuerySyntax(From(node.fromClause()), Span(node));
    }

    private SelectSyntax Select(SelectClauseContext clause, FromClauseContext? from, SelectTailContext tail, SourceSpan span)
    {
        var (hints, distinct, items) = SelectList(clause);
        return new SelectSyntax(
            hints, distinct, items, Maybe(from, From), Maybe(tail.where, Expression), Maybe(tail.groupByClause(), GroupBy),
            Maybe(tail.having, Expression), Maybe(tail.qualify, Expression), tail.windowClause() is { } windows ? Windows(windows) : [], span)
        {
            IsScriptTransform = clause is SelectScriptContext,
        };
    }

    private (ImmutableArray<HintSyntax> Hints, bool Distinct, ImmutableArray<SelectItemSyntax> Items) SelectList(SelectClauseContext node)
    {
        if (node is SelectScriptContext script)
            return ([], false, Map(script.expression(), e => new SelectItemSyntax(Expression(e), [], Span(e))));
        var list = (SelectItemsContext)node;
        var hints = list.hints().SelectMany(h => h.hint())
            .Select(h => new HintSyntax(Identifier(h.anyIdentifier()).Text, Expressions(h.expression()), Span(h)));
        return ([.. hints], list.setQuantifier()?.DISTINCT() is not null, Map(list.selectItem(), SelectItem));
    }

    public SelectItemSyntax SelectItem(SelectItemContext node)
    {
        ImmutableArray<IdentifierSyntax> aliases =
            node.columnList() is { } several ? Identifiers(several)
            : node.itemAlias() is { } word ? [Identifier(word)]
            : node.anyIdentifier() is { } named ? [Identifier(named)]
            : [];
        return new SelectItemSyntax(Expression(node.expression()), aliases, Span(node));
    }

    private ImmutableArray<ImmutableArray<ExpressionSyntax>> Rows(IReadOnlyList<ValuesRowContext> rows) => Map(rows, r => Items(Expression(r.expression())));

    /// <summary>(a, b) as two items, anything else as one.</summary>
    private static ImmutableArray<ExpressionSyntax> Items(ExpressionSyntax value) => value is TupleSyntax tuple ? tuple.Items : [value];

    private ImmutableArray<NamedWindowSyntax> Windows(WindowClauseContext node) =>
        Map(node.namedWindow(), w => new NamedWindowSyntax(Identifier(w.identifier()), Window(w.windowSpec()), Span(w)));

    // ---- GROUP BY --------------------------------------------------------------------------------------------------

    private GroupBySyntax GroupBy(GroupByClauseContext node)
    {
        var items = Map(node.groupItem(), GroupItem);
        if (node.ROLLUP() is not null || node.CUBE() is not null)
            return new GroupBySyntax(false, items, node.ROLLUP() is not null ? GroupKind.Rollup : GroupKind.Cube, Span(node));
        if (node.SETS() is not null) return HiveGroupingSets(node, items);
        var all = items is [{ Kind: GroupKind.Plain, Alias: null, Sets: [[NameExpressionSyntax { Name: { Parts: [{ Quoted: false } word], Dynamic: null } }]] }] && Is(word, "ALL");
        return new GroupBySyntax(all, all ? [] : items, GroupKind.Plain, Span(node));
    }

    /// <summary>GROUP BY a, b GROUPING SETS (…): the items in brackets come last in the node, the sets are one item.</summary>
    private GroupBySyntax HiveGroupingSets(GroupByClauseContext node, ImmutableArray<GroupItemSyntax> items)
    {
        var open = node.LPAREN().Symbol.TokenIndex;
        var plain = node.groupItem().Count(i => i.Start.TokenIndex < open);
        var nested = items[plain..];
        var sets = new GroupItemSyntax(GroupKind.GroupingSets, Sets(nested), Nested(nested), null, nested[0].Span.To(nested[^1].Span));
        return new GroupBySyntax(false, items[..plain].Add(sets), GroupKind.GroupingSets, Span(node));
    }

    private GroupItemSyntax GroupItem(GroupItemContext node)
    {
        switch (node)
        {
            case RollupOrCubeContext rollup:
                var kind = rollup.ROLLUP() is not null ? GroupKind.Rollup : GroupKind.Cube;
                return new GroupItemSyntax(kind, Map(rollup.groupingSet(), s => Maybe(s.expression(), Expression) is { } e ? Items(e) : []), [], null, Span(node));
            case GroupingSetsContext sets:
                var items = Map(sets.groupItem(), GroupItem);
                return new GroupItemSyntax(GroupKind.GroupingSets, Sets(items), Nested(items), null, Span(node));
            case EmptyGroupContext:
                return new GroupItemSyntax(GroupKind.Plain, [[]], [], null, Span(node));
            case PlainGroupContext plain:
                IdentifierSyntax? alias = plain.implicitAlias() is { } word ? Identifier(word) : Maybe(plain.anyIdentifier(), Identifier);
                return new GroupItemSyntax(GroupKind.Plain, [[Expression(plain.expression())]], [], alias, Span(node));
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private static ImmutableArray<ImmutableArray<ExpressionSyntax>> Sets(ImmutableArray<GroupItemSyntax> items) =>
        [.. items.Where(i => i.Kind == GroupKind.Plain).Select(i => i.Sets[0] is [var one] ? Items(one) : i.Sets[0])];

    private static ImmutableArray<GroupItemSyntax> Nested(ImmutableArray<GroupItemSyntax> items) => [.. items.Where(i => i.Kind != GroupKind.Plain)];

    // ---- pipes -----------------------------------------------------------------------------------------------------

    private PipeSyntax Pipe(QueryBodySyntax input, PipeOperatorContext node)
    {
        var step = PipeOperator(node);
        return new PipeSyntax(input, step, input.Span.To(step.Span));
    }

    private PipeOperatorSyntax PipeOperator(PipeOperatorContext node)
    {
        var span = Span(node);
        var rows = new PipeInputSyntax(span);
        switch (node)
        {
            case PipeSelectContext select:
                var (hints, distinct, items) = SelectList(select.selectClause());
                return new PipeSelectSyntax(hints, distinct, items, select.windowClause() is { } windows ? Windows(windows) : [], span);
            case PipeExtendContext extend:
                return new PipeExtendSyntax(Map(extend.selectItem(), SelectItem), span);
            case PipeSetContext set:
                return new PipeSetSyntax(Map(set.assignment(), a => new AssignmentSyntax(Name(a.name()), Expression(a.expression()), Span(a))), span);
            case PipeDropContext drop:
                return new PipeDropSyntax(Map(drop.identifier(), Identifier), span);
            case PipeAsContext alias:
                return new PipeAliasSyntax(Identifier(alias.identifier()), span);
            case PipeWhereContext where:
                return new PipeWhereSyntax(Expression(where.expression()), span);
            case PipeAggregateContext aggregate:
                return new PipeAggregateSyntax(Map(aggregate.selectItem(), SelectItem), Maybe(aggregate.groupByClause(), GroupBy), span);
            case PipeJoinContext join:
                return new PipeFromSyntax(Join(rows, join.joinRelation()), span);
            case PipeLateralViewContext view:
                return new PipeFromSyntax(LateralView(rows, view.lateralView()), span);
            case PipePivotContext pivot:
                return new PipeFromSyntax(Pivot(rows, pivot.pivotClause()), span);
            case PipeUnpivotContext unpivot:
                return new PipeFromSyntax(Unpivot(rows, unpivot.unpivotClause()), span);
            case PipeSampleContext sample:
                return new PipeFromSyntax(Sample(rows, sample.sample()), span);
            case PipeSetOperationContext set:
                return PipeSetOperation(set, span);
            case PipeOrderContext organization:
                var (order, limit, offset) = Organization(organization.queryOrganization());
                if (organization.queryOrganization().ChildCount == 0) bag.Add(SyntaxErrors.EmptyPipe(Span(node.Start)));
                if (organization.queryOrganization().windowClause() is { } stray) bag.Add(SyntaxErrors.WindowWithoutSelect(Span(stray)));
                return new PipeOrderSyntax(order, limit, offset, span);
            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private PipeSetOperationSyntax PipeSetOperation(PipeSetOperationContext node, SourceSpan span)
    {
        var kind = SetOperatorOf(node.Start.Type);
        var (all, byName) = (node.setQuantifier()?.ALL() is not null, node.NAME() is not null);
        var right = QueryPrimary(node.queryPrimary(0));
        foreach (var more in node.queryPrimary().Skip(1))
        {
            // a |> EXCEPT (b), (c) takes both away, as (b UNION ALL c) does; for UNION the order is that of the text.
            var next = QueryPrimary(more);
            right = new SetOperationSyntax(kind == SetOperator.Except ? SetOperator.Union : kind, all || kind == SetOperator.Except, byName, right, next, right.Span.To(next.Span));
        }

        return new PipeSetOperationSyntax(kind, all, byName, right, span);
    }
}
