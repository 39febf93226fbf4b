using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Rules;

/// <summary>Two projections in a row become one.</summary>
/// <remarks>
/// <code>
/// Project a + 1 AS b          Project x * 2 + 1 AS b
///   Project x * 2 AS a   →      X
///     X
/// </code>
/// Only where no work is doubled and nothing random is drawn twice: a computed column of the inner projection is read at most once.
/// </remarks>
public sealed class MergeProjects : IRule
{
    public LogicalPlan? Apply(LogicalPlan node)
    {
        if (node is not Project { Input: Project inner } outer) return null;
        var reads = new Dictionary<int, int>();
        foreach (var column in outer.Items.SelectMany(i => i.Value.All()).OfType<ColumnRef>())
            reads[column.Column.Id] = reads.GetValueOrDefault(column.Column.Id) + 1;
        foreach (var item in inner.Items)
        {
            if (IsTrivial(item.Value)) continue;
            if (!item.Value.IsDeterministic || reads.GetValueOrDefault(item.Column.Id) > 1) return null;
        }

        var values = inner.Items.ToDictionary(i => i.Column.Id, i => i.Value);
        return outer with { Input = inner.Input, Items = outer.Items.MapAll(e => Conjuncts.Replace(e, values)) };
    }

    private static bool IsTrivial(Expr value) => value is ColumnRef or Literal or GetField { Input: ColumnRef };
}
