using System.Globalization;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>One contract for every source, from SQL to rows: a run that is taken back reads the same rows again, and what came since comes behind them.</summary>
/// <remarks>A run is taken back by putting the lakehouse back as it was before, as a store does that has lost its last commits.</remarks>
public sealed class SourceLawTests : IDisposable
{
    /// <summary>By table, what it reads.</summary>
    private static readonly (string Table, string Query)[] Sources =
    [
        ("csv", "SELECT * FROM STREAM read_files('{0}/csv', format => 'csv', header => true, schema => 'id BIGINT, v STRING', maxFilesPerTrigger => 2)"),
        ("inferred", "SELECT id, v FROM STREAM read_files('{0}/csv', format => 'csv', maxBytesPerTrigger => '1b')"),
        ("json", "SELECT * FROM STREAM read_files('{0}/json', format => 'json', schema => 'id BIGINT, v STRING')"),
        ("lines", "SELECT value FROM STREAM read_files('{0}/csv', format => 'text', maxFilesPerTrigger => 1)"),
        ("binary", "SELECT path, length FROM STREAM read_files('{0}/json', format => 'binaryFile')"),
        ("parquet", "SELECT id, v FROM STREAM read_files('{1}/log', format => 'parquet', recursiveFileLookup => true, pathGlobFilter => 'part-*')"),
        ("path", "SELECT * FROM STREAM delta.`{1}/log`"),
        ("path_by_file", "SELECT * FROM STREAM delta.`{1}/log` WITH (maxFilesPerTrigger = 1)"),
        ("from_version", "SELECT * FROM STREAM delta.`{1}/log` WITH (startingVersion = 2, maxBytesPerTrigger = '1b')"),
        ("skipping", "SELECT * FROM STREAM delta.`{1}/latest` WITH (skipChangeCommits)"),
        ("changes", "SELECT id, v, _change_type AS what, _commit_version AS version FROM STREAM delta.`{1}/latest` WITH (readChangeFeed, maxFilesPerTrigger = 1)"),
        ("history", "SELECT id, v, _change_type AS what, _commit_version AS version FROM STREAM delta.`{1}/versions` WITH (readChangeFeed, startingVersion = 0)"),
    ];

    private readonly PipelineRig writer = new("""
        CREATE TEMPORARY VIEW feed AS SELECT id, v, _metadata.file_name AS at FROM STREAM read_files('in/csv', format => 'csv', header => true, schema => 'id BIGINT, v STRING');
        CREATE STREAMING TABLE log AS SELECT id, v FROM STREAM(feed);
        CREATE STREAMING TABLE latest TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true');
        CREATE FLOW one AS AUTO CDC INTO latest FROM STREAM(feed) KEYS (id) SEQUENCE BY at;
        CREATE STREAMING TABLE versions TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true');
        CREATE FLOW two AS AUTO CDC INTO versions FROM STREAM(feed) KEYS (id) SEQUENCE BY at COLUMNS (id, v) STORED AS SCD TYPE 2;
        """);

    private readonly PipelineRig reader = new();

    public void Dispose()
    {
        writer.Dispose();
        reader.Dispose();
    }

    [Fact]
    public void A_run_that_is_taken_back_reads_the_same_rows_again()
    {
        var random = new Random(7);
        var lake = Path.Combine(writer.Folder, "lakehouse/main/default");
        Grow(random, 0);
        reader.Sql(string.Concat(Sources.Select(s => $"CREATE STREAMING TABLE {s.Table} AS {string.Format(CultureInfo.InvariantCulture, s.Query, Path.Combine(writer.Folder, "in"), lake)};\n")));
        Grow(random, 1);
        reader.Run();
        for (var round = 2; round < 5; round++)
        {
            Grow(random, round);
            Copy("lakehouse", "before");
            reader.Run();
            var once = Sources.Select(s => reader.Rows(s.Table)).ToList();
            TakeBack();
            reader.Run();
            Assert.Equal(once, Sources.Select(s => reader.Rows(s.Table)));
            // Taken back once more, and more has come meanwhile: what was read before is there, each row as often as before.
            TakeBack();
            Grow(random, 10 + round);
            reader.Run();
            foreach (var (source, rows) in Sources.Zip(once))
            {
                var now = reader.Rows(source.Table).Split(", ").ToList();
                foreach (var row in rows.Split(", ")) Assert.True(now.Remove(row), $"{source.Table} has lost {row}");
                Assert.True(now.Count > 0 || source.Table == "skipping", $"{source.Table} has not grown");
            }

            Assert.True(reader.Run().NothingNew);
        }
    }

    private void Grow(Random random, int round)
    {
        var rows = Enumerable.Range(0, 4).Select(i => (Id: random.Next(6), V: string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + random.Next(3))}{round}"))).DistinctBy(r => r.Id).ToList();
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"in/csv/{round:00}.csv"), "id,v\n" + string.Concat(rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Id},{r.V}\n"))));
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"in/json/{round:00}.json"), string.Concat(rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{r.Id},\"v\":\"{r.V}\"}}\n"))));
        writer.Run();
    }

    private void TakeBack()
    {
        Directory.Delete(Path.Combine(reader.Folder, "lakehouse"), recursive: true);
        Copy("before", "lakehouse");
    }

    private void Copy(string from, string to)
    {
        var (source, target) = (Path.Combine(reader.Folder, from), Path.Combine(reader.Folder, to));
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
