using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Breakers;

public sealed class HashAggregateTests
{
    private struct NumberKey : IGroupKey<NumberKey>
    {
        public long Value;

        public static bool HasOrdinal => true;

        public static ulong Hash(in NumberKey key) => KeyHash.Of(key.Value);

        public static bool Equal(in NumberKey a, in NumberKey b) => a.Value == b.Value;

        public static long Ordinal(in NumberKey key) => key.Value;
    }

    private struct NameKey : IGroupKey<NameKey>
    {
        public TextKey First;
        public TextKey Second;

        public static ulong Hash(in NameKey key) => KeyHash.Combine(TextKey.Hash(key.First), TextKey.Hash(key.Second));

        public static bool Equal(in NameKey a, in NameKey b) => TextKey.Equal(a.First, b.First) && TextKey.Equal(a.Second, b.Second);
    }

    private struct Counted : IAggregateState<Counted>
    {
        public long Rows;

        public static Counted New() => default;

        public static void Merge(ref Counted into, ref Counted other) => into.Rows += other.Rows;
    }

    [Fact]
    public void Counts_by_number_as_a_dictionary_does() => Prop.ForAll<long[]>(numbers =>
    {
        var table = new HashAggregate<NumberKey, Counted>();
        foreach (var n in numbers) table.State(table.Find(new NumberKey { Value = n })).Rows++;
        return Same(numbers.GroupBy(n => n).ToDictionary(g => g.Key, g => (long)g.Count()), table, k => k.Value);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_that_lie_far_apart_leave_the_direct_index_and_lose_no_group()
    {
        var numbers = Enumerable.Range(0, 5000).Select(i => (long)i)
            .Concat([long.MaxValue, long.MinValue + 1, 1L << 40, -(1L << 40)])
            .Concat(Enumerable.Range(0, 5000).Select(i => (long)i)).ToArray();
        var table = new HashAggregate<NumberKey, Counted>();
        foreach (var n in numbers) table.State(table.Find(new NumberKey { Value = n })).Rows++;
        Assert.True(Same(numbers.GroupBy(n => n).ToDictionary(g => g.Key, g => (long)g.Count()), table, k => k.Value));
    }

    [Fact]
    public void The_least_number_is_a_key_like_others()
    {
        var table = new HashAggregate<NumberKey, Counted>();
        foreach (var n in new[] { long.MinValue, 3, long.MinValue, long.MinValue + 1, 3, long.MaxValue }) table.State(table.Find(new NumberKey { Value = n })).Rows++;
        Assert.True(Same(new() { [long.MinValue] = 2, [3] = 2, [long.MinValue + 1] = 1, [long.MaxValue] = 1 }, table, k => k.Value));
    }

    [Fact]
    public void The_least_number_may_come_after_many_that_the_direct_index_knows()
    {
        var table = new HashAggregate<NumberKey, Counted>();
        foreach (var n in Enumerable.Range(0, 5000).Select(n => (long)n).Append(long.MinValue).Append(long.MinValue)) table.State(table.Find(new NumberKey { Value = n })).Rows++;
        Assert.Equal(5001, table.Count);
        Assert.Equal(2, table.State(5000).Rows);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(60_000)]
    public void Merged_tables_of_workers_are_one_table(int distinct)
    {
        var texts = Enumerable.Range(0, distinct).Select(i => (First: $"key {i % 977}", Second: new string('x', i % 40) + i)).ToArray();
        var tables = Enumerable.Range(0, 3).Select(_ => new HashAggregate<NameKey, Counted>()).ToImmutableArray();
        for (var round = 0; round < 3; round++)
        {
            foreach (var (first, second) in texts)
            {
                var table = tables[round];
                var key = new NameKey { First = table.Texts.Key(Bytes(first)), Second = table.Texts.Key(Bytes(second)) };
                table.State(table.Find(key)).Rows++;
            }
        }

        var merged = HashAggregate<NameKey, Counted>.Merge(tables);

        Assert.Equal(distinct, merged.Sum(t => t.Count));
        var seen = new HashSet<string>();
        foreach (var table in merged)
        {
            for (var id = 0; id < table.Count; id++)
            {
                Assert.Equal(3, table.State(id).Rows);
                Assert.True(seen.Add(Text(table.Key(id).First) + "|" + Text(table.Key(id).Second)));
            }
        }

        Assert.Equal(texts.Select(t => $"{t.First}|{t.Second}").Order(), seen.Order());
    }

    [Fact]
    public void Workers_that_saw_partly_other_keys_give_all_of_them_once() => Prop.ForAll<int, byte>((seed, workers) =>
    {
        // From keys that all workers have to keys that only one has; the least number is looked up another way than the others.
        var random = new Random(seed);
        var shift = random.Next(0, 50_000);
        var counts = new Dictionary<long, long>();
        var tables = Enumerable.Range(0, 2 + (workers % 3)).Select(w =>
        {
            var table = new HashAggregate<NumberKey, Counted>();
            var scale = random.Next(2) == 0 ? 1 : 1L << 40;
            foreach (var number in Enumerable.Range(w * shift, 20_000).Select(n => n * scale).Append(long.MinValue))
            {
                table.State(table.Find(new NumberKey { Value = number })).Rows++;
                counts[number] = counts.GetValueOrDefault(number) + 1;
            }

            return table;
        }).ToImmutableArray();
        var merged = HashAggregate<NumberKey, Counted>.Merge(tables);
        var found = merged.SelectMany(t => Enumerable.Range(0, t.Count).Select(id => (Key: t.Key(id).Value, t.State(id).Rows))).ToList();
        return found.Count == counts.Count && found.All(f => counts[f.Key] == f.Rows);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    [Fact]
    public void A_text_key_equals_another_exactly_if_the_bytes_do() => Prop.ForAll<byte[], byte[]>((a, b) =>
    {
        var arena = new TextKeyArena();
        var (x, y, again) = (arena.Key(new Utf8(a)), arena.Key(new Utf8(b)), arena.Key(new Utf8(a)));
        return TextKey.Equal(x, y) == a.AsSpan().SequenceEqual(b)
            && TextKey.Equal(x, again) && TextKey.Hash(x) == TextKey.Hash(again)
            && TextKey.Bytes(x).SequenceEqual(a);
    }).QuickCheckThrowOnFailure();

    private static bool Same(Dictionary<long, long> expected, HashAggregate<NumberKey, Counted> table, Func<NumberKey, long> value)
    {
        if (table.Count != expected.Count) return false;
        for (var id = 0; id < table.Count; id++)
        {
            if (expected[value(table.Key(id))] != table.State(id).Rows) return false;
        }

        return true;
    }

    private static Utf8 Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Text(TextKey key) => Encoding.UTF8.GetString(TextKey.Bytes(key));
}
