using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Optimizer;
using Lakeflow.Compiler.Tests.Binding;
using System.Collections.Immutable;

namespace Lakeflow.Compiler.Tests.Optimizer;

/// <summary>One rule by itself: before and after as a drawing, and what it leaves alone.</summary>
public abstract class RuleTests<TRule>
    where TRule : IRule, new()
{
    private protected static (LogicalPlan Before, LogicalPlan After) Rewrite(string sql, params IRule[] before)
    {
        var result = Compiled.Query(sql);
        Assert.False(result.HasErrors, Compiled.Messages(result));
        var trace = ImmutableArray.CreateBuilder<RuleTrace>();
        var plan = result.Graph.Flows[0].Plan;
        if (before.Length > 0) plan = PlanOptimizer.Optimize(plan, [.. before], "before", trace);
        return (plan, PlanOptimizer.Optimize(plan, [new TRule()], "test", trace));
    }

    private protected static void Unchanged(string sql, params IRule[] before)
    {
        var (old, now) = Rewrite(sql, before);
        Assert.True(ReferenceEquals(old, now), $"{old}became\n{now}");
    }

    private protected static string Drawing(string sql, params IRule[] before)
    {
        var (old, now) = Rewrite(sql, before);
        return $"before\n{Indented(old)}after\n{Indented(now)}";
    }

    private protected static void After(string expected, string sql, params IRule[] before) =>
        Assert.Equal(expected.ReplaceLineEndings("\n").Trim(), Rewrite(sql, before).After.ToString().Trim());

    private static string Indented(LogicalPlan plan) => string.Concat(plan.ToString().TrimEnd('\n').Split('\n').Select(l => $"  {l}\n"));
}
