using System.Diagnostics;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    public StatementSyntax Statement(StatementContext node) => node switch
    {
        QueryStatementContext query => new QueryStatementSyntax(Query(query.query()), Span(node)),
        CreateStatementContext create => Create(create.createDataset()),
        CreateFlowContext flow => CreateFlow(flow),
        ApplyChangesContext apply => ApplyChanges(apply),
        CreateSinkContext sink => CreateSink(sink),
        CreateFunctionContext function => CreateFunction(function),
        UseContext use => Use(use),
        ExplainContext explain => new ExplainSyntax(explain.identifier()?.GetText().ToUpperInvariant(), Statement(explain.statement()), Span(node)),
        InsertContext insert => Insert(insert),
        _ => throw new UnreachableException(node.GetType().Name),
    };

    // ---- CREATE [STREAMING TABLE | MATERIALIZED VIEW | VIEW | TABLE] -----------------------------------------------

    private StatementSyntax Create(CreateDatasetContext node)
    {
        var kind = node.datasetKind();
        var isTable = kind.TABLE() is not null;
        var isStreamingTable = isTable && (kind.STREAMING() is not null || kind.INCREMENTAL() is not null);
        var isMaterialized = kind.MATERIALIZED() is not null || (isTable && kind.LIVE() is not null && !isStreamingTable);
        var name = DatasetName(node.name());
        var elements = Map(node.tableElement(), TableElement);
        var clauses = Map(node.tableClause(), TableClause);
        var flow = Maybe(node.flowClause(), Flow);
        var query = Maybe(node.query(), Query);
        var what = isStreamingTable ? "STREAMING TABLE" : isMaterialized ? "MATERIALIZED VIEW" : isTable ? "TABLE" : "VIEW";

        CheckSpelling(node, kind, what);
        var orReplace = node.REPLACE() is not null;
        if (orReplace && isStreamingTable) bag.Add(SyntaxErrors.OrReplace(Span(node.REPLACE())));
        else if (orReplace && isMaterialized) bag.Add(SyntaxErrors.OrReplaceMeansRefresh(Span(node.REPLACE())));
        var isTemporary = node.datasetModifier().Any(m => m.TEMPORARY() is not null || m.TEMP() is not null);
        var isPrivate = isTemporary || node.datasetModifier().Any(m => m.PRIVATE() is not null);
        var ifNotExists = node.EXISTS() is not null;
        var span = Span(node);

        if (query is null && what is "MATERIALIZED VIEW" or "VIEW")
        {
            // A view over a data source by name is plain Spark.
            if (what == "VIEW" && node.flowClause() is null && clauses.Any(c => c is UsingSyntax)) return Other("CREATE VIEW USING", span);

            if (node.flowClause() is { } wrong) bag.Add(SyntaxErrors.FlowOfView(Span(wrong), what));
            else bag.Add(SyntaxErrors.MissingQuery(name.Span, what, name.ToString()));
            query = Query(flow) ?? EmptyQuery(span);
        }

        CheckClauses(clauses, what);
        switch (what)
        {
            case "STREAMING TABLE":
                flow ??= query is null ? null : new AppendFlowSyntax(query, Once: false, query.Span);
                return new CreateStreamingTableSyntax(name, isPrivate, ifNotExists, elements, clauses, flow, span);
            case "MATERIALIZED VIEW":
                return new CreateMaterializedViewSyntax(name, isPrivate, ifNotExists, elements, clauses, query!, span);
            case "TABLE":
                if (flow is not null and not AppendFlowSyntax) bag.Add(SyntaxErrors.FlowOfTable(flow.Span));
                return new CreateTableSyntax(name, isTemporary, orReplace, ifNotExists, elements, clauses, flow, query, span);
            default:
                return new CreateViewSyntax(name, isTemporary || kind.LIVE() is not null, orReplace, ifNotExists, elements, clauses, query!, span);
        }
    }

    private static QuerySyntax? Query(FlowBodySyntax? flow) => (flow as AppendFlowSyntax)?.Query;

    private static QuerySyntax EmptyQuery(SourceSpan span) => new(null, new ValuesSyntax([], null, span), null, null, null, span);

    private void CheckSpelling(CreateDatasetContext node, DatasetKindContext kind, string what)
    {
        if (kind.LIVE() is not null)
        {
            var today = what == "VIEW" ? "TEMPORARY VIEW" : what;
            bag.Add(SyntaxErrors.LegacySpelling(Span(kind), TextOf(kind).ToUpperInvariant(), today));
        }

        foreach (var modifier in node.datasetModifier())
        {
            var word = modifier.Start.Text.ToUpperInvariant();
            if (word is "TEMPORARY" or "TEMP" && what is "STREAMING TABLE" or "MATERIALIZED VIEW")
                bag.Add(SyntaxErrors.LegacySpelling(Span(modifier), $"{word} {what}", $"PRIVATE {what}"));
            else if (word == "PRIVATE" && what is "VIEW" or "TABLE")
                bag.Add(SyntaxErrors.ModifierDoesNotFit(Span(modifier), word, what));
            else if (word is "GLOBAL" or "EXTERNAL" && what is not "VIEW" and not "TABLE")
                bag.Add(SyntaxErrors.ModifierDoesNotFit(Span(modifier), word, what));
        }
    }

    private void CheckClauses(ImmutableArray<TableClauseSyntax> clauses, string what)
    {
        var seen = new Dictionary<Type, TableClauseSyntax>();
        foreach (var clause in clauses)
        {
            if (clause is RefreshPolicySyntax && what != "MATERIALIZED VIEW") bag.Add(SyntaxErrors.ClauseDoesNotFit(clause.Span, ClauseName(clause), what));
            if (what == "VIEW" && clause is UsingSyntax or PartitionedBySyntax or ClusterBySyntax or LocationSyntax or ScheduleSyntax or TriggerSyntax or RowFilterSyntax)
                bag.Add(SyntaxErrors.ClauseDoesNotFit(clause.Span, ClauseName(clause), what));
            if (clause is OtherClauseSyntax) continue;
            if (seen.TryGetValue(clause.GetType(), out var first)) bag.Add(SyntaxErrors.DuplicateClause(clause.Span, ClauseName(clause), first.Span));
            else seen.Add(clause.GetType(), clause);
        }
    }

    private static string ClauseName(TableClauseSyntax clause) => clause switch
    {
        UsingSyntax => "USING",
        PartitionedBySyntax => "PARTITIONED BY",
        ClusterBySyntax => "CLUSTER BY",
        LocationSyntax => "LOCATION",
        CommentSyntax => "COMMENT",
        PropertiesSyntax => "TBLPROPERTIES",
        OptionsSyntax => "OPTIONS",
        ScheduleSyntax => "SCHEDULE",
        TriggerSyntax => "TRIGGER",
        RowFilterSyntax => "WITH ROW FILTER",
        RefreshPolicySyntax => "REFRESH POLICY",
        OtherClauseSyntax other => other.Kind,
        _ => throw new UnreachableException(clause.ToString()),
    };

    private OtherStatementSyntax Other(string kind, SourceSpan span) => new(kind, text.Text.Trim(), span);

    // ---- the others ------------------------------------------------------------------------------------------------

    private StatementSyntax Use(UseContext node)
    {
        var name = Name(node.name());
        if (node.CATALOG() is null) return new UseSchemaSyntax(name, Span(node));
        if (name.Parts.Length != 1) bag.Add(SyntaxErrors.CatalogIsOneName(name.Span));
        return new UseCatalogSyntax(name.Parts[0], Span(node));
    }

    private InsertSyntax Insert(InsertContext node) => new(
        DatasetName(node.name()), node.OVERWRITE() is not null, node.NAME() is not null, Identifiers(node.columnList()), Query(node.query()), Span(node));

    /// <summary>A WITH in front of INSERT is one of its query.</summary>
    public StatementSyntax Insert(SingleInsertContext node)
    {
        var statement = Statement(node.statement());
        if (statement is not InsertSyntax { Query: var query } insert) return statement;
        var with = With(node.ctes());
        query = query.With is null
            ? query with { With = with }
            : new QuerySyntax(with, new NestedQuerySyntax(query, query.Span), null, null, null, query.Span);
        return insert with { Query = query, Span = with.Span.To(insert.Span) };
    }

    private CreateSinkSyntax CreateSink(CreateSinkContext node)
    {
        IdentifierSyntax? format = null;
        string? comment = null;
        var options = ImmutableArray<PropertySyntax>.Empty;
        var seen = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        foreach (var clause in node.sinkClause())
        {
            var word = clause.Start.Type == COMMENT ? "COMMENT" : clause.Start.Text.ToUpperInvariant();
            if (!seen.TryAdd(word, Span(clause))) bag.Add(SyntaxErrors.DuplicateClause(Span(clause), word, seen[word]));
            if (clause.identifier() is { } named) format = Identifier(named);
            else if (clause.commentClause() is { } text) comment = Comment(text);
            else options = Properties(clause.propertyList());
        }

        var name = Name(node.name());
        if (format is null)
        {
            bag.Add(SyntaxErrors.SinkWithoutFormat(name.Span));
            format = new IdentifierSyntax("delta", Quoted: false, name.Span);
        }

        return new CreateSinkSyntax(name, node.EXISTS() is not null, format, comment, options, Span(node));
    }

    private CreateFunctionSyntax CreateFunction(CreateFunctionContext node)
    {
        var returns = node.functionReturns();
        return new CreateFunctionSyntax(
            Name(node.name()), node.TEMPORARY() is not null || node.TEMP() is not null, node.REPLACE() is not null, node.EXISTS() is not null,
            Map(node.functionParameter(), Parameter), returns?.TABLE() is not null, Maybe(returns?.dataType(), DataType),
            returns is null ? [] : Map(returns.functionParameter(), Parameter), Maybe(node.expression(), Expression), Maybe(node.query(), Query), Span(node));
    }

    private ColumnSyntax Parameter(FunctionParameterContext node) =>
        new(Identifier(node.identifier()), DataType(node.dataType()), ColumnProperties(node.columnProperty()), Span(node));
}
