using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Binding;

/// <summary>Takes <c>_metadata</c> off the scans of a finished plan that nobody reads it from: it is not free.</summary>
internal static class HiddenColumns
{
    public static LogicalPlan Drop(LogicalPlan plan)
    {
        var read = new HashSet<int>();
        foreach (var node in plan.All())
        {
            node.MapExpressions(e =>
            {
                Collect(e, read);
                return e;
            });
        }

        return Dropped(plan, read);
    }

    private static void Collect(Expr expr, HashSet<int> read)
    {
        foreach (var part in expr.All())
        {
            if (part is ColumnRef column) read.Add(column.Column.Id);
        }
    }

    private static LogicalPlan Dropped(LogicalPlan plan, HashSet<int> read) => plan.Rewrite(node =>
        {
            var now = node is Scan { Source: FilesSource, Output: [.., { } last] } scan && last.Name == ResolvedFiles.Metadata.Name && !read.Contains(last.Id)
                ? scan with { Output = scan.Output[..^1] }
                : node;
            return now.MapExpressions(e => e.Rewrite(x => x switch
            {
                ScalarSubquery s when Drop(s.Plan) is var p && !ReferenceEquals(p, s.Plan) => s with { Plan = p },
                SubqueryTest s when Drop(s.Plan) is var p && !ReferenceEquals(p, s.Plan) => s with { Plan = p },
                _ => null,
            }));
        });
}
