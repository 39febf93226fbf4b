using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Plans;

/// <summary>Gives out ids that a bound plan does not use yet.</summary>
internal sealed class ColumnIds(int last)
{
    private int last = last;

    /// <summary>Ids above all that the plan names: of columns, of lambda parameters, of what stands for an outer row.</summary>
    public static ColumnIds After(LogicalPlan plan)
    {
        var highest = 0;
        foreach (var node in plan.AllNested())
        {
            foreach (var column in node.Columns) highest = Math.Max(highest, column.Id);
            if (node is Lateral lateral) highest = lateral.Outer.Select(c => c.Parameter.Id).Append(highest).Max();
            foreach (var part in node.Expressions().SelectMany(e => e.All())) highest = Math.Max(highest, Highest(part));
        }

        return new ColumnIds(highest);
    }

    public PlanColumn New(string name, DataType type, bool nullable) => new(++last, name, type, nullable);

    public PlanColumn Like(PlanColumn column) => New(column.Name, column.Type, column.Nullable);

    private static int Highest(Expr part) => part switch
    {
        Lambda lambda => lambda.Parameters.Max(p => p.Id),
        ScalarSubquery subquery => subquery.Outer.Select(c => c.Parameter.Id).DefaultIfEmpty().Max(),
        SubqueryTest test => test.Outer.Select(c => c.Parameter.Id).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
