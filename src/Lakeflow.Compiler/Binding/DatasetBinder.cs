using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>Statements to declarations: what is there, under which name, before any query is looked at.</summary>
internal sealed partial class DatasetBinder(BindingContext context)
{
    private readonly Dictionary<string, SourceSpan> flowNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(CreateFlowSyntax Syntax, FileScope File)> later = [];

    public FileScope File(ScriptSyntax script) => new(script.Source, context.Defaults.Catalog, context.Defaults.Schema, context.Defaults.Configuration);

    public void Declare(ScriptSyntax script)
    {
        var file = File(script);
        foreach (var statement in script.Statements)
        {
            switch (Settled(statement, file))
            {
                case SetSyntax { Value: { } value } set:
                    if (KnownSettings.InSet(set.Span, set.Key, value) is { } problem) context.Error(problem);
                    file = file with { Settings = file.Settings.SetItem(set.Key, value) };
                    break;
                case SetSyntax:
                    break;
                case UseCatalogSyntax use:
                    file = file with { Catalog = use.Catalog.Text, Schema = context.Defaults.Schema };
                    break;
                case UseSchemaSyntax { Schema.Parts: [.., var catalog, var schema] }:
                    file = file with { Catalog = catalog.Text, Schema = schema.Text };
                    break;
                case UseSchemaSyntax use:
                    file = file with { Schema = use.Schema.Last.Text };
                    break;
                case CreateStreamingTableSyntax table:
                    Add(Table(table.Name, DatasetKind.StreamingTable, table.IsPrivate, table.Elements, table.Clauses, table.Span, file), table.Flow, table.Name);
                    break;
                case CreateMaterializedViewSyntax view:
                    Add(
                        Table(view.Name, DatasetKind.MaterializedView, view.IsPrivate, view.Elements, view.Clauses, view.Span, file),
                        new AppendFlowSyntax(view.Query, false, view.Query.Span), view.Name);
                    break;
                case CreateTableSyntax { AsQuery: not null } table:
                    context.Error(GraphErrors.NotAPipelineStatement(table.Span, "CREATE TABLE … AS"));
                    break;
                case CreateTableSyntax table:
                    Add(Table(table.Name, DatasetKind.FlowTable, false, table.Elements, table.Clauses, table.Span, file), table.Flow, table.Name);
                    break;
                case CreateViewSyntax view:
                    View(view, file);
                    break;
                case CreateFlowSyntax flow:
                    later.Add((flow, file));
                    break;
                case CreateSinkSyntax sink:
                    context.Error(BindingErrors.NotSupported(sink.Name.Span, "CREATE SINK"));
                    break;
                case CreateFunctionSyntax function:
                    context.Error(BindingErrors.NotSupported(function.Name.Span, "CREATE FUNCTION"));
                    break;
                case OtherStatementSyntax other:
                    context.Error(GraphErrors.NotAPipelineStatement(other.Span, other.Kind));
                    break;
                case QueryStatementSyntax:
                    context.Error(GraphErrors.NotAPipelineStatement(statement.Span, "SELECT"));
                    break;
                case InsertSyntax:
                    context.Error(GraphErrors.NotAPipelineStatement(statement.Span, "INSERT"));
                    break;
                case ExplainSyntax:
                    context.Error(GraphErrors.NotAPipelineStatement(statement.Span, "EXPLAIN"));
                    break;
            }
        }
    }

    /// <summary>The statement with names for <c>IDENTIFIER(…)</c>; null, reported, where one is no constant.</summary>
    private StatementSyntax? Settled(StatementSyntax statement, FileScope file)
    {
        var names = new QueryBinder(context, file, new PlanScope());
        return statement switch
        {
            CreateStreamingTableSyntax { Name.Dynamic: not null } table => names.Settled(table.Name) is { } name ? table with { Name = name } : null,
            CreateMaterializedViewSyntax { Name.Dynamic: not null } view => names.Settled(view.Name) is { } name ? view with { Name = name } : null,
            CreateTableSyntax { Name.Dynamic: not null } table => names.Settled(table.Name) is { } name ? table with { Name = name } : null,
            CreateViewSyntax { Name.Dynamic: not null } view => names.Settled(view.Name) is { } name ? view with { Name = name } : null,
            CreateFlowSyntax flow => names.Settled(flow.Target) is { } target && (flow.Name is null ? flow.Target : names.Settled(flow.Name)) is { } name
                ? flow with { Target = target, Name = flow.Name is null ? null : name }
                : null,
            _ => statement,
        };
    }

    /// <summary>CREATE FLOW, once all targets are known.</summary>
    public void DeclareFlows()
    {
        foreach (var (syntax, file) in later)
        {
            if (syntax.Name is { Parts.Length: > 1 } name)
                context.Error(GraphErrors.OnePartName(name.Span, "A flow", name.ToString(), "MULTIPART_FLOW_NAME_NOT_SUPPORTED"));
            if (context.Find(syntax.Target, file) is not { } target)
            {
                context.Error(GraphErrors.UnknownTarget(syntax.Target.Span, syntax.Target.ToString(), context.Declarations.Where(d => !d.IsView).Select(d => d.Name.Name)));
                continue;
            }

            if (target.IsView)
            {
                context.Error(GraphErrors.TargetIsNoTable(syntax.Target.Span, target.Name.Name, "view"));
                continue;
            }

            if (target.Kind == DatasetKind.MaterializedView)
            {
                context.Error(GraphErrors.SeveralFlows(syntax.Target.Span, target.Name.Name, target.At));
                continue;
            }

            AddFlow(target, syntax.Body, syntax.Name ?? syntax.Target, syntax.Name?.Last.Text ?? target.Name.Name, file, syntax.Span);
        }

        foreach (var table in context.Declarations.Where(d => d.IsChanged))
        {
            if (table.Flows.FirstOrDefault(f => f.Changes is null) is { } other) context.Error(CdcErrors.MixedFlows(other.At, table.Name.Name, table.Flows.First(f => f.Changes is not null).At));
        }

        foreach (var table in context.Declarations.Where(d => d is { IsView: false, IsUnknown: false, Flows.Count: 0 }))
            context.Error(GraphErrors.DatasetWithoutFlow(table.At, table.Name.Name));
    }

    private void Add(Declaration declaration, FlowBodySyntax? flow, NameSyntax name)
    {
        if (Lakehouse.ProblemOf(declaration.Name) is { } problem) context.Error(GraphErrors.BadName(name.Span, name.ToString(), problem));
        if (context.Add(declaration) is { } first)
        {
            context.Error(GraphErrors.DuplicateDataset(name.Span, declaration.Name.Name, first.At));
            return;
        }

        if (flow is not null) AddFlow(declaration, flow, name, name.Last.Text, declaration.File, declaration.Origin);
    }

    private void AddFlow(Declaration target, FlowBodySyntax body, NameSyntax at, string name, FileScope file, SourceSpan origin)
    {
        if (!flowNames.TryAdd(FlowKey(target, name, origin), at.Span))
        {
            context.Error(GraphErrors.DuplicateFlow(at.Span, name, flowNames[FlowKey(target, name, origin)]));
            target.IsUnknown |= target.Flows.Count == 0;
            return;
        }

        switch (body)
        {
            case AppendFlowSyntax append:
                var kind = target.Kind == DatasetKind.MaterializedView ? FlowKind.Complete : append.Once ? FlowKind.Once : FlowKind.Append;
                target.Flows.Add(new FlowDeclaration(name, target, kind, append.Query, file, at.Span, origin));
                break;
            case AutoCdcFlowSyntax when target.Kind == DatasetKind.FlowTable:
                context.Error(CdcErrors.NotIntoPlainTable(at.Span, target.Name.Name));
                target.IsUnknown = true;
                break;
            case AutoCdcFlowSyntax changes:
                target.Flows.Add(new FlowDeclaration(name, target, changes.Once ? FlowKind.Once : FlowKind.Append, null, file, at.Span, origin) { Changes = changes });
                break;
            case ReplaceWhereFlowSyntax or ReplaceUsingFlowSyntax when target.Kind != DatasetKind.StreamingTable:
                // The parser has spoken of a flow that stands in the statement of such a table.
                if (origin != target.Origin) context.Error(CdcErrors.NotReplaced(at.Span, target.Name.Name, target.Kind == DatasetKind.FlowTable));
                target.IsUnknown = true;
                break;
            case ReplaceWhereFlowSyntax replace:
                target.Flows.Add(new FlowDeclaration(name, target, FlowKind.Replace, replace.Query, file, at.Span, origin) { Replaces = replace });
                break;
            case ReplaceUsingFlowSyntax replace:
                target.Flows.Add(new FlowDeclaration(name, target, FlowKind.Append, replace.Query, file, at.Span, origin) { Replaces = replace });
                break;
        }
    }

    /// <summary>Implicit flows are named like their table, and two schemas may have tables of one name; explicit names are unique in the pipeline.</summary>
    private static string FlowKey(Declaration target, string name, SourceSpan origin) =>
        origin == target.Origin ? (target.Name.Catalog, target.Name.Schema) == (target.File.Catalog, target.File.Schema) ? name : target.Name.ToString() : name;

    private void View(CreateViewSyntax syntax, FileScope file)
    {
        var kind = syntax.IsTemporary ? DatasetKind.TemporaryView : DatasetKind.PersistedView;
        if (syntax.IsTemporary && syntax.Name.Parts.Length > 1)
            context.Error(GraphErrors.OnePartName(syntax.Name.Span, "A temporary view", syntax.Name.ToString(), "MULTIPART_TEMPORARY_VIEW_NAME_NOT_SUPPORTED"));
        var declaration = new Declaration
        {
            Name = file.Qualify(syntax.Name),
            Kind = kind,
            File = file,
            At = syntax.Name.Span,
            Origin = syntax.Span,
            Elements = syntax.Elements,
            ViewQuery = syntax.Query,
            IsPrivate = syntax.IsTemporary,
        };
        Elements(declaration);
        declaration.Clauses = Clauses(declaration, syntax.Clauses);
        Add(declaration, null, syntax.Name);
    }

    private Declaration Table(
        NameSyntax name, DatasetKind kind, bool isPrivate, ImmutableArray<TableElementSyntax> elements, ImmutableArray<TableClauseSyntax> clauses, SourceSpan span, FileScope file)
    {
        if (name.Parts.Length > 3) context.Error(GraphErrors.OnePartName(name.Span, "A table with catalog and schema", name.ToString(), "IDENTIFIER_TOO_MANY_NAME_PARTS"));
        var declaration = new Declaration
        {
            Name = file.Qualify(name),
            Kind = kind,
            File = file,
            At = name.Span,
            Origin = span,
            Elements = elements,
            IsPrivate = isPrivate,
        };
        Elements(declaration);
        declaration.Clauses = Clauses(declaration, clauses);
        return declaration;
    }
}
