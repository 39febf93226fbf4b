using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class TableTests
{
    private readonly MemoryStore store = new();

    [Fact]
    public void Rows_appended_are_read_and_an_overwrite_replaces_them()
    {
        var table = Tables.Create(store, Tables.Orders);
        table.Append([Tables.OrdersFrom(0, 10), Tables.OrdersFrom(10, 5)]);
        Assert.Equal(Enumerable.Range(0, 15).Select(i => (long)i), Rows.Of(table.Open()).Select(r => (long)r[0]!));
        Assert.Equal(Rows.Sorted(Enumerable.Range(0, 15).Select(i => Tables.Order(i))), Rows.Sorted(Rows.Of(table.Open())));
        var result = table.Overwrite([Tables.OrdersFrom(100, 3)]);
        Assert.Equal(2, result.Version);
        Assert.Equal([100L, 101L, 102L], Rows.Of(result.Snapshot).Select(r => (long)r[0]!));
        Assert.Equal(15, Rows.Of(table.Open(1)).Count);
        Assert.Equal(3, result.Snapshot.RowCount);
        Assert.Equal("3", table.History(1).Single().Metrics["numOutputRows"]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("two words")]
    [InlineData("50% off")]
    [InlineData("%20")]
    [InlineData("größe-日本-🦆")]
    [InlineData("a+b&c=d#e")]
    public void A_table_may_have_any_name(string name)
    {
        using var folder = new TempFolder(Path.Combine("deep", name));
        var table = Tables.Create(new LocalStore(folder.Path), Tables.Orders, null, "country");
        table.Append([Tables.OrdersFrom(0, 20)]);
        Assert.Equal(20, Rows.Of(table.Open(), workers: 3).Count);
    }

    [Fact]
    public void A_partition_value_comes_back_as_it_was_whatever_it_holds()
    {
        string?[] countries = ["NO", "a b", "a%20b", "a/b", "../..", "=", "ü", "🦆", "x:y*z?", " ", ".", new('l', 300), null, "__HIVE_DEFAULT_PARTITION__"];
        using var folder = new TempFolder();
        var table = Tables.Create(new LocalStore(folder.Path), Tables.Orders, null, "country");
        using var batch = Tables.Batch(Tables.Orders, countries.SelectMany((c, i) => new[] { 0, 1 }.Select(n => new object?[] { (long)((i * 2) + n), c, null, null })));
        table.Append([batch]);
        var snapshot = table.Open();
        Assert.Equal(countries.Length, snapshot.Files.Length);
        var read = Rows.Of(snapshot).OrderBy(r => (long)r[0]!).Select(r => (string?)r[1]);
        Assert.Equal(countries.SelectMany(c => new[] { c, c }), read);
        foreach (var country in countries.OfType<string>())
        {
            using var scan = new DeltaScan(snapshot, ["id"], [new ColumnPredicate("country", ColumnComparison.Equal, country)]);
            Assert.Single(scan.Files);
            Assert.Equal(2, Rows.Of(scan).Count);
        }
    }

    [Fact]
    public void Every_type_can_be_a_partition()
    {
        object?[] values =
        [
            true, (sbyte)-3, (short)300, 70_000, 1L << 40, 1.5f, -0.25, new DateOnly(1969, 7, 20).DayNumber - new DateOnly(1970, 1, 1).DayNumber,
            -1L, 1_700_000_000_123_456L, (Int128)(-12345), "text", new byte[] { 0, 255, 37 },
        ];
        DataType[] types =
        [
            DataType.Boolean, DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Float, DataType.Double, DataType.Date,
            DataType.Timestamp, DataType.TimestampNtz, new DecimalType(9, 3), DataType.String, DataType.Binary,
        ];
        var schema = new Schema(types.Select((t, i) => new Field($"p{i}", t)).Append(new Field("x", DataType.Int32)).ToImmutableArray());
        var table = Tables.Create(store, schema, null, [.. schema.Fields.Take(types.Length).Select(f => f.Name)]);
        using var batch = Tables.Batch(schema, [[.. values, 1], [.. new object?[types.Length], 2]]);
        var snapshot = table.Append([batch]).Snapshot;
        Assert.Equal(
            Rows.Sorted([[.. values, 1], [.. new object?[types.Length], 2]]),
            Rows.Sorted(Rows.Of(snapshot)));
        for (var i = 0; i < types.Length; i++)
        {
            using var equal = new DeltaScan(snapshot, null, [new ColumnPredicate($"p{i}", ColumnComparison.Equal, values[i])]);
            Assert.Single(equal.Files);
            using var absent = new DeltaScan(snapshot, null, [new ColumnPredicate($"P{i}", ColumnComparison.IsNull, null)]);
            Assert.Single(absent.Files);
        }
    }

    [Fact]
    public void Columns_come_in_the_order_asked_for_and_new_ones_are_null()
    {
        var table = Tables.Create(store, Tables.Orders);
        table.Append([Tables.OrdersFrom(0, 3)]);
        var more = new Schema(new Field("id", DataType.Int64, Nullable: false), new Field("note", DataType.String));
        var transaction = table.Begin();
        transaction.SetSchema(SchemaChange.Merge(transaction.Schema, more));
        using (var writer = transaction.OpenWriter())
        using (var batch = Tables.Batch(more, [[9L, "new"]]))
        {
            writer.Write(batch);
            transaction.Add(writer.Finish());
        }

        var snapshot = transaction.Commit("WRITE").Snapshot;
        Assert.Equal(["0 | NULL", "1 | NULL", "2 | NULL", "9 | new"], Rows.Sorted(Rows.Of(snapshot, ["ID", "note"])));
        Assert.Contains("NULL | NULL | NULL | 9 | new", Rows.Sorted(Rows.Of(snapshot, ["country", "amount", "at", "id", "note"])));
        Assert.Equal(4, Rows.Of(snapshot, []).Count);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_with_the_column_and_both_types()
    {
        var table = Tables.Create(store, Tables.Orders);
        void Refuse(string code, string[] says, Schema schema, params object?[][] rows)
        {
            using var batch = Tables.Batch(schema, rows);
            var fault = Assert.Throws<DataFault>(() => table.Append([batch]));
            Assert.Equal(code, fault.Code);
            Assert.All(says, s => Assert.Contains(s, fault.Message));
        }

        var id = Tables.Orders[0];
        Refuse("LF6065", ["amount", "DECIMAL(10,2)", "DOUBLE"], new Schema(id, new Field("amount", DataType.Double)), [1L, 1.5]);
        Refuse("LF6066", ["colour"], new Schema(id, new Field("colour", DataType.String)), [1L, "red"]);
        Refuse("LF6067", ["id"], new Schema(new Field("id", DataType.Int64)), [1L], [null]);
        Refuse("LF6067", ["id"], new Schema(new Field("country", DataType.String)), ["NO"]);
        Assert.Equal(0, table.Open().Version);
        // Nothing is left of what was begun.
        Assert.All(store.List(""), o => Assert.StartsWith("_delta_log/", o.Path));
        Assert.Equal("LF6065", Assert.Throws<DataFault>(() => SchemaChange.Merge(Tables.Orders, new Schema(new Field("AMOUNT", DataType.Int32)))).Code);
    }

    [Fact]
    public void A_partition_that_must_not_be_NULL_takes_no_empty_text()
    {
        var schema = new Schema(new Field("country", DataType.String, Nullable: false), new Field("id", DataType.Int64));
        var table = Tables.Create(store, schema, null, "country");
        using var fits = Tables.Batch(schema, ["NO", 1L]);
        using var not = Tables.Batch(schema, ["NO", 2L], ["", 3L]);

        table.Append([fits]);
        var fault = Assert.Throws<DataFault>(() => table.Append([not]));

        Assert.Equal("LF6067", fault.Code);
        Assert.Contains("row 2 of a batch has an empty text", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["NO | 1"], Rows.Sorted(Rows.Of(table.Open(), ["country", "id"])));
    }

    [Fact]
    public void A_column_of_nothing_but_null_fits_any_type()
    {
        var table = Tables.Create(store, Tables.Orders);
        var schema = new Schema(Tables.Orders[0], new Field("amount", DataType.Null));
        table.Append([new RecordBatch(schema, [Tables.Batch(new Schema(schema[0]), [[1L]]).Columns[0], new NullArray(1)], 1)]);
        Assert.Equal(["1 | NULL"], Rows.Sorted(Rows.Of(table.Open(), ["id", "amount"])));
    }

    [Fact]
    public void Nested_columns_come_back_and_grow_new_fields()
    {
        var point = new StructType([new("x", DataType.Int32), new("y", DataType.Double)]);
        var schema = new Schema(
            new Field("id", DataType.Int32), new Field("p", point), new Field("l", new ListType(point)), new Field("m", new MapType(DataType.String, point)));
        var table = Tables.Create(store, schema);
        object?[][] rows =
        [
            [1, new object?[] { 1, 0.5 }, new object?[] { new object?[] { 2, null }, null }, new[] { KeyValuePair.Create<object, object?>("k", new object?[] { 3, 4.0 }) }],
            [2, null, null, null],
            [3, new object?[] { null, null }, Array.Empty<object?>(), Array.Empty<KeyValuePair<object, object?>>()],
        ];
        table.Append([Tables.Batch(schema, rows)]);
        Assert.Equal(Rows.Sorted(rows), Rows.Sorted(Rows.Of(table.Open())));
        var grown = new StructType([.. point.Fields, new Field("z", DataType.String)]);
        var transaction = table.Begin();
        transaction.SetSchema(SchemaChange.Merge(schema, new Schema(
            new Field("p", grown), new Field("l", new ListType(grown)), new Field("m", new MapType(DataType.String, grown)))));
        var snapshot = transaction.Commit("ADD COLUMNS").Snapshot;
        Assert.Equal(
            ["1 | [1, 0.5, NULL] | [[2, NULL, NULL], NULL] | {k: [3, 4, NULL]}", "2 | NULL | NULL | NULL", "3 | [NULL, NULL, NULL] | [] | {}"],
            Rows.Sorted(Rows.Of(snapshot)));
    }

    [Fact]
    public void A_file_narrower_than_the_table_is_widened()
    {
        Field[] before =
        [
            new("a", DataType.Int8), new("b", DataType.Int32), new("c", DataType.Int32), new("d", DataType.Float), new("e", new DecimalType(5, 2)),
            new("f", DataType.Int16), new("g", DataType.Date), new("h", new ListType(DataType.Int32)),
        ];
        DataType[] after =
        [
            DataType.Int32, DataType.Int64, DataType.Double, DataType.Double, new DecimalType(25, 4), new DecimalType(12, 1), DataType.TimestampNtz,
            new ListType(DataType.Int64),
        ];
        var table = Tables.Create(store, new Schema(before));
        table.Append([Tables.Batch(new Schema(before), [(sbyte)-1, 2, 3, 0.5f, (Int128)125, (short)7, 1, new object?[] { 1, null }], new object?[8])]);
        var transaction = table.Begin();
        transaction.SetProperty("delta.enableTypeWidening", "true");
        transaction.SetSchema(new Schema(before.Select((f, i) => f with { Type = after[i] }).ToImmutableArray()));
        var snapshot = transaction.Commit("CHANGE COLUMNS").Snapshot;
        Assert.Equal(
            ["-1 | 2 | 3 | 0.5 | 12500 | 70 | 86400000000 | [1, NULL]", "NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL"],
            Rows.Sorted(Rows.Of(snapshot, null, [new ColumnPredicate("b", ColumnComparison.GreaterOrEqual, 0L)])));
        // Another engine may have been less careful.
        var careless = new Schema(before.Select((f, i) => i == 3 ? f with { Type = DataType.Boolean } : f).ToImmutableArray());
        store.PutIfAbsent(LogNames.Commit(snapshot.Version + 1), ActionJson.Write([snapshot.Metadata with { SchemaText = SchemaJson.Write(careless) }]));
        Assert.Equal("LF6073", Assert.Throws<DataFault>(() => Rows.Of(table.Open())).Code);
    }

    [Fact]
    public void Statistics_say_what_the_protocol_wants()
    {
        var schema = new Schema(
            new Field("l", DataType.Int64), new Field("s", DataType.String), new Field("d", DataType.Double), new Field("t", DataType.Timestamp),
            new Field("m", new DecimalType(20, 2)), new Field("a", new ListType(DataType.Int32)), new Field("b", DataType.Boolean),
            new Field("n", new StructType([new("x", DataType.Int32), new("y", DataType.Date)])), new Field("nan", DataType.Float));
        var table = Tables.Create(store, schema);
        var @long = new string('é', 40);
        using var batch = Tables.Batch(
            schema,
            [5L, "b", 1.5, 1_500_001L, (Int128)250, new object?[] { 1 }, true, new object?[] { 7, 0 }, 1f],
            [-3L, @long, -2.0, 1_499_999L, (Int128)(-5), null, null, null, float.NaN],
            [null, null, null, null, null, null, null, new object?[] { null, -1 }, 2f]);
        var file = table.Append([batch]).Snapshot.Files.Single();
        using var stats = JsonDocument.Parse(file.Stats!);
        var root = stats.RootElement;
        Assert.Equal(3, root.GetProperty("numRecords").GetInt64());
        var (min, max, nulls) = (root.GetProperty("minValues"), root.GetProperty("maxValues"), root.GetProperty("nullCount"));
        Assert.Equal((-3, 5), (min.GetProperty("l").GetInt64(), max.GetProperty("l").GetInt64()));
        Assert.Equal("b", min.GetProperty("s").GetString());
        Assert.Equal(new string('é', 32) + "\U0010FFFF", max.GetProperty("s").GetString());
        Assert.Equal(("1970-01-01T00:00:01.499Z", "1970-01-01T00:00:01.501Z"), (min.GetProperty("t").GetString(), max.GetProperty("t").GetString()));
        Assert.Equal(("-0.05", "2.50"), (min.GetProperty("m").GetRawText(), max.GetProperty("m").GetRawText()));
        Assert.Equal("1969-12-31", min.GetProperty("n").GetProperty("y").GetString());
        Assert.False(max.TryGetProperty("nan", out _));
        Assert.False(min.TryGetProperty("b", out _));
        Assert.Equal((1, 2, 1), (nulls.GetProperty("l").GetInt64(), nulls.GetProperty("b").GetInt64(), nulls.GetProperty("n").GetProperty("y").GetInt64()));
    }

    [Fact]
    public void Skipping_leaves_out_files_and_never_a_row() => Prop
        .ForAll(Arb.From(Gen.Choose(-20, 140)), Arb.From(Gen.Elements(Enum.GetValues<ColumnComparison>())), (bound, comparison) =>
        {
            var table = Tables.Create(new MemoryStore(), Tables.Orders);
            for (var i = 0; i < 6; i++) table.Append([Tables.OrdersFrom(i * 20, 20)]);
            var predicate = new ColumnPredicate("at", comparison, comparison is ColumnComparison.IsNull or ColumnComparison.IsNotNull ? null : Tables.Order(bound)[3]);
            var byId = predicate with { Column = "id", Value = predicate.Value is null ? null : (long)bound };
            bool Meets(object?[] row) => comparison switch
            {
                ColumnComparison.Equal => (long)row[0]! == bound,
                ColumnComparison.Less => (long)row[0]! < bound,
                ColumnComparison.LessOrEqual => (long)row[0]! <= bound,
                ColumnComparison.Greater => (long)row[0]! > bound,
                ColumnComparison.GreaterOrEqual => (long)row[0]! >= bound,
                ColumnComparison.IsNull => false,
                _ => true,
            };
            var all = Rows.Of(table.Open()).Where(Meets).ToList();
            foreach (var p in new[] { predicate, byId })
            {
                using var scan = new DeltaScan(table.Open(), null, [p]);
                var some = Rows.Of(scan).Where(Meets).ToList();
                if (!Rows.Sorted(all).SequenceEqual(Rows.Sorted(some))) return false;
                if (comparison is ColumnComparison.Equal && scan.Files.Length > 1) return false;
            }

            return true;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_file_that_has_grown_enough_is_followed_by_another()
    {
        var table = Tables.Create(store, Tables.Orders);
        var batches = Enumerable.Range(0, 4).Select(i => Tables.OrdersFrom(i * 130_000, 130_000));
        var snapshot = table.Append(batches, new WriteOptions { TargetFileBytes = 200_000 }).Snapshot;
        Assert.InRange(snapshot.Files.Length, 2, 5);
        Assert.Equal(Enumerable.Range(0, 520_000).Select(i => (long)i), Rows.Of(snapshot, ["id"], workers: 2).Select(r => (long)r[0]!));
    }

    [Fact]
    public void What_an_abandoned_run_left_is_found()
    {
        var time = new ManualTime();
        var files = new MemoryStore(time);
        var table = Tables.Create(files, Tables.Orders, time, "country");
        table.Append([Tables.OrdersFrom(0, 10)]);
        table.Overwrite([Tables.OrdersFrom(0, 10)]);
        var lost = table.Begin();
        var writer = lost.OpenWriter();
        writer.Write(Tables.OrdersFrom(0, 1));
        var left = writer.Finish();
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(left.Select(f => FilePath.ToStore(f.Path)), TableFiles.Orphans(table.Open(), time.Now.AddHours(-1)).Select(o => o.Path));
        Assert.Empty(TableFiles.Orphans(table.Open(), time.Now.AddHours(-3)));
    }
}
