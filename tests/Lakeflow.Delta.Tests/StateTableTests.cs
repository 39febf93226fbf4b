using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class StateTableTests
{
    private static readonly ImmutableSortedDictionary<string, string> Vectors =
        ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableDeletionVectors", "true");

    private readonly ManualTime time = new();
    private readonly MemoryStore store;

    public StateTableTests() => store = new MemoryStore(time);

    [Fact]
    public void A_step_goes_on_from_the_version_named_and_takes_back_what_came_after()
    {
        var state = State(vectors: true);
        Assert.Null(state.Open(StateTable.Nothing));
        var first = Step(state, StateTable.Nothing, add: (0, 100), delete: _ => false);
        var dead = Step(state, first, add: (100, 10), delete: id => id % 2 == 0);
        var next = Step(state, first, add: (200, 5), delete: id => id < 10);
        Assert.True(next > dead);
        Assert.Equal(Enumerable.Range(10, 90).Concat(Enumerable.Range(200, 5)).Select(i => (long)i), RowRemovalTests.Ids(state.Open(next)!));
        Assert.Equal($$"""{"parent":{{first}}}""", state.Open(next)!.Domains[StateTable.ParentDomain]);
        // All the way back.
        var again = Step(state, StateTable.Nothing, add: (7, 1), delete: _ => false);
        Assert.Equal([7L], RowRemovalTests.Ids(state.Open(again)!));
    }

    [Fact]
    public void Two_steps_on_one_version_cannot_both_be()
    {
        var state = State(vectors: true);
        var first = Step(state, StateTable.Nothing, add: (0, 100), delete: _ => false);
        var one = state.Begin(first);
        var other = state.Begin(first);
        one.Commit("STREAMING UPDATE");
        Assert.Equal(ConflictKind.FlowAdvanced, Assert.Throws<ConflictException>(() => other.Commit("STREAMING UPDATE")).Kind);
    }

    [Fact]
    public void A_schema_and_domains_that_a_dead_step_set_are_taken_back()
    {
        var state = State(vectors: false);
        var first = Step(state, StateTable.Nothing, add: (0, 3), delete: _ => false);
        var dead = state.Begin(first);
        dead.SetSchema(SchemaChange.Merge(dead.Schema, new Schema(new Field("more", DataType.Int32))));
        dead.SetDomain("lakeflow.size", "7");
        dead.Commit("STREAMING UPDATE");
        var next = state.Open(Step(state, first, add: (9, 1), delete: _ => false))!;
        Assert.Equal(Tables.Orders, next.Schema);
        Assert.False(next.Domains.ContainsKey("lakeflow.size"));
        Assert.Equal([0L, 1L, 2L, 9L], RowRemovalTests.Ids(next));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void However_steps_die_the_state_is_that_of_the_steps_that_counted(bool vectors)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var state = new StateTable(new MemoryStore(time), Definition(vectors), time);
            var version = StateTable.Nothing;
            var model = new SortedSet<long>();
            for (var step = 0; step < 25; step++)
            {
                var (modulus, rest, count) = (random.Next(2, 9), random.Next(0, 9), random.Next(0, 20));
                var committed = Step(state, version, add: (step * 100, count), delete: id => id % modulus == rest);
                // A step that dies commits its state and not its target.
                if (random.Next(3) == 0) continue;
                version = committed;
                model.RemoveWhere(id => id % modulus == rest);
                model.UnionWith(Enumerable.Range(step * 100, count).Select(i => (long)i));
                Assert.Equal(model, RowRemovalTests.Ids(state.Open(version)!));
            }
        }
    }

    private static TableDefinition Definition(bool vectors) =>
        new(Tables.Orders) { Properties = vectors ? Vectors : ImmutableSortedDictionary<string, string>.Empty };

    private StateTable State(bool vectors) => new(store, Definition(vectors), time);

    private static long Step(StateTable state, long version, (long First, int Count) add, Func<long, bool> delete)
    {
        var transaction = state.Begin(version);
        RowRemovalTests.DeleteWhere(transaction, delete);
        RowRemovalTests.Write(transaction, add.First, add.Count);
        return transaction.Commit("STREAMING UPDATE").Version;
    }
}
