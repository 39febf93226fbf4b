using System.Globalization;
using Lakeflow.Arrow;
using Xunit.Abstractions;

namespace Lakeflow.Parquet.Tests;

/// <summary>Files of the Parquet project's own test collection (apache/parquet-testing).</summary>
public class ConformanceTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_good_file_reads_and_every_encrypted_one_is_refused_by_name()
    {
        // The collection is reference material beside the repository; without it there is nothing to check.
        if (!Directory.Exists(Shared.Conformance)) return;
        var good = 0;
        var failures = new List<string>();
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Shared.Conformance, "data"), "*.parquet*").Order())
        {
            if (path.EndsWith(".json", StringComparison.Ordinal)) continue;
            try
            {
                Rows.Of(path);
                if (path.EndsWith(".encrypted", StringComparison.Ordinal)) failures.Add($"{path}: read though encrypted");
                else good++;
            }
            catch (DataFault fault) when (path.EndsWith(".encrypted", StringComparison.Ordinal) && fault.Code == "LF6002")
            {
                good++;
            }
            catch (Exception e)
            {
                failures.Add($"{Path.GetFileName(path)}: {e.Message}");
            }
        }

        output.WriteLine($"{good} as they should be");
        Assert.Empty(failures);
    }

    [Fact]
    public void Every_broken_file_ends_in_a_fault_that_names_it()
    {
        if (!Directory.Exists(Shared.Conformance)) return; // as above
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Shared.Conformance, "bad_data"), "*.parquet"))
        {
            var fault = Assert.Throws<DataFault>(() => Rows.Of(path));
            Assert.StartsWith("LF60", fault.Code, StringComparison.Ordinal);
            Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("delta_byte_array")]
    [InlineData("delta_encoding_optional_column")]
    [InlineData("delta_encoding_required_column")]
    public void Delta_encoded_files_hold_what_their_csv_says(string name)
    {
        if (!Directory.Exists(Shared.Conformance)) return; // as above
        var folder = Path.Combine(Shared.Conformance, "data");
        var rows = Rows.Of(Path.Combine(folder, name + ".parquet"));
        // Plain lines with quotes around texts and none inside.
        var lines = File.ReadLines(Path.Combine(folder, name + "_expect.csv")).Skip(1).ToList();
        Assert.Equal(lines.Count, rows.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var expected = lines[i].Replace("\"", "", StringComparison.Ordinal);
            Assert.Equal(expected, string.Join(',', rows[i].Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "")));
        }
    }

    [Fact]
    public void Timestamps_of_Spark_in_96_bits_are_microseconds()
    {
        if (!Directory.Exists(Shared.Conformance)) return; // as above
        var rows = Rows.Of(Path.Combine(Shared.Conformance, "data", "int96_from_spark.parquet"));
        Assert.Equal(
            [1704141296123456L, 1704070800000000L, 253402225200000000L, 1735599600000000L, null, 9089380393200000000L],
            rows.Select(r => (long?)r[0]));
    }

    [Fact]
    public void Three_million_flights_have_their_bounds()
    {
        var path = Path.Combine(Shared.Directory, "data", "flights-3m.parquet");
        if (!File.Exists(path)) return; // as above
        using var file = ParquetFile.Open(path);
        Assert.Equal(3_000_000, file.RowCount);
        long rows = 0, least = long.MaxValue, most = long.MinValue;
        for (var g = 0; g < file.RowGroups.Count; g++)
        {
            using var reader = file.OpenRowGroup(g, [file.Schema.IndexOf("delay")]);
            while (reader.Read(8192) is { } batch)
            {
                using var _ = batch;
                rows += batch.Length;
                foreach (var delay in ((PrimitiveArray<long>)batch.Columns[0]).Values)
                {
                    least = Math.Min(least, delay);
                    most = Math.Max(most, delay);
                }
            }
        }

        Assert.Equal(3_000_000, rows);
        var groups = Enumerable.Range(0, file.RowGroups.Count).Select(g => file.StatisticsOf(g, file.Schema.IndexOf("delay"))).ToList();
        Assert.Equal(groups.Min(s => (long)s.Min!), least);
        Assert.Equal(groups.Max(s => (long)s.Max!), most);
    }
}
