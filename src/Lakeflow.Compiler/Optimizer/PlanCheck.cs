using System.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Optimizer;

/// <summary>What must be true of a plan after each rule. A broken rule is our bug, never skipped.</summary>
internal static class PlanCheck
{
    public static void Same(LogicalPlan before, LogicalPlan after, string rule)
    {
        var (old, now) = (before.Columns, after.Columns);
        if (old.Length != now.Length) throw Broken(rule, $"{old.Length} columns became {now.Length}", before, after);
        for (var i = 0; i < old.Length; i++)
        {
            if (old[i].Id != now[i].Id || old[i].Name != now[i].Name || !old[i].Type.Equals(now[i].Type))
                throw Broken(rule, $"column {i + 1}, {old[i].Name} #{old[i].Id} {old[i].Type}, became {now[i].Name} #{now[i].Id} {now[i].Type}", before, after);
        }

        Barriers(before, after, rule);
        Resolved(after, rule, before);
    }

    /// <summary>Expectations stay, in order, and no condition that stood above one comes to stand below it.</summary>
    private static void Barriers(LogicalPlan before, LogicalPlan after, string rule)
    {
        var old = before.All().OfType<Expect>().ToList();
        var now = after.All().OfType<Expect>().ToList();
        if (!old.Select(NamesOf).SequenceEqual(now.Select(NamesOf))) throw Broken(rule, "an expectation was lost, doubled or moved", before, after);
        for (var i = 0; i < old.Count; i++)
        {
            var known = Origins(old[i].Input, anyNode: true);
            if (Origins(now[i].Input, anyNode: false).Any(o => !known.Contains(o))) throw Broken(rule, "a condition crossed an expectation", before, after);
        }
    }

    private static string NamesOf(Expect node) => string.Join(';', node.Rules.Select(r => $"{r.Info.Dataset}.{r.Info.Name}"));

    /// <summary>Where the text has the expressions below: of all nodes, or of those that drop rows.</summary>
    private static HashSet<SourceSpan> Origins(LogicalPlan plan, bool anyNode)
    {
        var origins = new HashSet<SourceSpan>();
        foreach (var node in plan.All().Where(n => anyNode || n is Filter or Join or Limit))
        {
            if (anyNode || node is Limit) origins.Add(node.Origin);
            node.MapExpressions(e =>
            {
                origins.UnionWith(e.All().OfType<ColumnRef>().Select(c => c.Origin));
                return e;
            });
        }

        return origins;
    }

    /// <summary>Every column that a node reads is one that its inputs put out.</summary>
    private static void Resolved(LogicalPlan plan, string rule, LogicalPlan before)
    {
        foreach (var node in plan.All())
        {
            var there = node.Inputs.SelectMany(i => i.Columns).Select(c => c.Id).ToHashSet();
            node.MapExpressions(e =>
            {
                if (e.ColumnsRead().FirstOrDefault(c => !there.Contains(c.Id)) is { } missing)
                    throw Broken(rule, $"{node.Describe()} reads {missing.Name} #{missing.Id}, which is not there", before, plan);
                return e;
            });
        }
    }

    private static UnreachableException Broken(string rule, string what, LogicalPlan before, LogicalPlan after) =>
        new($"LF0001: rule {rule} broke the plan: {what}.\nbefore\n{before}after\n{after}");
}
