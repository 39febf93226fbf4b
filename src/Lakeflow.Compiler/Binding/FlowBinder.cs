using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>Binds the queries of datasets, each when first read, so that upstream schemas are known and cycles show.</summary>
internal sealed class FlowBinder(BindingContext context)
{
    public void BindAll()
    {
        foreach (var declaration in context.Declarations) Require(declaration, declaration.At);
    }

    /// <summary>Makes the dataset's columns known. False if they cannot be, because it is being bound already: a cycle, reported at <paramref name="at"/>.</summary>
    public bool Require(Declaration declaration, SourceSpan at)
    {
        if (declaration.State == BindState.Bound) return true;
        if (declaration.State == BindState.Binding)
        {
            var circle = context.Path.SkipWhile(d => d != declaration).ToList();
            var reader = circle[^1];
            context.Error(GraphErrors.Cycle(
                at, reader.Name.Name, declaration.Name.Name, circle.Append(declaration).Select(d => d.Name.Name).Reverse(), declaration.At));
            return false;
        }

        declaration.State = BindState.Binding;
        context.Path.Add(declaration);
        if (declaration.IsView)
            DeclareView(declaration);
        else
            BindTable(declaration);
        context.Path.RemoveAt(context.Path.Count - 1);
        declaration.State = BindState.Bound;
        return true;
    }

    /// <summary>The query of <c>lakeflow sql</c>.</summary>
    public void BindQuery(QuerySyntax query, FileScope file)
    {
        var ids = new PlanScope();
        var bound = new QueryBinder(context, file, ids).Bind(query);
        var plan = Renamed(bound, ids);
        var name = new QualifiedName(file.Catalog, file.Schema, "query");
        context.Flows.Add(new Flow("query", name, FlowKind.Query, HiddenColumns.Drop(StatefulPlan.Unmarked(plan)), [.. ids.Reads.Order()], file.Settings, file.Source.Slice(query.Span), query.Span));
    }

    /// <summary>A view's query once for itself, for its columns and its mistakes.</summary>
    private void DeclareView(Declaration view)
    {
        var ids = new PlanScope();
        var bound = BindView(view, ids);
        view.ViewPlan = HiddenColumns.Drop(StatefulPlan.Unmarked(bound.Plan));
        view.IsStreaming = bound.IsStreaming;
        view.IsUnknown = bound.IsUnknown;
        view.Columns = new Schema(bound.Columns.Select(c => new Field(c.Name, c.Column.Type, c.Column.Nullable) { Metadata = c.Metadata }).ToImmutableArray());
        view.Reads.UnionWith(ids.Direct);
        foreach (var twice in bound.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            context.Error(BindingErrors.DuplicateColumn(view.At, twice.Key, $"The view {view.Name.Name}"));
        if (view.Kind != DatasetKind.PersistedView) return;
        foreach (var read in context.Declarations.Where(d => d.IsTemporaryView && ids.Direct.Contains(d.Name)))
            context.Error(GraphErrors.PersistedReadsTemporary(view.At, view.Name.Name, read.Name.Name, read.At));
    }

    /// <summary>The view's rows with fresh column ids, its expectations on top.</summary>
    public BoundQuery BindView(Declaration view, PlanScope ids)
    {
        var bound = new QueryBinder(context, view.File, ids).Bind(view.ViewQuery!);
        if (!view.Named.IsEmpty && !bound.IsUnknown)
        {
            if (view.Named.Length != bound.Columns.Length)
            {
                var at = view.Named[0].Span.To(view.Named[^1].Span);
                context.Error(BindingErrors.ColumnCount(at, $"The column list of {view.Name.Name}", bound.Columns.Length, view.Named.Length));
                return bound with { IsUnknown = true };
            }

            bound = bound with { Columns = [.. bound.Columns.Select((c, i) => c with { Name = view.Named[i].Name.Text, Metadata = Commented(c.Metadata, view.Named[i]) })] };
        }

        if (view.Expectations.IsEmpty) return bound;
        var rules = Rules(view, bound.ToScope([view.Name.Name]), ids);
        return rules.IsEmpty ? bound : bound with { Plan = new Expect(bound.Plan, rules, view.Origin) };
    }

    private void BindTable(Declaration table)
    {
        var bound = new List<(FlowDeclaration Flow, BoundQuery Query, PlanScope Ids, BoundChanges? Changes)>();
        foreach (var flow in table.Flows)
        {
            var ids = new PlanScope();
            var changes = flow.Changes is null ? null : new ChangesBinder(context, flow, flow.Changes, ids).Bind();
            var query = changes?.Stored ?? new QueryBinder(context, flow.File, ids).Bind(flow.Query!);
            table.Reads.UnionWith(ids.Direct);
            bound.Add((flow, query, ids, changes));
        }

        var target = new TargetColumns(context, table);
        var shared = SharedChanges.Of(context, table, [.. bound.Where(b => b.Changes is not null).Select(b => (b.Flow, b.Changes!))]);
        target.Settle([.. bound.Select(b => (b.Flow, b.Query))], shared?.HistoryType);
        foreach (var (flow, query, ids, changes) in bound)
        {
            var (plan, scope) = target.Project(flow, query, ids, changes?.Beside ?? []);
            var rules = Rules(table, scope, ids);
            if (changes is { TakesRows: true }) rules = [.. rules.Select(r => r with { Condition = ForUpserts(r.Condition, changes.Kind.Column) })];
            var replaced = new ReplacedRows(context, table, flow, ids);
            plan = replaced.Only(plan, scope);
            if (!rules.IsEmpty) plan = new Expect(plan, rules, flow.Origin);
            plan = replaced.With(plan);
            context.Flows.Add(new Flow(
                flow.Name, table.Name, flow.Kind, HiddenColumns.Drop(Stateful(flow, plan, ids)), [.. ids.Reads.Order()], flow.File.Settings, flow.File.Source.Slice(flow.Span), flow.Origin)
            {
                Changes = changes is null ? null : shared!.Complete(changes.Info, table.Columns),
                Replaces = replaced.Info(query),
            });
        }

        // Rules are also looked at where no flow is there to bind them over.
        if (bound.Count == 0) Rules(table, target.Scope(new PlanScope()), new PlanScope());
    }

    private LogicalPlan Stateful(FlowDeclaration flow, LogicalPlan plan, PlanScope ids) =>
        flow.Kind == FlowKind.Append && flow.Changes is null ? new StatefulPlan(ids, context.Error).Hold(plan) : StatefulPlan.Unmarked(plan);

    /// <summary>A rule speaks of rows; an event that takes one away has none, and passes.</summary>
    private static Case ForUpserts(Expr condition, PlanColumn kind)
    {
        var upsert = new NullSafeEqual(new ColumnRef(kind, condition.Origin), new Literal((sbyte)ChangeKind.Upsert, DataType.Int8, condition.Origin), condition.Origin);
        return new Case([new CaseBranch(upsert, condition)], new Literal(true, DataType.Boolean, condition.Origin), condition.Origin);
    }

    private ImmutableArray<BoundExpectation> Rules(Declaration dataset, Scope scope, PlanScope ids)
    {
        var rules = ImmutableArray.CreateBuilder<BoundExpectation>();
        foreach (var syntax in dataset.Expectations)
        {
            var binder = new ExpressionBinder(new QueryBinder(context, dataset.File, ids), scope, "EXPECT") { RowCondition = "an expectation" };
            var condition = binder.BindCondition(syntax.Condition);
            if (condition is ErrorExpr) continue;
            var action = syntax.Action switch
            {
                Syntax.ViolationAction.DropRow => Runtime.Flows.ViolationAction.DropRow,
                Syntax.ViolationAction.FailUpdate => Runtime.Flows.ViolationAction.FailUpdate,
                _ => Runtime.Flows.ViolationAction.Warn,
            };
            rules.Add(new BoundExpectation(new ExpectationInfo(dataset.Name, syntax.Name.Text, syntax.ConditionText, action, syntax.Span), condition));
        }

        return rules.ToImmutable();
    }

    /// <summary>The plan with its columns under the names of the query: a last projection where an alias list renamed them.</summary>
    private static LogicalPlan Renamed(BoundQuery query, PlanScope ids)
    {
        if (query.Plan.Columns.Length == query.Columns.Length && query.Plan.Columns.Zip(query.Columns).All(p => p.First.Id == p.Second.Column.Id && p.First.Name == p.Second.Name)) return query.Plan;
        if (query.IsUnknown) return query.Plan;
        var span = query.Plan.Origin;
        return new Project(query.Plan, [.. query.Columns.Select(c => new NamedExpr(
            new ColumnRef(c.Column, span), c.Column.Name == c.Name ? c.Column : ids.NewColumn(c.Name, c.Column.Type, c.Column.Nullable)))], span);
    }

    private static ImmutableDictionary<string, string> Commented(ImmutableDictionary<string, string> metadata, ColumnSyntax syntax) =>
        syntax.Properties.OfType<ColumnCommentSyntax>().FirstOrDefault() is { } comment ? metadata.SetItem(Field.CommentKey, comment.Text) : metadata;
}
