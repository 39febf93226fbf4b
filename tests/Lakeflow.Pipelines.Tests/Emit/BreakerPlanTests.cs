using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Pipelines.Tests.Emit.Plan;

namespace Lakeflow.Pipelines.Tests.Emit;

public class BreakerPlanTests
{
    private static readonly PlanColumn Id = Column("id", DataType.Int64, nullable: false);
    private static readonly PlanColumn Country = Column("country", DataType.String);
    private static readonly PlanColumn Amount = Column("amount", DataType.Double);
    private static readonly PlanColumn Code = Column("code", DataType.String);
    private static readonly PlanColumn Name = Column("name", DataType.String);

    private static readonly object?[][] Orders =
    [
        [1L, "NO", 10.0], [2L, "SE", null], [3L, null, -5.0], [4L, "NO", 2.5], [5L, "a country with a long name", 0.0], [6L, "SE", 8.0], [7L, "NO", null],
    ];

    private static readonly object?[][] Countries = [["NO", "Norway"], ["SE", "Sweden"], ["SE", "Sverige"], ["FI", "Finland"], [null, "nowhere"]];

    private static Scan OrdersTable => Scan("orders", Id, Country, Amount);

    private static Scan CountriesTable => Scan("countries", Code, Name);

    private static Expr OnCode => Call("=", Country.Ref(), Code.Ref());

    [Fact]
    public void Groups_and_their_aggregates()
    {
        var plan = OrdersTable.GroupBy(
            [("country", Country.Ref())], Sum(Amount.Ref(), "total"), Aggregate("count", "rows", false, null), Aggregate("count", "amounts", false, null, Amount.Ref()),
            Aggregate("max", "last", false, null, Id.Ref()), Sum(Id.Ref(), "big", filter: Call(">", Amount.Ref(), Of(5.0))));
        Running.Gives(plan, [Orders], Orders.GroupBy(r => r[1]).Select(g => new object?[]
        {
            g.Key, g.Any(r => r[2] is not null) ? g.Sum(r => r[2] as double? ?? 0) : null, (long)g.Count(), (long)g.Count(r => r[2] is not null), g.Max(r => (long)r[0]!),
            g.Any(r => r[2] is > 5.0) ? g.Where(r => r[2] is > 5.0).Sum(r => (long)r[0]!) : null,
        }));
    }

    [Fact]
    public void A_global_aggregate_has_one_row_even_of_none()
    {
        var totals = new[] { Sum(Id.Ref(), "total"), Aggregate("count", "rows", false, null), Aggregate("avg", "mean", false, null, Amount.Ref()) };
        Running.Gives(OrdersTable.GroupBy([], [.. totals]), [Orders], [[28L, 7L, 15.5 / 5]]);
        Running.Gives(OrdersTable.GroupBy([], [.. totals]), [[]], [[null, 0L, null]]);
    }

    [Fact]
    public void DISTINCT_arguments_count_once_whatever_worker_saw_them()
    {
        var bucket = Call("%", Id.Ref(), Of(3L));
        var plan = OrdersTable.GroupBy([("country", Country.Ref())], Aggregate("count", "n", true, null, bucket), Sum(bucket, "s", distinct: true));
        Running.Gives(plan, [Orders], Orders.GroupBy(r => r[1]).Select(g =>
        {
            var values = g.Select(r => (long)r[0]! % 3).Distinct().ToList();
            return new object?[] { g.Key, (long)values.Count, values.Sum() };
        }));
    }

    [Fact]
    public void Groups_by_numbers_and_computed_keys_with_a_filter_above()
    {
        var grouped = OrdersTable.GroupBy([("bucket", Call("%", Id.Ref(), Of(2L))), ("big", Call(">", Amount.Ref(), Of(5.0)))], Aggregate("count", "n", false, null));
        var plan = grouped.Where(Call(">", grouped.Columns[2].Ref(), Of(0L))).Select(("bucket", grouped.Columns[0].Ref()), ("big", grouped.Columns[1].Ref()), ("twice", Call("*", grouped.Columns[2].Ref(), Of(2L))));
        Running.Gives(plan, [Orders], Orders.GroupBy(r => ((long)r[0]! % 2, r[2] is double d ? d > 5 : (bool?)null)).Select(g => new object?[] { g.Key.Item1, g.Key.Item2, 2L * g.Count() }));
    }

    [Fact]
    public void Text_extremes_and_lists_go_the_general_way()
    {
        var plan = OrdersTable.GroupBy([("odd", Call("%", Id.Ref(), Of(2L)))], Aggregate("min", "first", false, null, Country.Ref()), Aggregate("max", "last", false, null, Country.Ref()));
        Running.Gives(plan, [Orders], Orders.GroupBy(r => (long)r[0]! % 2).Select(g => new object?[]
        {
            g.Key, g.Where(r => r[1] is not null).Select(r => (string)r[1]!).Min(StringComparer.Ordinal), g.Where(r => r[1] is not null).Select(r => (string)r[1]!).Max(StringComparer.Ordinal),
        }));
    }

    [Fact]
    public void DISTINCT_rows()
    {
        var plan = new Distinct(OrdersTable.Select(("country", Country.Ref())), At);
        Running.Gives(plan, [Orders], Orders.Select(r => r[1]).Distinct().Select(c => new object?[] { c }));
    }

    [Theory]
    [InlineData(JoinKind.Inner)]
    [InlineData(JoinKind.Left)]
    [InlineData(JoinKind.Right)]
    [InlineData(JoinKind.Full)]
    [InlineData(JoinKind.LeftSemi)]
    [InlineData(JoinKind.LeftAnti)]
    [InlineData(JoinKind.Cross)]
    public void Joins_of_every_kind(JoinKind kind)
    {
        foreach (var residual in new[] { false, true })
        {
            Expr? on = kind == JoinKind.Cross ? null : OnCode;
            if (residual && on is not null) on = Expr.And(on, Call(">", Id.Ref(), Of(1L)));
            var plan = new Join(kind, OrdersTable, CountriesTable, on, At);
            Running.Gives(plan, [Orders, Countries], Expected(kind, (o, c) => kind == JoinKind.Cross || (o[1] is not null && Equals(o[1], c[0]) && (!residual || (long)o[0]! > 1))));
        }
    }

    [Fact]
    public void A_join_without_equality_tries_every_pair()
    {
        var plan = new Join(JoinKind.Left, OrdersTable, CountriesTable, Call("<", Country.Ref(), Code.Ref()), At);
        Running.Gives(plan, [Orders, Countries], Expected(JoinKind.Left, (o, c) => o[1] is string a && c[0] is string b && string.CompareOrdinal(a, b) < 0));
    }

    [Fact]
    public void Steps_after_a_join_run_in_its_loop()
    {
        var join = new Join(JoinKind.Left, OrdersTable, CountriesTable, OnCode, At);
        var plan = join
            .Where(Call(">", Id.Ref(), Of(1L)))
            .Select(("id", Id.Ref()), ("name", new Coalesce([Name.Ref(), Country.Ref(), Of("?")], At)), ("twice", Call("*", Amount.Ref(), Of(2.0))));
        Running.Gives(plan, [Orders, Countries], Expected(JoinKind.Left, (o, c) => o[1] is not null && Equals(o[1], c[0]))
            .Where(r => (long)r[0]! > 1).Select(r => new object?[] { r[0], r[4] ?? r[1] ?? "?", r[2] is double d ? d * 2 : null }));
    }

    [Fact]
    public void NOT_IN_is_never_true_beside_a_NULL()
    {
        var plan = new Join(JoinKind.NullAwareAnti, OrdersTable, CountriesTable, OnCode, At);
        Running.Gives(plan, [Orders, Countries], []);
        Running.Gives(plan, [Orders, Countries.Where(c => c[0] is not null).ToArray()], Orders.Where(o => o[1] is "a country with a long name"));
        Running.Gives(plan, [Orders, []], Orders);
    }

    [Fact]
    public void An_order_with_limit_and_offset()
    {
        var sort = new Sort(OrdersTable, [new SortKey(Country.Ref(), Descending: true, NullsFirst: false), new SortKey(Call("*", Id.Ref(), Of(-1L)), false, true)], At);
        foreach (var workers in new[] { 1, 3 })
        {
            var rows = Running.Rows(new Limit(sort, 4, 1, At), [Orders], workers);
            Assert.Equal([6L, 2L, 7L, 4L], rows.Select(r => r[0]));
            Assert.Equal(7, Running.Rows(sort, [Orders], workers).Count);
            Assert.Equal([1L, 2L, 3L], Running.Rows(new Limit(OrdersTable, 3, 0, At), [Orders], workers).Select(r => r[0]));
        }
    }

    [Fact]
    public void UNION_ALL_keeps_the_order_of_its_members()
    {
        PlanColumn all = Column("x", DataType.Int64), outer = Column("y", DataType.Int64);
        var ids = OrdersTable.Select(("id", Id.Ref()));
        PlanColumn other = Column("id", DataType.Int64, nullable: false), third = Column("id", DataType.Int64, nullable: false);
        var union = new Union([ids, Scan("more", other).Where(Call(">", other.Ref(), Of(100L)))], [all], At);
        var nested = new Union([union.Where(Call(">", all.Ref(), Of(3L))), Scan("rest", third)], [outer], At);
        object?[][] more = [[100L], [101L], [102L]];
        object?[][] rest = [[1L], [2L]];
        foreach (var workers in new[] { 1, 3 })
            Assert.Equal([4L, 5L, 6L, 7L, 101L, 102L, 1L, 2L], Running.Rows(nested, [Orders, more, rest], workers).Select(r => r[0]));
        Running.Gives(nested.GroupBy([], Sum(outer.Ref(), "total")), [Orders, more, rest], [[22L + 203 + 3]]);
    }

    [Fact]
    public void Window_functions_over_partitions()
    {
        var window = new Window(
            OrdersTable, [Country.Ref()], [new SortKey(Id.Ref(), false, true)],
            [
                WindowCall("row_number", "n", WindowFrame.ToCurrentPeer),
                WindowCall("sum", "running", WindowFrame.ToCurrentPeer, Amount.Ref()),
                WindowCall("sum", "all", WindowFrame.Whole, Id.Ref()),
                WindowCall("lag", "before", WindowFrame.Whole, Id.Ref(), Of(1), Of(-1L)),
                WindowCall("max", "pair", new WindowFrame(FrameUnit.Rows, -1, 0), Id.Ref()),
            ],
            At);
        Running.Gives(window, [Orders], Orders.GroupBy(r => r[1]).SelectMany(g => g.Select((r, i) => r.Concat(
        [
            (object?)(i + 1), g.Take(i + 1).Any(x => x[2] is not null) ? g.Take(i + 1).Sum(x => x[2] as double? ?? 0) : null, g.Sum(x => (long)x[0]!),
            i == 0 ? -1L : g.ElementAt(i - 1)[0], g.Skip(Math.Max(0, i - 1)).Take(i == 0 ? 1 : 2).Max(x => (long)x[0]!),
        ]).ToArray())));
    }

    [Fact]
    public void Constant_rows_ranges_and_one_row()
    {
        var values = new Values([[Of(1L), Of("a")], [Of(2L), Null(DataType.String)]], [Column("n", DataType.Int64), Column("t", DataType.String)], At);
        Running.Gives(values, [], [[1L, "a"], [2L, null]]);
        var computed = new Values([[Call("+", Of(1L), Of(2L))], [Of(5L)], [Call("*", Of(2L), Of(3L))]], [Column("n", DataType.Int64)], At);
        Running.Gives(computed, [], [[3L], [5L], [6L]]);
        var one = new Values([[]], [], At).Select(("x", Call("+", Of(1L), Of(1L))));
        Running.Gives(one, [], [[2L]]);
        Running.Gives(new Lakeflow.Compiler.Plans.Range(0, 5, 2, Column("id", DataType.Int64, false), At), [], [[0L], [2L], [4L]]);
    }

    [Fact]
    public void Subqueries_in_expressions()
    {
        var codes = CountriesTable.Select(("code", Code.Ref()));
        var plan = OrdersTable.Select(
            ("id", Id.Ref()),
            ("most", new ScalarSubquery(CountriesTable.GroupBy([], Aggregate("count", "n", false, null)), [], DataType.Int64, At)),
            ("known", new SubqueryTest([Country.Ref()], codes, [], At)),
            ("any", new SubqueryTest([], CountriesTable.Where(Call("=", Code.Ref(), Of("XX"))), [], At)));
        Running.Gives(plan, [Orders, Countries, Countries, Countries], Orders.Select(r => new object?[] { r[0], 5L, r[1] is "NO" or "SE" ? true : null, false }));
        var several = OrdersTable.Select(("x", new ScalarSubquery(codes, [], DataType.String, At)));
        Assert.Equal("LF5011", Assert.ThrowsAny<RuntimeError>(() => Running.Rows(several, [Orders, Countries])).Code);
    }

    [Fact]
    public void Elements_become_rows()
    {
        var list = new ListType(DataType.String);
        var tags = Column("tags", list);
        object?[][] rows = [[1L, new object?[] { "a", null }], [2L, null], [3L, Array.Empty<object?>()], [4L, new object?[] { "b" }]];
        foreach (var outer in new[] { false, true })
        {
            PlanColumn position = Column("pos", DataType.Int32, outer), element = Column("col", DataType.String);
            var plan = new Generate(Scan("tagged", Id, tags), GeneratorKind.PosExplode, tags.Ref(), outer, [position, element], At)
                .Select(("id", Id.Ref()), ("pos", position.Ref()), ("tag", element.Ref()));
            object?[][] expected = [[1L, 0, "a"], [1L, 1, null], [4L, 0, "b"], .. outer ? new object?[][] { [2L, null, null], [3L, null, null] } : []];
            Running.Gives(plan, [rows], expected);
        }

        var late = Column("col", DataType.String);
        var filtered = Scan("tagged", Id, tags).Where(Call(">", Id.Ref(), Of(1L)));
        Running.Gives(new Generate(filtered, GeneratorKind.Explode, tags.Ref(), false, [late], At).Select(("id", Id.Ref()), ("tag", late.Ref())), [rows], [[4L, "b"]]);
    }

    [Fact]
    public void Fields_of_structs_are_columns()
    {
        var type = new StructType([new Field("city", DataType.String), new Field("zip", DataType.Int32)]);
        var address = Column("address", type);
        object?[][] rows = [[1L, new object?[] { "Oslo", 1 }], [2L, null], [3L, new object?[] { null, 3 }]];
        var plan = Scan("people", Id, address)
            .Where(Call(">", Id.Ref(), Of(0L)))
            .Select(("city", new GetField(address.Ref(), 0, DataType.String, true, At)), ("next", Call("+", new GetField(address.Ref(), 1, DataType.Int32, true, At), Of(1))), ("address", address.Ref()));
        Running.Gives(plan, [rows], [["Oslo", 2, rows[0][1]], [null, null, null], [null, 4, rows[2][1]]]);
    }

    private static NamedWindowCall WindowCall(string function, string name, WindowFrame frame, params ImmutableArray<Expr> arguments)
    {
        var resolution = FunctionResolution.Resolve(
            FunctionTable.Find(function)!, [.. arguments.Select(a => new Argument(a.Type, a.Nullable, a is Literal, (a as Literal)?.Value))]);
        var call = resolution.Call ?? throw new ArgumentException(resolution.Problem);
        return new NamedWindowCall(
            new WindowCall(call.Function, call.Overload, arguments, frame, false, call.Result, call.Nullable, At), Column(name, call.Result, call.Nullable));
    }

    private static IEnumerable<object?[]> Expected(JoinKind kind, Func<object?[], object?[], bool> on)
    {
        if (kind is JoinKind.LeftSemi or JoinKind.LeftAnti) return Orders.Where(o => Countries.Any(c => on(o, c)) == (kind == JoinKind.LeftSemi));
        var pairs = Orders.SelectMany(o => Countries.Where(c => on(o, c)).Select(c => o.Concat(c).ToArray()));
        if (kind is JoinKind.Left or JoinKind.Full) pairs = pairs.Concat(Orders.Where(o => !Countries.Any(c => on(o, c))).Select(o => o.Concat([null, null]).ToArray()));
        if (kind is JoinKind.Right or JoinKind.Full) pairs = pairs.Concat(Countries.Where(c => !Orders.Any(o => on(o, c))).Select(c => new object?[] { null, null, null }.Concat(c).ToArray()));
        return pairs;
    }
}
