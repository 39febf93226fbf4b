using System.Buffers;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>The stored columns of a table, from its declaration and from what its flows yield; and each flow's way into them, by name.</summary>
internal sealed class TargetColumns(BindingContext context, Declaration table)
{
    /// <summary>What Parquet keeps out of column names, unless column mapping is on.</summary>
    private static readonly SearchValues<char> NotInNames = SearchValues.Create(" ,;{}()\n\t=");

    private readonly List<Field> fields = [];

    /// <summary>Columns that AUTO CDC writes by itself, in no flow's rows.</summary>
    private readonly HashSet<string> history = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Settles the table's columns: the declared ones, else the union of what the flows yield.</summary>
    /// <param name="flows">The flows into the table.</param>
    /// <param name="sequence">For a table that keeps the history of its keys, the type of what they are sequenced by; else null.</param>
    public void Settle(ImmutableArray<(FlowDeclaration Flow, BoundQuery Query)> flows, DataType? sequence = null)
    {
        fields.AddRange(table.Declared.Select(d => d.Field));
        foreach (var declared in table.Declared.Where(d => !MayBeNamed(d.Name))) Misnamed(declared.Syntax.Name.Span, declared.Name);
        foreach (var (flow, query) in flows)
        {
            table.IsUnknown |= query.IsUnknown && table.Declared.IsEmpty;
            foreach (var twice in query.Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
                context.Error(BindingErrors.DuplicateColumn(flow.Span, twice.Key, $"The query of {table.Name.Name}"));
            foreach (var column in query.Columns) Settle(flow, query, column);
            if (query is { IsUnknown: false, Columns.IsEmpty: true }) context.Error(GraphErrors.NoColumns(flow.At, table.Name.Name));
        }

        foreach (var column in table.Named.Where(n => Index(n.Name.Text) < 0 && !table.IsUnknown && !flows.IsEmpty))
            context.Error(BindingErrors.UnknownColumn(column.Name.Span, column.Name.Text, fields.Select(f => f.Name)));
        if (sequence is not null) AddHistory(sequence);
        table.Columns = new Schema(fields.ToImmutableArray());
        CheckPartitions();
        CheckFilters();
        CheckAppendOnly();
    }

    private bool MayBeNamed(string column) => column.Length > 0 && (table.Clauses.MapsColumns || !column.AsSpan().ContainsAny(NotInNames));

    private void Misnamed(SourceSpan at, string column)
    {
        context.Error(BindingErrors.NeedsAlias(at, column));
        table.BrokenColumns.Add(column);
    }

    private void AddHistory(DataType sequence)
    {
        foreach (var name in new[] { ChangeLayout.StartAt, ChangeLayout.EndAt })
        {
            history.Add(name);
            var index = Index(name);
            if (index < 0 && table.Declared.IsEmpty) fields.Add(new Field(name, sequence));
            else if (sequence is not NullType && (index < 0 || !Nullable(fields[index].Type).Equals(sequence)))
                context.Error(CdcErrors.HistoryColumn(table.At, table.Name.Name, name, sequence, index < 0 ? null : fields[index].Type));
        }
    }

    /// <summary>The table's columns as a scope of their own, for rules without a flow.</summary>
    public Scope Scope(PlanScope ids) => new(
        [.. fields.Select(f => new ScopeColumn(ids.NewColumn(f.Name, f.Type, f.Nullable), f.Name, [table.Name.Name]) { IsBroken = table.BrokenColumns.Contains(f.Name) })],
        table.IsUnknown || fields.Count == 0 ? [[table.Name.Name]] : []);

    private void Settle(FlowDeclaration flow, BoundQuery query, ScopeColumn column)
    {
        var index = Index(column.Name);
        var at = OriginOf(query, column);
        if (index < 0)
        {
            if (!table.Declared.IsEmpty || (!table.Named.IsEmpty && !table.Named.Any(n => Same(n.Name.Text, column.Name))))
            {
                context.Error(BindingErrors.ExtraColumn(at, column.Name, table.Name.Name, fields.Select(f => f.Name).Concat(table.Named.Select(n => n.Name.Text))));
                return;
            }

            if (column.IsBroken) table.BrokenColumns.Add(column.Name);
            else if (column.Column.Type is NullType) context.Error(BindingErrors.VoidColumn(at, column.Name));
            else if (!MayBeNamed(column.Name)) Misnamed(at, column.Name);
            var comment = table.Named.FirstOrDefault(n => Same(n.Name.Text, column.Name))?.Properties.OfType<ColumnCommentSyntax>().FirstOrDefault();
            var metadata = comment is null ? column.Metadata : column.Metadata.SetItem(Field.CommentKey, comment.Text);
            fields.Add(new Field(column.Name, Nullable(column.Column.Type), true) { Metadata = metadata });
            return;
        }

        var field = fields[index];
        if (column.IsBroken || table.BrokenColumns.Contains(field.Name)) return;
        if (!table.Declared.IsEmpty)
        {
            if (table.Declared[index].Generated is not null)
                context.Error(GraphErrors.GeneratedGiven(at, field.Name, table.Name.Name));
            else if (!TypeCoercion.CanStore(column.Column.Type, field.Type))
                context.Error(BindingErrors.CannotStore(at, field.Name, column.Column.Type, field.Type));
        }
        else if (TypeCoercion.LeastCommonType(field.Type, column.Column.Type) is { } common && TypeCoercion.CanStore(column.Column.Type, common) && TypeCoercion.CanStore(field.Type, common))
        {
            fields[index] = field with { Type = Nullable(common) };
        }
        else
        {
            context.Error(GraphErrors.FlowsDiffer(at, field.Name, table.Name.Name, field.Type.ToString(), column.Column.Type.ToString()));
        }
    }

    /// <summary>The flow's rows as the table stores them: each column by name and cast, missing ones by default or NULL, generated ones computed.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="query">Its rows.</param>
    /// <param name="ids">Gives out column ids.</param>
    /// <param name="beside">Columns that stand behind the table's: what the run time must know of a row, and does not store.</param>
    public (LogicalPlan Plan, Scope Scope) Project(FlowDeclaration flow, BoundQuery query, PlanScope ids, ImmutableArray<NamedExpr> beside = default)
    {
        var items = ImmutableArray.CreateBuilder<NamedExpr>();
        var scope = ImmutableArray.CreateBuilder<ScopeColumn>();
        var span = flow.Span;
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (history.Contains(field.Name)) continue;
            var declared = table.Declared.IsEmpty ? null : table.Declared[i];
            var given = query.Columns.FirstOrDefault(c => Same(c.Name, field.Name));
            Expr value = given switch
            {
                { IsBroken: true } => new ErrorExpr(span),
                not null => Conversions.To(new ColumnRef(given.Column, OriginOf(query, given)), field.Type),
                null when query.IsUnknown => new ErrorExpr(span),
                null when declared?.Default is { } byDefault => Stored(RowBinder(Binding.Scope.Empty, ids, "a default").Bind(byDefault), declared),
                _ => new Literal(null, field.Type, span),
            };
            var column = value is ColumnRef { Column: var same } && same.Name == field.Name && same.Type.Equals(field.Type)
                ? same
                : ids.NewColumn(field.Name, field.Type, value.Nullable || declared?.Generated is not null);
            items.Add(new NamedExpr(value, column));
            scope.Add(new ScopeColumn(column, field.Name, [table.Name.Name]) { IsBroken = value is ErrorExpr || table.BrokenColumns.Contains(field.Name) });
        }

        if (!beside.IsDefaultOrEmpty) items.AddRange(beside);
        var plan = Projected(query.Plan, items.ToImmutable(), span);
        var columns = new Scope(scope.ToImmutable(), table.IsUnknown || query.IsUnknown ? [[table.Name.Name]] : []);
        return table.Declared.Any(d => d.Generated is not null) ? Generated(plan, columns, items, ids, span) : (plan, columns);
    }

    private static LogicalPlan Projected(LogicalPlan plan, ImmutableArray<NamedExpr> items, SourceSpan span)
    {
        var identity = plan.Columns.Length == items.Length && items.Zip(plan.Columns).All(p => p.First.Value is ColumnRef c && c.Column.Id == p.Second.Id && p.First.Column.Id == p.Second.Id);
        return identity ? plan : new Project(plan, items, span);
    }

    private (LogicalPlan Plan, Scope Scope) Generated(LogicalPlan plan, Scope scope, ImmutableArray<NamedExpr>.Builder items, PlanScope ids, SourceSpan span)
    {
        var stored = scope.Columns;
        ImmutableArray<DeclaredColumn> declared = [.. table.Declared.Where(d => !history.Contains(d.Name))];
        var binder = RowBinder(new Scope([.. stored.Where((_, i) => declared[i].Generated is null)], scope.Unknown), ids, "a generated column");
        for (var i = 0; i < items.Count; i++)
        {
            if (i >= declared.Length || declared[i].Generated is not { } expression)
            {
                items[i] = new NamedExpr(new ColumnRef(items[i].Column, span), items[i].Column);
                continue;
            }

            var value = Stored(binder.Bind(expression), declared[i]);
            var column = ids.NewColumn(declared[i].Name, declared[i].Field.Type, value.Nullable);
            items[i] = new NamedExpr(value, column);
            stored = stored.SetItem(i, stored[i] with { Column = column, IsBroken = value is ErrorExpr });
        }

        return (new Project(plan, items.ToImmutable(), span), new Scope(stored, scope.Unknown));
    }

    private ExpressionBinder RowBinder(Scope scope, PlanScope ids, string what) =>
        new(new QueryBinder(context, table.File, ids), scope, what) { RowCondition = what };

    private Expr Stored(Expr value, DeclaredColumn column)
    {
        if (value is ErrorExpr || TypeCoercion.CanStore(value.Type, column.Field.Type)) return Conversions.To(value, column.Field.Type);
        context.Error(BindingErrors.CannotStore(value.Origin, column.Name, value.Type, column.Field.Type));
        return new ErrorExpr(value.Origin);
    }

    private void CheckPartitions()
    {
        var names = table.Clauses.PartitionColumns;
        if (table.IsUnknown || fields.Count == 0) return;
        for (var i = 0; i < names.Length; i++)
        {
            var at = i < table.PartitionSpans.Length ? table.PartitionSpans[i] : table.At;
            if (Index(names[i]) is var index && index < 0)
                context.Error(BindingErrors.UnknownColumn(at, names[i], fields.Select(f => f.Name)));
            else if (fields[index].Type.IsNested)
                context.Error(GraphErrors.BadPartitioning(at, $"'{names[i]}' is {fields[index].Type}, which cannot name a partition."));
        }

        if (names.Length > 0 && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == fields.Count)
            context.Error(GraphErrors.BadPartitioning(table.At, "A table cannot be partitioned by all of its columns."));
    }

    /// <summary>Columns that are to have bloom filters are there.</summary>
    private void CheckFilters()
    {
        if (table.IsUnknown || fields.Count == 0) return;
        foreach (var name in new TableProperties(table.Clauses.Properties).BloomColumns.Where(name => Index(name) < 0))
            context.Error(BindingErrors.PropertyProblem(table.At, $"{TableProperties.BloomProperty} names '{name}', which is no column of {table.Name.Name}. There are: {string.Join(", ", fields.Select(f => f.Name))}."));
    }

    /// <summary>A table whose rows change is not one that only grows.</summary>
    private void CheckAppendOnly()
    {
        if (!new TableProperties(table.Clauses.Properties).AppendOnly) return;
        var changes = table.Kind == Runtime.Flows.DatasetKind.MaterializedView ? "a materialized view is written anew"
            : table.IsChanged ? "AUTO CDC changes rows in place"
            : table.Flows.Exists(f => f.Replaces is not null) ? "a REPLACE flow takes rows away" : null;
        if (changes is not null) context.Error(BindingErrors.PropertyProblem(table.At, $"delta.appendOnly is true for {table.Name.Name}, but {changes}. Leave the property out."));
    }

    /// <summary>Where the query computes the column; its whole text if that is not to be seen.</summary>
    private static SourceSpan OriginOf(BoundQuery query, ScopeColumn column) =>
        query.Plan is Project project && project.Items.FirstOrDefault(i => i.Column.Id == column.Column.Id) is { Value.Origin.IsNone: false } item ? item.Value.Origin : query.Plan.Origin;

    private int Index(string name) => fields.FindIndex(f => Same(f.Name, name));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is stored may hold NULL wherever the declaration does not forbid it.</summary>
    public static DataType Nullable(DataType type) => type switch
    {
        ListType list => new ListType(Nullable(list.Element.Type)),
        MapType map => new MapType(Nullable(map.Key.Type), Nullable(map.Value.Type)),
        StructType row => new StructType([.. row.Fields.Select(f => f with { Type = Nullable(f.Type), Nullable = true })]),
        _ => type,
    };
}
