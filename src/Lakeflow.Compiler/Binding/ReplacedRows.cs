using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Changes;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gives the clauses of a REPLACE flow meaning. Language specification §1.2.</summary>
/// <remarks>
/// REPLACE WHERE p: the flow's plan is the rows of the query that meet p, and behind them those of the target that do, each with its place and
/// nothing else: they go. So p may be any condition on a row, is compiled as any other, and prunes the target's files.
/// </remarks>
internal sealed class ReplacedRows(BindingContext context, Declaration table, FlowDeclaration flow, PlanScope ids)
{
    /// <summary>Of the rows that the query gives, in the table's columns, those that the condition means; no others may be written.</summary>
    public LogicalPlan Only(LogicalPlan plan, Scope scope) =>
        flow.Replaces is ReplaceWhereFlowSyntax where && Bind(where, scope) is { } condition ? new Filter(plan, condition, where.Predicate.Span) : plan;

    /// <summary>The new rows, then the places of those that go.</summary>
    public LogicalPlan With(LogicalPlan plan)
    {
        if (flow.Replaces is not ReplaceWhereFlowSyntax where || table.IsUnknown) return plan;
        var at = where.Predicate.Span;
        ImmutableArray<PlanColumn> stored = [.. table.Columns.Fields.Select(f => ids.NewColumn(f.Name, f.Type, f.Nullable))];
        var (file, row) = (ids.NewColumn(ChangeLayout.File, DataType.String, nullable: true), ids.NewColumn(ChangeLayout.Row, DataType.Int64, nullable: true));
        var scope = new Scope([.. stored.Select(c => new ScopeColumn(c, c.Name, [table.Name.Name]))], []);
        // A mistake in the condition was told where the query's rows were bound; it is not told twice.
        if (Bind(where, scope) is not { } condition) return plan;
        var gone = new Filter(new Scan(new TargetSource(table.Name), [.. stored, file, row], [], null, at), condition, at);
        var places = new Project(gone, [.. stored.Select(c => Named(new Literal(null, c.Type, at), c.Name)), Named(new ColumnRef(file, at), file.Name), Named(new ColumnRef(row, at), row.Name)], at);
        var rows = new Project(plan, [.. plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, at), c)), Named(new Literal(null, DataType.String, at), file.Name), Named(new Literal(null, DataType.Int64, at), row.Name)], at);
        return new Union([rows, places], [.. rows.Columns.Select(c => ids.NewColumn(c.Name, c.Type, nullable: true))], at);
    }

    /// <summary>What the run time must know; null for flows of other kinds.</summary>
    public ReplaceInfo? Info(BoundQuery query)
    {
        if (flow.Replaces is ReplaceWhereFlowSyntax) return new ReplaceInfo([], null);
        if (flow.Replaces is not ReplaceUsingFlowSyntax clause) return null;
        var keys = ImmutableArray.CreateBuilder<string>();
        foreach (var name in clause.Keys)
        {
            if (Column(query, name, "REPLACE USING") is not { } column) continue;
            if (column.Type is ListType or MapType or StructType) context.Error(CdcErrors.KeyType(name.Span, column.Name, column.Type));
            else if (keys.Contains(column.Name)) context.Error(BindingErrors.DuplicateColumn(name.Span, column.Name, "REPLACE USING"));
            else keys.Add(column.Name);
        }

        if (clause.SequenceBy is not NameExpressionSyntax { Name: var written })
        {
            context.Error(CdcErrors.SequenceIsNoColumn(clause.SequenceBy.Span));
            return new ReplaceInfo(keys.ToImmutable(), "");
        }

        var sequence = Column(query, written, "SEQUENCE BY");
        if (sequence is { Type: ListType or MapType or StructType }) context.Error(CdcErrors.SequenceWithoutOrder(written.Span, sequence.Type));
        return new ReplaceInfo(keys.ToImmutable(), sequence?.Name ?? "");
    }

    private Field? Column(BoundQuery query, NameSyntax name, string clause)
    {
        if (name is not { Parts: [var part], Dynamic: null })
        {
            context.Error(CdcErrors.SeveralParts(name.Span, clause, name.ToString()));
            return null;
        }

        if (query.Columns.Any(c => string.Equals(c.Name, part.Text, StringComparison.OrdinalIgnoreCase)) && table.Columns.Find(part.Text) is { } field) return field;
        if (!query.IsUnknown) context.Error(CdcErrors.ColumnsNotFound(name.Span, clause, part.Text, query.Columns.Select(c => c.Name)));
        return null;
    }

    private Expr? Bind(ReplaceWhereFlowSyntax where, Scope scope)
    {
        var binder = new ExpressionBinder(new QueryBinder(context, flow.File, ids), scope, "REPLACE WHERE") { RowCondition = "REPLACE WHERE" };
        return binder.BindCondition(where.Predicate) is var condition and not ErrorExpr ? condition : null;
    }

    private NamedExpr Named(Expr value, string name) => new(value, ids.NewColumn(name, value.Type, nullable: true));
}
