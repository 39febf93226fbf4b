using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class TransactionTests
{
    private static readonly Schema Numbers = new(new Field("id", DataType.Int64), new Field("name", DataType.String));

    private readonly ManualTime time = new();
    private readonly MemoryStore store;

    public TransactionTests() => store = new MemoryStore(time);

    [Fact]
    public void A_new_table_asks_for_as_little_as_it_can()
    {
        var created = Create();
        Assert.Equal(0, created.Version);
        Assert.Equal((1, 7), (created.Snapshot.Protocol.MinReader, created.Snapshot.Protocol.MinWriter));
        Assert.Contains("domainMetadata", created.Snapshot.Protocol.WriterFeatures);
        Assert.Equal(Numbers, Snapshot.Open(store).Schema);
    }

    [Fact]
    public void A_timestamp_without_zone_is_named_as_a_feature()
    {
        var schema = new Schema(new Field("t", new ListType(DataType.TimestampNtz)));
        var created = Transaction.Create(store, new TableDefinition(schema), time).Commit("CREATE TABLE");
        Assert.Equal(3, created.Snapshot.Protocol.MinReader);
        Assert.Equal(["timestampNtz"], created.Snapshot.Protocol.ReaderFeatures);
        Assert.Contains("timestampNtz", created.Snapshot.Protocol.WriterFeatures);
    }

    [Fact]
    public void Two_appends_at_once_both_come_through()
    {
        var start = Create().Snapshot;
        var first = Append(start, "a");
        var second = Append(start, "b");
        Assert.Equal(1, first.Commit("WRITE").Version);
        Assert.Equal(2, second.Commit("WRITE").Version);
        Assert.Equal(["a", "b"], Snapshot.Open(store).Files.Select(f => f.Path));
    }

    [Fact]
    public void A_flow_s_step_is_lost_to_another_run_of_the_flow()
    {
        var start = Create().Snapshot;
        var first = Step(start, "a", "lakeflow.flow.x");
        var second = Step(start, "b", "lakeflow.flow.x");
        first.Commit("STREAMING UPDATE");
        var lost = Assert.Throws<ConflictException>(() => second.Commit("STREAMING UPDATE"));
        Assert.Equal(ConflictKind.FlowAdvanced, lost.Kind);
        Assert.Contains("another run advanced this flow", lost.Message);
        Assert.False(lost.IsRetryable);
        Assert.Equal(["a"], Snapshot.Open(store).Files.Select(f => f.Path));
    }

    [Fact]
    public void A_flow_s_step_is_lost_to_the_same_application_s_number()
    {
        var start = Create().Snapshot;
        var (first, second) = (Append(start, "a"), Append(start, "b"));
        first.SetTxn("flow-1", 7);
        second.SetTxn("flow-1", 7);
        first.Commit("STREAMING UPDATE");
        Assert.Equal(ConflictKind.FlowAdvanced, Assert.Throws<ConflictException>(() => second.Commit("STREAMING UPDATE")).Kind);
    }

    [Fact]
    public void Steps_of_two_flows_follow_each_other()
    {
        var start = Create().Snapshot;
        var (first, second) = (Step(start, "a", "lakeflow.flow.x"), Step(start, "b", "lakeflow.flow.y"));
        first.Commit("STREAMING UPDATE");
        var snapshot = second.Commit("STREAMING UPDATE").Snapshot;
        Assert.Equal(["lakeflow.flow.x", "lakeflow.flow.y"], snapshot.Domains.Keys.Order());
        Assert.Equal(2, snapshot.Files.Length);
    }

    [Fact]
    public void An_overwrite_does_not_follow_rows_that_it_has_not_seen()
    {
        var start = Append(Create().Snapshot, "a").Commit("WRITE").Snapshot;
        var overwrite = Append(start, "new");
        overwrite.RemoveAll();
        Append(start, "b").Commit("WRITE");
        Assert.Equal(ConflictKind.RowsAdded, Assert.Throws<ConflictException>(() => overwrite.Commit("WRITE")).Kind);
    }

    [Fact]
    public void A_file_is_removed_by_one_commit_only()
    {
        var start = Append(Create().Snapshot, "a").Commit("WRITE").Snapshot;
        var (first, second) = (Transaction.Begin(start, time), Transaction.Begin(start, time));
        first.Remove(start.Files[0]);
        second.Remove(start.Files[0]);
        first.Commit("DELETE");
        Assert.Equal(ConflictKind.RowsRemoved, Assert.Throws<ConflictException>(() => second.Commit("DELETE")).Kind);
    }

    [Fact]
    public void An_append_does_not_follow_a_change_of_the_schema()
    {
        var start = Create().Snapshot;
        var change = Transaction.Begin(start, time);
        change.SetSchema(SchemaChange.Merge(start.Schema, new Schema(new Field("more", DataType.Date))));
        var append = Append(start, "a");
        change.Commit("ADD COLUMNS");
        Assert.Equal(ConflictKind.MetadataChanged, Assert.Throws<ConflictException>(() => append.Commit("WRITE")).Kind);
    }

    [Fact]
    public void A_table_is_made_once()
    {
        var second = Transaction.Create(store, new TableDefinition(Numbers), time);
        Create();
        Assert.Equal(ConflictKind.TableCreated, Assert.Throws<ConflictException>(() => second.Commit("CREATE TABLE")).Kind);
        Assert.Equal("LF6062", Assert.Throws<DataFault>(() => new DeltaTable(store, time).Create(new TableDefinition(Numbers))).Code);
    }

    [Fact]
    public void A_full_refresh_keeps_the_id_and_ends_the_flows()
    {
        var start = Step(Create().Snapshot, "a", "lakeflow.flow.x").Commit("STREAMING UPDATE").Snapshot;
        var other = Transaction.Begin(start, time);
        other.SetDomain("delta.other", "{}");
        start = other.Commit("SET").Snapshot;
        var refresh = Transaction.Begin(start, time);
        refresh.Truncate();
        refresh.SetDomain("lakeflow.flow.x2", "{}");
        var after = refresh.Commit("TRUNCATE").Snapshot;
        Assert.Empty(after.Files);
        Assert.Equal(["delta.other", "lakeflow.flow.x2"], after.Domains.Keys.Order());
        Assert.Equal(start.Metadata.Id, after.Metadata.Id);
    }

    [Fact]
    public void Nothing_is_removed_from_a_table_that_only_grows()
    {
        var table = new TableDefinition(Numbers) { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.appendOnly", "true") };
        Transaction.Create(store, table, time).Commit("CREATE TABLE");
        var start = Append(Snapshot.Open(store), "a").Commit("WRITE").Snapshot;
        Assert.Equal("LF6063", Assert.Throws<DataFault>(() => Transaction.Begin(start, time).RemoveAll()).Code);
    }

    [Fact]
    public void A_commit_that_the_store_made_and_then_denied_is_recognised()
    {
        var start = Create().Snapshot;
        var forgetful = new ForgetfulStore(store);
        var transaction = Transaction.Begin(Snapshot.Open(forgetful), time);
        transaction.Add(File("a"));
        forgetful.DenyNext = true;
        Assert.Equal(1, transaction.Commit("WRITE").Version);
        Assert.Single(Snapshot.Open(store).Files);
        Assert.Equal(0, start.Version);
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["weirdReads"],"writerFeatures":["weirdReads"]}}""", "LF6055", "weirdReads", false)]
    [InlineData("""{"protocol":{"minReaderVersion":4,"minWriterVersion":7}}""", "LF6055", "reader version 4", false)]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["weirdWrites"]}}""", "LF6056", "weirdWrites", true)]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":8}}""", "LF6056", "writer version 8", true)]
    public void What_is_not_known_is_refused_by_name(string protocol, string code, string name, bool reads)
    {
        Create();
        store.PutIfAbsent("_delta_log/00000000000000000001.json", System.Text.Encoding.UTF8.GetBytes(protocol));
        var fault = Assert.Throws<DataFault>(() => Transaction.Begin(Snapshot.Open(store), time));
        Assert.Equal(code, fault.Code);
        Assert.Contains(name, fault.Message);
        if (reads) Assert.Equal(1, Snapshot.Open(store).Version);
    }

    [Fact]
    public void A_check_that_we_cannot_make_forbids_writing()
    {
        var start = Create().Snapshot;
        var constrain = Transaction.Begin(start, time);
        constrain.SetProperty("delta.constraints.positive", "id > 0");
        var constrained = constrain.Commit("ADD CONSTRAINT").Snapshot;
        var fault = Assert.Throws<DataFault>(() => Transaction.Begin(constrained, time));
        Assert.Equal("LF6064", fault.Code);
        Assert.Contains("positive", fault.Message);
    }

    [Fact]
    public void A_flow_on_an_older_table_brings_the_feature_along()
    {
        store.PutIfAbsent("_delta_log/00000000000000000000.json", ActionJson.Write(
        [
            new Protocol(1, 2, [], []),
            new TableMetadata("id", SchemaJson.Write(Numbers), [], ImmutableSortedDictionary<string, string>.Empty),
        ]));
        var snapshot = Step(Snapshot.Open(store), "a", "lakeflow.flow.x").Commit("STREAMING UPDATE").Snapshot;
        Assert.Equal((1, 7), (snapshot.Protocol.MinReader, snapshot.Protocol.MinWriter));
        Assert.Equal(["appendOnly", "domainMetadata", "invariants"], snapshot.Protocol.WriterFeatures);
    }

    [Fact]
    public void History_tells_what_was_done()
    {
        Append(Create().Snapshot, "a").Commit("WRITE", new Dictionary<string, string> { ["mode"] = "Append" });
        var entry = TableHistory.Read(store).First();
        Assert.Equal((1, "WRITE", "Append", "1"), (entry.Version, entry.Operation, entry.Parameters["mode"], entry.Metrics["numFiles"]));
        Assert.Equal(("Lakeflow/0.1.0", 0L, true), (entry.Engine, entry.ReadVersion, entry.IsBlindAppend));
        Assert.Equal(time.Now, entry.Timestamp);
        Assert.Equal([1L, 0L], TableHistory.Read(store).Select(h => h.Version));
    }

    [Fact]
    public void A_version_is_found_by_its_time()
    {
        var snapshot = Create().Snapshot;
        foreach (var file in new[] { "a", "b" })
        {
            time.Advance(TimeSpan.FromHours(1));
            snapshot = Append(snapshot, file).Commit("WRITE").Snapshot;
        }

        Assert.Equal(1, Snapshot.OpenAt(store, time.Now.AddMinutes(-1)).Version);
        Assert.Equal(2, Snapshot.OpenAt(store, time.Now).Version);
        Assert.Equal("LF6058", Assert.Throws<DataFault>(() => Snapshot.OpenAt(store, time.Now.AddMinutes(1))).Code);
        Assert.Equal("LF6058", Assert.Throws<DataFault>(() => Snapshot.OpenAt(store, time.Now.AddDays(-1))).Code);
        Assert.Equal(["a"], Snapshot.Open(store, 1).Files.Select(f => f.Path));
        Assert.Equal("LF6051", Assert.Throws<DataFault>(() => Snapshot.Open(store, 3)).Code);
    }

    [Fact]
    public void A_reader_of_changes_sees_each_commit_once()
    {
        var start = Create().Snapshot;
        var step = Step(start, "a", "lakeflow.flow.x");
        step.SetTxn("x1", 1);
        var next = step.Commit("STREAMING UPDATE").Snapshot;
        var overwrite = Append(next, "b");
        overwrite.RemoveAll();
        overwrite.Commit("WRITE");
        var changes = LogTail.Read(store, 1).ToList();
        Assert.Equal([1L, 2L], changes.Select(c => c.Version));
        Assert.True(changes[0].IsAppend);
        Assert.Equal("{}", changes[0].Domains["lakeflow.flow.x"]);
        Assert.Equal("x1", changes[0].Txns.Single().AppId);
        Assert.False(changes[1].IsAppend);
        Assert.Equal("a", changes[1].Removed.Single().Path);
        Assert.Empty(LogTail.Read(store, 3));
        store.Delete("_delta_log/00000000000000000000.json");
        Assert.Equal("LF6051", Assert.Throws<DataFault>(() => LogTail.Read(store, 0).ToList()).Code);
    }

    private static AddFile File(string path) =>
        new(path, ImmutableSortedDictionary<string, string?>.Empty, 1, 0, DataChange: true, """{"numRecords":1}""");

    private CommitResult Create() => Transaction.Create(store, new TableDefinition(Numbers), time).Commit("CREATE TABLE");

    private Transaction Append(Snapshot snapshot, string file)
    {
        var transaction = Transaction.Begin(snapshot, time);
        transaction.Add(File(file) with { ModificationTime = time.Now.ToUnixTimeMilliseconds() });
        return transaction;
    }

    private Transaction Step(Snapshot snapshot, string file, string domain)
    {
        var transaction = Append(snapshot, file);
        transaction.SetDomain(domain, "{}");
        return transaction;
    }
}
