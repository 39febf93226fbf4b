using System.Globalization;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Output;

/// <summary>What an update did, in the words that a newcomer needs next.</summary>
internal static class Summary
{
    /// <summary>A list of more files would not be a one-liner.</summary>
    private const int MostFiles = 16;

    public static void Write(Terminal terminal, Session session, UpdateResult result)
    {
        var to = terminal.Out;
        to.WriteLine();
        if (result.NothingNew)
        {
            to.WriteLine($"Nothing new. {Count(result.Flows.Count(f => f.State != FlowState.Excluded), "flow")} looked, nothing was committed ({Seconds(result.Elapsed)}).");
            return;
        }

        to.WriteLine(result.State switch
        {
            UpdateState.Completed => $"Done in {Seconds(result.Elapsed)}.",
            UpdateState.Canceled => "Stopped. What was committed stays; the next run goes on from there.",
            _ => $"Failed: {string.Join(", ", result.Flows.Where(f => f.State == FlowState.Failed).Select(f => f.Flow.Name))}. The tables keep their last versions.",
        });
        WriteChanges(terminal, session, result);
        to.WriteLine();
        to.WriteLine($"Tables are in {session.Lakehouse.Location}");
        if (DuckDb(session, result) is { } line) to.WriteLine($"Try: {line}");
    }

    /// <summary>What each table got, which rules were broken, what was left out.</summary>
    public static void WriteChanges(Terminal terminal, Session session, UpdateResult result)
    {
        WriteTables(terminal.Out, result);
        WriteViolations(terminal.Out, session, result);
        WriteSkipped(terminal.Out, result);
        WriteLate(terminal.Out, result);
    }

    private static void WriteTables(TextWriter to, UpdateResult result)
    {
        var names = result.Flows.Select(f => f.Flow.Name == f.Flow.Target.Name ? f.Flow.Name : $"{f.Flow.Target.Name} ({f.Flow.Name})").ToList();
        var width = names.Select(n => n.Length).DefaultIfEmpty(0).Max();
        foreach (var (flow, name) in result.Flows.Zip(names))
        {
            var text = flow.State switch
            {
                FlowState.Completed => string.Create(CultureInfo.InvariantCulture, $"{flow.Counts.Written + flow.Counts.Upserted,10:N0} rows  version {flow.Version}{Deleted(flow)}{Note(flow)}"),
                FlowState.Idle => "   nothing new" + Note(flow),
                FlowState.Skipped => $"   skipped: {flow.Reason}",
                _ => "   " + flow.State.ToString().ToLowerInvariant(),
            };
            to.WriteLine($"  {name.PadRight(width)}  {text}");
        }
    }

    private static string Deleted(FlowOutcome flow) =>
        flow.Counts.Deleted == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  {flow.Counts.Deleted:N0} deleted");

    private static void WriteViolations(TextWriter to, Session session, UpdateResult result)
    {
        var broken = result.Flows.SelectMany(f => f.Counts.Expectations).Where(r => r.Failed > 0).ToList();
        if (broken.Count == 0) return;
        to.WriteLine();
        foreach (var rule in broken)
        {
            var verdict = rule.Action == ViolationAction.DropRow ? "dropped" : rule.Action == ViolationAction.FailUpdate ? "refused" : "kept, but counted";
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rule.Dataset}: rule {rule.Name} failed for {rule.Failed:N0} of {rule.Passed + rule.Failed:N0} rows ({verdict})"));
            if (rule.Samples.IsEmpty) continue;
            var sample = rule.Samples[0];
            to.WriteLine($"    e.g. {Cut(sample.Row)}{(sample.Place is null ? "" : $"  from {Relative(session, sample.Place)}")}");
        }
    }

    private static string Note(FlowOutcome flow) => flow.Flow.Kind == FlowKind.Append && flow.Reason is { } reason ? $", {reason}" : "";

    private static void WriteSkipped(TextWriter to, UpdateResult result)
    {
        foreach (var flow in result.Flows.Where(f => f.Counts.Skipped > 0))
        {
            to.WriteLine();
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {flow.Flow.Target}: {flow.Counts.Skipped:N0} malformed records were left out (mode DROPMALFORMED)"));
        }
    }

    private static void WriteLate(TextWriter to, UpdateResult result)
    {
        foreach (var flow in result.Flows.Where(f => f.Counts.Late > 0))
        {
            to.WriteLine();
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {flow.Flow.Target}: {flow.Counts.Late:N0} late rows were dropped by the watermark"));
        }
    }

    /// <summary>Reads the newest version of the last view, file by file: the folder also holds files of versions before.</summary>
    private static string? DuckDb(Session session, UpdateResult result)
    {
        var flow = result.Flows.LastOrDefault(f => f.Flow.Kind == FlowKind.Complete && f.State is FlowState.Completed or FlowState.Idle)
            ?? result.Flows.LastOrDefault(f => f.State == FlowState.Completed);
        if (flow is null) return null;
        var store = session.Lakehouse.Table(flow.Flow.Target);
        var snapshot = Snapshot.Open(store);
        if (snapshot.Files.IsEmpty || snapshot.Files.Length > MostFiles || snapshot.Files.Any(f => f.DeletionVector is not null)) return null;
        var files = snapshot.Files.Select(f => "'" + Path.Combine(store.Location, Uri.UnescapeDataString(f.Path)).Replace('\\', '/').Replace("'", "''", StringComparison.Ordinal) + "'");
        var hive = snapshot.PartitionColumns.IsEmpty ? "" : ", hive_partitioning = true";
        return $"duckdb -c \"SELECT * FROM read_parquet([{string.Join(", ", files)}]{hive}) LIMIT 10\"";
    }

    /// <summary>A place in one of our own tables by its path in the lakehouse; any other as it is.</summary>
    private static string Relative(Session session, string place) =>
        place.StartsWith(session.Lakehouse.Location, StringComparison.Ordinal) ? place[session.Lakehouse.Location.Length..].TrimStart('/', '\\') : place;

    private static string Cut(string row) => row.Length <= 160 ? row : row[..159] + "…";

    private static string Count(int number, string noun) => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
