using Lakeflow.Arrow;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>A dataset from its declaration until its flows are bound.</summary>
internal sealed class Declaration
{
    public required QualifiedName Name { get; init; }

    public required DatasetKind Kind { get; init; }

    public required FileScope File { get; init; }

    /// <summary>The name in its CREATE statement.</summary>
    public required SourceSpan At { get; init; }

    public required SourceSpan Origin { get; init; }

    public required ImmutableArray<TableElementSyntax> Elements { get; init; }

    public bool IsPrivate { get; init; }

    /// <summary>The query of a view; null for tables, whose queries are in <see cref="Flows"/>.</summary>
    public QuerySyntax? ViewQuery { get; init; }

    public TableClauses Clauses { get; set; } = TableClauses.None;

    /// <summary>The columns declared with a type; empty where the schema is inferred.</summary>
    public ImmutableArray<DeclaredColumn> Declared { get; set; } = [];

    /// <summary>Columns given without a type: names for a view, comments for a table.</summary>
    public ImmutableArray<ColumnSyntax> Named { get; set; } = [];

    public ImmutableArray<ExpectationSyntax> Expectations { get; set; } = [];

    /// <summary>Where PARTITIONED BY names its columns.</summary>
    public ImmutableArray<SourceSpan> PartitionSpans { get; set; } = [];

    public List<FlowDeclaration> Flows { get; } = [];

    public bool IsView => Kind is DatasetKind.TemporaryView or DatasetKind.PersistedView;

    /// <summary>True if AUTO CDC fills it, so that its rows change in place.</summary>
    public bool IsChanged => Flows.Any(f => f.Changes is not null);

    public bool IsTemporaryView => Kind == DatasetKind.TemporaryView;

    // What binding finds out.

    public BindState State { get; set; }

    /// <summary>The stored columns; meaningful once <see cref="State"/> is Bound.</summary>
    public Schema Columns { get; set; } = Schema.Empty;

    /// <summary>Columns whose expressions are in error: reading them gives no second diagnostic.</summary>
    public HashSet<string> BrokenColumns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True if the columns are not known because something upstream is in error.</summary>
    public bool IsUnknown { get; set; }

    /// <summary>For a view: its query reads a stream.</summary>
    public bool IsStreaming { get; set; }

    public LogicalPlan? ViewPlan { get; set; }

    /// <summary>Datasets read directly.</summary>
    public HashSet<QualifiedName> Reads { get; } = [];

    public Dataset ToDataset() => new(
        new DatasetInfo(Name, Kind, Columns, Origin)
        {
            IsPrivate = IsPrivate,
            HasDeclaredColumns = !Declared.IsEmpty,
            PartitionColumns = Clauses.PartitionColumns,
            Comment = Clauses.Comment,
            Properties = Clauses.Properties,
        },
        [.. Reads.Order()],
        ViewPlan);
}

internal enum BindState
{
    Declared,
    Binding,
    Bound,
}

/// <summary>A column with a type in a table's column list.</summary>
internal sealed record DeclaredColumn(ColumnSyntax Syntax, Field Field, ExpressionSyntax? Generated, ExpressionSyntax? Default)
{
    public string Name => Field.Name;
}

/// <summary>A flow before it is bound: a query, or a change feed with its clauses.</summary>
/// <param name="Query">Null for AUTO CDC.</param>
internal sealed record FlowDeclaration(string Name, Declaration Target, FlowKind Kind, QuerySyntax? Query, FileScope File, SourceSpan At, SourceSpan Origin)
{
    /// <summary>The clauses of AUTO CDC; else null.</summary>
    public AutoCdcFlowSyntax? Changes { get; init; }

    /// <summary>The clauses of REPLACE WHERE or REPLACE USING; else null.</summary>
    public FlowBodySyntax? Replaces { get; init; }

    /// <summary>The query, or AUTO CDC with all of its clauses.</summary>
    public SourceSpan Span => (Changes ?? (SyntaxNode)Query!).Span;
}
