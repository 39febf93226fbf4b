using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

public sealed class ColumnChangeTests
{
    private static readonly Schema People = new(
        new Field("id", DataType.Int64),
        new Field("country", DataType.String),
        new Field("address", new StructType([new("street", DataType.String), new("no", DataType.Int32)])),
        new Field("tags", new ListType(new StructType([new("tag", DataType.String)]))));

    private readonly MemoryStore store = new(new ManualTime());

    [Theory]
    [InlineData("name", false)]
    [InlineData("name", true)]
    [InlineData("id", false)]
    public void Columns_are_renamed_and_dropped_without_touching_a_file(string mode, bool partitioned)
    {
        var table = Create(mode, partitioned);
        Add(table, 1, "NO", "Storgata", 7);
        var before = table.Open().Files;
        var change = table.Begin();
        change.RenameColumn("country", "land");
        change.RenameColumn("address.street", "road");
        change.RenameColumn("tags.element.tag", "word");
        Assert.Equal("ARRAY<STRUCT<word: STRING>>", $"{change.Schema[3].Type}");
        Assert.Contains("no such column", Assert.Throws<DataFault>(() => change.RenameColumn("tags.element", "x")).Message);
        change.DropColumn("address.no");
        change.DropColumn("tags");
        var after = change.Commit("ALTER TABLE").Snapshot;
        Assert.Equal(before.Select(f => f.Path), after.Files.Select(f => f.Path));
        Assert.Equal(["id", "land", "address"], after.Schema.Fields.Select(f => f.Name));
        Assert.Equal(partitioned ? "land" : "", string.Join(",", after.PartitionColumns));
        Assert.Equal(["1 | NO | [Storgata]"], Rows.Sorted(Rows.Of(after)));
        // What was dropped does not come back under its old name.
        var again = table.Begin();
        again.SetSchema(SchemaChange.Merge(again.Schema, new Schema(new Field("tags", DataType.String))));
        again.Commit("ALTER TABLE");
        var schema = table.Open().Schema;
        table.Append([Tables.Batch(schema, [2L, "SE", new object?[] { "Kungsgatan" }, "new"])]);
        Assert.Equal(["1 | NO | [Storgata] | NULL", "2 | SE | [Kungsgatan] | new"], Rows.Sorted(Rows.Of(table.Open())));
        Assert.Equal(["2 | SE | [Kungsgatan] | new"], Rows.Sorted(Rows.Of(table.Open(), predicates: [new ColumnPredicate("land", ColumnComparison.Equal, "SE")])));
        using var pruned = new DeltaScan(table.Open(), ["id"], [new ColumnPredicate("id", ColumnComparison.Greater, 1L)]);
        Assert.Single(pruned.Files);
        Assert.Equal(Rows.Sorted(Rows.Of(table.Open())), Rows.Sorted(Rows.Of(Snapshot.Open(store))));
    }

    [Fact]
    public void The_files_know_columns_by_physical_names_and_ids()
    {
        var table = Create("name", partitioned: true);
        Add(table, 1, "NO", "Storgata", 7);
        var snapshot = table.Open();
        Assert.Contains("columnMapping", snapshot.Protocol.ReaderFeatures);
        Assert.Contains("columnMapping", snapshot.Protocol.WriterFeatures);
        Assert.Equal("7", snapshot.Metadata.Properties["delta.columnMapping.maxColumnId"]);
        var names = snapshot.Schema.Fields.Select(f => f.Metadata["delta.columnMapping.physicalName"]).ToArray();
        Assert.All(names, n => Assert.StartsWith("col-", n));
        Assert.Contains("\"delta.columnMapping.id\":1,", snapshot.Metadata.SchemaText);
        var file = Assert.Single(snapshot.Files);
        Assert.Equal([names[1]], file.PartitionValues.Keys);
        Assert.Contains($"\"minValues\":{{\"{names[0]}\":1", file.Stats);
        using var parquet = ParquetFile.Open(store.OpenRead(FilePath.ToStore(file.Path)), "file");
        Assert.Equal([names[0], names[2], names[3]], parquet.Schema.Fields.Select(f => f.Name));
        Assert.Equal("1", parquet.Schema[0].Metadata[ParquetFile.FieldIdKey]);
    }

    [Fact]
    public void A_table_in_use_takes_mapping_on_and_keeps_its_files()
    {
        var table = Create("none", partitioned: false);
        Add(table, 1, "NO", "Storgata", 7);
        var fault = Assert.Throws<DataFault>(() => table.Begin().RenameColumn("id", "key"));
        Assert.Equal("LF6078", fault.Code);
        var change = table.Begin();
        change.SetProperty("delta.columnMapping.mode", "name");
        change.RenameColumn("id", "key");
        var after = change.Commit("ALTER TABLE").Snapshot;
        Assert.Equal("id", after.Schema[0].Metadata["delta.columnMapping.physicalName"]);
        table.Append([Tables.Batch(after.Schema, [2L, "SE", null, null])]);
        Assert.Equal(["1 | NO | [Storgata, 7] | [[x]]", "2 | SE | NULL | NULL"], Rows.Sorted(Rows.Of(table.Open())));
        Assert.Equal("LF6078", Assert.Throws<DataFault>(() => table.Begin().SetProperty("delta.columnMapping.mode", "none")).Code);
    }

    [Fact]
    public void What_cannot_be_renamed_or_dropped_says_so()
    {
        var table = Create("name", partitioned: true);
        Add(table, 1, "NO", "Storgata", 7);
        Assert.Contains("already", Assert.Throws<DataFault>(() => table.Begin().RenameColumn("id", "Country")).Message);
        Assert.Contains("no such column", Assert.Throws<DataFault>(() => table.Begin().RenameColumn("address.zip", "x")).Message);
        Assert.Contains("partitioned", Assert.Throws<DataFault>(() => table.Begin().DropColumn("country")).Message);
        var last = table.Begin();
        last.DropColumn("address.no");
        Assert.Contains("no column would be left", Assert.Throws<DataFault>(() => last.DropColumn("address.street")).Message);
        var plain = new DeltaTable(new MemoryStore());
        plain.Create(new TableDefinition(People));
        Add(plain, 1, "NO", "Storgata", 7);
        var dropped = plain.Begin();
        dropped.SetSchema(new Schema(People[0]));
        Assert.Equal("LF6078", Assert.Throws<DataFault>(() => dropped.Commit("ALTER TABLE")).Code);
    }

    [Fact]
    public void Types_widen_and_old_files_are_read_as_the_wider_type()
    {
        (DataType From, DataType To, object Value, object Wide)[] cases =
        [
            (DataType.Int8, DataType.Int16, (sbyte)-3, (short)-3),
            (DataType.Int16, DataType.Int64, (short)7, 7L),
            (DataType.Int32, DataType.Int64, 7, 7L),
            (DataType.Int32, DataType.Double, 7, 7.0),
            (DataType.Int32, new DecimalType(12, 2), 7, (Int128)700),
            (DataType.Int64, new DecimalType(20, 0), 7L, (Int128)7),
            (DataType.Float, DataType.Double, 1.5f, 1.5),
            (new DecimalType(10, 2), new DecimalType(14, 4), (Int128)125, (Int128)12_500),
            (DataType.Date, DataType.TimestampNtz, 1, 86_400_000_000L),
        ];
        var narrow = new Schema((ImmutableArray<Field>)[.. cases.Select((c, i) => new Field($"c{i}", c.From)), new Field("nested", new ListType(DataType.Int32))]);
        var wide = new Schema((ImmutableArray<Field>)[.. cases.Select((c, i) => new Field($"c{i}", c.To)), new Field("nested", new ListType(DataType.Int64))]);
        var table = new DeltaTable(store);
        table.Create(new TableDefinition(narrow) { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableTypeWidening", "true") });
        table.Append([Tables.Batch(narrow, [.. cases.Select(c => c.Value), new object?[] { 5 }])]);
        var change = table.Begin();
        change.SetSchema(wide);
        var after = change.Commit("ALTER TABLE").Snapshot;
        Assert.Contains("typeWidening", after.Protocol.ReaderFeatures);
        Assert.Contains("""[{"fromType":"byte","toType":"short"}]""", after.Schema[0].Metadata["delta.typeChanges"]);
        Assert.Equal("""[{"fromType":"integer","toType":"long","fieldPath":"element"}]""", after.Schema[^1].Metadata["delta.typeChanges"]);
        table.Append([Tables.Batch(wide, [.. cases.Select(c => c.Wide), new object?[] { 5L }])]);
        var rows = Rows.Of(table.Open());
        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].Select(Rows.Text), rows[1].Select(Rows.Text));
        for (var i = 0; i < cases.Length; i++)
        {
            Assert.Equal(2, Rows.Of(table.Open(), predicates: [new ColumnPredicate($"c{i}", ColumnComparison.Equal, cases[i].Wide)]).Count);
        }
    }

    [Fact]
    public void A_type_that_does_not_widen_or_must_not_is_refused()
    {
        var table = Tables.Create(store, TableModel.Schema);
        table.Append([Tables.Batch(TableModel.Schema, [1L, "a", 1])]);
        var wider = table.Begin();
        wider.SetSchema(new Schema(TableModel.Schema[0], TableModel.Schema[1], new Field("value", DataType.Int64)));
        Assert.Contains("enableTypeWidening", Assert.Throws<DataFault>(() => wider.Commit("ALTER TABLE")).Message);
        var other = table.Begin();
        other.SetProperty("delta.enableTypeWidening", "true");
        other.SetSchema(new Schema(TableModel.Schema[0], TableModel.Schema[1], new Field("value", DataType.String)));
        Assert.Equal("LF6078", Assert.Throws<DataFault>(() => other.Commit("ALTER TABLE")).Code);
        // With all rows replaced, any shape will do.
        var anew = table.Begin();
        anew.RemoveAll();
        anew.SetSchema(new Schema(new Field("value", DataType.String)));
        Assert.Equal(0, anew.Commit("WRITE").Snapshot.RowCount);
    }

    private DeltaTable Create(string mode, bool partitioned)
    {
        var table = new DeltaTable(store);
        var properties = ImmutableSortedDictionary<string, string>.Empty;
        if (mode != "none") properties = properties.Add("delta.columnMapping.mode", mode);
        table.Create(new TableDefinition(People) { Properties = properties, PartitionColumns = partitioned ? ["country"] : [] });
        return table;
    }

    private static void Add(DeltaTable table, long id, string country, string street, int no) =>
        table.Append([Tables.Batch(People, [id, country, new object?[] { street, no }, new object?[] { new object?[] { "x" } }])]);
}
