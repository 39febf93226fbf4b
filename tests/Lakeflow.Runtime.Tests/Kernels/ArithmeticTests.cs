using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Kernels.Aggregates;

namespace Lakeflow.Runtime.Tests.Kernels;

public class ArithmeticTests
{
    private static Arbitrary<Int128> Decimals => Gen.Choose(1, 38).SelectMany(digits => Gen.Choose(0, 9).ListOf(digits))
        .SelectMany(d => ArbMap.Default.GeneratorFor<bool>().Select(negative =>
        {
            var value = d.Aggregate((Int128)0, (a, b) => (a * 10) + b);
            return negative ? -value : value;
        })).ToArbitrary();

    [Fact]
    public void Integers_overflow_where_big_integers_leave_the_range() => Prop.ForAll<long, long>((a, b) =>
    {
        bool Fits(BigInteger v) => v >= long.MinValue && v <= long.MaxValue;
        return IntegerKernels.TryAddInt64(a, b, out var sum) == Fits((BigInteger)a + b) && (!Fits((BigInteger)a + b) || sum == a + b)
            && IntegerKernels.TryMultiplyInt64(a, b, out var product) == Fits((BigInteger)a * b) && (!Fits((BigInteger)a * b) || product == a * b)
            && IntegerKernels.TrySubtractInt64(a, b, out _) == Fits((BigInteger)a - b);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Edges_of_the_integers()
    {
        Assert.Equal("ARITHMETIC_OVERFLOW", Assert.Throws<KernelFault>(() => IntegerKernels.AddInt32(int.MaxValue, 1, 0)).ErrorClass);
        Assert.Throws<KernelFault>(() => IntegerKernels.NegateInt8(sbyte.MinValue, 0));
        Assert.Throws<KernelFault>(() => IntegerKernels.MultiplyInt64(long.MinValue, -1, 0));
        Assert.Throws<KernelFault>(() => IntegerKernels.DivideInt64(long.MinValue, -1, 0));
        Assert.Equal("DIVIDE_BY_ZERO", Assert.Throws<KernelFault>(() => FloatKernels.DivideDouble(1, 0, 0)).ErrorClass);
        Assert.Equal(0, IntegerKernels.RemainderInt32(int.MinValue, -1, 0));
        Assert.Equal(2, IntegerKernels.PositiveModuloInt32(-7, 3, 0));
        Assert.Equal(-1, IntegerKernels.RemainderInt32(-7, 3, 0));
    }

    [Fact]
    public void Decimal_sums_and_products_are_exact() => Prop.ForAll(Decimals, Decimals, (a, b) =>
    {
        var limit = BigInteger.Pow(10, 38);
        var sum = ((BigInteger)a * 100) + b;
        var sumFits = DecimalKernels.TryAddDecimal(a, b, 2, 0, 0, 38, out var s);
        var product = (BigInteger)a * b;
        var productFits = DecimalKernels.TryMultiplyDecimal(a, b, 0, 38, out var p);
        return sumFits == (BigInteger.Abs(sum) < limit) && (!sumFits || s == sum)
            && productFits == (BigInteger.Abs(product) < limit) && (!productFits || p == product);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_decimal_quotient_is_half_up() => Prop.ForAll(Decimals, Decimals, Gen.Choose(0, 12).ToArbitrary(), (a, b, shift) =>
    {
        if (b == 0) return true;
        BigInteger n = (BigInteger)a * BigInteger.Pow(10, shift), d = b;
        var twice = (BigInteger.Abs(n) * 2) + BigInteger.Abs(d);
        var expected = twice / (2 * BigInteger.Abs(d)) * n.Sign * d.Sign;
        var fits = DecimalKernels.TryDivideDecimal(a, b, shift, 38, out var quotient);
        return fits == (BigInteger.Abs(expected) < BigInteger.Pow(10, 38)) && (!fits || quotient == expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_decimal_remainder_is_exact() => Prop.ForAll(Decimals, Decimals, (a, b) =>
        b == 0 || (DecimalKernels.TryRemainderDecimal(a, b, 0, 3, 0, out var r) && r == (BigInteger)a % ((BigInteger)b * 1000))).QuickCheckThrowOnFailure();

    [Fact]
    public void NaN_is_above_everything_and_equal_to_itself()
    {
        Assert.True(CompareKernels.EqualDouble(double.NaN, double.NaN));
        Assert.True(CompareKernels.LessDouble(double.PositiveInfinity, double.NaN));
        Assert.False(CompareKernels.LessDouble(double.NaN, double.NaN));
        Assert.True(CompareKernels.GreaterOrEqualDouble(double.NaN, 1));
        Assert.False(CompareKernels.LessOrEqualDouble(double.NaN, 1));
        Assert.True(CompareKernels.EqualDouble(-0.0, 0.0));
    }

    [Fact]
    public void Comparisons_of_doubles_form_one_order() => Prop.ForAll<double, double>((a, b) =>
        Math.Sign(BoxedValues.CompareDouble(a, b)) is var order
        && CompareKernels.LessDouble(a, b) == (order < 0) && CompareKernels.EqualDouble(a, b) == (order == 0) && CompareKernels.GreaterDouble(a, b) == (order > 0)
        && CompareKernels.LessOrEqualDouble(a, b) == (order <= 0) && CompareKernels.GreaterOrEqualDouble(a, b) == (order >= 0)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(2.5, 0, 3.0)]
    [InlineData(-2.5, 0, -3.0)]
    [InlineData(2.675, 2, 2.68)]
    [InlineData(1234.5, -2, 1200.0)]
    [InlineData(1e300, 2, 1e300)]
    public void Round_is_half_up(double value, int digits, double expected) => Assert.Equal(expected, MathKernels.RoundDouble(value, digits));

    [Fact]
    public void Decimals_round_at_places_before_and_after_the_point()
    {
        Assert.Equal(13, MathKernels.RoundDecimal(125, 1, 2, 1));
        Assert.Equal(12, MathKernels.BRoundDecimal(125, 1, 2, 1));
        Assert.Equal(130, MathKernels.RoundDecimal(12500, -1, 2, 0));
        Assert.Equal(-2, MathKernels.FloorDecimal(-15, 1));
        Assert.Equal(-1, MathKernels.CeilDecimal(-15, 1));
    }

    [Fact]
    public void A_sum_of_integers_does_not_depend_on_the_order()
    {
        var state = default(SumInt64State);
        foreach (var value in new[] { long.MaxValue, 1, -1 }) state.Add(value, 0);
        Assert.Equal(long.MaxValue, state.Result(0));
        state.Add(1, 0);
        Assert.Equal("LF5002", Assert.Throws<KernelFault>(() => state.Result(0)).Code);
        Assert.False(default(SumInt64State).HasValue);
    }

    [Fact]
    public void Merged_states_are_states_of_all_rows() => Prop.ForAll<int[], int[]>((x, y) =>
    {
        SumInt64State a = default, b = default, all = default;
        VarianceSampleState va = default, vb = default, vall = default;
        MaxState<int> ma = default, mb = default;
        foreach (var v in x)
        {
            a.Add(v, 0);
            va.Add(v, 0);
            ma.Add(v, 0);
        }

        foreach (var v in y)
        {
            b.Add(v, 0);
            vb.Add(v, 0);
            mb.Add(v, 0);
        }

        foreach (var v in x.Concat(y))
        {
            all.Add(v, 0);
            vall.Add(v, 0);
        }

        a.Merge(b, 0);
        va.Merge(vb, 0);
        ma.Merge(mb, 0);
        return a.HasValue == all.HasValue && (!a.HasValue || (a.Result(0) == all.Result(0) && ma.Result(0) == x.Concat(y).Max()))
            && va.HasValue == vall.HasValue && (!va.HasValue || Math.Abs(va.Result(0) - vall.Result(0)) <= 1e-9 * Math.Max(1, vall.Result(0)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_average_of_decimals_is_half_up()
    {
        var state = default(AvgDecimalState);
        foreach (var value in new Int128[] { 100, 100, 101 }) state.Add(value, 0);
        Assert.Equal("1.003333", DecimalMath.Text(state.Result(4, 14, 6, 0), 6));
    }

    [Fact]
    public void Object_aggregates()
    {
        IObjectAggregate Fill(IObjectAggregate state, params object?[] values)
        {
            foreach (var v in values) state.Add(v, null, 0);
            return state;
        }

        var ints = new AggregateContext([Arrow.DataType.Int32], Arrow.DataType.Double, [null]);
        Assert.Equal(2.5, Fill(PercentileAggregate.Create(ints), 4, 1, 3, 2).Result(0));
        Assert.Equal(2, Fill(ModeAggregate.Create(ints), 3, 2, 2, 3, null).Result(0));
        Assert.Equal(3L, Fill(ApproxCountDistinctAggregate.Create(ints), 1, 2, 2, 3).Result(0));
        Assert.Equal([1, 2], (object?[])Fill(CollectSetAggregate.Create(ints), 1, null, 2, 1).Result(0)!);
        var third = new AggregateContext([Arrow.DataType.Int32, Arrow.DataType.Double], Arrow.DataType.Int32, [null, 0.3]);
        Assert.Equal(3, Fill(PercentileDiscAggregate.Create(third), [.. Enumerable.Range(1, 10).Cast<object?>()]).Result(0));
        var many = Fill(ApproxCountDistinctAggregate.Create(ints), [.. Enumerable.Range(0, 100_000).Cast<object?>()]).Result(0);
        Assert.InRange((long)many!, 95_000, 105_000);
    }
}
