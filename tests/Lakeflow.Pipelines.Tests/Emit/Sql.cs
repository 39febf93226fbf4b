using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>SQL as a plan, over tables that a test names.</summary>
internal static class Sql
{
    public static LogicalPlan Plan(string query, bool optimize = true, params ImmutableArray<(string Name, Schema Columns)> tables)
    {
        var options = new CompileOptions(new ProjectDefaults("test")) { IsQuery = true, Optimize = optimize };
        var result = Compilation.Compile([new SourceText("query.lfsql", query)], new Tables(tables), options);
        Assert.False(result.HasErrors, query + "\n" + string.Join('\n', result.Diagnostics));
        return result.Improved!.Flows[0].Plan;
    }

    public static ICatalog Catalog(params ImmutableArray<(string Name, Schema Columns)> tables) => new Tables(tables);

    private sealed class Tables(ImmutableArray<(string Name, Schema Columns)> tables) : ICatalog
    {
        IEnumerable<QualifiedName> ICatalog.Tables => tables.Select(t => new QualifiedName("main", "default", t.Name));

        public Schema? FindTable(QualifiedName name) => tables.FirstOrDefault(t => t.Name == name.Name).Columns;

        public Schema? FindPathTable(string path) => null;

        public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag) => null;
    }
}
