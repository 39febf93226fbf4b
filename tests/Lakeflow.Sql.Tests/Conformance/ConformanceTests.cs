using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

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
        var scores = new ConcurrentDictionary<string, IReadOnlyList<Judgement>>();
        Parallel.ForEach(files, file =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            scores[file] = GoldenFile.Run(Path.Combine(Folder, file));
            File.AppendAllText("/tmp/timing.txt", $"{clock.Elapsed.TotalSeconds:0.0} {file}\n");
        });
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "conformance.txt"), Report(files.Select(f => (f, scores[f]))));
    }

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

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
