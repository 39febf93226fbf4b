using System.Collections.Immutable;
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

    [Fact]
    public void Fields_are_found_wherever_they_stand_and_their_values_are_those_of_another_parser()
    {
        string[] names = ["a", "b", "ab", "abcdef", "abcdefgh", "abcdefghi", "a name of more than sixteen bytes", "é\\\""];
        var declared = new Schema(names.Select(n => new Field(n, DataType.String)).ToImmutableArray());
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            var expected = new List<string>();
            string[] order = [.. names];
            for (var row = random.Next(30); row >= 0; row--)
            {
                // Mostly the order of the record before, sometimes another, with some fields left out and some that nobody asked for.
                if (random.Next(5) == 0) random.Shuffle(order);
                var fields = order.Where(_ => random.Next(10) > 0).Append(random.Next(4) switch { 0 => "nobody's", 1 => "A", _ => order[0] }).Distinct().ToArray();
                var blank = random.Next(3) == 0 ? " " : "";
                var record = "{" + string.Join("," + blank, fields.Select(f => $"{JsonSerializer.Serialize(f)}{(random.Next(8) == 0 ? " " : "")}:{blank}{Value(random)}")) + "}";
                text.Append(record).Append('\n');
                using var parsed = JsonDocument.Parse(record);
                expected.Add(string.Join('|', names.Select(n => !parsed.RootElement.TryGetProperty(n, out var v) || v.ValueKind == JsonValueKind.Null ? "NULL" : v.ToString())));
            }

            files.Write("fields.json", text.ToString());
            var spec = files.Spec("fields.json", ("readerCaseSensitive", "true")) with { Declared = declared };
            Assert.Equal(expected, FileCase.Read(spec));
            string[] some = [names[random.Next(names.Length)]];
            Assert.Equal(expected.Select(e => e.Split('|')[Array.IndexOf(names, some[0])]), FileCase.Read(spec, some));
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

    /// <summary>A value's JSON text without blanks: numbers and strings of lengths around those of a vector, escapes at any place.</summary>
    private static string Value(Random random)
    {
        string Digits(int most) => string.Concat(Enumerable.Range(0, 1 + random.Next(most)).Select(i => (char)('1' + random.Next(9))));
        switch (random.Next(8))
        {
            case 0:
                return "null";
            case 1:
                return random.Next(2) == 0 ? "{\"x\":[1,\"}\"]}" : "[]";
            case 2 or 3:
                var whole = random.Next(5) == 0 ? "0" : Digits(random.Next(6) == 0 ? 40 : 8);
                return (random.Next(3) == 0 ? "-" : "") + whole + (random.Next(2) == 0 ? "." + Digits(random.Next(6) == 0 ? 40 : 6) : "") + (random.Next(6) == 0 ? "e" + (random.Next(2) == 0 ? "-" : "") + Digits(2) : "");
            default:
                var letters = Enumerable.Range(0, random.Next(4) == 0 ? random.Next(100) : random.Next(12)).Select(_ => random.Next(12) switch
                {
                    0 => "\\\"",
                    1 => "\\\\",
                    2 => "\\u00e9",
                    3 => "é",
                    4 => "}",
                    _ => "x",
                });
                return "\"" + string.Concat(letters) + "\"";
        }
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
