using System.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>A second reader of the same rows: the same plan under column ids of its own. Expectations count rows once, so in the copy they only drop.</summary>
internal sealed class PlanCopy(ColumnIds ids)
{
    private readonly Dictionary<int, PlanColumn> columns = [];

    public LogicalPlan Of(LogicalPlan plan)
    {
        var inputs = plan.Inputs.Select(Of).ToImmutableArray();
        var node = (inputs.IsEmpty ? plan : plan.WithInputs(inputs)).MapExpressions(Of);
        return node switch
        {
            Scan n => n with { Output = New(n.Output) },
            Values n => n with { Output = New(n.Output) },
            Plans.Range n => n with { Id = New(n.Id) },
            Project n => n with { Items = [.. n.Items.Select(i => i with { Column = New(i.Column) })] },
            Aggregate n => n with
            {
                Keys = [.. n.Keys.Select(k => k with { Column = New(k.Column) })],
                Aggregates = [.. n.Aggregates.Select(a => a with { Column = New(a.Column) })],
            },
            Join n => n.Mark is null ? n : n with { Mark = New(n.Mark) },
            Union n => n with { Output = New(n.Output) },
            Window n => n with { Calls = [.. n.Calls.Select(c => c with { Column = New(c.Column) })] },
            Generate n => n with { Generated = New(n.Generated) },
            Expect n => Conjuncts.Above(n.Input, [.. n.Rules.Where(r => r.Info.Action == ViolationAction.DropRow).Select(r => r.Condition)]),
            Filter or Distinct or Sort or Limit => node,
            _ => throw new UnreachableException(node.GetType().Name),
        };
    }

    /// <summary>The expression over the copy's columns; what the plan does not put out itself stays.</summary>
    public Expr Of(Expr expr) => expr.Rewrite(part => part is ColumnRef c && columns.TryGetValue(c.Column.Id, out var now) ? c with { Column = now } : null);

    public PlanColumn Of(PlanColumn column) => columns.GetValueOrDefault(column.Id, column);

    private ImmutableArray<PlanColumn> New(ImmutableArray<PlanColumn> produced) => [.. produced.Select(New)];

    /// <summary>A node that passes a column on under its old id passes the copy on.</summary>
    private PlanColumn New(PlanColumn column)
    {
        if (columns.TryGetValue(column.Id, out var known)) return known;
        var copy = ids.Like(column);
        columns.Add(column.Id, copy);
        return copy;
    }
}
