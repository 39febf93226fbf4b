using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Physical;

/// <summary>Decides how plans run: logical nodes in, pipes between breakers out.</summary>
/// <remarks>
/// A plan is cut at what must see all rows before it gives the first (aggregate, join build, sort, limit, window), at UNION ALL,
/// after a full join, and below a generator over a computed collection. Between two cuts lies one pipe: one loop.
/// </remarks>
public static class PhysicalPlanner
{
    /// <param name="graph">The pipeline, optimized.</param>
    /// <param name="bound">The same as bound: what fingerprints are made from, so that a better optimizer makes no new flow. Null: <paramref name="graph"/>.</param>
    /// <param name="zone">The session time zone's id.</param>
    /// <param name="bag">Takes LF4xxx.</param>
    public static PhysicalPipeline Plan(PipelineGraph graph, PipelineGraph? bound, string zone, DiagnosticBag bag)
    {
        var planned = DeepWork.Map([.. graph.Flows.Zip((bound ?? graph).Flows)], pair =>
        {
            var (flow, original) = pair;
            // Only tables that keep their rows ask what was renamed.
            var origins = flow.Kind is FlowKind.Append or FlowKind.Once or FlowKind.Replace ? ColumnOrigins.Of(original.Plan) : [];
            var found = new DiagnosticBag();
            return (Flow: new FlowPlanner(found, ColumnOrigins.OfKept(original.Plan)).Plan(flow, PlanFingerprint.Of(original.Plan, original.Definition, zone), origins), Found: found);
        });
        foreach (var (_, found) in planned) bag.AddRange(found.ToImmutable());
        return new PhysicalPipeline(graph, [.. planned.Select(p => p.Flow)]);
    }
}

/// <summary>Plans one flow.</summary>
/// <param name="bag">What is to be said of it.</param>
/// <param name="kept">See <see cref="ColumnOrigins.OfKept"/>.</param>
internal sealed partial class FlowPlanner(DiagnosticBag bag, ImmutableDictionary<int, ImmutableArray<ColumnOrigin>> kept)
{
    private readonly List<Scan> scans = [];
    private readonly List<Hold> holds = [];
    private readonly List<Watermark> marks = [];
    private readonly List<StreamPairs> joins = [];
    private readonly List<Stage> stages = [];
    private readonly Dictionary<LogicalPlan, SubqueryStage> subqueries = new(ReferenceEqualityComparer.Instance);
    private ColumnIds ids = new(0);

    public PhysicalFlow Plan(Flow flow, string fingerprint, ImmutableArray<ColumnOrigin> origins)
    {
        ids = ColumnIds.After(flow.Plan);
        var output = Lower(flow.Plan);
        var info = FlowFacts.Of(flow, scans, new FlowState(holds, joins, marks, kept), fingerprint, origins);
        return new PhysicalFlow(flow, info, [.. stages], output)
        {
            Subqueries = subqueries,
        };
    }

    private Pipe Lower(LogicalPlan node)
    {
        // What closes a stage has used its subqueries by then; a step runs in a stage that is still to come.
        var closes = node is Aggregate or Join or Sort or Window or Generate;
        if (closes) LowerSubqueries(node);
        var pipe = LowerNode(node);
        if (!closes) LowerSubqueries(node);
        return pipe;
    }

    private Pipe LowerNode(LogicalPlan node)
    {
        switch (node)
        {
            case Scan scan:
                scans.Add(scan);
                return new Pipe(NameOf(scan.Source), new SlotInput(scans.Count - 1, scan), []);
            case Plans.Range range:
                return new Pipe("range", new RangeInput(range), []);
            case Values values:
                return LowerValues(values);
            case Filter or Project or Expect:
                return Lower(node.Inputs[0]).With(new RowStep(node));
            case Generate generate:
                return LowerGenerate(generate);
            case Join join:
                return LowerJoin(join);
            case Union union:
                return new Pipe("union", new FeedInput([.. union.Members.Select(Lower)], union.Output), []);
            case Distinct distinct:
                return LowerAggregate(new Aggregate(
                    distinct.Input, [.. distinct.Columns.Select(c => new NamedExpr(new ColumnRef(c, distinct.Origin), c))], [], distinct.Origin), "distinct");
            case Aggregate aggregate:
                return LowerAggregate(aggregate, "groups");
            case Limit { Input: Sort sort } limit:
                return LowerSort(sort, limit.Offset, limit.Count);
            case Sort sort:
                return LowerSort(sort, 0, null);
            case Limit limit:
                {
                    var input = Lower(limit.Input);
                    long? enough = limit.Count is { } count && count <= long.MaxValue - limit.Offset && MayStop(input) ? count + limit.Offset : null;
                    var rows = Gather(input, enough);
                    return Read(new SortStage("first_rows", rows, [], limit.Offset, limit.Count), limit.Columns);
                }

            case Window window:
                return LowerWindow(window);
            case Watermark mark:
                {
                    // Below it there may be others, which add themselves.
                    var number = marks.Count;
                    marks.Add(mark);
                    return Lower(mark.Input).With(new MarkStep(mark, number));
                }

            case InTime inTime:
                return Lower(inTime.Input).With(new InTimeStep(inTime));
            case StreamPairs pairs:
                {
                    var (left, right) = (Gather(Lower(pairs.Left.Rows)), Gather(Lower(pairs.Right.Rows)));
                    joins.Add(pairs);
                    return Read(new PairStage("pairs", left, right, pairs, joins.Count - 1), pairs.Columns);
                }

            case StreamMatches matches:
                {
                    var rows = Gather(Lower(matches.Input));
                    return Read(new MatchStage("joined", rows, matches, joins.FindIndex(j => ReferenceEquals(j, matches.Pairs))), matches.Columns);
                }

            case Hold hold:
                {
                    var number = holds.Count;
                    holds.Add(hold);
                    return Read(new HoldStage("held", Gather(Lower(hold.Input)), hold, number), hold.Columns);
                }

            default:
                throw new UnreachableException(node.GetType().Name);
        }
    }

    private Pipe LowerValues(Values values)
    {
        if (values.Rows.All(r => r.All(e => e is Literal)))
            return new Pipe("values", new ValuesInput([.. values.Rows.Select(r => r.Select(e => (Literal)e).ToImmutableArray())], values.Output), []);

        // Rows that must be computed: number them, and let each column choose by the number.
        var id = NewColumn("row", DataType.Int64, nullable: false);
        var items = values.Output.Select((column, c) => new NamedExpr(RowByNumber(values, id, c), column)).ToImmutableArray();
        var numbers = new Plans.Range(0, values.Rows.Length, 1, id, values.Origin);
        return new Pipe("values", new RangeInput(numbers), []).With(new RowStep(new Project(numbers, items, values.Origin)));
    }

    private static Expr RowByNumber(Values values, PlanColumn id, int column)
    {
        if (values.Rows.Length == 1) return values.Rows[0][column];
        var number = new ColumnRef(id, values.Origin);
        var branches = values.Rows.Take(values.Rows.Length - 1).Select((row, r) => new CaseBranch(
            new NullSafeEqual(number, new Literal((long)r, DataType.Int64, values.Origin), values.Origin), row[column]));
        return new Case([.. branches], values.Rows[^1][column], values.Origin);
    }

    private Pipe LowerGenerate(Generate generate)
    {
        var input = Lower(generate.Input);
        if (generate.Collection is ColumnRef c && input.Steps.IsEmpty && input.Columns.Contains(c.Column))
            return input.With(new GenerateStep(generate, c));

        // The loop over elements reads a column of the input: what is computed, or comes out of steps, becomes one in a pipe before.
        var (rows, columns) = WithColumns(input, [generate.Collection], generate.Origin);
        var cut = new Pipe(input.Name + "_elements", new FeedInput([rows], rows.Columns), []);
        return cut.With(new GenerateStep(generate, new ColumnRef(columns[0], generate.Collection.Origin)));
    }

    private Pipe LowerAggregate(Aggregate aggregate, string name)
    {
        foreach (var key in aggregate.Keys.Where(k => NestedKeys.HasMap(k.Value.Type)))
            bag.Add(PlanningErrors.MapKey(key.Value.Origin, aggregate.Aggregates.IsEmpty ? "DISTINCT" : "GROUP BY", key.Value.Type.ToString()));
        if (aggregate.Keys.All(k => NestedKeys.IsFlat(k.Value.Type))) return Read(new AggregateStage(name, Lower(aggregate.Input), aggregate), aggregate.Columns);
        var flat = NestedKeys.Flattened(aggregate, ids);
        return LowerAggregate((Aggregate)flat.Input, name).With(new RowStep(flat));
    }

    private Pipe LowerSort(Sort sort, long offset, long? count)
    {
        var (rows, keys) = WithColumns(Lower(sort.Input), [.. sort.Keys.Select(k => k.Value)], sort.Origin);
        var columns = sort.Keys.Select((k, i) => new SortColumn(keys[i], k.Descending, k.NullsFirst)).ToImmutableArray();
        return Only(Read(new SortStage("sorted", Gather(rows), columns, offset, count), rows.Columns), sort);
    }

    private Pipe LowerWindow(Window window)
    {
        foreach (var call in window.Calls)
        {
            if (call.Call.Function.Kind == FunctionKind.Aggregate && call.Call.Overload is { State: null, WideState: null }) bag.Add(PlanningErrors.WindowFunction(call.Call.Origin, call.Call.Function.Name));
        }

        var arguments = window.Calls.Select(c => c.Call.Arguments).ToImmutableArray();
        ImmutableArray<Expr> wanted =
        [
            .. window.PartitionBy, .. window.OrderBy.Select(o => o.Value), .. arguments.SelectMany(a => a).Where(a => a is not Literal),
            .. window.Calls.SelectMany(c => Bounds(c.Call.Frame)),
        ];
        var (rows, columns) = WithColumns(Lower(window.Input), wanted, window.Origin);
        var partition = columns[..window.PartitionBy.Length];
        var order = window.OrderBy.Select((o, i) => new SortColumn(columns[partition.Length + i], o.Descending, o.NullsFirst)).ToImmutableArray();
        var next = partition.Length + order.Length;
        var given = arguments.Select(call => call.Select(a => a is Literal ? a : new ColumnRef(columns[next++], a.Origin)).ToImmutableArray()).ToImmutableArray();
        var bounds = window.Calls.Select(c => c.Call.Frame.Range is { } range
            ? new RangeColumns(columns[next++], range.From is null ? null : columns[next++], range.To is null ? null : columns[next++])
            : null).ToImmutableArray();
        var stage = new WindowStage("windowed", Gather(rows), window, partition, order, given, bounds);
        return Only(Read(stage, [.. rows.Columns, .. window.Calls.Select(c => c.Column)]), window);
    }

    private static IEnumerable<Expr> Bounds(WindowFrame frame) =>
        frame.Range is null ? [] : new[] { frame.Range.Key, frame.Range.From, frame.Range.To }.OfType<Expr>();

    private void LowerSubqueries(LogicalPlan node)
    {
        foreach (var expr in node.Expressions().SelectMany(e => e.All())) LowerSubquery(expr);
    }

    private void LowerSubquery(Expr expr)
    {
        var (plan, use) = expr switch
        {
            ScalarSubquery s => (s.Plan, SubqueryUse.Value),
            SubqueryTest { IsExists: true } t => (t.Plan, SubqueryUse.Exists),
            SubqueryTest t => (t.Plan, SubqueryUse.In),
            _ => default,
        };
        if (plan is null || subqueries.ContainsKey(plan)) return;
        var stage = new SubqueryStage("subquery", Gather(Lower(plan)), use);
        stages.Add(stage);
        subqueries.Add(plan, stage);
    }

    /// <summary>False where every row matters, asked for or not: expectations count it, a full join must know whom it has met.</summary>
    private static bool MayStop(Pipe pipe) =>
        pipe.Input is not UnmatchedInput && !pipe.Steps.Any(s => s is RowStep { Node: Expect }) && (pipe.Input is not FeedInput feed || feed.Members.All(MayStop));

    /// <summary>Closes a pipe: its rows are kept.</summary>
    private GatherStage Gather(Pipe pipe, long? enough = null)
    {
        var stage = new GatherStage(pipe.Name, pipe, enough);
        stages.Add(stage);
        return stage;
    }

    private Pipe Read(Stage stage, ImmutableArray<PlanColumn> columns)
    {
        stages.Add(stage);
        return new Pipe(stage.Name, new StageInput(stage, columns), []);
    }

    /// <summary>The pipe with the columns of its node and no other: what was added for the stage's own use is left behind.</summary>
    private static Pipe Only(Pipe pipe, LogicalPlan node) => pipe.Columns.Length == node.Columns.Length
        ? pipe
        : pipe.With(new RowStep(new Project(node, [.. node.Columns.Select(c => new NamedExpr(new ColumnRef(c, node.Origin), c))], node.Origin)));

    /// <summary>The pipe with <paramref name="wanted"/> among its columns: as they are if they are columns, else added.</summary>
    private (Pipe Pipe, ImmutableArray<PlanColumn> Columns) WithColumns(Pipe pipe, ImmutableArray<Expr> wanted, SourceSpan origin)
    {
        var added = ImmutableArray.CreateBuilder<NamedExpr>();
        var columns = ImmutableArray.CreateBuilder<PlanColumn>(wanted.Length);
        foreach (var expr in wanted)
        {
            if (expr is ColumnRef c && pipe.Columns.FirstOrDefault(x => x.Id == c.Column.Id) is { } there)
            {
                columns.Add(there);
                continue;
            }

            var column = NewColumn(Short(expr.ToString()), expr.Type, expr.Nullable);
            added.Add(new NamedExpr(expr, column));
            columns.Add(column);
        }

        if (added.Count == 0) return (pipe, columns.ToImmutable());
        var items = pipe.Columns.Select(c => new NamedExpr(new ColumnRef(c, origin), c)).Concat(added).ToImmutableArray();
        var below = pipe.Steps is [.., RowStep last] ? last.Node : new Values([], pipe.Columns, origin);
        return (pipe.With(new RowStep(new Project(below, items, origin))), columns.ToImmutable());
    }

    private PlanColumn NewColumn(string name, DataType type, bool nullable) => ids.New(name, type, nullable);

    private static string Short(string text) => text.Length <= 24 ? text : text[..24];

    private static string NameOf(PlanSource source) => source switch
    {
        TableSource t => t.Table.Name,
        PathTableSource p => LastPart(p.Path),
        FilesSource f => LastPart(f.Path),
        TargetSource => "replaced",
        _ => "event_log",
    };

    private static string LastPart(string path) => path.TrimEnd('/', '*', '\\').Split('/', '\\') is [.., { Length: > 0 } last] ? last : "files";
}
