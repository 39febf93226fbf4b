using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>What a plan reads that none of its own nodes puts out.</summary>
internal static class Outer
{
    public static bool Reads(LogicalPlan plan, Func<PlanColumn, bool> isOuter) =>
        plan.All().Any(node => node.Expressions().Any(e => e.ColumnsRead().Any(isOuter)));

    /// <summary>Those of the columns that the plan reads, in order of appearance.</summary>
    public static ImmutableArray<PlanColumn> Of(LogicalPlan plan, ImmutableArray<PlanColumn> columns)
    {
        var there = columns.ToDictionary(c => c.Id);
        return [.. plan.All().SelectMany(n => n.Expressions()).SelectMany(e => e.ColumnsRead()).Where(c => there.ContainsKey(c.Id)).Distinct().Select(c => there[c.Id])];
    }

    /// <summary>The plan with every parameter replaced by what it stands for.</summary>
    public static LogicalPlan Bound(LogicalPlan plan, ImmutableArray<Correlation> outer)
    {
        if (outer.IsEmpty) return plan;
        var values = outer.ToDictionary(c => c.Parameter.Id, c => c.Value);
        return plan.Rewrite(node => node.MapExpressions(e => Conjuncts.Replace(e, values)));
    }
}
