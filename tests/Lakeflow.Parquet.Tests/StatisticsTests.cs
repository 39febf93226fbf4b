using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Arrow.Tests;

namespace Lakeflow.Parquet.Tests;

/// <summary>Bounds are bounds, and what they rule out is not there.</summary>
public class StatisticsTests
{
    [Fact]
    public void Pruning_never_loses_a_row() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomBatches(seed);
            var types = RandomBatches.LeafTypes.Where(t => t is not NullType).ToList();
            var field = new Field("c", types[random.Next(types.Count)]);
            var schema = new Schema(field);
            var batch = random.Batch(schema, 200);
            var (bytes, _) = Files.Write(schema, [batch], new ParquetWriteOptions { RowGroupRows = 20, Dictionary = random.Next(2) == 0 });
            using var file = Files.Open(bytes);
            var constants = random.Batch(schema, 20);
            foreach (var comparison in Enum.GetValues<ColumnComparison>())
            {
                for (var k = 0; k < constants.Length; k++)
                {
                    if (constants.Columns[0].GetValue(k) is not { } constant) continue;
                    var predicate = new ColumnPredicate("C", comparison, constant);
                    for (var g = 0; g < file.RowGroups.Count; g++)
                    {
                        if (!file.CanSkip(g, [predicate])) continue;
                        var rows = Enumerable.Range(g * 20, 20).Select(batch.Columns[0].GetValue);
                        Assert.DoesNotContain(rows, v => Meets(v, comparison, constant));
                    }
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Row_groups_apart_from_a_constant_are_skipped()
    {
        var builder = new PrimitiveBuilder<int>(DataType.Int32);
        for (var i = 0; i < 100; i++) builder.Append(i);
        var schema = new Schema(new Field("n", DataType.Int32));
        var (bytes, _) = Files.Write(schema, [new RecordBatch(schema, [builder.Build()], 100)], new ParquetWriteOptions { RowGroupRows = 10 });
        using var file = Files.Open(bytes);
        int Kept(ColumnComparison comparison, object? value) =>
            Enumerable.Range(0, 10).Count(g => !file.CanSkip(g, [new ColumnPredicate("n", comparison, value)]));
        Assert.Equal(1, Kept(ColumnComparison.Equal, 42));
        Assert.Equal(0, Kept(ColumnComparison.Equal, 100));
        Assert.Equal(5, Kept(ColumnComparison.Less, 50));
        Assert.Equal(6, Kept(ColumnComparison.LessOrEqual, 50));
        Assert.Equal(1, Kept(ColumnComparison.Greater, 90));
        Assert.Equal(2, Kept(ColumnComparison.GreaterOrEqual, 89));
        Assert.Equal(0, Kept(ColumnComparison.IsNull, null));
        Assert.Equal(10, Kept(ColumnComparison.IsNotNull, null));
    }

    [Fact]
    public void Long_texts_are_cut_between_characters_and_stay_bounds()
    {
        var low = string.Concat(Enumerable.Repeat("日本", 40));
        var high = string.Concat(Enumerable.Repeat("🌊", 40));
        var builder = new StringArrayBuilder(DataType.String);
        builder.Append(low);
        builder.Append(high);
        var schema = new Schema(new Field("t", DataType.String));
        var (bytes, result) = Files.Write(schema, [new RecordBatch(schema, [builder.Build()], 2)]);
        // The writer's result is whole: Delta cuts by its own rule.
        Assert.Equal((low, high), ((string)result.Columns[0].Statistics.Min!, (string)result.Columns[0].Statistics.Max!));
        using var file = Files.Open(bytes);
        var stored = file.StatisticsOf(0, 0);
        Assert.False(stored.MinExact || stored.MaxExact);
        var (min, max) = (Encoding.UTF8.GetBytes((string)stored.Min!), Encoding.UTF8.GetBytes((string)stored.Max!));
        Assert.True(min.Length <= 64 && max.Length <= 64);
        Assert.StartsWith((string)stored.Min!, low, StringComparison.Ordinal);
        Assert.True(max.AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(high)) > 0);
    }

    [Fact]
    public void Nan_is_no_bound_and_zero_stands_for_both_zeros()
    {
        var builder = new PrimitiveBuilder<double>(DataType.Double);
        foreach (var value in new[] { double.NaN, 0.0, 0.0, double.NaN }) builder.Append(value);
        var schema = new Schema(new Field("d", DataType.Double));
        var (bytes, result) = Files.Write(schema, [new RecordBatch(schema, [builder.Build()], 4)]);
        using var file = Files.Open(bytes);
        foreach (var statistics in new[] { file.StatisticsOf(0, 0), result.Columns[0].Statistics })
        {
            Assert.True(double.IsNegative((double)statistics.Min!));
            Assert.False(double.IsNegative((double)statistics.Max!));
            Assert.Equal((0.0, 0.0, 0L), ((double)statistics.Min, (double)statistics.Max, statistics.NullCount!.Value));
        }
    }

    [Fact]
    public void The_result_tells_each_leaf_by_its_path_over_all_row_groups()
    {
        var type = new StructType([new Field("x", DataType.Int32), new Field("list", new ListType(DataType.Int64))]);
        var schema = new Schema(new Field("s", type), new Field("n", new DecimalType(10, 2)));
        var rows = ArrayBuilder.Create(type);
        var numbers = ArrayBuilder.Create(new DecimalType(10, 2));
        for (var i = 0; i < 50; i++)
        {
            rows.AppendValue(i % 10 == 0 ? null : new object?[] { i % 10 == 1 ? null : i, new object?[] { (long)i } });
            numbers.AppendValue((Int128)(i - 25));
        }

        var (_, result) = Files.Write(schema, [new RecordBatch(schema, [rows.Build(), numbers.Build()], 50)], new ParquetWriteOptions { RowGroupRows = 7 });
        Assert.Equal(["s.x", "s.list.element", "n"], result.Columns.Select(c => string.Join('.', c.Path)));
        Assert.Equal([false, true, false], result.Columns.Select(c => c.Repeated));
        Assert.Equal(new ColumnStatistics(2, 49, 10), result.Columns[0].Statistics);
        Assert.Equal(new ColumnStatistics((Int128)(-25), (Int128)24, 0), result.Columns[2].Statistics);
        Assert.Equal(50, result.Rows);
    }

    private static bool Meets(object? value, ColumnComparison comparison, object constant)
    {
        if (value is null) return comparison == ColumnComparison.IsNull;
        var order = Order(value, constant);
        return comparison switch
        {
            ColumnComparison.Equal => order == 0,
            ColumnComparison.Less => order < 0,
            ColumnComparison.LessOrEqual => order <= 0,
            ColumnComparison.Greater => order > 0,
            ColumnComparison.GreaterOrEqual => order >= 0,
            ColumnComparison.IsNotNull => true,
            _ => false,
        };
    }

    // Spark's order: NaN equals NaN and is greater than every number, −0.0 equals 0.0, text by its bytes.
    private static int Order(object a, object b) => (a, b) switch
    {
        (double x, double y) => x == y || (double.IsNaN(x) && double.IsNaN(y)) ? 0 : double.IsNaN(x) ? 1 : double.IsNaN(y) ? -1 : x.CompareTo(y),
        (float x, float y) => x == y || (float.IsNaN(x) && float.IsNaN(y)) ? 0 : float.IsNaN(x) ? 1 : float.IsNaN(y) ? -1 : x.CompareTo(y),
        (string x, string y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y)),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        _ => ((IComparable)a).CompareTo(b),
    };
}
