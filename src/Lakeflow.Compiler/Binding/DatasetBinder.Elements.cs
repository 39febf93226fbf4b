using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>Column lists and clauses.</summary>
internal sealed partial class DatasetBinder
{
    private void Elements(Declaration declaration)
    {
        var declared = ImmutableArray.CreateBuilder<DeclaredColumn>();
        var named = ImmutableArray.CreateBuilder<ColumnSyntax>();
        var expectations = ImmutableArray.CreateBuilder<ExpectationSyntax>();
        foreach (var element in declaration.Elements)
        {
            switch (element)
            {
                case ColumnSyntax column:
                    if (declared.Select(d => d.Name).Concat(named.Select(n => n.Name.Text)).Contains(column.Name.Text, StringComparer.OrdinalIgnoreCase))
                        context.Error(BindingErrors.DuplicateColumn(column.Name.Span, column.Name.Text, $"The column list of {declaration.Name.Name}"));
                    else if (column.Type is null)
                        named.Add(column);
                    else if (Column(declaration, column) is { } typed)
                        declared.Add(typed);
                    break;
                case ExpectationSyntax expectation when declaration.Kind == DatasetKind.PersistedView:
                    context.Error(GraphErrors.ClauseNotHere(expectation.Span, "An expectation", "a view that outlives the pipeline", "Make it a TEMPORARY VIEW."));
                    break;
                case ExpectationSyntax expectation:
                    if (expectations.FirstOrDefault(e => string.Equals(e.Name.Text, expectation.Name.Text, StringComparison.OrdinalIgnoreCase)) is { } first)
                        context.Error(BindingErrors.DuplicateExpectation(expectation.Name.Span, expectation.Name.Text, declaration.Name.Name, first.Name.Span));
                    else
                        expectations.Add(expectation);
                    break;
                case OtherConstraintSyntax other:
                    context.Error(BindingErrors.NotSupported(other.Span, $"The constraint {other.Kind}", "Write an expectation: CONSTRAINT name EXPECT (condition)."));
                    break;
            }
        }

        if (declaration.IsView)
        {
            foreach (var column in declared)
                context.Error(GraphErrors.ClauseNotHere(column.Syntax.Type!.Span, "A type", "the column list of a view", "Cast in the query."));
        }
        else
        {
            declaration.Declared = declared.ToImmutable();
        }

        declaration.Named = named.ToImmutable();
        declaration.Expectations = expectations.ToImmutable();
    }

    private DeclaredColumn? Column(Declaration declaration, ColumnSyntax syntax)
    {
        var nullable = true;
        ExpressionSyntax? generated = null, byDefault = null;
        string? comment = null;
        foreach (var property in syntax.Properties)
        {
            switch (property)
            {
                case NotNullSyntax:
                    nullable = false;
                    break;
                case GeneratedSyntax g:
                    generated = g.Expression;
                    break;
                case DefaultSyntax d when declaration.Kind == DatasetKind.MaterializedView:
                    context.Error(GraphErrors.ClauseNotHere(d.Span, "DEFAULT", "a materialized view", "Write coalesce(…) in the query."));
                    break;
                case DefaultSyntax d:
                    byDefault = d.Expression;
                    break;
                case ColumnCommentSyntax c:
                    comment = c.Text;
                    break;
                case IdentitySyntax identity:
                    context.Error(BindingErrors.NotSupported(identity.Span, "GENERATED … AS IDENTITY"));
                    break;
                case MaskSyntax mask:
                    context.Error(BindingErrors.NotSupported(mask.Span, "MASK"));
                    break;
                case ColumnPrimaryKeySyntax or ColumnReferenceSyntax:
                    break;
            }
        }

        if (TypeBinder.Bind(syntax.Type!, context.Bag) is not { } type)
        {
            declaration.IsUnknown = true;
            return null;
        }

        return new DeclaredColumn(syntax, new Field(syntax.Name.Text, type, nullable) { Metadata = TypeBinder.Metadata(syntax.Type, comment) }, generated, byDefault);
    }

    private TableClauses Clauses(Declaration declaration, ImmutableArray<TableClauseSyntax> clauses)
    {
        var what = declaration.Kind switch
        {
            DatasetKind.StreamingTable => "a streaming table",
            DatasetKind.MaterializedView => "a materialized view",
            DatasetKind.FlowTable => "a table",
            _ => "a view",
        };
        var partitions = ImmutableArray<string>.Empty;
        string? comment = null;
        var properties = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        foreach (var clause in clauses)
        {
            if (declaration.IsView && clause is not (CommentSyntax or PropertiesSyntax))
            {
                context.Error(GraphErrors.ClauseNotHere(clause.Span, WordOf(clause), what));
                continue;
            }

            switch (clause)
            {
                case CommentSyntax c:
                    comment = c.Text;
                    break;
                case PropertiesSyntax p:
                    foreach (var item in p.Items)
                    {
                        if (KnownSettings.InTable(item.Span, item.Key, item.Value ?? "") is { } problem) context.Error(problem);
                        properties = properties.SetItem(item.Key, item.Value ?? "");
                    }

                    break;
                case UsingSyntax u when string.Equals(u.Format.ToString(), "delta", StringComparison.OrdinalIgnoreCase):
                    break;
                case UsingSyntax u:
                    context.Error(BindingErrors.NotSupported(u.Span, $"USING {u.Format.ToString().ToUpperInvariant()}", "Tables are Delta tables: leave it out."));
                    break;
                case PartitionedBySyntax p:
                    partitions = Partitions(declaration, p);
                    break;
                case ClusterBySyntax c:
                    if (c.Columns.Length > 4) context.Error(GraphErrors.BadPartitioning(c.Span, "CLUSTER BY takes at most four columns."));
                    if (clauses.Any(x => x is PartitionedBySyntax)) context.Error(GraphErrors.BadPartitioning(c.Span, "A table has PARTITIONED BY or CLUSTER BY, not both."));
                    if (!c.Columns.IsEmpty) properties = properties.SetItem("clusteringColumns", string.Join(',', c.Columns.Select(n => n.ToString())));
                    break;
                case LocationSyntax l:
                    context.Error(GraphErrors.ClauseIgnored(l.Span, "LOCATION", "the lakehouse decides where its tables are."));
                    break;
                case RefreshPolicySyntax r when declaration.Kind == DatasetKind.MaterializedView:
                    properties = properties.SetItem("pipelines.refreshPolicy", r.Policy switch
                    {
                        RefreshPolicy.Incremental => "incremental",
                        RefreshPolicy.IncrementalStrict => "incremental strict",
                        RefreshPolicy.Full => "full",
                        _ => "auto",
                    });
                    break;
                case RefreshPolicySyntax:
                    context.Error(GraphErrors.ClauseNotHere(clause.Span, "REFRESH POLICY", what));
                    break;
                case ScheduleSyntax or TriggerSyntax or RowFilterSyntax:
                    context.Error(BindingErrors.NotSupported(clause.Span, WordOf(clause)));
                    break;
                default:
                    context.Error(GraphErrors.ClauseNotHere(clause.Span, WordOf(clause), what));
                    break;
            }
        }

        foreach (var key in declaration.Elements.OfType<PrimaryKeySyntax>())
            properties = properties.SetItem("primaryKey", string.Join(',', key.Columns.Select(c => c.Text)));
        foreach (var column in declaration.Elements.OfType<ColumnSyntax>().Where(c => c.Properties.Any(p => p is ColumnPrimaryKeySyntax)))
            properties = properties.SetItem("primaryKey", column.Name.Text);
        return new TableClauses(partitions, comment, properties);
    }

    private ImmutableArray<string> Partitions(Declaration declaration, PartitionedBySyntax syntax)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var column in syntax.Columns)
        {
            if (column is NameExpressionSyntax { Name: { Parts: [var name], Dynamic: null } })
                names.Add(name.Text);
            else
                context.Error(GraphErrors.BadPartitioning(column.Span, "PARTITIONED BY takes plain columns.", "Add a column with the value to partition by, such as CAST(at AS DATE) AS day."));
        }

        declaration.PartitionSpans = [.. syntax.Columns.Select(c => c.Span)];
        return names.ToImmutable();
    }

    private static string WordOf(TableClauseSyntax clause) => clause switch
    {
        UsingSyntax => "USING",
        PartitionedBySyntax => "PARTITIONED BY",
        ClusterBySyntax => "CLUSTER BY",
        LocationSyntax => "LOCATION",
        CommentSyntax => "COMMENT",
        PropertiesSyntax => "TBLPROPERTIES",
        OptionsSyntax => "OPTIONS",
        ScheduleSyntax => "SCHEDULE",
        TriggerSyntax => "TRIGGER ON UPDATE",
        RowFilterSyntax => "WITH ROW FILTER",
        RefreshPolicySyntax => "REFRESH POLICY",
        OtherClauseSyntax other => other.Kind,
        _ => "This clause",
    };
}
