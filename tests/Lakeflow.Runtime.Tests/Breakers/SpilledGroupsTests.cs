using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Kernels.Aggregates;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Tests.Breakers;

/// <summary>Spilled = not spilled, for groups: keys of numbers and of texts, states of values and of objects.</summary>
public sealed class SpilledGroupsTests : IDisposable
{
    private static readonly Schema Result = new(
        new Field("number", DataType.Int64), new Field("text", DataType.String), new Field("rows", DataType.Int64), new Field("list", DataType.String));

    private static readonly AggregateContext Context = new([DataType.String], DataType.String, [null, "-"]);

    private readonly SpillRig rig = new();

    private struct MixedKey : IGroupKey<MixedKey>
    {
        public long Number;
        public TextKey Text;
        public bool TextIsNull;

        public static ulong Hash(in MixedKey key) => KeyHash.Combine(KeyHash.Of(key.Number), KeyHash.OrNull(TextKey.Hash(key.Text), key.TextIsNull));

        public static bool Equal(in MixedKey a, in MixedKey b) => a.Number == b.Number && a.TextIsNull == b.TextIsNull && TextKey.Equal(a.Text, b.Text);

        public static void Write(in MixedKey key, SpillWriter to)
        {
            to.Put(key);
            to.PutBytes(TextKey.Bytes(key.Text));
        }

        public static MixedKey Read(SpillReader from, TextKeyArena texts)
        {
            var key = from.Get<MixedKey>();
            key.Text = texts.Key(new Utf8(from.GetBytes()));
            return key;
        }
    }

    private struct Listed : IAggregateState<Listed>
    {
        public CountState Rows;
        public IObjectAggregate List;
        public DistinctSet Seen;

        public static Listed New() => new() { List = ListAggregate.Create(Context), Seen = new DistinctSet() };

        public static void Merge(ref Listed into, ref Listed other)
        {
            into.Rows.Merge(other.Rows, 0);
            into.List.Merge(other.List, 0);
            foreach (var seen in other.Seen.Values) into.Seen.Add(seen);
        }

        public static void Write(ref Listed state, SpillWriter to)
        {
            to.Put(state.Rows);
            state.List.Write(to);
            state.Seen.Write(to);
        }

        public static void Read(ref Listed state, SpillReader from)
        {
            state.Rows = from.Get<CountState>();
            state.List.Read(from);
            state.Seen.Read(from);
        }
    }

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Groups_are_the_same_from_files() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var workers = random.Next(1, 4);
        var rows = Enumerable.Range(0, random.Next(400)).Select(i => (Worker: i % workers, Number: random.NextInt64(8), Text: random.Next(4) switch
        {
            0 => null,
            1 => new string('x', random.Next(40)),
            _ => $"t{random.Next(5)}",
        })).ToList();
        using var inMemory = rig.Roomy(workers);
        using var onDisk = rig.Spilling(workers);
        var (kept, _) = Groups(inMemory, rows, every: 7);
        var (spilled, wasSpilled) = Groups(onDisk, rows, every: random.Next(1, 50));
        return kept.SequenceEqual(spilled) && (wasSpilled || rows.Count < 50);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parts_that_are_too_large_are_divided_again()
    {
        // With a budget of three bytes no part fits: each is divided as often as it can be.
        var rows = Enumerable.Range(0, 200).Select(i => (i % 2, (long)(i % 23), (string?)(i % 3 == 0 ? "a text of more than twelve bytes" : "b"))).ToList();
        using var inMemory = rig.Roomy();
        using var onDisk = rig.Spilling(bytes: 3);
        Assert.Equal(Groups(inMemory, rows, 7).Rows, Groups(onDisk, rows, 7).Rows);
    }

    [Fact]
    public void A_table_beyond_the_budget_is_over_and_an_empty_one_is_not()
    {
        using var run = SpillRig.Run(1, new MemoryBudget(100_000, new SpillFolder(rig.Folder)));
        var table = new HashAggregate<MixedKey, Listed>(run);
        Assert.False(table.IsOver());
        for (var i = 0; i < 5_000; i++) table.Find(new MixedKey { Number = i });
        Assert.True(table.IsOver());
        table.Spill();
        Assert.False(table.IsOver());
        Assert.Equal(0, table.Count);
    }

    private static (List<string> Rows, bool Spilled) Groups(FlowRun run, List<(int Worker, long Number, string? Text)> rows, int every)
    {
        var tables = Enumerable.Range(0, run.Workers).Select(_ => new HashAggregate<MixedKey, Listed>(run)).ToImmutableArray();
        var spilled = false;
        for (var i = 0; i < rows.Count; i++)
        {
            var (worker, number, text) = rows[i];
            var table = tables[worker];
            var key = new MixedKey { Number = number, Text = text is null ? default : table.Texts.Key(Utf8.From(text)), TextIsNull = text is null };
            ref var state = ref table.State(table.Find(key));
            state.Rows.Add(0);
            state.List.Add(text ?? "null", null, 0);
            state.Seen.Add(i % 3);
            if (i % every != 0 || !table.IsOver()) continue;
            table.Spill();
            spilled = true;
        }

        var source = new GroupSource<MixedKey, Listed>(Result, HashAggregate<MixedKey, Listed>.Merge(tables), (table, from, to, writer) =>
        {
            var numbers = writer.Values<long>(0);
            var texts = writer.Nested(1);
            var counts = writer.Values<long>(2);
            var lists = writer.Nested(3);
            for (var g = from; g < to; g++)
            {
                ref readonly var key = ref table.Key(g);
                ref var state = ref table.State(g);
                numbers[g - from] = key.Number;
                texts.AppendValue(key.TextIsNull ? null : System.Text.Encoding.UTF8.GetString(TextKey.Bytes(key.Text)));
                counts[g - from] = state.Rows.Result(0);
                lists.AppendValue($"{state.List.Result(0)} {string.Join(',', state.Seen.Values.Order())}");
            }
        });
        return ([.. SpillRig.Read(source).Order(StringComparer.Ordinal)], spilled);
    }
}
