using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gives the clauses of an AUTO CDC flow meaning. Language specification §3.1.</summary>
/// <remarks>Conditions and the sequence see all columns of the source; what follows COLUMNS sees the selected ones.</remarks>
internal sealed class ChangesBinder(BindingContext context, FlowDeclaration flow, AutoCdcFlowSyntax syntax, PlanScope ids)
{
    private const string SparkPrefix = "__spark_autocdc_";

    public BoundChanges Bind()
    {
        var binder = new QueryBinder(context, flow.File, ids);
        var source = binder.Bind(new QuerySyntax(null, new FromQuerySyntax(Source(), syntax.Source.Span), null, null, null, syntax.Source.Span));
        if (syntax.FromSnapshot) CheckSnapshot();
        if (IsBatch) source = source with { Plan = AsBatch(source.Plan) };
        CheckNames(source);
        var scope = source.ToScope(Qualifier());
        var kind = Kind(binder, scope);
        var sequence = Sequence(binder, scope);
        var listed = Listed(binder, scope);
        var stored = source with { Columns = Select(source, syntax.Columns, "COLUMNS") };
        var keys = Keys(source, stored);
        return new BoundChanges(stored, Info(stored, keys, listed is not null), sequence, kind, listed);
    }

    private bool IsBatch => flow.Kind == FlowKind.Once || syntax.FromSnapshot;

    /// <summary>A snapshot tells all there is, so nothing but its keys, its version and its columns can be said of it.</summary>
    private void CheckSnapshot()
    {
        Refuse(syntax.DeleteWhen?.Span, "APPLY AS DELETE WHEN");
        Refuse(syntax.TruncateWhen?.Span, "APPLY AS TRUNCATE WHEN");
        Refuse(syntax.SequenceBy?.Span, "SEQUENCE BY");
        Refuse(syntax.ColumnsToUpdate?.Span, "COLUMNS TO UPDATE");
        Refuse(syntax.IgnoreNullUpdates ? syntax.IgnoreNullColumns?.Span ?? syntax.Span : null, "IGNORE NULL UPDATES");
        Refuse(syntax.Once ? syntax.Span : null, "ONCE");

        void Refuse(SourceSpan? at, string clause)
        {
            if (at is { } span) context.Error(CdcErrors.ClausesClash(span, clause, "FROM SNAPSHOT", "A snapshot is compared with the table; SNAPSHOT VERSION tells their order."));
        }
    }

    /// <summary>A stream, written or not; for ONCE and for snapshots, whatever the name stands for: it is read as it is now.</summary>
    private FromSyntax Source()
    {
        if (syntax.Source is not TableRefSyntax table) return syntax.Source;
        // A view is what it is; that a flow of changes needs a stream is said of the flow.
        return context.Find(table.Name, flow.File) is { IsView: true } view && new FlowBinder(context).Require(view, table.Name.Span)
            ? table with { IsStream = view.IsStreaming }
            : table with { IsStream = !IsBatch };
    }

    private static LogicalPlan AsBatch(LogicalPlan plan) => plan.Rewrite(node =>
        node is Scan { Source.Streaming: true } scan ? scan with { Source = scan.Source with { Streaming = false } } : node);

    private ImmutableArray<string> Qualifier() => syntax.Source.Alias?.Name is { } alias ? [alias.Text]
        : syntax.Source is TableRefSyntax { Name.Dynamic: null } table && flow.File.Qualify(table.Name) is var name ? [name.Catalog, name.Schema, name.Name]
        : [];

    private void CheckNames(BoundQuery source)
    {
        foreach (var name in source.Columns.Select(c => c.Name))
        {
            if (name.StartsWith(SparkPrefix, StringComparison.OrdinalIgnoreCase) || ChangeLayout.IsReserved(name))
                context.Error(CdcErrors.ReservedName(syntax.Source.Span, name, "names that begin so are kept for AUTO CDC itself."));
            else if (syntax.Storage == CdcStorage.ScdType2 && (Same(name, ChangeLayout.StartAt) || Same(name, ChangeLayout.EndAt)))
                context.Error(CdcErrors.ReservedName(syntax.Source.Span, name, "SCD TYPE 2 writes a column of that name."));
        }
    }

    private NamedExpr Kind(QueryBinder binder, Scope scope)
    {
        if (syntax is { TruncateWhen: { } truncate, Storage: CdcStorage.ScdType2 })
            context.Error(CdcErrors.ClausesClash(truncate.Span, "APPLY AS TRUNCATE WHEN", "SCD TYPE 2", "A history is not emptied; delete the keys."));
        var branches = ImmutableArray.CreateBuilder<CaseBranch>();
        Add(syntax.TruncateWhen, "APPLY AS TRUNCATE WHEN", ChangeKind.Truncate);
        Add(syntax.DeleteWhen, "APPLY AS DELETE WHEN", ChangeKind.Delete);
        Expr upsert = Of(ChangeKind.Upsert, syntax.Span);
        return Named(branches.Count == 0 ? upsert : new Case(branches.ToImmutable(), upsert, syntax.Span), ChangeLayout.Kind, nullable: false);

        void Add(ExpressionSyntax? condition, string clause, ChangeKind kind)
        {
            if (condition is null) return;
            var when = new ExpressionBinder(binder, scope, clause) { RowCondition = clause }.BindCondition(condition);
            if (when is not ErrorExpr) branches.Add(new CaseBranch(when, Of(kind, condition.Span)));
        }

        static Literal Of(ChangeKind kind, SourceSpan at) => new((sbyte)kind, DataType.Int8, at);
    }

    private NamedExpr Sequence(QueryBinder binder, Scope scope)
    {
        var (written, clause) = syntax.FromSnapshot ? (syntax.SnapshotVersion, "SNAPSHOT VERSION") : (syntax.SequenceBy, "SEQUENCE BY");
        Expr value = written is not null ? new ExpressionBinder(binder, scope, clause) { RowCondition = clause }.Bind(written)
            : syntax.FromSnapshot ? new RunConstant(RunConstantKind.CurrentTimestamp, DataType.Timestamp, syntax.Span)
            : new ErrorExpr(syntax.Span);
        if (value is not ErrorExpr && (value.Type is NullType || !TypeCoercion.IsOrderable(value.Type)))
        {
            context.Error(CdcErrors.SequenceWithoutOrder(value.Origin, value.Type));
            value = new ErrorExpr(value.Origin);
        }

        return Named(Conversions.To(value, TargetColumns.Nullable(value.Type)), ChangeLayout.Sequence, nullable: true);
    }

    private NamedExpr? Listed(QueryBinder binder, Scope scope)
    {
        if (syntax.ColumnsToUpdate is not { } name) return null;
        if (syntax.IgnoreNullUpdates)
            context.Error(CdcErrors.ClausesClash(name.Span, "COLUMNS TO UPDATE", "IGNORE NULL UPDATES", "Either the event lists its columns, or a NULL says that one is missing."));
        var value = new ExpressionBinder(binder, scope, "COLUMNS TO UPDATE").Bind(new NameExpressionSyntax(name, name.Span));
        if (value is not ErrorExpr && value.Type is not ListType { Element.Type: StringType })
        {
            context.Error(CdcErrors.ListedColumnsType(name.Span, value.Type));
            value = new ErrorExpr(name.Span);
        }

        return Named(value, ChangeLayout.Listed, nullable: true);
    }

    private NamedExpr Named(Expr value, string name, bool nullable) => new(value, ids.NewColumn(name, value.Type, nullable));

    private ImmutableArray<string> Keys(BoundQuery source, BoundQuery stored)
    {
        var keys = ImmutableArray.CreateBuilder<string>();
        foreach (var name in syntax.Keys)
        {
            if (OnePart(name, "KEYS") is not { } key) continue;
            if (stored.Columns.FirstOrDefault(c => Same(c.Name, key)) is { } column)
            {
                if (column is { IsBroken: false, Column.Type: ListType or MapType or StructType or NullType }) context.Error(CdcErrors.KeyType(name.Span, key, column.Column.Type));
                else if (keys.Contains(column.Name)) context.Error(BindingErrors.DuplicateColumn(name.Span, key, "KEYS"));
                else keys.Add(column.Name);
            }
            else if (source.Columns.Any(c => Same(c.Name, key)))
            {
                context.Error(CdcErrors.KeyNotStored(name.Span, key, stored.Columns.Select(c => c.Name)));
            }
            else if (!source.IsUnknown)
            {
                context.Error(CdcErrors.ColumnsNotFound(name.Span, "KEYS", key, source.Columns.Select(c => c.Name)));
            }
        }

        return keys.ToImmutable();
    }

    private ChangesInfo Info(BoundQuery stored, ImmutableArray<string> keys, bool lists)
    {
        var scd = syntax.Storage == CdcStorage.ScdType2 ? ScdType.Type2 : ScdType.Type1;
        if (syntax.Storage == CdcStorage.Bitemporal) context.Error(BindingErrors.NotSupported(syntax.Span, "STORED AS BITEMPORAL", "Use SCD TYPE 2."));
        else if (syntax.SystemSequenceBy is { } system) context.Error(CdcErrors.ClausesClash(system.Span, "SYSTEM SEQUENCE BY", "SCD TYPE 1 or 2"));
        if (syntax.TrackHistory is { } track && scd == ScdType.Type1)
            context.Error(CdcErrors.ClausesClash(track.Span, "TRACK HISTORY ON", "SCD TYPE 1", "Write STORED AS SCD TYPE 2."));

        var values = stored with { Columns = [.. stored.Columns.Where(c => !keys.Contains(c.Name, StringComparer.OrdinalIgnoreCase))] };
        return new ChangesInfo(scd, keys)
        {
            Tracked = scd == ScdType.Type1 ? [] : Names(Select(stored, syntax.TrackHistory, "TRACK HISTORY ON"), values),
            IgnoreNull = IgnoreNull(stored, values),
            ListsColumns = lists,
            FromSnapshots = syntax.FromSnapshot,
            SnapshotsByTime = syntax is { FromSnapshot: true, SnapshotVersion: null },
        };
    }

    private ImmutableArray<string> IgnoreNull(BoundQuery stored, BoundQuery values)
    {
        if (!syntax.IgnoreNullUpdates) return [];
        var selected = Select(stored, syntax.IgnoreNullColumns, "IGNORE NULL UPDATES");
        var names = Names(selected, values);
        // Empty brackets, and names that are not there, have been told.
        var isReported = stored.IsUnknown || (selected.IsEmpty && syntax.IgnoreNullColumns is { IsExcept: false });
        if (names.IsEmpty && !isReported) context.Error(CdcErrors.NothingToIgnore(syntax.IgnoreNullColumns?.Span ?? syntax.Span));
        return names;
    }

    /// <summary>Of the selected columns those that are no keys.</summary>
    private static ImmutableArray<string> Names(ImmutableArray<ScopeColumn> selected, BoundQuery values) =>
        [.. selected.Where(c => values.Columns.Any(v => v.Name == c.Name)).Select(c => c.Name)];

    private ImmutableArray<ScopeColumn> Select(BoundQuery from, ColumnSelectionSyntax? selection, string clause)
    {
        // Empty brackets have been told.
        if (selection is null or { Columns.IsEmpty: true }) return from.Columns;
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in selection.Columns)
        {
            if (OnePart(name, clause) is not { } column) continue;
            if (!named.Add(column)) context.Error(BindingErrors.DuplicateColumn(name.Span, column, clause));
            if (!from.IsUnknown && !from.Columns.Any(c => Same(c.Name, column)))
                context.Error(CdcErrors.ColumnsNotFound(name.Span, clause, column, from.Columns.Select(c => c.Name)));
        }

        return [.. from.Columns.Where(c => named.Contains(c.Name) != selection.IsExcept)];
    }

    private string? OnePart(NameSyntax name, string clause)
    {
        if (name is { Parts: [var column], Dynamic: null }) return column.Text;
        context.Error(CdcErrors.SeveralParts(name.Span, clause, name.ToString()));
        return null;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
