using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>PIVOT as filtered aggregates, UNPIVOT as a union of projections, TABLESAMPLE of rows as a limit.</summary>
internal sealed partial class QueryBinder
{
    private Relation BindPivot(PivotSyntax syntax)
    {
        var input = BindFrom(syntax.Input);
        var collector = new AggregateCollector(Ids);
        var expressions = new ExpressionBinder(this, input.Scope, "PIVOT") { Aggregates = collector };
        var keys = syntax.For.Select(n => expressions.Bind(new NameExpressionSyntax(n, n.Span))).ToImmutableArray();
        var wanted = new List<(AggregateCall Call, string? Alias)>();
        foreach (var item in syntax.Aggregates)
        {
            var before = collector.Found.Count;
            var value = expressions.Bind(item.Expression);
            if (value is ErrorExpr) return BrokenRelation(syntax, false);
            if (value is not ColumnRef column || collector.Found.Find(a => a.Column.Id == column.Column.Id) is not { } found || (collector.Found.Count == before && found is null))
            {
                NotSupported(item.Span, "An expression around the aggregate of PIVOT", "Write it in the SELECT list.");
                return BrokenRelation(syntax, false);
            }

            wanted.Add((found.Call, item.Alias?.Text ?? (syntax.Aggregates.Length > 1 ? NameOf(item.Expression) : null)));
        }

        if (keys.Any(k => k is ErrorExpr)) return BrokenRelation(syntax, false);
        var used = keys.SelectMany(k => k.ColumnsRead()).Concat(wanted.SelectMany(w => w.Call.Arguments).SelectMany(a => a.ColumnsRead())).Select(c => c.Id).ToHashSet();
        var groups = input.Scope.Columns.Where(c => c.Visibility == Visibility.Plain && !used.Contains(c.Column.Id)).ToList();
        var calls = ImmutableArray.CreateBuilder<NamedAggregate>();
        foreach (var value in syntax.Values)
        {
            if (PivotCondition(expressions, keys, value) is not { } condition) return BrokenRelation(syntax, false);
            var label = value.Alias?.Text ?? Label(value.Expression);
            foreach (var (call, alias) in wanted)
            {
                var filtered = call with { Filter = call.Filter is null ? condition : Expr.And(call.Filter, condition) };
                var name = alias is null || syntax.Aggregates.Length == 1 ? label : $"{label}_{alias}";
                calls.Add(new NamedAggregate(filtered, Ids.NewColumn(name, call.Type, call.Nullable)));
            }
        }

        var aggregate = new Aggregate(
            input.Plan, [.. groups.Select(g => new NamedExpr(new ColumnRef(g.Column, syntax.Span), g.Column))], calls.ToImmutable(), syntax.Span);
        var scope = new Scope([.. groups.Select(g => g with { Qualifier = [] }), .. calls.Select(c => new ScopeColumn(c.Column, c.Column.Name, []))], input.Scope.Unknown);
        return Aliased(new Relation(aggregate, scope), syntax.Alias, []);
    }

    private Expr? PivotCondition(ExpressionBinder expressions, ImmutableArray<Expr> keys, SelectItemSyntax value)
    {
        ImmutableArray<ExpressionSyntax> parts = keys.Length > 1 && value.Expression is TupleSyntax tuple ? tuple.Items : [value.Expression];
        if (parts.Length != keys.Length)
        {
            Error(BindingErrors.ColumnCount(value.Span, "A value of PIVOT", keys.Length, parts.Length));
            return null;
        }

        Expr? condition = null;
        for (var i = 0; i < parts.Length; i++)
        {
            var constant = Constants("the values of PIVOT").Bind(parts[i]);
            var equal = expressions.NullSafe(keys[i], constant, value.Span);
            if (equal is ErrorExpr) return null;
            condition = condition is null ? equal : Expr.And(condition, equal);
        }

        return condition;
    }

    private string Label(ExpressionSyntax value) => value switch
    {
        StringLiteralSyntax s => s.Value,
        NumberLiteralSyntax n => n.Text,
        TypedLiteralSyntax t => t.Value,
        TupleSyntax t => string.Join('_', t.Items.Select(Label)),
        _ => NameOf(value),
    };

    private Relation BindUnpivot(UnpivotSyntax syntax)
    {
        var input = BindFrom(syntax.Input);
        if (input.Scope.HasUnknown) return BrokenRelation(syntax, false);
        if (syntax.Items.Any(i => i.Columns.Length != syntax.Values.Length))
        {
            Error(BindingErrors.ColumnCount(syntax.Span, "Each item of UNPIVOT", syntax.Values.Length, syntax.Items.First(i => i.Columns.Length != syntax.Values.Length).Columns.Length));
            return BrokenRelation(syntax, false);
        }

        var expressions = Expressions(input.Scope, "UNPIVOT");
        var items = syntax.Items.Select(i => i.Columns.Select(c => expressions.Bind(new NameExpressionSyntax(c, c.Span))).ToImmutableArray()).ToList();
        if (items.Exists(i => i.Any(v => v is ErrorExpr))) return BrokenRelation(syntax, false);
        var used = items.SelectMany(i => i).SelectMany(v => v.ColumnsRead()).Select(c => c.Id).ToHashSet();
        var kept = input.Scope.Columns.Where(c => c.Visibility == Visibility.Plain && !used.Contains(c.Column.Id)).ToList();

        // One ARRAY of STRUCTs per row, taken apart again: the input is read once.
        var rows = items.Select((values, n) =>
        {
            var fields = ImmutableArray.CreateBuilder<Expr>();
            fields.Add(Text("name", syntax.Span));
            fields.Add(Text(syntax.Items[n].Alias ?? string.Join('_', syntax.Items[n].Columns.Select(c => c.Last.Text)), syntax.Items[n].Span));
            for (var i = 0; i < values.Length; i++)
            {
                fields.Add(Text($"value{i}", syntax.Span));
                fields.Add(values[i]);
            }

            return expressions.Apply("named_struct", fields.ToImmutable(), syntax.Items[n].Span);
        }).ToImmutableArray();
        var all = expressions.Apply("array", rows, syntax.Span);
        if (all is ErrorExpr) return BrokenRelation(syntax, false);
        var row = (StructType)((ListType)all.Type).Element.Type;
        string[] names = [syntax.Name.Text, .. syntax.Values.Select(v => v.Text)];
        var generated = row.Fields.Select((f, i) => Ids.NewColumn(names[i], f.Type, i > 0)).ToImmutableArray();
        LogicalPlan plan = new Generate(input.Plan, GeneratorKind.Inline, all, false, generated, syntax.Span);
        if (!syntax.IncludeNulls)
        {
            Expr anyValue = generated.Skip(1).Select(c => (Expr)new Not(new IsNull(new ColumnRef(c, syntax.Span), syntax.Span), syntax.Span))
                .Aggregate((a, b) => new Logic(LogicOp.Or, a, b, syntax.Span));
            plan = new Filter(plan, anyValue, syntax.Span);
        }

        var scope = new Scope([.. kept, .. generated.Select(c => new ScopeColumn(c, c.Name, []))], []);
        return Aliased(new Relation(plan, scope), syntax.Alias, []);

        static Literal Text(string text, SourceSpan span) => new(text, DataType.String, span);
    }

    private Relation BindSample(SampleSyntax syntax)
    {
        var input = BindFrom(syntax.Input);
        if (syntax.Kind != SampleKind.Rows)
        {
            NotSupported(syntax.Span, $"TABLESAMPLE by {syntax.Kind.ToString().ToUpperInvariant()}", "TABLESAMPLE (n ROWS) is.");
            return Aliased(input, syntax.Alias, []);
        }

        var rows = Constant(syntax.Amount, "TABLESAMPLE");
        return Aliased(rows is null ? input : input with { Plan = new Limit(input.Plan, rows, 0, syntax.Span) }, syntax.Alias, []);
    }
}
