using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using JoinKind = Lakeflow.Compiler.Plans.JoinKind;
using Written = Lakeflow.Compiler.Syntax.JoinKind;

namespace Lakeflow.Compiler.Binding;

/// <summary>Joins.</summary>
internal sealed partial class QueryBinder
{
    private Relation BindJoin(JoinSyntax syntax)
    {
        var left = BindFrom(syntax.Left);
        var isGenerator = syntax.Right is TableFunctionSyntax function && IsGenerator(function);
        if (isGenerator && syntax.On is null && syntax.Using.IsEmpty) return BindLateralFunction(left, (TableFunctionSyntax)syntax.Right, syntax);
        var (right, correlations) = isGenerator || StartsLateral(syntax.Right) ? BindLateral(syntax.Right, left.Scope) : (BindFrom(syntax.Right), default);
        var kind = syntax.Kind switch
        {
            Written.Left => JoinKind.Left,
            Written.Right => JoinKind.Right,
            Written.Full => JoinKind.Full,
            Written.LeftSemi => JoinKind.LeftSemi,
            Written.LeftAnti => JoinKind.LeftAnti,
            Written.Cross or Written.Comma => JoinKind.Cross,
            _ => syntax.On is null && syntax.Using.IsEmpty && !syntax.IsNatural ? JoinKind.Cross : JoinKind.Inner,
        };
        if (!correlations.IsDefault && kind is not (JoinKind.Inner or JoinKind.Cross or JoinKind.Left))
        {
            NotSupported(syntax.Right.Span, $"LATERAL on the right of a {kind.ToString().ToUpperInvariant()} join");
            correlations = default;
        }

        if (syntax.IsNatural || !syntax.Using.IsEmpty) return BindUsing(syntax, kind, left, right, correlations);

        var both = left.Scope.Beside(right.Scope);
        Expr? condition = null;
        if (syntax.On is not null)
        {
            condition = Expressions(both, "ON").BindCondition(syntax.On);
            if (condition is not ErrorExpr && kind == JoinKind.Cross) kind = JoinKind.Inner;
        }

        var join = Joined(kind, left, right, correlations, condition, syntax.Span);
        return new Relation(join, kind is JoinKind.LeftSemi or JoinKind.LeftAnti ? left.Scope : Over(join, both));
    }

    /// <param name="correlations">What a LATERAL right side reads of the left one; default: it is not LATERAL.</param>
    private static LogicalPlan Joined(JoinKind kind, Relation left, Relation right, ImmutableArray<Correlation> correlations, Expr? condition, SourceSpan span) =>
        correlations.IsDefaultOrEmpty
            ? new Join(kind, left.Plan, right.Plan, condition, span)
            : new Lateral(kind, left.Plan, right.Plan, correlations, condition, span);

    /// <summary>True for what sees the items of FROM before it: LATERAL, also as the first item of a join.</summary>
    private static bool StartsLateral(FromSyntax syntax) => syntax switch
    {
        SubquerySyntax query => query.IsLateral,
        NestedFromSyntax nested => StartsLateral(nested.Inner),
        JoinSyntax join => StartsLateral(join.Left),
        LateralViewSyntax view => StartsLateral(view.Input),
        PivotSyntax pivot => StartsLateral(pivot.Input),
        UnpivotSyntax unpivot => StartsLateral(unpivot.Input),
        SampleSyntax sample => StartsLateral(sample.Input),
        _ => false,
    };

    /// <summary>An item of FROM that sees those before it.</summary>
    private (Relation Relation, ImmutableArray<Correlation> Correlations) BindLateral(FromSyntax syntax, Scope left)
    {
        var inner = ForSubquery(Expressions(left, "LATERAL"));
        return (inner.BindFrom(syntax), inner.Correlations);
    }

    /// <summary>The scope with the nullability that the plan gives its columns.</summary>
    private static Scope Over(LogicalPlan plan, Scope scope)
    {
        var byId = plan.Columns.ToDictionary(c => c.Id);
        return new Scope([.. scope.Columns.Select(c => byId.TryGetValue(c.Column.Id, out var now) && now.Nullable != c.Column.Nullable ? c with { Column = now } : c)], scope.Unknown);
    }

    /// <summary>USING and NATURAL: equal columns are one column; it stands first in <c>*</c>.</summary>
    private Relation BindUsing(JoinSyntax syntax, JoinKind kind, Relation left, Relation right, ImmutableArray<Correlation> correlations)
    {
        if (kind == JoinKind.Cross) kind = JoinKind.Inner;
        var names = syntax.IsNatural
            ? left.Scope.Columns.Where(c => c.Visibility == Visibility.Plain && right.Scope.Find([], c.Name).Count > 0).Select(c => new IdentifierSyntax(c.Name, true, syntax.Span)).ToImmutableArray()
            : syntax.Using;
        var pairs = new List<(ScopeColumn Left, ScopeColumn Right)>();
        var both = left.Scope.Beside(right.Scope);
        Expr? condition = null;
        var broken = false;
        var expressions = Expressions(both, "USING");
        foreach (var name in names)
        {
            var l = Only(left.Scope, name);
            var r = Only(right.Scope, name);
            if (l is null || r is null || l.IsBroken || r.IsBroken)
            {
                broken = true;
                continue;
            }

            pairs.Add((l, r));
            var equal = expressions.Compare("=", new ColumnRef(l.Column, name.Span), new ColumnRef(r.Column, name.Span), name.Span);
            broken |= equal is ErrorExpr;
            condition = condition is null ? equal : Expr.And(condition, equal);
        }

        if (broken) condition = new ErrorExpr(syntax.Span);
        if (condition is null) kind = JoinKind.Cross;
        var join = Joined(kind, left, right, correlations, condition, syntax.Span);
        if (kind is JoinKind.LeftSemi or JoinKind.LeftAnti) return new Relation(join, left.Scope);
        return Merged(join, kind, Over(join, both), pairs, names);
    }

    private Relation Merged(LogicalPlan join, JoinKind kind, Scope scope, List<(ScopeColumn Left, ScopeColumn Right)> pairs, ImmutableArray<IdentifierSyntax> names)
    {
        var plan = join;
        var merged = new List<ScopeColumn>();
        var hidden = new HashSet<int>();
        var computed = ImmutableArray.CreateBuilder<NamedExpr>();
        for (var i = 0; i < pairs.Count; i++)
        {
            var (left, right) = (ById(pairs[i].Left), ById(pairs[i].Right));
            var (shown, other) = kind == JoinKind.Right ? (right, left) : (left, right);
            if (kind == JoinKind.Full)
            {
                var values = Conversions.IsSame(right.Column.Type, left.Column.Type)
                    ? new Coalesce([new ColumnRef(left.Column, names[i].Span), new ColumnRef(right.Column, names[i].Span)], names[i].Span)
                    : null;
                Expr value = values is not null ? values : Expressions(scope, "USING").Apply("coalesce", [new ColumnRef(left.Column, names[i].Span), new ColumnRef(right.Column, names[i].Span)], names[i].Span);
                var column = Ids.NewColumn(left.Name, value.Type, pairs[i].Left.Column.Nullable || pairs[i].Right.Column.Nullable);
                computed.Add(new NamedExpr(value, column));
                hidden.Add(left.Column.Id);
                hidden.Add(right.Column.Id);
                merged.Add(new ScopeColumn(column, left.Name, []));
                continue;
            }

            hidden.Add(other.Column.Id);
            merged.Add(shown);
        }

        if (computed.Count > 0)
            plan = new Project(plan, [.. plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, join.Origin), c)), .. computed], join.Origin);
        var first = merged.Select(m => m.Column.Id).ToHashSet();
        var rest = scope.Columns.Where(c => !first.Contains(c.Column.Id)).Select(c => hidden.Contains(c.Column.Id) ? c with { Visibility = Visibility.Qualified } : c);
        return new Relation(plan, new Scope([.. merged, .. rest], scope.Unknown));

        ScopeColumn ById(ScopeColumn column) => scope.Columns.First(c => c.Column.Id == column.Column.Id);
    }

    private ScopeColumn? Only(Scope scope, IdentifierSyntax name)
    {
        var found = scope.Find([], name.Text);
        if (found.Count == 1) return found[0];
        if (found.Count > 1)
            Error(BindingErrors.AmbiguousColumn(name.Span, name.Text, found.Select(f => f.FullName)));
        else if (!scope.HasUnknown)
            Error(BindingErrors.UnknownColumn(name.Span, name.Text, scope.Names));
        return null;
    }
}
