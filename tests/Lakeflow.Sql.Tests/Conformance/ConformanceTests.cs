using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Lakeflow.Sql.Tests.Status;

namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>Apache Spark 4.1's own SQL tests: <c>*.sql.out</c> under <c>../shared/conformance/spark-4.1</c>, ANSI mode on, Los Angeles time.</summary>
public sealed partial class ConformanceTests
{
    private static string Folder => Path.Combine(Repository.Root, "..", "shared", "conformance", "spark-4.1");

    [Fact]
    public void Answers_are_those_of_Spark()
    {
        // The files stand beside the checkout where they were fetched; a clone without them has nothing to compare.
        if (!Directory.Exists(Folder)) return;
        var only = Environment.GetEnvironmentVariable("LAKEFLOW_CONFORMANCE_FILES");
        var files = Directory.EnumerateFiles(Folder, "*.sql.out", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/')).Where(f => only is null || Regex.IsMatch(f, only)).Order(StringComparer.Ordinal).ToList();
        var floor = Recorded();
        var scores = new ConcurrentDictionary<string, IReadOnlyList<Judgement>>();
        Parallel.ForEach(files, file => scores[file] = GoldenFile.Run(Path.Combine(Folder, file)));
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "conformance.txt"), Report(files.Select(f => (f, scores[f]))));
        if (only is not null || GoldenFile.OracleOnly) return;
        if (StatusPage.Fills) StatusPage.Check("conformance", Table(files.Select(f => (f, scores[f]))));
        var worse = files.Where(f => floor.TryGetValue(f, out var was) && (Count(scores[f], Verdict.Passed) < was.Passed || Count(scores[f], Verdict.Wrong) > was.Wrong));
        Assert.True(StatusPage.Fills || !worse.Any(), $"Worse than docs/status.md says: {string.Join(", ", worse)}. What differs is in conformance.txt beside the test's assembly.");
    }

    private static int Count(IReadOnlyList<Judgement> judged, Verdict verdict) => judged.Count(j => j.Verdict == verdict);

    private static string Table(IEnumerable<(string File, IReadOnlyList<Judgement> Judged)> scores)
    {
        var columns = new[] { Verdict.Passed, Verdict.Wrong, Verdict.OtherError, Verdict.Lenient, Verdict.Refused, Verdict.NotHere };
        var text = new StringBuilder("| file | passed | wrong | other error | lenient | refused | not here |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        var all = scores.ToList();
        text.Append($"| **all** | {string.Join(" | ", columns.Select(c => all.Sum(s => Count(s.Judged, c))))} |\n");
        foreach (var (file, judged) in all) text.Append($"| {file[..^".sql.out".Length]} | {string.Join(" | ", columns.Select(c => Count(judged, c)))} |\n");
        text.Append("\nWhat is refused, and how often:\n\n| reason | queries |\n| --- | --- |\n");
        foreach (var group in all.SelectMany(s => s.Judged).Where(j => j.Verdict == Verdict.Refused).GroupBy(j => j.Reason).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(30))
            text.Append($"| {OneLine(group.Key)} | {group.Count()} |\n");
        return text.ToString();
    }

    /// <summary>What the status page has for each file.</summary>
    private static Dictionary<string, (int Passed, int Wrong)> Recorded() => Row().Matches(StatusPage.Read("conformance"))
        .ToDictionary(m => m.Groups[1].Value + ".sql.out", m => (int.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture)));

    private static string Report(IEnumerable<(string File, IReadOnlyList<Judgement> Judged)> scores)
    {
        var text = new StringBuilder();
        var all = scores.ToList();
        foreach (var verdict in Enum.GetValues<Verdict>()) text.Append($"{verdict} {all.Sum(s => s.Judged.Count(j => j.Verdict == verdict))}  ");
        text.Append('\n');
        foreach (var (file, judged) in all)
            text.Append($"{file}: {string.Join(" ", judged.GroupBy(j => j.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Key}={g.Count()}"))}\n");
        foreach (var verdict in new[] { Verdict.Wrong, Verdict.OtherError, Verdict.Lenient, Verdict.Refused, Verdict.NotHere, Verdict.Session })
        {
            text.Append($"\n## {verdict}\n");
            foreach (var group in all.SelectMany(s => s.Judged).Where(j => j.Verdict == verdict).GroupBy(j => j.Reason).OrderByDescending(g => g.Count())) text.Append($"{group.Count(),6} {OneLine(group.Key)}\n");
        }

        foreach (var (file, judged) in all)
        {
            foreach (var j in judged.Where(j => j.Verdict is not Verdict.Passed && (j.Verdict != Verdict.Session || j.Reason.Length > 0)))
                text.Append($"\n@@ {j.Verdict} {file}:{j.Query.Line} {j.Reason}\n{j.Query.Sql}\n-- wanted {j.Query.Schema}\n{(j.Query.Error is { } e ? e : j.Query.Output)}\n-- got\n{j.Detail}\n");
        }

        return text.ToString();
    }

    private static string OneLine(string text) => Spaces().Replace(text, " ");

    [GeneratedRegex(@"^\| ([\w/-]+) \| (\d+) \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
