using Lakeflow.Arrow;
using Xunit.Abstractions;

namespace Lakeflow.Delta.Tests;

/// <summary>Tables that other engines wrote, with the rows that other engines read from them.</summary>
public sealed class GoldenTableTests(ITestOutputHelper output)
{
    /// <summary>Tables that must be refused, by what the refusal says.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["no-delta-log-folder"] = "LF6050",
        ["versions-not-contiguous"] = "LF6052",
        ["deltalog-state-reconstruction-without-metadata"] = "LF6054",
        ["deltalog-state-reconstruction-from-checkpoint-missing-metadata"] = "LF6054",
        ["data-reader-absolute-paths-escaped-chars"] = "LF6054",
    };

    /// <summary>Tables of a log only: how many files their newest version has.</summary>
    private static readonly Dictionary<string, int> LogOnly = new()
    {
        ["canonicalized-paths-normal-a"] = 0,
        ["canonicalized-paths-normal-b"] = 0,
        ["canonicalized-paths-special-a"] = 0,
        ["canonicalized-paths-special-b"] = 0,
        ["checkpoint"] = 1,
        ["delete-re-add-same-file-different-transactions"] = 2,
        ["deltalog-commit-info"] = 1,
        ["log-replay-special-characters-b"] = 1,
    };

    [Fact]
    public void Every_golden_table_is_read_as_others_read_it_or_refused_as_it_must_be()
    {
        // The tables are not part of the repository; without them there is nothing to compare with.
        if (!Directory.Exists(Shared.GoldenTables)) return;
        var failed = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(Shared.GoldenTables).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            var verdict = Judge(name, folder);
            output.WriteLine($"{(verdict is null ? "1" : "0")} {name}{(verdict is null ? "" : ": " + verdict)}");
            if (verdict is not null) failed.Add($"{name}: {verdict}");
        }

        Assert.Empty(failed);
    }

    private static string? Judge(string name, string folder)
    {
        var store = new LocalStore(Path.Combine(folder, "delta"));
        try
        {
            var snapshot = Snapshot.Open(store);
            if (Refused.TryGetValue(name, out var wanted)) return $"was opened, {wanted} is wanted";
            if (LogOnly.TryGetValue(name, out var files)) return snapshot.Files.Length == files ? null : $"{snapshot.Files.Length} files, {files} wanted";
            var (schema, rows) = Rows.OfParquetFolder(Path.Combine(folder, "expected"));
            if (schema.Count == 0) return "there is nothing to compare with";
            var expected = Rows.Sorted(rows);
            var actual = Rows.Sorted(Rows.Of(snapshot, [.. schema.Fields.Select(f => f.Name)], workers: 2));
            if (expected.SequenceEqual(actual)) return null;
            var (more, less) = (actual.Except(expected).FirstOrDefault(), expected.Except(actual).FirstOrDefault());
            return $"{actual.Count} rows, {expected.Count} wanted; has {more}; has not {less}";
        }
        catch (DataFault fault) when (Refused.TryGetValue(name, out var wanted) && fault.Code == wanted)
        {
            return null;
        }
        catch (Exception e) when (e is DataFault or ArgumentException or InvalidOperationException or InvalidCastException)
        {
            return $"{(e as DataFault)?.Code} {e.GetType().Name}: {e.Message}";
        }
    }
}
