using System.Diagnostics;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Pipe syntax: each operator is the clause of a SELECT over what came before.</summary>
internal sealed partial class QueryBinder
{
    /// <summary>What a <see cref="PipeInputSyntax"/> stands for.</summary>
    private Relation? pipeInput;

    private BoundQuery BindPipe(PipeSyntax syntax)
    {
        var input = Bind(syntax.Input, QueryTail.None);
        var rows = RowsOf(input);
        var span = syntax.Operator.Span;
        switch (syntax.Operator)
        {
            case PipeWhereSyntax where:
                return input with { Plan = Where(input.Plan, rows.Scope, where.Condition, "WHERE") };
            case PipeSelectSyntax select:
                return Select(rows, new SelectSyntax(select.Hints, select.Distinct, select.Items, new PipeInputSyntax(span), null, null, null, null, select.Windows, span));
            case PipeExtendSyntax extend:
                return Select(rows, SelectOf([new SelectItemSyntax(new StarSyntax(null, [], span), [], span), .. extend.Items], null, span));
            case PipeAggregateSyntax aggregate:
                return Aggregated(rows, input, aggregate);
            case PipeSetSyntax set:
                return Assigned(input, set);
            case PipeDropSyntax drop:
                return Dropped(input, drop);
            case PipeAliasSyntax alias:
                return input with { Columns = [.. input.Columns.Select(c => c with { Qualifier = [alias.Alias.Text] })] };
            case PipeFromSyntax from:
                return AllOf(WithInput(rows, () => BindFrom(from.Item)));
            case PipeSetOperationSyntax set:
                return Combine(set.Operator, set.All, set.ByName, input, Bind(set.Right, QueryTail.None), span);
            case PipeOrderSyntax order:
                return Finish(input, new QueryTail(order.Order, order.Limit, order.Offset, span));
            default:
                throw new UnreachableException(syntax.Operator.GetType().Name);
        }
    }

    private T WithInput<T>(Relation rows, Func<T> bind)
    {
        var outer = pipeInput;
        pipeInput = rows;
        var bound = bind();
        pipeInput = outer;
        return bound;
    }

    private BoundQuery Select(Relation rows, SelectSyntax select) => WithInput(rows, () => BindSelect(select, QueryTail.None));

    private static SelectSyntax SelectOf(ImmutableArray<SelectItemSyntax> items, GroupBySyntax? groupBy, SourceSpan span) =>
        new([], false, items, new PipeInputSyntax(span), null, groupBy, null, null, [], span);

    /// <summary>AGGREGATE puts the grouping columns first.</summary>
    private BoundQuery Aggregated(Relation rows, BoundQuery input, PipeAggregateSyntax syntax)
    {
        if (syntax.GroupBy is null)
        {
            // Without GROUP BY the whole input is one group, even if the list has no aggregate.
            return Select(rows, SelectOf(syntax.Items, new GroupBySyntax(false, [], GroupKind.Plain, syntax.Span), syntax.Span));
        }

        // A number is the ordinal of a column that comes in.
        var groups = syntax.GroupBy.Items.Where(i => i is { Kind: GroupKind.Plain, Sets: [[_]] })
            .Select(i => Ordinal(i.Sets[0][0], input.Columns.Length, "GROUP BY") is { } at ? i with { Sets = [[NameOf(input.Columns[at], i.Span)]] } : i).ToImmutableArray();
        var keys = groups.Select(i => new SelectItemSyntax(i.Sets[0][0], i.Alias is null ? [] : [i.Alias], i.Span)).ToImmutableArray();
        if (syntax.GroupBy.All || keys.Length != syntax.GroupBy.Items.Length)
        {
            NotSupported(syntax.GroupBy.Span, "GROUP BY ALL, GROUPING SETS, ROLLUP or CUBE in AGGREGATE");
            return Broken(syntax.Span);
        }

        return Select(rows, SelectOf([.. keys, .. syntax.Items], syntax.GroupBy with { Items = groups }, syntax.Span));
    }

    /// <summary>SET: one assignment after the other, so that a later one sees what an earlier one set.</summary>
    private BoundQuery Assigned(BoundQuery input, PipeSetSyntax syntax)
    {
        foreach (var assignment in syntax.Items)
        {
            var at = input.Columns.IndexOf(input.Columns.FirstOrDefault(c => string.Equals(c.Name, assignment.Column.Last.Text, StringComparison.OrdinalIgnoreCase))!);
            if (at < 0)
            {
                if (!input.IsUnknown) Error(BindingErrors.UnknownColumn(assignment.Column.Span, assignment.Column.ToString(), input.Columns.Select(c => c.Name)));
                continue;
            }

            var items = input.Columns.Select(c => new SelectItemSyntax(NameOf(c, syntax.Span), [], syntax.Span)).ToArray();
            items[at] = new SelectItemSyntax(assignment.Value, [new IdentifierSyntax(input.Columns[at].Name, true, assignment.Column.Span)], assignment.Span);
            input = Select(RowsOf(input), SelectOf([.. items], null, syntax.Span)) with { IsUnknown = input.IsUnknown };
        }

        return input;
    }

    private static Relation RowsOf(BoundQuery input) => new(input.Plan, new Scope(input.Columns, input.IsUnknown ? [[]] : []));

    private static NameExpressionSyntax NameOf(ScopeColumn column, SourceSpan span) =>
        new(new NameSyntax([new IdentifierSyntax(column.Name, true, span)], span), span);

    private BoundQuery Dropped(BoundQuery input, PipeDropSyntax syntax)
    {
        var left = input.Columns;
        foreach (var name in syntax.Columns)
        {
            var rest = left.RemoveAll(c => string.Equals(c.Name, name.Text, StringComparison.OrdinalIgnoreCase));
            if (rest.Length == left.Length && !input.IsUnknown) Error(BindingErrors.UnknownColumn(name.Span, name.Text, left.Select(c => c.Name)));
            left = rest;
        }

        return Projected(input.Plan, left, input.IsUnknown);
    }
}
