using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta.Tests;

/// <summary>Conditions that a scan may use to leave rows out must never leave out one that meets them.</summary>
public sealed class ScanConditionTests
{
    private const int Half = 2000;

    private static readonly (DataType From, DataType To, Func<int, object> Narrow, Func<int, object> Wide)[] Columns =
    [
        (DataType.Int32, DataType.Int64, i => i, i => (long)i),
        (new DecimalType(9, 2), new DecimalType(12, 4), i => (Int128)(i * 100), i => (Int128)(i * 10_000)),
        (DataType.Int32, new DecimalType(12, 2), i => i, i => (Int128)(i * 100)),
        (DataType.Date, DataType.TimestampNtz, i => i, i => i * 86_400_000_000L),
        (DataType.Float, DataType.Double, i => i + 0.5f, i => i + 0.5),
    ];

    private readonly MemoryStore store = new(new ManualTime());

    [Fact]
    public void A_column_that_was_widened_loses_no_row()
    {
        var narrow = new Schema(Columns.Select((c, i) => new Field($"c{i}", c.From)).ToImmutableArray());
        var wide = new Schema(Columns.Select((c, i) => new Field($"c{i}", c.To)).ToImmutableArray());
        var table = new DeltaTable(store);
        table.Create(new TableDefinition(narrow) { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("delta.enableTypeWidening", "true") });
        table.Append([Tables.Batch(narrow, Enumerable.Range(0, Half).Select(i => Columns.Select(c => (object?)c.Narrow(i)).ToArray()))]);
        var change = table.Begin();
        change.SetSchema(wide);
        change.Commit("ALTER TABLE");
        table.Append([Tables.Batch(wide, Enumerable.Range(Half, Half).Select(i => Columns.Select(c => (object?)c.Wide(i)).ToArray()))]);
        var snapshot = table.Open();
        var all = Rows.Of(snapshot);
        Assert.Equal(2 * Half, all.Count);
        for (var c = 0; c < Columns.Length; c++)
        {
            foreach (var i in new[] { -1, 0, 1, 100, Half - 1, Half, (2 * Half) - 1, 2 * Half })
            {
                foreach (var comparison in new[] { ColumnComparison.Equal, ColumnComparison.Less, ColumnComparison.LessOrEqual, ColumnComparison.Greater, ColumnComparison.GreaterOrEqual })
                {
                    var value = Columns[c].Wide(i);
                    var found = Rows.Of(snapshot, predicates: [new ColumnPredicate($"c{c}", comparison, value)]);
                    Assert.Equal(Meeting(all, c, comparison, value), Meeting(found, c, comparison, value));
                }
            }
        }
    }

    [Fact]
    public void A_file_that_repeats_its_partition_column_is_judged_by_the_log()
    {
        var schema = new Schema(new Field("id", DataType.Int64), new Field("part", DataType.Int64));
        var table = Tables.Create(store, schema, null, "part");
        long size;
        using (var stream = store.OpenWrite("repeated.parquet"))
        {
            // The value of a partition column is what the log says; a file that has the column too may hold anything there.
            using var writer = new ParquetWriter(stream, schema);
            using var batch = Tables.Batch(schema, Enumerable.Range(0, 100).Select(i => new object?[] { (long)i, 7L }));
            writer.Write(batch);
            size = writer.Close().Bytes;
        }

        var add = table.Begin();
        add.Add(new AddFile("repeated.parquet", ImmutableSortedDictionary<string, string?>.Empty.Add("part", "1"), size, 0, DataChange: true));
        add.Commit("WRITE");
        var snapshot = table.Open();
        Assert.Equal(100, Rows.Of(snapshot, predicates: [new ColumnPredicate("part", ColumnComparison.Equal, 1L)]).Count);
        Assert.Equal(100, Rows.Of(snapshot, predicates: [new ColumnPredicate("part", ColumnComparison.Less, 7L)]).Count);
        Assert.Empty(Rows.Of(snapshot, predicates: [new ColumnPredicate("part", ColumnComparison.Equal, 7L)]));
        using var keys = new DeltaScan(snapshot, ["id"], keys: [KeyFilter.Values("part", [1L])]);
        Assert.Equal(100, Rows.Of(keys).Count);
    }

    private static List<string> Meeting(List<object?[]> rows, int column, ColumnComparison comparison, object value) => Rows.Sorted(rows.Where(r =>
    {
        var order = ((IComparable)r[column]!).CompareTo(value);
        return comparison switch
        {
            ColumnComparison.Equal => order == 0,
            ColumnComparison.Less => order < 0,
            ColumnComparison.LessOrEqual => order <= 0,
            ColumnComparison.Greater => order > 0,
            _ => order >= 0,
        };
    }));
}
