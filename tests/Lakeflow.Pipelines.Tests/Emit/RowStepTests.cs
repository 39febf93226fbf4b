using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using static Lakeflow.Pipelines.Tests.Emit.Plan;

namespace Lakeflow.Pipelines.Tests.Emit;

public class RowStepTests
{
    private static readonly PlanColumn Id = Column("id", DataType.Int64, nullable: false);
    private static readonly PlanColumn Country = Column("country", DataType.String);
    private static readonly PlanColumn Amount = Column("amount", DataType.Double);

    private static readonly object?[][] Orders =
    [
        [1L, "NO", 10.0], [2L, "SE", null], [3L, null, -5.0], [4L, "NO", 2.5], [5L, "DK", 0.0], [6L, "SE", 8.0], [7L, "NO", null],
    ];

    private static Scan OrdersTable => Scan("orders", Id, Country, Amount);

    [Fact]
    public void Rows_are_filtered_and_columns_computed()
    {
        var plan = OrdersTable
            .Where(new Not(new IsNull(Amount.Ref(), At), At))
            .Select(("id", Id.Ref()), ("country", Country.Ref()), ("gross", Call("*", Amount.Ref(), Of(1.25))));
        Running.Gives(plan, [Orders],
            from r in Orders where r[2] is not null select new object?[] { r[0], r[1], (double)r[2]! * 1.25 });
    }

    [Fact]
    public void NULL_in_a_condition_drops_the_row()
    {
        var plan = OrdersTable
            .Where(new Logic(LogicOp.Or, Call(">", Amount.Ref(), Of(5.0)), Call("=", Country.Ref(), Of("DK")), At))
            .Select(("id", Id.Ref()));
        Running.Gives(plan, [Orders], [[1L], [5L], [6L]]);
    }

    [Fact]
    public void Three_valued_logic_as_a_value()
    {
        var big = Call(">", Amount.Ref(), Of(5.0));
        var no = Call("=", Country.Ref(), Of("NO"));
        var plan = OrdersTable.Select(
            ("id", Id.Ref()), ("both", new Logic(LogicOp.And, big, no, At)), ("either", new Logic(LogicOp.Or, big, no, At)), ("neither", new Not(new Logic(LogicOp.Or, big, no, At), At)));
        Running.Gives(plan, [Orders], Orders.Select(r =>
        {
            bool? a = r[2] is double d ? d > 5 : null;
            bool? b = r[1] is string s ? s == "NO" : null;
            return new object?[] { r[0], a & b, a | b, !(a | b) };
        }));
    }

    [Fact]
    public void A_branch_not_taken_is_not_evaluated()
    {
        var quotient = Call("div", Of(100L), Id.Ref());
        var offset = Call("-", Id.Ref(), Of(4L));
        var plan = OrdersTable.Select(
            ("id", Id.Ref()),
            ("chosen", new Case([new CaseBranch(Call("=", Id.Ref(), Of(4L)), Of(0L))], Call("div", Of(100L), offset), At)),
            ("first", new Coalesce([Amount.Ref(), Of(-1.0)], At)),
            ("quotient", quotient));
        Running.Gives(plan, [Orders], Orders.Select(r => new object?[]
        {
            r[0], (long)r[0]! == 4 ? 0 : 100 / ((long)r[0]! - 4), r[2] ?? -1.0, 100 / (long)r[0]!,
        }));
    }

    [Fact]
    public void An_error_names_its_place_in_the_SQL()
    {
        var plan = OrdersTable.Select(("bad", Call("div", Of(1L), Call("-", Id.Ref(), Of(4L)))));
        var error = Assert.ThrowsAny<RuntimeError>(() => Running.Rows(plan, [Orders]));
        Assert.Equal("LF5001", error.Code);
        Assert.Equal(At, error.At);
    }

    [Fact]
    public void IN_knows_NULL()
    {
        var plan = OrdersTable.Select(
            ("id", Id.Ref()),
            ("few", new InList(Country.Ref(), [Of("NO"), Of("DK")], At)),
            ("many", new InList(Id.Ref(), [.. Enumerable.Range(3, 12).Select(n => (Expr)Of((long)n))], At)),
            ("open", new InList(Country.Ref(), [Of("NO"), Null(DataType.String)], At)),
            ("columns", new InList(Id.Ref(), [Of(1L), Call("-", Id.Ref(), Of(0L))], At)));
        Running.Gives(plan, [Orders], Orders.Select(r => new object?[]
        {
            r[0], r[1] is null ? null : r[1] is "NO" or "DK", (long)r[0]! is >= 3 and < 15, r[1] is "NO" ? true : null, true,
        }));
    }

    [Fact]
    public void Casts_and_null_safe_equality()
    {
        var plan = OrdersTable.Select(
            ("small", new Cast(Id.Ref(), DataType.Int32, Try: false, Safe: false, At)),
            ("text", new Cast(Amount.Ref(), DataType.String, Try: false, Safe: true, At)),
            ("number", new Cast(Country.Ref(), DataType.Int32, Try: true, Safe: false, At)),
            ("same", new NullSafeEqual(Country.Ref(), Of("NO"), At)),
            ("nothing", new NullSafeEqual(Amount.Ref(), Null(DataType.Double), At)));
        Running.Gives(plan, [Orders], Orders.Select(r => new object?[]
        {
            (int)(long)r[0]!, (r[2] as double?)?.ToString("0.0###", System.Globalization.CultureInfo.InvariantCulture), null, r[1] is "NO", r[2] is null,
        }));
    }

    [Fact]
    public void All_rules_are_counted_then_the_row_is_dropped_once()
    {
        var plan = OrdersTable.Expect(
            ("positive", Call(">", Amount.Ref(), Of(0.0)), ViolationAction.DropRow),
            ("has country", new Not(new IsNull(Country.Ref(), At), At), ViolationAction.DropRow),
            ("low", Call("<", Amount.Ref(), Of(9.0)), ViolationAction.Warn));
        var rows = Running.Run(plan, [Orders], out var run);
        Assert.Equal(["1 | NO | 10", "4 | NO | 2.5", "6 | SE | 8"], Running.Text(rows));
        Assert.Equal((3, 4), (run.Counts.Passed(0), run.Counts.Failed(0)));
        Assert.Equal((6, 1), (run.Counts.Passed(1), run.Counts.Failed(1)));
        Assert.Equal((4, 3), (run.Counts.Passed(2), run.Counts.Failed(2)));
        Assert.Equal(4, run.Counts.Dropped);
        Assert.Equal("{\"id\":3,\"country\":null,\"amount\":-5}", run.Counts.Samples(1)[0].Row.Replace("-5.0", "-5", StringComparison.Ordinal));
        Assert.Equal("orders.csv row 3", run.Counts.Samples(1)[0].Place);
    }

    [Fact]
    public void A_dropped_row_need_not_be_computable()
    {
        var number = new Cast(Country.Ref(), DataType.Int32, Try: false, Safe: false, At);
        var plan = OrdersTable.Select(("id", Id.Ref()), ("country", Country.Ref()), ("number", number));
        var dropped = plan.Expect(("known", new IsNull(plan.Columns[1].Ref(), At), ViolationAction.DropRow));
        var rows = Running.Run(dropped, [Orders], out var run);
        Assert.Equal(["3 | NULL | NULL"], Running.Text(rows));
        Assert.Contains("\"country\":\"NO\"", run.Counts.Samples(0)[0].Row, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_must_hold_fails_the_flow_after_the_batch_was_counted()
    {
        var plan = OrdersTable.Expect(
            ("positive", Call(">", Amount.Ref(), Of(0.0)), ViolationAction.FailUpdate), ("low", Call("<", Amount.Ref(), Of(9.0)), ViolationAction.FailUpdate));
        var error = Assert.ThrowsAny<RuntimeError>(() => Running.Rows(plan, [Orders], batch: 100));
        Assert.Equal("LF5010", error.Code);
        Assert.Equal("EXPECTATION_VIOLATION.VERBOSITY_ALL", error.ErrorClass);
        Assert.Contains("Violated expectations: 'positive, low'.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Flow 'main.shop.clean' failed to meet the expectation.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constants_of_the_update_are_the_same_in_every_row()
    {
        var plan = OrdersTable.Select(
            ("now", new RunConstant(RunConstantKind.CurrentTimestamp, DataType.Timestamp, At)),
            ("today", new RunConstant(RunConstantKind.CurrentDate, DataType.Date, At)),
            ("zone", new RunConstant(RunConstantKind.CurrentTimeZone, DataType.String, At)));
        Running.Gives(plan, [Orders], Orders.Select(_ => new object?[] { 1_700_000_000_000_000L, 19675, "UTC" }));
    }

    [Fact]
    public void Many_columns_are_computed_in_loops_of_their_own()
    {
        var items = Enumerable.Range(0, 40).Select(n => ($"c{n}", n % 3 == 0 ? Call("*", Amount.Ref(), Of((double)n)) : Call("+", Id.Ref(), Of((long)n))));
        var plan = OrdersTable.Where(Call(">", Id.Ref(), Of(2L))).Select([.. items]);
        Running.Gives(plan, [Orders], Orders.Skip(2).Select(r => Enumerable.Range(0, 40)
            .Select(n => n % 3 == 0 ? (object?)((r[2] as double?) * n) : (long)r[0]! + n).ToArray()));
    }

    [Fact]
    public void A_CASE_of_a_thousand_branches_keeps_to_the_size_budget()
    {
        var branches = Enumerable.Range(0, 1000).Select(n => new CaseBranch(Call("=", Id.Ref(), Of((long)n)), Of($"value {n}")));
        var plan = OrdersTable.Select(("named", new Case([.. branches], Null(DataType.String), At)));
        Running.Gives(plan, [Orders], Orders.Select(r => new object?[] { $"value {r[0]}" }));
    }
}
