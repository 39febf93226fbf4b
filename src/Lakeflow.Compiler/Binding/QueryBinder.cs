using System.Diagnostics;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Binding;

/// <summary>Queries to plans.</summary>
internal sealed partial class QueryBinder
{
    private readonly List<Correlation> outerReferences;
    private readonly ImmutableDictionary<string, CommonTable> tables;

    public QueryBinder(BindingContext context, FileScope file, PlanScope ids)
        : this(context, file, ids, ImmutableDictionary.Create<string, CommonTable>(StringComparer.OrdinalIgnoreCase), null, [])
    {
    }

    private QueryBinder(
        BindingContext context, FileScope file, PlanScope ids, ImmutableDictionary<string, CommonTable> tables, ExpressionBinder? outer, List<Correlation> outerReferences)
    {
        Context = context;
        File = file;
        Ids = ids;
        Outer = outer;
        this.tables = tables;
        this.outerReferences = outerReferences;
    }

    public BindingContext Context { get; }

    public FileScope File { get; }

    public PlanScope Ids { get; }

    /// <summary>The expression that this is a subquery of; null for a query of its own.</summary>
    public ExpressionBinder? Outer { get; }

    /// <summary>What was read of the query around it so far.</summary>
    public ImmutableArray<Correlation> Correlations => [.. outerReferences];

    public SessionZone Zone => SessionZone.Find(Context.Defaults.TimeZone) ?? SessionZone.Utc;

    /// <summary>What <c>grouping(x)</c> means in the grouping set being bound; null outside.</summary>
    public Func<string, ImmutableArray<Expr>, SourceSpan, Expr>? Grouping { get; private set; }

    /// <summary>A binder for a query inside an expression of this one.</summary>
    public QueryBinder ForSubquery(ExpressionBinder outer) => new(Context, File, Ids, tables, outer, []);

    /// <summary>A name that the query itself does not know, in the queries around it.</summary>
    public Expr? ResolveOuter(NameSyntax name)
    {
        if (Outer?.ResolveForInner(name) is not { } found) return null;
        return found.Rewrite(part => part is ColumnRef column ? new ColumnRef(Parameter(column), column.Origin) : null);
    }

    /// <summary>True for a column that stands for one of the query around it.</summary>
    public bool IsOuter(PlanColumn column) => outerReferences.Exists(r => r.Parameter.Id == column.Id);

    /// <summary>A plan of a query further out, read here: what that query knows of the rows around it is handed down, subquery by subquery.</summary>
    private LogicalPlan Inherited(LogicalPlan plan, QueryBinder owner) => ReferenceEquals(owner.outerReferences, outerReferences) || owner.outerReferences.Count == 0
        ? plan
        : plan.Rewrite(node => node.MapExpressions(e => e.Rewrite(part => part is ColumnRef c && owner.IsOuter(c.Column) ? Inherited(c, owner) : null)));

    private ColumnRef Inherited(ColumnRef parameter, QueryBinder owner) => ReferenceEquals(owner.outerReferences, outerReferences) || Outer is null
        ? parameter
        : new ColumnRef(Parameter(Outer.Query.Inherited(parameter, owner)), parameter.Origin);

    private PlanColumn Parameter(ColumnRef column)
    {
        if (outerReferences.Find(r => ((ColumnRef)r.Value).Column.Id == column.Column.Id) is { } known) return known.Parameter;
        var parameter = Ids.NewColumn(column.Column.Name, column.Type, column.Nullable);
        outerReferences.Add(new Correlation(parameter, column));
        return parameter;
    }

    public BoundQuery Bind(QuerySyntax syntax)
    {
        var tail = new QueryTail(syntax.Order, syntax.Limit, syntax.Offset, syntax.Span);
        if (syntax.With is null) return Bind(syntax.Body, tail);
        if (syntax.With.IsRecursive)
        {
            Context.Error(BindingErrors.NotSupported(syntax.With.Span, "WITH RECURSIVE"));
            return Broken(syntax.Span);
        }

        var known = tables;
        var added = new List<CommonTable>();
        foreach (var item in syntax.With.Items)
        {
            if (added.Find(t => string.Equals(t.Syntax.Name.Text, item.Name.Text, StringComparison.OrdinalIgnoreCase)) is { } first)
                Error(BindingErrors.NameTwice(item.Name.Span, item.Name.Text, "WITH", "DUPLICATED_CTE_NAMES", first.Syntax.Name.Span));
            var table = new CommonTable(item, new QueryBinder(Context, File, Ids, known, Outer, outerReferences));
            known = known.SetItem(item.Name.Text, table);
            added.Add(table);
        }

        var bound = new QueryBinder(Context, File, Ids, known, Outer, outerReferences).Bind(syntax.Body, tail);

        // What nobody reads is bound too, so that its mistakes are told.
        foreach (var table in added.Where(t => !t.IsRead)) table.Binder.Bind(table.Syntax.Query);
        return bound;
    }

    private BoundQuery Bind(QueryBodySyntax body, QueryTail tail) => body switch
    {
        SelectSyntax select => BindSelect(select, tail),
        NestedQuerySyntax nested when tail.IsEmpty => Bind(nested.Query),
        NestedQuerySyntax nested => Finish(Bind(nested.Query), tail),
        SetOperationSyntax set => Finish(BindSetOperation(set), tail),
        ValuesSyntax values => Finish(BindValues(values), tail),
        TableQuerySyntax table => Finish(AllOf(BindFrom(new TableRefSyntax(table.Name, false, null, [], table.Span))), tail),
        FromQuerySyntax from => Finish(AllOf(BindFrom(from.From)), tail),
        PipeSyntax pipe => Finish(BindPipe(pipe), tail),
        _ => throw new UnreachableException(body.GetType().Name),
    };

    private ExpressionBinder Expressions(Scope scope, string clause) => new(this, scope, clause);

    /// <summary>For what is read while compiling: it sees no column.</summary>
    private ExpressionBinder Constants(string clause) => new(this, Scope.Empty, clause) { MustBeConstant = true };

    /// <summary>The value of what is read while compiling: a literal, computed where an expression is written.</summary>
    private Expr Constant(string clause, ExpressionSyntax syntax) => Optimizer.Rules.FoldConstants.Fold(Constants(clause).Bind(syntax));

    private static BoundQuery Broken(SourceSpan span) => new(new ErrorPlan(false, span), [], IsUnknown: true);

    private void Error(Diagnostic diagnostic) => Context.Error(diagnostic);

    private void NotSupported(SourceSpan at, string construct, string? hint = null) => Error(BindingErrors.NotSupported(at, construct, hint));

    /// <summary>A query from a WITH clause; bound anew for each reader.</summary>
    private sealed record CommonTable(CteSyntax Syntax, QueryBinder Binder)
    {
        public bool IsRead { get; set; }
    }
}

/// <summary>What follows the body of a query.</summary>
internal sealed record QueryTail(OrderSyntax? Order, ExpressionSyntax? Limit, ExpressionSyntax? Offset, SourceSpan Span)
{
    public static readonly QueryTail None = new(null, null, null, SourceSpan.None);

    public bool IsEmpty => Order is null && Limit is null && Offset is null;
}

/// <summary>What an item of FROM gives: rows, and the names of their columns.</summary>
internal sealed record Relation(LogicalPlan Plan, Scope Scope);
