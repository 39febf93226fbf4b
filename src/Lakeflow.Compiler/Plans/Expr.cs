using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Plans;

/// <summary>A scalar expression of the bound plan: names resolved, types known, casts explicit. All nodes are sealed records below this root.</summary>
/// <param name="Type">The type of its value.</param>
/// <param name="Nullable">False only where NULL cannot come out.</param>
/// <param name="Origin">Where the user wrote it; the position that a run-time error names.</param>
public abstract record Expr(DataType Type, bool Nullable, SourceSpan Origin)
{
    public abstract ImmutableArray<Expr> Children { get; }

    /// <summary>The same node over other children, given in the order of <see cref="Children"/>.</summary>
    public abstract Expr WithChildren(ImmutableArray<Expr> children);

    /// <summary>True if this node itself, children aside, can raise an error on some values.</summary>
    public virtual bool CanFailHere => false;

    /// <summary>True if evaluating this can raise an error. Such an expression never runs ahead of a guard.</summary>
    public bool CanFail => CanFailHere || Children.Any(c => c.CanFail);

    /// <summary>True if the same row gives the same value each time within an update.</summary>
    public virtual bool IsDeterministicHere => true;

    public bool IsDeterministic => IsDeterministicHere && Children.All(c => c.IsDeterministic);

    /// <summary>Bottom-up: children first, then this node. <paramref name="rule"/> returns null for "not mine".</summary>
    public Expr Rewrite(Func<Expr, Expr?> rule)
    {
        var now = Children is { IsEmpty: false } children && children.MapAll(c => c.Rewrite(rule)) is var mapped && mapped != children
            ? WithChildren(mapped)
            : this;
        return rule(now) ?? now;
    }

    /// <summary>This node and all below it, parents first.</summary>
    public IEnumerable<Expr> All() => Children.SelectMany(c => c.All()).Prepend(this);

    /// <summary>The columns that this reads, each once, in order of appearance.</summary>
    public IEnumerable<PlanColumn> ColumnsRead() => All().OfType<ColumnRef>().Select(c => c.Column).Distinct();

    /// <summary>As SQL that a person would write: for EXPLAIN, comments in generated code, and default column names.</summary>
    public sealed override string ToString() => ExprText.Of(this);

    /// <summary>a AND b, keeping a in front.</summary>
    public static Expr And(Expr a, Expr b) => new Logic(LogicOp.And, a, b, a.Origin.To(b.Origin));
}
