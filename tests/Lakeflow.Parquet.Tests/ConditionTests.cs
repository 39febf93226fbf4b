using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Arrow.Tests;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Tests;

/// <summary>Reading with conditions leaves out batches, and never a wanted row.</summary>
public class ConditionTests
{
    [Fact]
    public void What_is_read_with_conditions_are_the_batches_that_have_a_wanted_row() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var source = new RandomBatches(seed);
            var schema = source.Schema(1 + random.Next(5), depth: random.Next(3));
            var batch = source.Batch(schema, 1 + random.Next(600));
            var options = new ParquetWriteOptions
            {
                Codec = random.Next(2) == 0 ? Codec.None : Codec.Snappy,
                RowGroupRows = 1 + random.Next(700),
                PageBytes = 1 + random.Next(1000),
                Dictionary = random.Next(3) > 0,
                PageVersion = 1 + random.Next(2),
            };
            var (bytes, _) = Files.Write(schema, [batch], options);
            using var file = Files.Open(bytes);
            var rows = Rows.Of(file);
            var predicates = Predicates(random, schema, rows);
            var batchRows = 1 + random.Next(random.Next(2) == 0 ? 4 : 300);
            var got = new bool[rows.Count];
            for (var group = 0; group < file.RowGroups.Count; group++)
            {
                using var reader = file.OpenRowGroup(group, [.. Enumerable.Range(0, schema.Count)], predicates: predicates);
                while (reader.Read(batchRows) is { } part)
                {
                    using (part)
                    {
                        var first = (int)part.Origin!.FirstRow;
                        Files.AssertEqual(rows.GetRange(first, part.Length), [.. Enumerable.Range(0, part.Length).Select(r => (object?[])[.. part.Columns.Select(c => c.GetValue(r))])]);
                        got.AsSpan(first, part.Length).Fill(true);
                        if (predicates.All(p => Tells(schema.Find(p.Column)!.Type))) Assert.Contains(rows.GetRange(first, part.Length), r => Meets(r, schema, predicates));
                    }
                }
            }

            for (var row = 0; row < rows.Count; row++)
            {
                if (!got[row]) Assert.False(Meets(rows[row], schema, predicates), $"row {row} is missing");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_in_order_are_found_in_one_batch_of_many()
    {
        var schema = new Schema(new Field("id", DataType.Int64), new Field("text", DataType.String));
        var (ids, texts) = (new PrimitiveBuilder<long>(DataType.Int64), new StringArrayBuilder(DataType.String, 0));
        for (var i = 0; i < 10_000; i++)
        {
            ids.Append(i);
            texts.Append(Encoding.UTF8.GetBytes($"text {i / 100}"));
        }

        using var batch = new RecordBatch(schema, [ids.Build(), texts.Build()], 10_000);
        var (bytes, _) = Files.Write(schema, [batch], new ParquetWriteOptions { PageBytes = 4000 });
        using var file = Files.Open(bytes);
        List<long> Starts(params ColumnPredicate[] predicates)
        {
            using var reader = file.OpenRowGroup(0, [0, 1], predicates: predicates);
            var starts = new List<long>();
            while (reader.Read(1000) is { } part)
            {
                starts.Add(part.Origin!.FirstRow);
                part.Dispose();
            }

            return starts;
        }

        Assert.Equal([3000], Starts(new ColumnPredicate("id", ColumnComparison.Equal, 3999L)));
        Assert.Equal([0, 1000], Starts(new ColumnPredicate("id", ColumnComparison.Less, 1001L)));
        Assert.Equal([9000], Starts(new("id", ColumnComparison.Greater, 5L), new("text", ColumnComparison.Equal, "text 90")));
        Assert.Empty(Starts(new("id", ColumnComparison.Less, 1000L), new("text", ColumnComparison.Equal, "text 90")));
        Assert.Empty(Starts(new ColumnPredicate("id", ColumnComparison.IsNull, null)));
        // A constant of another type tells nothing.
        Assert.Equal(10, Starts(new ColumnPredicate("id", ColumnComparison.Equal, 1)).Count);
    }

    private static List<ColumnPredicate> Predicates(Random random, Schema schema, List<object?[]> rows)
    {
        var predicates = new List<ColumnPredicate>();
        for (var left = 1 + random.Next(3); left > 0; left--)
        {
            var column = random.Next(schema.Count);
            var comparison = (ColumnComparison)random.Next(7);
            var value = rows[random.Next(rows.Count)][column];
            if (comparison is ColumnComparison.IsNull or ColumnComparison.IsNotNull) predicates.Add(new(schema[column].Name, comparison, null));
            else if (value is not null and not double.NaN and not float.NaN && !schema[column].Type.IsNested) predicates.Add(new(schema[column].Name, comparison, value));
        }

        return predicates;
    }

    /// <summary>True for types whose every value is looked at, however it is stored.</summary>
    private static bool Tells(DataType type) => !type.IsNested && type is not (StringType or BinaryType or BooleanType or NullType);

    private static bool Meets(object?[] row, Schema schema, List<ColumnPredicate> predicates) => predicates.All(p =>
    {
        var value = row[schema.IndexOf(p.Column)];
        if (p.Comparison == ColumnComparison.IsNull) return value is null;
        if (value is null) return false;
        return p.Comparison switch
        {
            ColumnComparison.IsNotNull => true,
            ColumnComparison.Equal => Order(value, p.Value!) == 0,
            ColumnComparison.Less => Order(value, p.Value!) < 0,
            ColumnComparison.LessOrEqual => Order(value, p.Value!) <= 0,
            ColumnComparison.Greater => Order(value, p.Value!) > 0,
            _ => Order(value, p.Value!) >= 0,
        };
    });

    private static int Order(object left, object right) => (left, right) switch
    {
        (string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        // NaN above all, and one zero.
        (double a, double b) => double.IsNaN(a) ? 1 : a < b ? -1 : a > b ? 1 : 0,
        (float a, float b) => float.IsNaN(a) ? 1 : a < b ? -1 : a > b ? 1 : 0,
        _ => ((IComparable)left).CompareTo(right),
    };
}
