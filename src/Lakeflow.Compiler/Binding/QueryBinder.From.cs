using System.Diagnostics;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>FROM: tables, views, subqueries.</summary>
internal sealed partial class QueryBinder
{
    private Relation BindFrom(FromSyntax syntax)
    {
        var relation = BindUnmarked(syntax);
        return syntax.Watermark is null ? relation : Watermarked(relation, syntax.Watermark);
    }

    private Relation BindUnmarked(FromSyntax syntax)
    {
        return syntax switch
        {
            TableRefSyntax table => BindTable(table),
            PathTableSyntax path => BindPathTable(path),
            TableFunctionSyntax function => BindTableFunction(function),
            SubquerySyntax subquery => BindSubquery(subquery),
            NestedFromSyntax nested => Aliased(BindFrom(nested.Inner), nested.Alias, []),
            JoinSyntax join => BindJoin(join),
            LateralViewSyntax view => BindLateralView(view),
            PivotSyntax pivot => BindPivot(pivot),
            UnpivotSyntax unpivot => BindUnpivot(unpivot),
            SampleSyntax sample => BindSample(sample),
            PipeInputSyntax => pipeInput ?? throw new UnreachableException("pipe input outside a pipe"),
            _ => throw new UnreachableException(syntax.GetType().Name),
        };
    }

    private Relation BindTable(TableRefSyntax syntax)
    {
        if (Settled(syntax.Name) is not { } name) return BrokenRelation(syntax, syntax.IsStream);
        syntax = syntax with { Name = name };
        if (name.Parts.Length == 1 && !name.IsLive && tables.TryGetValue(name.Last.Text, out var common)) return BindCommonTable(syntax, common);
        if (name.Parts.Length > 3)
        {
            Error(BindingErrors.UnknownTable(name.Span, name.ToString(), []));
            return BrokenRelation(syntax, syntax.IsStream);
        }

        var full = File.Qualify(name);
        ImmutableArray<string> qualifier = [full.Catalog, full.Schema, full.Name];
        if (Context.Find(name, File) is { } dataset) return BindDataset(syntax, dataset, qualifier);
        if (Context.Catalog.FindTable(full) is not { } columns)
        {
            var known = Context.TableNames.Select(table => (table.Name, File.Shortest(table)));
            Error(BindingErrors.UnknownTable(name.Span, name.ToString(), known, Context.Catalog.UnknownTableHint));
            return BrokenRelation(syntax, syntax.IsStream);
        }

        var source = TimeTravel(new TableSource(full, syntax.IsStream, InPipeline: false), syntax.AsOf);
        return Aliased(ScanTable(source, syntax, ColumnsAsOf(source) ?? columns, qualifier, []), syntax.Alias, qualifier);
    }

    /// <summary>The columns of the version that the source names; null if it names none.</summary>
    private Schema? ColumnsAsOf(TableSource source) =>
        (source.Version ?? source.AsOf) is null ? null : Context.Catalog.FindTableAsOf(source.Table, source.Version, source.AsOf);

    private Relation BindDataset(TableRefSyntax syntax, Declaration dataset, ImmutableArray<string> qualifier)
    {
        Ids.Read(dataset.Name);
        if (!new FlowBinder(Context).Require(dataset, syntax.Name.Span)) return BrokenRelation(syntax, syntax.IsStream);
        if (dataset.IsView) return BindView(syntax, dataset);
        if (dataset.IsUnknown) return BrokenRelation(syntax, syntax.IsStream);
        if (syntax.IsStream && dataset.Kind == Runtime.Flows.DatasetKind.MaterializedView)
            Error(GraphErrors.StreamOfMaterializedView(syntax.Name.Span, dataset.Name.Name));
        if (syntax.IsStream && (dataset.IsChanged || dataset.Flows.Exists(f => f.Replaces is not null)) && !TakesChanges(syntax.Options)) Error(CdcErrors.StreamOfChangedTable(syntax.Name.Span, dataset.Name.Name));
        var source = TimeTravel(new TableSource(dataset.Name, syntax.IsStream, InPipeline: true), syntax.AsOf);
        return Aliased(ScanTable(source, syntax, ColumnsAsOf(source) ?? dataset.Columns, qualifier, dataset.BrokenColumns), syntax.Alias, qualifier);
    }

    /// <summary>A view is its query, bound anew for each reader, with the view's expectations on top.</summary>
    private Relation BindView(TableRefSyntax syntax, Declaration view)
    {
        if (syntax.AsOf is not null) NotSupported(syntax.AsOf.Span, "Time travel of a view");
        NoOptions(syntax, "a view");
        var knowsKind = view.ViewPlan is { } plan && (view.IsStreaming || !plan.All().Any(n => n is ErrorPlan));
        var fits = !knowsKind || syntax.IsStream == view.IsStreaming;
        if (!fits)
        {
            Error(syntax.IsStream
                ? GraphErrors.StreamReadOfBatchView(syntax.Span, view.Name.Name, view.At)
                : GraphErrors.BatchReadOfStreamingView(syntax.Span, view.Name.Name, view.At));
        }

        Ids.ViewDepth++;
        var bound = new FlowBinder(Context).BindView(view, Ids);
        Ids.ViewDepth--;
        return Aliased(new Relation(fits ? bound.Plan : new ErrorPlan(syntax.IsStream, syntax.Span), bound.ToScope([view.Name.Name])), syntax.Alias, [view.Name.Catalog, view.Name.Schema, view.Name.Name]);
    }

    private Relation BindCommonTable(TableRefSyntax syntax, CommonTable common)
    {
        common.IsRead = true;
        NoOptions(syntax, "a query");
        if (syntax.AsOf is not null) NotSupported(syntax.AsOf.Span, "Time travel of a query");
        var name = common.Syntax.Name.Text;
        var query = common.Binder.Bind(common.Syntax.Query);
        var bound = Renamed(query with { Plan = Inherited(query.Plan, common.Binder) }, common.Syntax.Columns, $"WITH {name}");
        return Aliased(new Relation(Streamed(syntax.IsStream, bound, syntax.Span, "a query of the WITH clause"), bound.ToScope([name])), syntax.Alias, [name]);
    }

    private Relation BindSubquery(SubquerySyntax syntax)
    {
        // A subquery in FROM does not see the other items of FROM, but still the queries around it all. (LATERAL first in FROM has nothing to see.)
        var bound = new QueryBinder(Context, File, Ids, tables, Outer, outerReferences).Bind(syntax.Query);
        return Aliased(new Relation(Streamed(syntax.IsStream, bound, syntax.Span, "a query"), bound.ToScope([])), syntax.Alias, []);
    }

    /// <summary>STREAM before a query says what is so already: it is a stream if a source inside it is one.</summary>
    private LogicalPlan Streamed(bool isStream, BoundQuery query, SourceSpan at, string what)
    {
        if (!isStream || query.IsUnknown || query.IsStreaming) return query.Plan;
        NotSupported(at, $"STREAM before {what} that reads no stream", "Write STREAM before the source inside it.");
        return new ErrorPlan(true, at);
    }

    private Relation Scan(PlanSource source, Schema columns, ImmutableArray<string> qualifier, HashSet<string> broken, Func<long?>? size, SourceSpan span)
    {
        var scope = columns.Fields.Select(f => new ScopeColumn(Ids.NewColumn(f.Name, f.Type, f.Nullable), f.Name, qualifier)
        {
            IsBroken = broken.Contains(f.Name),
            Metadata = f.Metadata.Where(m => m.Key is Field.CommentKey or Field.CharVarcharKey).ToImmutableDictionary(),
        }).ToImmutableArray();
        return new Relation(new Scan(source, [.. scope.Select(c => c.Column)], [], null, span) { Size = size }, new Scope(scope, []));
    }

    private TableSource TimeTravel(TableSource source, TimeTravelSyntax? syntax)
    {
        if (syntax is null) return source;
        if (source.Streaming)
        {
            Error(BindingErrors.WrongOption(syntax.Span, "STREAM", "a stream starts where the flow left off, so it takes no AS OF."));
            return source;
        }

        return VersionOrTime(syntax) is var (version, micros) ? source with { Version = version, AsOf = micros } : source;
    }

    private (long? Version, long? Micros) VersionOrTime(TimeTravelSyntax syntax)
    {
        if (syntax.Version is not null)
        {
            switch (Constant("AS OF", syntax.Version))
            {
                case Literal { Value: int v } when v >= 0:
                    return (v, null);
                case Literal { Value: long v } when v >= 0:
                    return (v, null);
                case Literal { Value: string text } when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var v):
                    return (v, null);
                case ErrorExpr:
                    return (null, null);
                default:
                    Error(BindingErrors.NotConstant(syntax.Version.Span, "The version"));
                    return (null, null);
            }
        }

        var time = Constant("AS OF", syntax.Timestamp is StringLiteralSyntax s ? new TypedLiteralSyntax("TIMESTAMP", s.Value, s.Span) : syntax.Timestamp!);
        switch (time)
        {
            case Literal { Type: TimestampType, Value: long micros }:
                return (null, micros);
            case Literal { Type: DateType, Value: int days }:
                return (null, Zone.ToUtc(days * 86_400_000_000));
            case ErrorExpr:
                return (null, null);
            default:
                Error(BindingErrors.NotConstant(syntax.Timestamp!.Span, "The timestamp"));
                return (null, null);
        }
    }

    /// <summary>A relation whose columns nobody knows; names from it give no further diagnostics.</summary>
    private static Relation BrokenRelation(FromSyntax syntax, bool streaming)
    {
        ImmutableArray<string> qualifier = syntax.Alias?.Name is { } alias ? [alias.Text]
            : syntax is TableRefSyntax table ? [.. table.Name.Parts.Select(p => p.Text)]
            : [];
        return new Relation(new ErrorPlan(streaming, syntax.Span), new Scope([], [qualifier]));
    }

    /// <summary>The relation under its alias, or else under its own name.</summary>
    private Relation Aliased(Relation relation, TableAliasSyntax? alias, ImmutableArray<string> ownName)
    {
        if (alias is null) return ownName.IsEmpty ? relation : relation with { Scope = Qualified(relation.Scope, ownName) };
        var scope = alias.Name is null ? Qualified(relation.Scope, ownName) : relation.Scope.As(alias.Name.Text);
        if (alias.Columns.IsEmpty) return relation with { Scope = scope };
        var plain = scope.Columns.Where(c => c.Visibility == Visibility.Plain).ToList();
        if (plain.Count != alias.Columns.Length)
        {
            if (!scope.HasUnknown) Error(BindingErrors.ColumnCount(alias.Span, $"Names for the columns of {alias.Name?.Text ?? "the table"}", plain.Count, alias.Columns.Length));
            return new Relation(relation.Plan, new Scope(scope.Columns, scope.Unknown.Add(alias.Name is null ? ownName : [alias.Name.Text])));
        }

        var renamed = scope.Columns.Select(c => plain.IndexOf(c) is >= 0 and var i ? c with { Name = alias.Columns[i].Text } : c);
        return relation with { Scope = new Scope([.. renamed], scope.Unknown) };
    }

    private static Scope Qualified(Scope scope, ImmutableArray<string> qualifier) =>
        new([.. scope.Columns.Select(c => c with { Qualifier = qualifier })], scope.HasUnknown ? [qualifier] : []);

    /// <summary>The query with other names for its columns.</summary>
    private BoundQuery Renamed(BoundQuery query, ImmutableArray<IdentifierSyntax> names, string what)
    {
        if (names.IsEmpty || query.IsUnknown) return query;
        if (names.Length != query.Columns.Length)
        {
            Error(BindingErrors.ColumnCount(names[0].Span.To(names[^1].Span), what, query.Columns.Length, names.Length));
            return query with { IsUnknown = true };
        }

        return query with { Columns = [.. query.Columns.Select((c, i) => c with { Name = names[i].Text })] };
    }

    /// <summary>Everything that FROM gives, as <c>SELECT *</c> would; names keep their tables.</summary>
    private BoundQuery AllOf(Relation relation)
    {
        var columns = relation.Scope.Columns.Where(c => c.Visibility == Visibility.Plain).ToImmutableArray();
        return Projected(relation.Plan, columns, relation.Scope.HasUnknown);
    }

    /// <summary>A plan that puts out just these columns.</summary>
    private static BoundQuery Projected(LogicalPlan plan, ImmutableArray<ScopeColumn> columns, bool isUnknown)
    {
        var same = plan.Columns.Length == columns.Length && plan.Columns.Zip(columns).All(p => p.First.Id == p.Second.Column.Id);
        if (same || plan is ErrorPlan) return new BoundQuery(plan, columns, isUnknown);
        var project = new Project(plan, [.. columns.Select(c => new NamedExpr(new ColumnRef(c.Column, plan.Origin), c.Column))], plan.Origin);
        return new BoundQuery(project, columns, isUnknown);
    }
}
