using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Physical;

/// <summary>Finds what the columns of a flow are made from, so that the run time can tell a column that was renamed from one that went and one that came.</summary>
internal static class ColumnOrigins
{
    /// <summary>Of a plan as bound, those of struct columns' fields as <c>column.field</c>. A column that is always NULL, or that hangs on a subquery, has none.</summary>
    public static ImmutableArray<ColumnOrigin> Of(LogicalPlan plan)
    {
        var origins = ImmutableArray.CreateBuilder<ColumnOrigin>();
        var trace = new ColumnTrace(plan, ofFirst: false);
        foreach (var column in plan.Columns.Where(c => !ChangeLayout.IsReserved(c.Name))) Add(column.Name, new ColumnRef(column, plan.Origin));
        return origins.ToImmutable();

        void Add(string path, Expr value)
        {
            if (Origin(trace, value) is { } origin) origins.Add(origin with { Column = path });
            if (value.Type is not StructType type) return;
            if (trace.SourceOf(value) is { } source) AddFields(path, source, type);
            else foreach (var (field, part) in trace.FieldsOf(value)) Add($"{path}.{field.Name}", part);
        }

        void AddFields(string path, SourceColumn source, StructType type)
        {
            foreach (var field in type.Fields)
            {
                var part = source with { Path = $"{source.Path}.{field.Name}" };
                origins.Add(new ColumnOrigin($"{path}.{field.Name}", "$0", [new ColumnRead(FlowFacts.KeyOf(part.Source), part.Path)]));
                if (field.Type is StructType inner) AddFields($"{path}.{field.Name}", part, inner);
            }
        }
    }

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
