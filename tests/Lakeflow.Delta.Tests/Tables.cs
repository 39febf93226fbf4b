using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

/// <summary>Small tables for tests.</summary>
internal static class Tables
{
    public static readonly Schema Orders = new(
        new Field("id", DataType.Int64, Nullable: false),
        new Field("country", DataType.String),
        new Field("amount", new DecimalType(10, 2)),
        new Field("at", DataType.Timestamp));

    /// <summary>Rows in the form of <see cref="ArrowArray.GetValue"/> as a batch.</summary>
    public static RecordBatch Batch(Schema schema, params IEnumerable<object?[]> rows)
    {
        var builders = schema.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
        var count = 0;
        foreach (var row in rows)
        {
            for (var c = 0; c < builders.Length; c++) builders[c].AppendValue(row[c]);
            count++;
        }

        return new RecordBatch(schema, [.. builders.Select(b => b.Build())], count);
    }

    public static object?[] Order(long id) =>
        [id, id % 5 == 0 ? null : id % 2 == 0 ? "NO" : "SE", (Int128)(id * 125), 1_767_225_600_000_000 + (id * 1_000_001)];

    public static RecordBatch OrdersFrom(long first, int count) =>
        Batch(Orders, Enumerable.Range(0, count).Select(i => Order(first + i)));

    public static DeltaTable Create(IObjectStore store, Schema schema, TimeProvider? time = null, params ImmutableArray<string> partitionBy)
    {
        var table = new DeltaTable(store, time);
        table.Create(new TableDefinition(schema) { PartitionColumns = partitionBy });
        return table;
    }
}
