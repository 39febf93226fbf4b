using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using JoinKind = Lakeflow.Compiler.Plans.JoinKind;

namespace Lakeflow.Compiler.Binding;

/// <summary>UNION, INTERSECT, EXCEPT, and VALUES.</summary>
internal sealed partial class QueryBinder
{
    private BoundQuery BindSetOperation(SetOperationSyntax syntax) =>
        Combine(syntax.Operator, syntax.All, syntax.ByName, Bind(syntax.Left, QueryTail.None), Bind(syntax.Right, QueryTail.None), syntax.Span);

    private BoundQuery Combine(SetOperator op, bool all, bool byName, BoundQuery left, BoundQuery right, SourceSpan span)
    {
        if (byName && ByName(left, right, span) is { } matched) right = matched;
        if (left.IsUnknown || right.IsUnknown) return new BoundQuery(new Union([left.Plan, right.Plan], [], span), left.Columns, IsUnknown: true);
        var union = UnionOf([left, right], span);
        if (op == SetOperator.Union) return all || union.IsUnknown ? union : union with { Plan = new Distinct(union.Plan, span) };
        return union.IsUnknown ? union : Matching(op, all, (Union)union.Plan, union.Columns, span);
    }

    /// <summary>
    /// INTERSECT and EXCEPT: the left side's distinct rows that have, or have not, an equal row on the right. With ALL, equal rows are
    /// numbered on each side instead, and the number is compared too.
    /// </summary>
    private BoundQuery Matching(SetOperator op, bool all, Union union, ImmutableArray<ScopeColumn> columns, SourceSpan span)
    {
        LogicalPlan left = all ? Numbered(union.Members[0], span) : new Distinct(union.Members[0], span);
        var right = all ? Numbered(union.Members[1], span) : union.Members[1];
        Expr? equal = null;
        for (var i = 0; i < left.Columns.Length; i++)
        {
            Expr one = new NullSafeEqual(new ColumnRef(left.Columns[i], span), new ColumnRef(right.Columns[i], span), span);
            equal = equal is null ? one : Expr.And(equal, one);
        }

        var join = new Join(op == SetOperator.Intersect ? JoinKind.LeftSemi : JoinKind.LeftAnti, left, right, equal, span) { SetOperation = op.ToString().ToUpperInvariant() };
        return Projected(join, [.. columns.Select((c, i) => c with { Column = left.Columns[i] })], false);
    }

    /// <summary>The rows with a last column that numbers equal rows from 1.</summary>
    private Window Numbered(LogicalPlan plan, SourceSpan span)
    {
        var function = FunctionTable.Find("row_number") ?? throw new UnreachableException("row_number");
        var call = new WindowCall(function, function.Overloads[0], [], WindowFrame.Whole, false, DataType.Int32, false, span);
        return new Window(
            plan, [.. plan.Columns.Select(c => new ColumnRef(c, span))], [], [new NamedWindowCall(call, Ids.NewColumn("occurrence", DataType.Int32, false))], span);
    }

    /// <summary>The right side's columns in the order of the left side's names.</summary>
    private BoundQuery? ByName(BoundQuery left, BoundQuery right, SourceSpan span)
    {
        if (left.IsUnknown || right.IsUnknown) return null;
        var ordered = ImmutableArray.CreateBuilder<ScopeColumn>();
        var missing = new List<string>();
        foreach (var column in left.Columns)
        {
            if (right.Columns.FirstOrDefault(c => string.Equals(c.Name, column.Name, StringComparison.OrdinalIgnoreCase)) is { } same)
                ordered.Add(same);
            else
                missing.Add(column.Name);
        }

        if (missing.Count > 0)
        {
            Error(BindingErrors.MissingByName(right.Plan.Origin.IsNone ? span : right.Plan.Origin, missing, right.Columns.Select(c => c.Name)));
            return right with { IsUnknown = true };
        }

        ordered.AddRange(right.Columns.Where(c => !ordered.Contains(c)));
        return Projected(right.Plan, ordered.ToImmutable(), false);
    }

    /// <summary>All rows of all members, each column in the type that all can have.</summary>
    private BoundQuery UnionOf(IReadOnlyList<BoundQuery> members, SourceSpan span)
    {
        var first = members[0];
        var width = first.Columns.Length;
        if (members.FirstOrDefault(m => m.IsUnknown) is not null) return first with { IsUnknown = true };
        if (members.FirstOrDefault(m => m.Columns.Length != width) is { } odd)
        {
            Error(BindingErrors.ColumnCount(odd.Plan.Origin, "Both sides of a set operation have the same columns", width, odd.Columns.Length));
            return first with { IsUnknown = true };
        }

        var types = new DataType[width];
        for (var i = 0; i < width; i++)
        {
            DataType common = DataType.Null;
            foreach (var member in members.Where(m => !m.Columns[i].IsBroken))
            {
                if (TypeCoercion.LeastCommonType(common, member.Columns[i].Column.Type) is not { } wider)
                {
                    Error(BindingErrors.NoCommonType(member.Plan.Origin, $"Column '{first.Columns[i].Name}' of the set operation", common, member.Columns[i].Column.Type));
                    return first with { IsUnknown = true };
                }

                common = wider;
            }

            types[i] = common;
        }

        var inputs = members.Select(m => Cast(m, types)).ToImmutableArray();
        var output = Enumerable.Range(0, width)
            .Select(i => Ids.NewColumn(first.Columns[i].Name, types[i], inputs.Any(m => m.Columns[i].Nullable))).ToImmutableArray();
        var columns = first.Columns.Select((c, i) => new ScopeColumn(output[i], c.Name, [])
        {
            IsBroken = members.Any(m => m.Columns[i].IsBroken),
            Metadata = c.Metadata,
        });
        return new BoundQuery(new Union(inputs, output, span), [.. columns], false);
    }

    private LogicalPlan Cast(BoundQuery member, DataType[] types)
    {
        var whole = member.Plan.Columns.Length == types.Length && member.Plan.Columns.Zip(types).All(p => Conversions.IsSame(p.First.Type, p.Second));
        if (whole) return member.Plan;
        var items = member.Columns.Select((c, i) =>
        {
            Expr value = c.IsBroken ? new ErrorExpr(member.Plan.Origin) : Conversions.To(new ColumnRef(c.Column, member.Plan.Origin), types[i]);
            return new NamedExpr(value, value is ColumnRef same ? same.Column : Ids.NewColumn(c.Name, types[i], value.Nullable));
        });
        return new Project(member.Plan, [.. items], member.Plan.Origin);
    }

    private BoundQuery BindValues(ValuesSyntax syntax)
    {
        var width = syntax.Rows.IsEmpty ? 0 : syntax.Rows[0].Length;
        var expressions = Expressions(Scope.Empty, "VALUES");
        var rows = syntax.Rows.Select(r => expressions.BindAll(r)).ToList();
        if (syntax.Rows.FirstOrDefault(r => r.Length != width) is { IsDefault: false } odd)
        {
            Error(BindingErrors.ColumnCount(odd.IsEmpty ? syntax.Span : odd[0].Span.To(odd[^1].Span), "A row of VALUES", width, odd.Length));
            return Broken(syntax.Span);
        }

        var columns = ImmutableArray.CreateBuilder<ScopeColumn>();
        for (var i = 0; i < width; i++)
        {
            DataType common = DataType.Null;
            var broken = false;
            foreach (var row in rows)
            {
                broken |= row[i] is ErrorExpr;
                if (row[i] is ErrorExpr) continue;
                if (TypeCoercion.LeastCommonType(common, row[i].Type) is { } wider)
                {
                    common = wider;
                    continue;
                }

                Error(BindingErrors.NoCommonType(row[i].Origin, $"Column {i + 1} of VALUES", common, row[i].Type));
                broken = true;
            }

            for (var r = 0; r < rows.Count; r++)
            {
                if (!broken) rows[r] = rows[r].SetItem(i, Conversions.To(rows[r][i], common));
            }

            var column = Ids.NewColumn($"col{i + 1}", common, rows.Any(r => r[i].Nullable));
            columns.Add(new ScopeColumn(column, column.Name, []) { IsBroken = broken });
        }

        var bound = new BoundQuery(new Values([.. rows], [.. columns.Select(c => c.Column)], syntax.Span), columns.ToImmutable(), false);
        if (syntax.Alias is null) return bound;
        var named = Aliased(new Relation(bound.Plan, bound.ToScope([])), syntax.Alias, []);
        return bound with { Columns = named.Scope.Columns, IsUnknown = named.Scope.HasUnknown };
    }
}
