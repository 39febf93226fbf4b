using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;

namespace Lakeflow.Runtime.Tests.Breakers;

public sealed class JoinTableTests
{
    private struct NumberKey : IGroupKey<NumberKey>
    {
        public long Value;

        public static bool HasOrdinal => true;

        public static ulong Hash(in NumberKey key) => KeyHash.Of(key.Value);

        public static bool Equal(in NumberKey a, in NumberKey b) => a.Value == b.Value;

        public static long Ordinal(in NumberKey key) => key.Value;
    }

    [Fact]
    public void Finds_the_rows_of_each_key_in_row_order() => Prop.ForAll<long[]>(Finds).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_far_apart_are_found_by_hash() =>
        Assert.True(Finds([1, 2, 2, 3, 1, long.MaxValue, 2, 1, 1L << 50, 3, 3, long.MaxValue]));

    [Fact]
    public void The_least_number_is_a_key_like_others() => Assert.True(Finds([long.MinValue, 5, long.MinValue, long.MaxValue, -1]));

    [Fact]
    public void Keys_that_lie_apart_are_found_behind_their_bits() => Assert.True(Finds([.. Enumerable.Range(1, 3000).SelectMany(i => new[] { i * 300L, -i * 77L, i * 300L })]));

    [Fact]
    public void A_table_of_no_rows_finds_nothing() => Assert.True(Finds([]));

    [Fact]
    public void A_row_that_was_not_put_in_is_not_found()
    {
        using var table = new JoinTable<NumberKey>(Batch([7, 8, 9]));
        table.Add(new NumberKey { Value = 8 }, 1);
        table.Seal();
        Assert.Equal(-1, table.First(new NumberKey { Value = 7 }));
        Assert.Equal(1, table.First(new NumberKey { Value = 8 }));
        table.Mark(1);
        Assert.Equal([0, 2], table.Unmatched());
    }

    private static bool Finds(long[] numbers)
    {
        using var table = new JoinTable<NumberKey>(Batch(numbers));
        for (var row = 0; row < numbers.Length; row++)
        {
            if (numbers[row] != 0) table.Add(new NumberKey { Value = numbers[row] }, row);
        }

        table.Seal();
        foreach (var wanted in numbers.Append(12345).Distinct())
        {
            var found = new List<int>();
            for (var row = table.First(new NumberKey { Value = wanted }); row >= 0; row = table.Next(row)) found.Add(row);
            var expected = wanted == 0 ? [] : Enumerable.Range(0, numbers.Length).Where(r => numbers[r] == wanted).ToList();
            if (!found.SequenceEqual(expected)) return false;
        }

        return true;
    }

    private static RecordBatch Batch(long[] numbers) => new(
        new Schema(new Field("k", DataType.Int64)),
        [new PrimitiveArray<long>(DataType.Int64, numbers.Length, ArrowBuffer.Copy<long>(numbers))],
        numbers.Length);
}
