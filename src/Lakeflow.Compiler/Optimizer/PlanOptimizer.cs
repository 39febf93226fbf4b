using System.Diagnostics;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Optimizer.Rules;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer;

/// <summary>Improves plans by one list of rules, applied until none has anything left to do.</summary>
public static class PlanOptimizer
{
    /// <summary>More rounds than any plan needs: two rules that undo each other would show here.</summary>
    private const int MostRounds = 50;

    public static readonly ImmutableArray<IRule> Rules =
    [
        new FoldConstants(),
        new SimplifyPredicates(),
        new MergeFilters(),
        new SplitJoinCondition(),     // before PushFilterDown: conditions on one side become filters
        new PushFilterDown(),         // after MergeFilters: one predicate to split, not two to order
        new MergeProjects(),
        new PushLimitDown(),
        new PruneColumns(),           // last of the shape changers: earlier rules may leave columns unread
        new RemoveIdentityProject(),  // PruneColumns leaves these behind
        new DerivePruning(),          // once filters stand above their scans
        new ChooseBuildSide(),
    ];

    /// <summary>The graph with every flow's plan improved; <paramref name="trace"/> tells what was done.</summary>
    public static PipelineGraph Optimize(PipelineGraph graph, CompileOptions options, ImmutableArray<RuleTrace>.Builder trace)
    {
        ImmutableArray<IRule> rules = [.. Rules.Where(r => !options.WithoutRules.Contains(r.Name))];
        var improved = DeepWork.Map(graph.Flows, flow =>
        {
            var done = ImmutableArray.CreateBuilder<RuleTrace>();
            return (Flow: flow with { Plan = Optimize(flow.Plan, rules, flow.Name, done) }, Done: done);
        });
        foreach (var (_, done) in improved) trace.AddRange(done);
        return graph with { Flows = [.. improved.Select(f => f.Flow)] };
    }

    /// <summary>One plan, by the given rules.</summary>
    public static LogicalPlan Optimize(LogicalPlan plan, ImmutableArray<IRule> rules, string flow, ImmutableArray<RuleTrace>.Builder trace)
    {
        plan = WithSubqueries(plan, rules, flow, trace);
        for (var round = 1; round <= MostRounds; round++)
        {
            var before = plan;
            foreach (var rule in rules)
            {
                var changed = 0;
                var now = rule.IsWholePlan ? rule.Apply(plan) ?? plan : plan.Rewrite(node =>
                {
                    var rewritten = rule.Apply(node);
                    if (rewritten is not null) changed++;
                    return rewritten;
                });
                if (ReferenceEquals(now, plan)) continue;
                PlanCheck.Same(plan, now, rule.Name);
                trace.Add(new RuleTrace(flow, rule.Name, round, Math.Max(changed, 1)));
                plan = now;
            }

            if (ReferenceEquals(before, plan)) return plan;
        }

        throw new UnreachableException($"LF0001: the optimizer's rules do not come to rest on\n{plan}");
    }

    /// <summary>The plans inside expressions are plans too.</summary>
    private static LogicalPlan WithSubqueries(LogicalPlan plan, ImmutableArray<IRule> rules, string flow, ImmutableArray<RuleTrace>.Builder trace) =>
        plan.Rewrite(node => node.MapExpressions(e => e.Rewrite(part => part switch
        {
            ScalarSubquery s when Optimize(s.Plan, rules, flow, trace) is var p && !ReferenceEquals(p, s.Plan) => s with { Plan = p },
            SubqueryTest t when Optimize(t.Plan, rules, flow, trace) is var p && !ReferenceEquals(p, t.Plan) => t with { Plan = p },
            _ => null,
        })));
}
