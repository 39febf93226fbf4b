using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gives names meaning: syntax in, bound pipeline out.</summary>
/// <remarks>
/// Promise: the result can be understood without the syntax. Names are resolved, types and nullability known, casts explicit, * expanded,
/// views put in place. An unresolved thing becomes <see cref="Plans.ErrorExpr"/> or <see cref="Plans.ErrorPlan"/> so that binding goes on and
/// one run reports many mistakes, but never two for the same cause.
/// </remarks>
public static class Binder
{
    /// <summary>The datasets and flows of a pipeline's files.</summary>
    public static PipelineGraph Bind(IReadOnlyList<ScriptSyntax> scripts, ICatalog catalog, ProjectDefaults defaults, DiagnosticBag bag)
    {
        var context = new BindingContext(catalog, defaults, bag);
        var declarations = new DatasetBinder(context);
        foreach (var script in scripts.OrderBy(s => s.File, StringComparer.Ordinal)) declarations.Declare(script);   // names first: order in files does not matter
        declarations.DeclareFlows();
        new FlowBinder(context).BindAll();                                                                          // then queries, upstream before downstream
        return Graph(context);
    }

    /// <summary>The one query of a script, as <c>lakeflow sql</c> runs it: a graph whose only flow is of kind <see cref="FlowKind.Query"/>.</summary>
    /// <remarks>Views declared before the query in the same script may be read by it.</remarks>
    public static PipelineGraph BindQuery(ScriptSyntax script, ICatalog catalog, ProjectDefaults defaults, DiagnosticBag bag)
    {
        var context = new BindingContext(catalog, defaults, bag);
        var declarations = new DatasetBinder(context);
        declarations.Declare(script with { Statements = [.. script.Statements.Where(s => s is not QueryStatementSyntax)] });
        declarations.DeclareFlows();
        var flows = new FlowBinder(context);
        flows.BindAll();
        foreach (var statement in script.Statements.OfType<QueryStatementSyntax>()) flows.BindQuery(statement.Query, declarations.File(script));
        return Graph(context);
    }

    private static PipelineGraph Graph(BindingContext context) =>
        new(context.Defaults.Name, [.. context.Declarations.Select(d => d.ToDataset())], [.. context.Flows]);
}
