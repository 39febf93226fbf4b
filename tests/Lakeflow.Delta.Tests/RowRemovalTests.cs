using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class RowRemovalTests
{
    private readonly ManualTime time = new();
    private readonly MemoryStore store;

    public RowRemovalTests() => store = new MemoryStore(time);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_are_taken_out_and_added_in_one_commit(bool vectors)
    {
        var start = Filled(vectors, 20_000);
        var transaction = Transaction.Begin(start, time);
        DeleteWhere(transaction, id => id % 1000 == 7);
        Write(transaction, 50_000, 2);
        transaction.SetDomain("lakeflow.flow.f", "{}");
        var after = transaction.Commit("MERGE").Snapshot;
        Assert.Equal(start.Version + 1, after.Version);
        Assert.Equal(20_000 - 20 + 2, after.RowCount);
        Assert.Equal(Enumerable.Range(0, 20_000).Where(i => i % 1000 != 7).Select(i => (long)i).Append(50_000).Append(50_001), Ids(after));
        Assert.Equal(after.RowCount, Snapshot.Open(store).RowCount);
        Assert.Equal(vectors, after.Files.Any(f => f.DeletionVector is not null));
        Assert.Equal(vectors, after.Files.Any(f => f.Path == start.Files[0].Path));
    }

    [Fact]
    public void A_deletion_vector_names_its_feature_and_leaves_bounds_wide()
    {
        var start = Filled(vectors: true, 20_000);
        Assert.Equal(3, start.Protocol.MinReader);
        Assert.Contains("deletionVectors", start.Protocol.ReaderFeatures);
        Assert.Contains("deletionVectors", start.Protocol.WriterFeatures);
        var few = Delete(start, id => id == 3);
        Assert.Equal("i", few.Files[0].DeletionVector!.StorageType);
        Assert.Contains("\"numRecords\":20000", few.Files[0].Stats);
        Assert.Contains("\"tightBounds\":false", few.Files[0].Stats);
        var many = Delete(few, id => id % 3 == 1);
        var vector = many.Files[0].DeletionVector!;
        Assert.Equal("u", vector.StorageType);
        Assert.Equal(1 + Enumerable.Range(0, 20_000).Count(i => i % 3 == 1), vector.Cardinality);
        Assert.Equal(20_000 - vector.Cardinality, many.RowCount);
        Assert.Equal(20_000 - vector.Cardinality, Ids(many).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_without_rows_is_gone(bool vectors)
    {
        var start = Filled(vectors, 100);
        var half = Delete(start, id => id < 60);
        Assert.Single(half.Files);
        Assert.Empty(Delete(half, _ => true).Files);
    }

    [Fact]
    public void Rows_that_are_gone_already_change_nothing()
    {
        var start = Filled(vectors: true, 100);
        var once = Delete(start, id => id < 10);
        var again = Transaction.Begin(once, time);
        again.DeleteRows(once.Files[0], [0, 5, 9]);
        var after = again.Commit("DELETE").Snapshot;
        Assert.Equal(once.Files.Select(FileKey.Of), after.Files.Select(FileKey.Of));
        Assert.Throws<ArgumentException>(() => Transaction.Begin(once, time).DeleteRows(start.Files[0], [1]));
        var beyond = Transaction.Begin(after, time);
        beyond.DeleteRows(after.Files[0], [100]);
        Assert.Throws<ArgumentException>(() => beyond.Commit("DELETE"));
    }

    [Fact]
    public void A_table_that_only_grows_loses_no_rows()
    {
        var start = Filled(vectors: true, 100);
        var lockUp = Transaction.Begin(start, time);
        lockUp.SetProperty("delta.appendOnly", "true");
        var locked = lockUp.Commit("SET TBLPROPERTIES").Snapshot;
        var transaction = Transaction.Begin(locked, time);
        Assert.Equal("LF6063", Assert.Throws<DataFault>(() => transaction.DeleteRows(locked.Files[0], [1])).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_that_change_one_file_the_second_conflicts_and_leaves_nothing(bool vectors)
    {
        var start = Filled(vectors, 20_000);
        var first = Transaction.Begin(start, time);
        DeleteWhere(first, id => id % 2 == 0);
        var second = Transaction.Begin(start, time);
        DeleteWhere(second, id => id % 3 == 0);
        first.Commit("DELETE");
        var files = store.List("").Count();
        var lost = Assert.Throws<ConflictException>(() => second.Commit("DELETE"));
        Assert.Contains(lost.Kind, new[] { ConflictKind.RowsRemoved, ConflictKind.RowsAdded });
        Assert.True(lost.IsRetryable);
        Assert.Equal(files, store.List("").Count());
        Assert.Equal(10_000, Snapshot.Open(store).RowCount);
    }

    [Fact]
    public void Appended_rows_conflict_unless_they_are_said_not_to_matter()
    {
        var start = Filled(vectors: true, 100);
        var strict = Transaction.Begin(start, time);
        DeleteWhere(strict, id => id == 1);
        var lenient = Transaction.Begin(start, time);
        DeleteWhere(lenient, id => id == 2);
        lenient.ReadsRows = false;
        new DeltaTable(store, time).Append([Tables.OrdersFrom(1000, 5)]);
        Assert.Equal(ConflictKind.RowsAdded, Assert.Throws<ConflictException>(() => strict.Commit("DELETE")).Kind);
        Assert.Equal(104, lenient.Commit("DELETE").Snapshot.RowCount);
    }

    [Fact]
    public void Only_files_and_row_groups_that_may_hold_a_key_are_read()
    {
        Filled(vectors: true, 0);
        var table = new DeltaTable(store, time);
        for (var i = 0; i < 10; i++) table.Append([Tables.OrdersFrom(i * 100, 100)]);
        var snapshot = table.Open();
        long[] wanted = [150, 151, 999, 5000];
        using var scan = new DeltaScan(snapshot, ["id"], keys: [KeyFilter.Values("id", wanted.Cast<object?>())]);
        Assert.Equal(2, scan.Files.Length);
        using var ranges = new DeltaScan(snapshot, ["id"], keys: [KeyFilter.Ranges("id", [(250L, 260L), (255L, 310L), (-5L, -1L)])]);
        Assert.Equal(2, ranges.Files.Length);
        using var text = new DeltaScan(snapshot, ["id"], keys: [KeyFilter.Values("country", ["AA", "ZZ"])]);
        Assert.Empty(text.Files);
        using var nulls = new DeltaScan(snapshot, ["id"], keys: [KeyFilter.Values("country", [null])]);
        Assert.Equal(10, nulls.Files.Length);
    }

    [Fact]
    public void Row_sets_come_back_from_their_bytes()
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var rows = random.NextInt64(1, 400_000);
            var set = new RowSet();
            var density = random.NextDouble() * random.NextDouble();
            for (long row = 0; row < rows; row++)
            {
                if (random.NextDouble() < density) set.Add(row);
            }

            var back = RoaringBitmap.Read(RoaringBitmap.Write(set), rows);
            Assert.Equal(set.Count, back.Count);
            Assert.True(set.Ascending().SequenceEqual(back.Ascending()));
        }

        // Beyond 32 bits, as the format has it.
        var far = RoaringBitmap.Write(new RowSet());
        Assert.Equal(0, RoaringBitmap.Read(far, 10).Count);
    }

    [Fact]
    public void Text_of_bytes_is_that_of_the_standard()
    {
        // The example of ZeroMQ's RFC 32.
        byte[] hello = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B];
        Assert.Equal("HelloWorld", Base85.Encode(hello));
        Assert.Equal(hello, Base85.Decode("HelloWorld"));
    }

    internal static List<long> Ids(Snapshot snapshot) => [.. Rows.Of(snapshot, ["id"]).Select(r => (long)r[0]!).Order()];

    internal static void DeleteWhere(Transaction transaction, Func<long, bool> doomed, RowChange change = RowChange.Delete)
    {
        using var scan = new DeltaScan(transaction.Read!, ["id"]);
        using var reader = scan.Open(0, 1);
        while (reader.ReadLocated() is { } batch)
        {
            using (batch)
            {
                var ids = batch.Rows.Columns[0];
                transaction.DeleteRows(batch.File, [.. Enumerable.Range(0, ids.Length).Where(i => doomed((long)ids.GetValue(i)!)).Select(batch.PositionOf)], change);
            }
        }
    }

    internal static void Write(Transaction transaction, long first, int count, RowChange change = RowChange.Insert)
    {
        using var writer = transaction.OpenWriter();
        using var batch = Tables.OrdersFrom(first, count);
        writer.Write(batch);
        transaction.Add(writer.Finish(), change);
    }

    private Snapshot Delete(Snapshot start, Func<long, bool> doomed)
    {
        var transaction = Transaction.Begin(start, time);
        DeleteWhere(transaction, doomed);
        return transaction.Commit("DELETE").Snapshot;
    }

    private Snapshot Filled(bool vectors, int rows)
    {
        var table = new DeltaTable(store, time);
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (vectors) properties = properties.Add("delta.enableDeletionVectors", "true");
        table.Create(new TableDefinition(Tables.Orders) { Properties = properties });
        return table.Append([Tables.OrdersFrom(0, rows)]).Snapshot;
    }
}
