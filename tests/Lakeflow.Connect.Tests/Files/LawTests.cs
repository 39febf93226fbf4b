using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Tests.Files;

public sealed class LawTests : IDisposable
{
    private static readonly Schema Typed = new(
        new Field("n", DataType.Int64), new Field("d", DataType.Double), new Field("t", DataType.String), new Field("day", DataType.Date), new Field("b", DataType.Boolean));

    private readonly FileCase files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Rows_written_as_csv_are_the_rows_read_however_the_file_is_cut()
    {
        Prop.ForAll(Rows(), Cuts(), (rows, cut) =>
        {
            var text = new StringBuilder();
            foreach (var (n, d, t, day, b) in rows)
            {
                text.Append(string.Join(',', Text(n), Text(d), t is null ? "" : $"\"{t.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\"\"", StringComparison.Ordinal)}\"", Day(day), Text(b))).Append(cut.End);
            }

            files.Write("law.csv", text.ToString());
            // A quoted empty text is NULL unless NULL has another name.
            var spec = files.Spec("law.csv", ("nullValue", "no such text"), ("timeZone", "UTC")) with { Declared = Typed };
            return Expected(rows).SequenceEqual(FileCase.Read(spec, workers: cut.Workers, sliceBytes: cut.Slice));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Rows_written_as_json_are_the_rows_read_however_the_file_is_cut()
    {
        Prop.ForAll(Rows(), Cuts(), (rows, cut) =>
        {
            var text = new StringBuilder();
            foreach (var (n, d, t, day, b) in rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"{{\"n\":{Json(Text(n))},\"skip\":{{\"n\":[1,\"}}\"]}},\"t\":{(t is null ? "null" : JsonSerializer.Serialize(t))},\"d\":{Json(Text(d))},\"day\":{(day is null ? "null" : $"\"{Day(day)}\"")},\"b\":{Json(Text(b))}}}{cut.End}");
            }

            files.Write("law.json", text.ToString());
            var spec = files.Spec("law.json") with { Declared = Typed };
            return Expected(rows).SequenceEqual(FileCase.Read(spec, workers: cut.Workers, sliceBytes: cut.Slice))
                && Expected(rows).SequenceEqual(FileCase.Read(files.Spec("law.json", ("multiLine", "true")) with { Declared = Typed }));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("csv", "false")]
    [InlineData("csv", "true")]
    [InlineData("json", "false")]
    [InlineData("json", "true")]
    public void Any_bytes_end_in_rows_or_in_an_error_for_the_user(string format, string multiLine)
    {
        var pieces = Gen.Elements(
            "\"", "\\", ",", "\n", "\r", "\r\n", "{", "}", "[", "]", ":", "'", "a", "1", "-", ".", "e", "null", "true", "\\u12", "\uFEFF", " ", "\t", "{\"a\":1}\n", "1,2\n", "\"x\"", "\0", "é")
            .ListOf().Select(p => Encoding.UTF8.GetBytes(string.Concat(p)));
        var bytes = Gen.OneOf(pieces, ArbMap.Default.GeneratorFor<byte[]>());
        Prop.ForAll(bytes.ToArbitrary(), Cuts(), (text, cut) =>
        {
            files.Write("fuzz", text);
            foreach (var (mode, declared) in new[] { ("PERMISSIVE", false), ("PERMISSIVE", true), ("FAILFAST", true), ("DROPMALFORMED", true) })
            {
                var spec = files.Spec("fuzz", ("format", format), ("multiLine", multiLine), ("mode", mode), ("header", "true"), ("rescuedDataColumn", "_r"));
                if (declared) spec = spec with { Declared = new Schema(new Field("a", DataType.Int32), new Field("b", DataType.String), new Field("_corrupt_record", DataType.String)) };
                try
                {
                    FileCase.Read(spec, workers: cut.Workers, sliceBytes: cut.Slice);
                }
                catch (Exception fault) when (fault is RuntimeError or DataFault)
                {
                    // Said in words, with a code: that is all that is asked.
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    private static Arbitrary<List<(long? N, double? D, string? T, int? Day, bool? B)>> Rows()
    {
        var text = Gen.Elements("a", "b", ",", "\"", "\\", "é", "😀", " ", "'", "x\ty", "longer than thirty-two bytes in all, with, commas").ListOf().Select(p => string.Concat(p));
        var row =
            from n in Nullable(ArbMap.Default.GeneratorFor<long>())
            from d in Nullable(ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite))
            from t in Gen.Frequency((1, Gen.Constant<string?>(null)), (5, text.Select(t => (string?)t)))
            from day in Nullable(Gen.Choose(-200_000, 200_000))
            from b in Nullable(ArbMap.Default.GeneratorFor<bool>())
            select (n, d, t, day, b);
        // A line without any value is a blank line to JSON's and CSV's readers alike; the number keeps rows apart from it.
        return row.Select(r => r with { n = r.n ?? 0 }).ListOf().Select(l => l.ToList()).ToArbitrary();
    }

    private static Gen<T?> Nullable<T>(Gen<T> values)
        where T : struct => Gen.Frequency((1, Gen.Constant<T?>(null)), (5, values.Select(v => (T?)v)));

    private static Arbitrary<(long Slice, int Workers, string End)> Cuts() =>
        (from slice in Gen.Elements(1L, 7, 64, 1000, 1 << 20)
         from workers in Gen.Choose(1, 3)
         from end in Gen.Elements("\n", "\r\n", "\r")
         select (slice, workers, end)).ToArbitrary();

    private static IEnumerable<string> Expected(List<(long? N, double? D, string? T, int? Day, bool? B)> rows) => rows.Select(r => string.Join(
        '|',
        Text(r.N) is { Length: > 0 } n ? n : "NULL",
        r.D is null ? "NULL" : Convert.ToString(r.D, CultureInfo.InvariantCulture),
        r.T ?? "NULL",
        r.Day is null ? "NULL" : Day(r.Day),
        r.B is null ? "NULL" : Convert.ToString(r.B, CultureInfo.InvariantCulture)));

    private static string Text(object? value) => value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Json(string text) => text.Length == 0 ? "null" : text;

    private static string Day(int? day) => day is null ? "" : DateTime.UnixEpoch.AddDays(day.Value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
