using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Bound plans written by hand, with as few words as SQL would need.</summary>
internal static class Plan
{
    public static readonly SourceSpan At = new("orders.lfsql", 3, 5, 3, 20);

    private static int ids;

    public static PlanColumn Column(string name, DataType type, bool nullable = true) => new(Interlocked.Increment(ref ids), name, type, nullable);

    public static Scan Scan(string table, params ImmutableArray<PlanColumn> columns) =>
        new(new TableSource(new QualifiedName("main", "shop", table), Streaming: false, InPipeline: false), columns, [], null, At);

    public static Expr Ref(this PlanColumn column) => new ColumnRef(column, At);

    public static Literal Of(long value) => new(value, DataType.Int64, At);

    public static Literal Of(int value) => new(value, DataType.Int32, At);

    public static Literal Of(double value) => new(value, DataType.Double, At);

    public static Literal Of(string value) => new(value, DataType.String, At);

    public static Literal Null(DataType type) => new(null, type, At);

    public static Expr Call(string name, params ImmutableArray<Expr> arguments)
    {
        var call = FunctionResolution.Require(name, [.. arguments.Select(a => a.Type)]);
        return new Call(call.Function, call.Overload, arguments, call.Result, call.Nullable && (arguments.Any(a => a.Nullable) || call.Shape is { MayGiveNull: true }), At);
    }

    public static LogicalPlan Where(this LogicalPlan input, Expr predicate) => new Filter(input, predicate, At);

    public static Lakeflow.Compiler.Plans.Project Select(this LogicalPlan input, params ImmutableArray<(string Name, Expr Value)> items) =>
        new(input, [.. items.Select(i => new NamedExpr(i.Value, Column(i.Name, i.Value.Type, i.Value.Nullable)))], At);

    public static NamedAggregate Sum(Expr value, string name, bool distinct = false, Expr? filter = null) => Aggregate("sum", name, distinct, filter, value);

    public static NamedAggregate Aggregate(string function, string name, bool distinct, Expr? filter, params ImmutableArray<Expr> arguments)
    {
        var call = FunctionResolution.Require(function, [.. arguments.Select(a => a.Type)]);
        return new NamedAggregate(
            new AggregateCall(call.Function, call.Overload, arguments, distinct, filter, call.Result, call.Nullable, At),
            Column(name, call.Result, call.Nullable));
    }

    public static Aggregate GroupBy(this LogicalPlan input, ImmutableArray<(string Name, Expr Value)> keys, params ImmutableArray<NamedAggregate> aggregates) =>
        new(input, [.. keys.Select(k => new NamedExpr(k.Value, Column(k.Name, k.Value.Type, k.Value.Nullable)))], aggregates, At);

    public static Expect Expect(this LogicalPlan input, params ImmutableArray<(string Name, Expr Condition, ViolationAction Action)> rules) => new(
        input,
        [.. rules.Select(r => new BoundExpectation(new ExpectationInfo(new QualifiedName("main", "shop", "clean"), r.Name, r.Condition.ToString(), r.Action, At), r.Condition))],
        At);

    public static PipelineGraph Graph(this LogicalPlan plan, string name = "clean")
    {
        var target = new QualifiedName("main", "shop", name);
        var schema = new Schema(plan.Columns.Select(c => new Field(c.Name, c.Type, c.Nullable)).ToImmutableArray());
        var flow = new Flow(name, target, FlowKind.Complete, plan, [], ImmutableSortedDictionary<string, string>.Empty, "SELECT …", At);
        return new PipelineGraph("shop", [new Dataset(new DatasetInfo(target, DatasetKind.MaterializedView, schema, At), [], null)], [flow]);
    }
}
