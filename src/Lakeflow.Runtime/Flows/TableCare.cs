using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Flows;

/// <summary>Looks after the files of the pipeline's tables: lays small ones together, deletes what no retained version needs.</summary>
/// <remarks>
/// After a flow has committed: when <see cref="ManyFiles"/> of its table's files are small or full of deleted rows, they are laid
/// together; at each checkpoint, old files of the table and of its flows' state tables are deleted. The table properties
/// <c>pipelines.autoOptimize.managed</c> and <c>delta.autoOptimize.autoCompact</c> switch it off. See docs/table-files.md.
/// </remarks>
public static class TableCare
{
    /// <summary>So many files to lay together make it worth while: what Databricks' auto compaction waits for.</summary>
    public const int ManyFiles = 50;

    /// <summary>Deletes the files that no retained version of a table, or of the state tables of its flows, needs.</summary>
    /// <param name="retention">How long versions stay readable; null is the table's own.</param>
    /// <param name="isDry">True only tells what would be deleted.</param>
    /// <returns>By table: the table first, then state tables by their names.</returns>
    public static ImmutableArray<(string Table, VacuumResult Result)> Vacuum(
        Lakehouse lakehouse, string name, IObjectStore store, TimeSpan? retention = null, bool isDry = false, TimeProvider? time = null)
    {
        var results = ImmutableArray.CreateBuilder<(string Table, VacuumResult Result)>();
        var result = new Vacuum { Retention = retention, IsDry = isDry }.Run(store, time);
        results.Add((name, result));
        var table = Snapshot.Open(store);
        var now = StateOf(table);
        // A version of the table that can still be read names the state that a run from it would go on from.
        if (now.Count == 0 || TableFiles.VersionBefore(table, result.ReadableSince) is not { } oldest) return results.ToImmutable();
        foreach (var (state, version) in StateOf(Snapshot.Open(store, oldest)).Where(s => now.ContainsKey(s.Key)))
        {
            results.Add((state, new Vacuum { KeepFrom = version, IsDry = isDry }.Run(lakehouse.State(state), time)));
        }

        return results.ToImmutable();
    }

    /// <summary>Does what is due after steps of a flow. What goes wrong is told and harms nothing.</summary>
    /// <param name="first">The version that the first of the steps made.</param>
    /// <returns>What was done, or what went wrong; null if nothing.</returns>
    internal static string? AfterSteps(UpdateContext context, QualifiedName name, long first)
    {
        try
        {
            var store = context.Lakehouse.Table(name);
            var table = Snapshot.Open(store);
            var note = table.Properties.CompactsItself ? Compact(context, table) : null;
            var interval = Math.Max(1, table.Properties.CheckpointInterval);
            if (table.Properties.IsManaged && (first - 1) / interval != table.Version / interval) Vacuum(context.Lakehouse, name.ToString(), store, time: context.Time);
            return note;
        }
        catch (OperationCanceledException)
        {
            // The flow is done; what was begun for its files is nowhere named.
            return null;
        }
        catch (Exception trouble) when (trouble is DataFault or ConflictException)
        {
            return $"its files were not looked after: {trouble.Message}";
        }
    }

    private static string? Compact(UpdateContext context, Snapshot table)
    {
        var optimize = new Optimize { LeastFiles = ManyFiles / 5, Workers = context.Options.WorkersOrDefault };
        if (optimize.Plan(table).Sum(bin => bin.Length) < ManyFiles) return null;
        var done = optimize.Run(table.Store, context.Time, context.Stop);
        return string.Create(CultureInfo.InvariantCulture, $"{done.FilesBefore} small files laid together as {done.FilesAfter}");
    }

    private static ImmutableSortedDictionary<string, long> StateOf(Snapshot table)
    {
        var state = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (domain, text) in table.Domains)
        {
            if (!domain.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal)) continue;
            foreach (var (name, version) in FlowRecord.Parse(text).State) state[name] = version;
        }

        return state.ToImmutable();
    }
}
