using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.DuckDb;

namespace Lakeflow.Sql.Tests.RandomQueries;

/// <summary>Small tables of few distinct values and many NULLs: rows meet, groups have several rows, and everything is empty now and then.</summary>
internal static class RandomTables
{
    public static readonly DataType Money = new DecimalType(10, 2);

    private static readonly string[] Texts = ["", "a", "b", "ab", "ba", "B", "æ", "a longer text than fits inline"];

    public static readonly Schema Columns = new(
        new Field("id", DataType.Int32, Nullable: false), new Field("i", DataType.Int32), new Field("l", DataType.Int64), new Field("s", DataType.String),
        new Field("d", DataType.Double), new Field("b", DataType.Boolean), new Field("day", DataType.Date), new Field("m", Money));

    /// <summary>Rows in the form of <see cref="ArrowArray.GetValue"/>.</summary>
    public static List<object?[]> Rows(int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(id => Columns.Fields.Select(f => f.Name == "id" ? id : random.Next(5) == 0 ? null : Value(f.Type, random)).ToArray())];

    public static object Value(DataType type, Random random) => type switch
    {
        Int32Type => random.Next(-2, 6),
        Int64Type => (long)random.Next(-1, 4),
        StringType => Texts[random.Next(Texts.Length)],
        DoubleType => random.Next(-4, 8) / 2.0,
        BooleanType => random.Next(2) == 0,
        DateType => 19_720 + random.Next(6),
        DecimalType => (Int128)(random.Next(-3, 6) * 25),
        _ => throw new ArgumentException(type.ToString()),
    };

    public static string Literal(DataType type, object? value) => (type, value) switch
    {
        (_, null) => "NULL",
        (StringType, string text) => $"'{text}'",
        (DoubleType, double number) => $"CAST({number.ToString("R", CultureInfo.InvariantCulture)} AS DOUBLE)",
        (DateType, int days) => $"DATE '{DateTime.UnixEpoch.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'",
        (DecimalType, Int128 cents) => $"CAST({((decimal)(long)cents / 100).ToString(CultureInfo.InvariantCulture)} AS DECIMAL(10,2))",
        (BooleanType, bool yes) => yes ? "TRUE" : "FALSE",
        (Int64Type, long number) => $"CAST({number.ToString(CultureInfo.InvariantCulture)} AS BIGINT)",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    public static void Create(DuckDbConnection duck, string name, List<object?[]> rows)
    {
        duck.Execute($"CREATE TABLE {name} ({string.Join(", ", Columns.Fields.Select(f => $"{f.Name} {f.Type}"))})");
        if (rows.Count == 0) return;
        duck.Execute($"INSERT INTO {name} VALUES {string.Join(", ", rows.Select(r => $"({string.Join(", ", Columns.Fields.Select((f, i) => Literal(f.Type, r[i])))})"))}");
    }
}
