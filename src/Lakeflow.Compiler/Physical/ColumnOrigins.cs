using System.Collections.Immutable;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Physical;

/// <summary>Finds what the columns of a flow are made from, so that the run time can tell a column that was renamed from one that went and one that came.</summary>
internal static class ColumnOrigins
{
    /// <summary>
    /// Of a plan as bound, those of the fields of structs in columns as <c>column.field</c>, <c>column.element.field</c>. A column that is always NULL, or that hangs on a
    /// subquery, has none.
    /// </summary>
    public static ImmutableArray<ColumnOrigin> Of(LogicalPlan plan)
    {
        var origins = ImmutableArray.CreateBuilder<ColumnOrigin>();
        var trace = new ColumnTrace(plan, ofFirst: false);
        foreach (var column in plan.Columns.Where(c => !ChangeLayout.IsReserved(c.Name)))
        {
            var value = new ColumnRef(column, plan.Origin);
            Add(column.Name, value);
            foreach (var (path, part) in trace.PartsOf(value)) Add($"{column.Name}.{path}", part);
        }

        return origins.ToImmutable();

        void Add(string path, Expr value)
        {
            if (Origin(trace, value) is { } origin) origins.Add(origin with { Column = path });
        }
    }

    /// <summary>By the id of a column that a stateful operator of a plan remembers, the origins of the fields of structs in it, by their paths within the column.</summary>
    public static ImmutableDictionary<int, ImmutableArray<ColumnOrigin>> OfKept(LogicalPlan plan)
    {
        var trace = new ColumnTrace(plan, ofFirst: true);
        return plan.AllNested().SelectMany(Kept).Where(c => c.Type.IsNested).DistinctBy(c => c.Id).ToImmutableDictionary(
            c => c.Id,
            c => trace.PartsOf(new ColumnRef(c, plan.Origin)).Select(part => Origin(trace, part.Value) is { } origin ? origin with { Column = part.Path } : null).OfType<ColumnOrigin>().ToImmutableArray());
    }

    private static IEnumerable<PlanColumn> Kept(LogicalPlan node) => node switch
    {
        Hold hold => hold.Columns,
        StreamPairs pairs => pairs.Left.Rows.Columns.Concat(pairs.Right.Rows.Columns),
        _ => [],
    };

    private static ColumnOrigin? Origin(ColumnTrace trace, Expr value)
    {
        trace.Begin();
        // What stores a value may widen it; that is no other value.
        value = trace.Bare(value);
        if (value is Literal { IsNull: true }) return null;
        var text = trace.Text(value);
        return trace.IsKnown ? new ColumnOrigin("", text, [.. trace.Reads.Select(r => new ColumnRead(FlowFacts.KeyOf(r.Source), r.Path))]) : null;
    }
}
