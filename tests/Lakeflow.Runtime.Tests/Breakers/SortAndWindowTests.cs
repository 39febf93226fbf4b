using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Tests.Breakers;

public sealed class SortAndWindowTests
{
    [Fact]
    public void Sorts_doubles_as_spark_does() => Prop.ForAll<double?[], bool, bool>((values, descending, nullsFirst) =>
    {
        var column = Column(DataType.Double, [.. values.Cast<object?>()]);
        var sorted = new SortOrder([column], [new SortDirection(descending, nullsFirst)]).Rows();
        return Ordered([.. sorted.Select(r => (object?)values[r])], descending, nullsFirst) && Stable(sorted, values);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sorts_texts_by_their_bytes() => Prop.ForAll<UnicodeString[], bool>((texts, descending) =>
    {
        // Half a surrogate pair has no bytes of its own: a column holds U+FFFD for it, and so must what is expected.
        var values = texts.Select(t => t?.Get is { } text ? (object?)Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : null).ToArray();
        var sorted = new SortOrder([Column(DataType.String, values)], [new SortDirection(descending, NullsFirst: true)]).Rows();
        return Ordered([.. sorted.Select(r => values[r])], descending, nullsFirst: true);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Wide_decimals_order_by_value_also_beyond_64_bits() => Prop.ForAll<int[], bool, bool>((numbers, far, descending) =>
    {
        // Far ones meet at the ends of 64 bits, where a word no longer tells them apart.
        var values = numbers.Select(n => (object?)(Int128)(far ? (Int128)n << (n % 3 == 0 ? 70 : 3) : n)).ToArray();
        var sorted = new SortOrder([Column(new DecimalType(38, 0), values)], [new SortDirection(descending, NullsFirst: true)]).Rows();
        return Ordered([.. sorted.Select(r => values[r])], descending, nullsFirst: true);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_first_rows_are_the_same_whether_the_others_are_ordered_or_not() => Prop.ForAll<int, byte>((seed, count) =>
    {
        // Few distinct values: which of equal rows come first counts too.
        var random = new Random(seed);
        var values = Enumerable.Range(0, random.Next(0, 300)).Select(_ => random.Next(10) == 0 ? null : (object?)random.Next(40)).ToArray();
        var order = new SortOrder([Column(DataType.Int32, values)], [new SortDirection(random.Next(2) == 0, random.Next(2) == 0)]);
        var few = count % 20;
        return order.First(few).SequenceEqual(order.Rows().Take(few));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_sort_of_many_rows_heeds_a_stop()
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(1);
        var numbers = Column(DataType.Int32, [.. Enumerable.Range(0, 200_000).Select(_ => (object?)random.Next())]);
        var order = new SortOrder([numbers], [new SortDirection(Descending: false, NullsFirst: true)], stop.Token);
        Assert.Equal(200_000, order.Rows().Length);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => order.Rows());
    }

    [Fact]
    public void The_second_key_decides_among_equals()
    {
        var order = new SortOrder(
            [Column(DataType.Int32, [2, 1, 2, 1]), Column(DataType.String, ["a", "b", "b", "a"])],
            [new SortDirection(false, true), new SortDirection(true, false)]);
        Assert.Equal([1, 3, 2, 0], order.Rows());
    }

    [Fact]
    public void Ranks_follow_partitions_and_peers()
    {
        var order = new SortOrder(
            [Column(DataType.String, ["x", "x", "x", "y", "x"]), Column(DataType.Int64, [10L, 20L, 10L, 5L, 30L])],
            [new SortDirection(false, true), new SortDirection(false, true)]);
        var layout = new WindowLayout(order, order.Rows(), partitionKeys: 1, allKeys: 2);

        Assert.Equal([1, 2, 3, 4, 1], Ints(layout.RowNumber()));
        Assert.Equal([1, 1, 3, 4, 1], Ints(layout.Rank()));
        Assert.Equal([1, 1, 2, 3, 1], Ints(layout.DenseRank()));
        Assert.Equal([1, 1, 2, 2, 1], Ints(layout.Ntile(2)));
        Assert.Equal([-1, 0, 1, 2, -1], layout.Offset(-1));
        Assert.Equal([1, 2, 3, -1, -1], layout.Offset(1));
        Assert.Equal((0, 2), new WindowFrames(layout, byRows: false, null, 0).Of(0));
        Assert.Equal((0, 1), new WindowFrames(layout, byRows: true, null, 0).Of(0));
        Assert.Equal((1, 4), new WindowFrames(layout, byRows: true, -1, 1).Of(2));
    }

    [Fact]
    public void Gather_keeps_values_nulls_and_dictionaries() => Prop.ForAll<int?[], PositiveInt>((values, seed) =>
    {
        var boxed = values.Select(v => v is null ? null : (object?)$"text {v % 5}").ToArray();
        var plain = Column(DataType.String, boxed);
        var random = new Random(seed.Get);
        var rows = Enumerable.Range(0, 20).Select(_ => values.Length == 0 ? -1 : random.Next(-1, values.Length)).ToArray();
        var expected = rows.Select(r => r < 0 ? null : boxed[r]);
        return Enumerable.Range(0, rows.Length).Select(i => Gather.Take(plain, rows).GetValue(i)).SequenceEqual(expected)
            && Enumerable.Range(0, rows.Length).Select(i => Gather.Take(Encoded(boxed), rows).GetValue(i)).SequenceEqual(expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Concatenated_batches_hold_all_rows_in_order() => Prop.ForAll<int?[][]>(parts =>
    {
        var schema = new Schema(new Field("t", DataType.String), new Field("n", DataType.Int32));
        var boxed = parts.Select(p => p.Select(v => v is null ? null : (object?)$"text {v % 3}").ToArray()).ToArray();
        var batches = parts.Select((p, i) => new RecordBatch(
            schema, [i % 2 == 0 ? Encoded(boxed[i]) : Column(DataType.String, boxed[i]), Column(DataType.Int32, [.. p.Cast<object?>()])], p.Length)).ToList();
        using var all = Concatenate.Batches(schema, batches);
        return Enumerable.Range(0, all.Length).Select(i => all.Columns[0].GetValue(i)).SequenceEqual(boxed.SelectMany(b => b))
            && Enumerable.Range(0, all.Length).Select(i => all.Columns[1].GetValue(i)).SequenceEqual(parts.SelectMany(p => p).Cast<object?>());
    }).QuickCheckThrowOnFailure();

    private static ArrowArray Column(DataType type, object?[] values)
    {
        var builder = ArrayBuilder.Create(type);
        foreach (var value in values) builder.AppendValue(value);
        return builder.Build();
    }

    private static DictionaryArray Encoded(object?[] values)
    {
        var distinct = values.Where(v => v is not null).Distinct().ToArray();
        var codes = Column(DataType.Int32, [.. values.Select(v => v is null ? null : (object?)Array.IndexOf(distinct, v))]);
        return new DictionaryArray((PrimitiveArray<int>)codes, Column(DataType.String, distinct));
    }

    private static int[] Ints(ArrowArray array) => ((PrimitiveArray<int>)array).Values.ToArray();

    private static bool Ordered(object?[] values, bool descending, bool nullsFirst)
    {
        for (var i = 1; i < values.Length; i++)
        {
            var (a, b) = (values[i - 1], values[i]);
            if (a is null && b is null) continue;
            if (a is null ? !nullsFirst : b is null && nullsFirst) return false;
            if (a is null || b is null) continue;
            var c = BoxedValues.Compare(a, b);
            if (descending ? c < 0 : c > 0) return false;
        }

        return true;
    }

    private static bool Stable(int[] sorted, double?[] values)
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            var (a, b) = (values[sorted[i - 1]], values[sorted[i]]);
            if (a.Equals(b) && sorted[i - 1] > sorted[i]) return false;
        }

        return true;
    }
}
