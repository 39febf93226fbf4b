using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Tests;

/// <summary>Files in memory.</summary>
internal static class Files
{
    public static (byte[] Bytes, ParquetWriteResult Result) Write(Schema schema, IReadOnlyList<RecordBatch> batches, ParquetWriteOptions? options = null)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, schema, options);
        foreach (var batch in batches) writer.Write(batch);
        var result = writer.Close();
        return (stream.ToArray(), result);
    }

    public static ParquetFile Open(byte[] bytes) => ParquetFile.Open(new MemoryRead(bytes), "test.parquet");

    public static List<object?[]> RowsOf(IEnumerable<RecordBatch> batches) =>
        [.. batches.SelectMany(b => Enumerable.Range(0, b.Length).Select(i => b.Columns.Select(c => c.GetValue(i)).ToArray()))];

    /// <param name="expected">Rows.</param>
    /// <param name="actual">Rows.</param>
    /// <param name="oneZero">True where a writer in between makes no difference of −0.0 and 0.0.</param>
    public static void AssertEqual(List<object?[]> expected, List<object?[]> actual, bool oneZero = false)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            for (var c = 0; c < expected[i].Length; c++)
            {
                if (!Same(expected[i][c], actual[i][c], oneZero)) Assert.Fail($"row {i}, column {c}: {Show(expected[i][c])} became {Show(actual[i][c])}");
            }
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "NULL",
        Array values => $"[{string.Join(", ", values.Cast<object?>().Select(Show))}]",
        KeyValuePair<object, object?> pair => $"{Show(pair.Key)}: {Show(pair.Value)}",
        _ => $"{value} ({value.GetType().Name})",
    };

    // Doubles by their bits, so that NaN equals NaN and −0.0 is not 0.0.
    private static bool Same(object? a, object? b, bool oneZero) => (a, b) switch
    {
        (0.0, 0.0) or (0f, 0f) when oneZero => true,
        (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (object?[] x, object?[] y) => x.Length == y.Length && x.Zip(y).All(p => Same(p.First, p.Second, oneZero)),
        (KeyValuePair<object, object?>[] x, KeyValuePair<object, object?>[] y) =>
            x.Length == y.Length && x.Zip(y).All(p => Same(p.First.Key, p.Second.Key, oneZero) && Same(p.First.Value, p.Second.Value, oneZero)),
        _ => Equals(a, b),
    };
}
