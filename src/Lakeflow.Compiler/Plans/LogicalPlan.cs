using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>A relational operator of the bound plan. All nodes are sealed records below this root.</summary>
/// <param name="Origin">Where the user wrote it. Set once by the binder, copied unchanged ever after.</param>
public abstract record LogicalPlan(SourceSpan Origin)
{
    /// <summary>What it puts out, in order.</summary>
    public abstract ImmutableArray<PlanColumn> Columns { get; }

    public abstract ImmutableArray<LogicalPlan> Inputs { get; }

    /// <summary>The same node over other inputs, given in the order of <see cref="Inputs"/>.</summary>
    public abstract LogicalPlan WithInputs(ImmutableArray<LogicalPlan> inputs);

    /// <summary>The same node with every expression in it mapped by <paramref name="map"/>; the same instance if nothing changed.</summary>
    public abstract LogicalPlan MapExpressions(Func<Expr, Expr> map);

    /// <summary>One line for the plan tree, without the inputs.</summary>
    public abstract string Describe();

    /// <summary>Bottom-up: inputs first, then this node. <paramref name="rule"/> returns null for "not mine".</summary>
    public LogicalPlan Rewrite(Func<LogicalPlan, LogicalPlan?> rule)
    {
        var inputs = Inputs;
        var changed = false;
        var rewritten = ImmutableArray.CreateBuilder<LogicalPlan>(inputs.Length);
        foreach (var input in inputs)
        {
            var now = input.Rewrite(rule);
            changed |= !ReferenceEquals(now, input);
            rewritten.Add(now);
        }

        var node = changed ? WithInputs(rewritten.MoveToImmutable()) : this;
        return rule(node) ?? node;
    }

    /// <summary>This node and all below it, parents first.</summary>
    public IEnumerable<LogicalPlan> All() => Inputs.SelectMany(i => i.All()).Prepend(this);

    /// <summary>This node and all below it, those of subqueries in expressions included.</summary>
    public IEnumerable<LogicalPlan> AllNested()
    {
        foreach (var node in All())
        {
            yield return node;
            foreach (var expr in node.Expressions().SelectMany(e => e.All()))
            {
                var subquery = expr switch { ScalarSubquery scalar => scalar.Plan, SubqueryTest test => test.Plan, _ => null };
                foreach (var below in subquery?.AllNested() ?? []) yield return below;
            }
        }
    }

    /// <summary>The expressions of this node, each at its root.</summary>
    public List<Expr> Expressions()
    {
        var found = new List<Expr>();
        MapExpressions(e =>
        {
            found.Add(e);
            return e;
        });
        return found;
    }

    /// <summary>The tree as indented text: what EXPLAIN prints and snapshots hold.</summary>
    public sealed override string ToString() => PlanText.Of(this);
}
