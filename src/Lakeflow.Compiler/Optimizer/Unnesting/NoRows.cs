using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Optimizer.Unnesting;

/// <summary>What an aggregate is over no rows.</summary>
internal static class NoRows
{
    /// <summary>NULL or 0 where that is known; otherwise the aggregate itself, over a table without rows.</summary>
    public static Expr Value(NamedAggregate aggregate, ColumnIds ids)
    {
        var (call, origin) = (aggregate.Call, aggregate.Call.Origin);
        if (call.Nullable) return new Literal(null, call.Type, origin);
        if (call.Type is Int64Type) return new Literal(0L, call.Type, origin);
        var none = call.Map(argument => argument is Literal ? argument : new Literal(null, argument.Type, argument.Origin));
        var column = ids.Like(aggregate.Column);
        return new ScalarSubquery(new Aggregate(new Values([], [], origin), [], [new NamedAggregate(none, column)], origin), [], call.Type, origin);
    }
}
