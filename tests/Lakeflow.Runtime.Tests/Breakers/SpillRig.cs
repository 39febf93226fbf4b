using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Runtime.Tests.Breakers;

/// <summary>Runs with a memory budget of their own and a folder to spill into, and random rows.</summary>
internal sealed class SpillRig : IDisposable
{
    public static readonly Schema Columns = new(
        new Field("n", DataType.Int32), new Field("t", DataType.String), new Field("d", DataType.Double), new Field("w", new DecimalType(38, 2)),
        new Field("b", DataType.Boolean), new Field("l", new ListType(DataType.String)),
        new Field("s", new StructType([new Field("x", DataType.Int64), new Field("y", DataType.Binary)])),
        new Field("m", new MapType(DataType.Int16, DataType.Float)), new Field("v", DataType.Null), new Field("at", DataType.Int64));

    public SpillRig() => Folder = Directory.CreateTempSubdirectory("spill-tests").FullName;

    public string Folder { get; }

    /// <summary>A run whose breakers spill after each batch.</summary>
    public FlowRun Spilling(int workers = 2, long bytes = 1 << 28, long limit = long.MaxValue) =>
        Run(workers, new MemoryBudget(bytes, new SpillFolder(Folder, limit)) { SpillsAlways = true });

    /// <summary>A run whose breakers keep everything in memory.</summary>
    public FlowRun Roomy(int workers = 2) => Run(workers, new MemoryBudget(1 << 28, new SpillFolder(Folder)));

    public static FlowRun Run(int workers, MemoryBudget memory) => new(
        new FlowInfo("f", new QualifiedName("c", "s", "t"), FlowKind.Query, "", [], Columns, SourceSpan.None),
        new RunConstants(0, SessionZone.Utc), workers, _ => throw new InvalidOperationException(), _ => throw new InvalidOperationException(), CancellationToken.None, memory);

    /// <summary>Batches of random rows, some sliced, some texts behind a dictionary; the last column tells the rows apart.</summary>
    public static List<RecordBatch> Batches(Random random, int count, int mostRows = 40)
    {
        var batches = new List<RecordBatch>();
        long at = 0;
        for (var b = 0; b < count; b++)
        {
            var rows = random.Next(mostRows) + 1;
            var builders = Columns.Fields.Select(f => ArrayBuilder.Create(f.Type)).ToArray();
            for (var i = 0; i < rows; i++)
            {
                for (var c = 0; c < builders.Length; c++) builders[c].AppendValue(random.Next(5) == 0 && c < 9 ? null : Value(random, c, at));
                at++;
            }

            var columns = builders.Select(x => x.Build()).ToArray();
            if (random.Next(2) == 0) columns[1] = Encoded(columns[1]);
            using var batch = new RecordBatch(Columns, [.. columns], rows) { Ordinal = (long)b << 32 };
            var start = random.Next(rows);
            batches.Add(batch.Slice(start, rows - start));
        }

        return batches;
    }

    public static List<string> Text(IEnumerable<RecordBatch> batches)
    {
        var rows = new List<string>();
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Length; i++) rows.Add(string.Join(" | ", batch.Columns.Select(c => Show(c.GetValue(i)))));
        }

        return rows;
    }

    public static List<string> Read(IBatchSource source)
    {
        using (source)
        {
            using var reader = source.Open(0, 1);
            var rows = new List<string>();
            while (reader.Read() is { } batch)
            {
                using (batch) rows.AddRange(Text([batch]));
            }

            return rows;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static object? Value(Random random, int column, long at) => column switch
    {
        0 => random.Next(-3, 4),
        1 => new string((char)('a' + random.Next(3)), random.Next(20)),
        2 => random.Next(6) switch { 0 => double.NaN, 1 => -0.0, 2 => double.NegativeInfinity, _ => random.Next(4) / 2.0 },
        3 => (Int128)random.Next(-2, 3) << 70,
        4 => random.Next(2) == 0,
        5 => Enumerable.Range(0, random.Next(3)).Select(i => i == 1 ? null : (object?)$"item {random.Next(3)}").ToArray(),
        6 => new object?[] { random.NextInt64(), new byte[] { 1, (byte)random.Next(3) } },
        7 => new[] { new KeyValuePair<object, object?>((short)random.Next(3), random.Next(2) == 0 ? null : 1.5f) },
        8 => null,
        _ => at,
    };

    private static DictionaryArray Encoded(ArrowArray texts)
    {
        var distinct = Enumerable.Range(0, texts.Length).Select(texts.GetValue).Where(v => v is not null).Distinct().Append("in no row").ToArray();
        var codes = ArrayBuilder.Create(DataType.Int32);
        for (var i = 0; i < texts.Length; i++) codes.AppendValue(texts.GetValue(i) is { } value ? Array.IndexOf(distinct, value) : null);
        var values = ArrayBuilder.Create(DataType.String);
        foreach (var value in distinct) values.AppendValue(value);
        return new DictionaryArray((PrimitiveArray<int>)codes.Build(), values.Build());
    }

    private static string Show(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        object?[] items => $"[{string.Join(", ", items.Select(Show))}]",
        KeyValuePair<object, object?>[] pairs => string.Join(", ", pairs.Select(p => $"{p.Key}: {Show(p.Value)}")),
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
