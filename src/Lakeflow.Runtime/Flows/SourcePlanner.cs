using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Flows;

/// <summary>Decides what a step reads of each source: all of it, or what is new since the last step.</summary>
/// <param name="target">The table that the step builds on; null for a query.</param>
internal sealed class SourcePlanner(UpdateContext context, FlowInfo flow, FlowRecord record, Snapshot? target = null)
{
    /// <summary>Files of one step. Language specification §1.10, <c>maxFilesPerTrigger</c>.</summary>
    private const int FilesPerStep = 1000;

    // How the keys of streamed tables begin.
    private const string TableKey = "table ";
    private const string FolderKey = "delta ";

    /// <summary>The sources by key; slots of one source share a plan, so that they see the same version.</summary>
    public IReadOnlyDictionary<string, PlannedSource> Plan()
    {
        var planned = new Dictionary<string, PlannedSource>(StringComparer.Ordinal);
        foreach (var source in flow.Sources)
        {
            var key = KeyOf(source);
            if (planned.ContainsKey(key)) continue;
            try
            {
                planned[key] = PlanOne(key, source);
            }
            catch (DataFault fault) when (fault.Code == "LF6050" && source is not FileSourceInfo)
            {
                throw RunErrors.NoSuchTable(source is TableSourceInfo table ? table.Table.ToString() : source.Key);
            }
            catch (RuntimeError error) when (error.At.IsNone)
            {
                error.At = source.Origin;
                throw;
            }
        }

        return planned;
    }

    /// <summary>A table may be read both as a stream and as it is; the two are different sources.</summary>
    public static string KeyOf(SourceInfo source) => source.Streaming ? source.Key : source switch
    {
        TableSourceInfo { Changes: { } range } => $"changes {source.Key} {range}",
        TableSourceInfo { Version: { } version } => string.Create(CultureInfo.InvariantCulture, $"batch {source.Key} version {version}"),
        TableSourceInfo { AsOf: { } time } => string.Create(CultureInfo.InvariantCulture, $"batch {source.Key} as of {time}"),
        _ => "batch " + source.Key,
    };

    private PlannedSource PlanOne(string key, SourceInfo source) => source switch
    {
        TableSourceInfo { Streaming: true } table => TableStream(key, context.Lakehouse.Table(table.Table), table.Table.ToString(), table.Options),
        TableSourceInfo { Changes: { } range } table => TableChanges(key, table.Table.ToString(), context.Lakehouse.Table(table.Table), range),
        TableSourceInfo table => TableBatch(key, table.Table.ToString(), SnapshotOf(table)),
        PathTableSourceInfo { Streaming: true } table => TableStream(key, StoreOf(table), table.Path, table.Options),
        PathTableSourceInfo table => TableBatch(key, table.Path, Snapshot.Open(StoreOf(table))),
        FileSourceInfo { Streaming: true } files => FileStream(key, files),
        FileSourceInfo files => FileBatch(key, files),
        RateSourceInfo rate => RateStream(key, rate),
        EventLogSourceInfo => EventLogBatch(key),
        // What the target has is no news to its flow.
        TargetSourceInfo => new(key, info => new LocatedRows(target!, info.Columns, info.Predicates)) { ReadTo = "{}" },
        _ => throw new System.Diagnostics.UnreachableException(source.ToString()),
    };

    private Snapshot SnapshotOf(TableSourceInfo table)
    {
        var store = context.Lakehouse.Table(table.Table);
        return table.AsOf is { } time
            ? Snapshot.OpenAt(store, DateTimeOffset.UnixEpoch.AddMicroseconds(time))
            : Snapshot.Open(store, table.Version);
    }

    private IObjectStore StoreOf(PathTableSourceInfo table) =>
        Lakehouse.FolderTable(context.Paths.ToLocal(table.Path) ?? throw RunErrors.UnmappedPath(table.Path));

    private PlannedSource TableStream(string key, IObjectStore store, string name, ImmutableSortedDictionary<string, string> options) =>
        new TableStream(store, name, TableStreamOptions.Of(options)).Plan(key, PositionIn(key, store));

    private static PlannedSource TableBatch(string key, string name, Snapshot snapshot) =>
        new(key, info => TableReads.Open(name, snapshot, info.Columns, info.Predicates))
        {
            ReadTo = string.Create(CultureInfo.InvariantCulture, $$"""{"tableId":"{{snapshot.Metadata.Id}}","version":{{snapshot.Version}}}"""),
        };

    private static PlannedSource TableChanges(string key, string name, IObjectStore store, ChangeRange range)
    {
        var head = Snapshot.Open(store);
        return new(key, info =>
        {
            var columns = TableReads.NamesIn(name, head, info.Columns);
            var shaped = head.Shaped(info.Columns);
            return range.FromTime is { } from
                ? ChangeFeed.OpenAt(store, Time(from), range.ToTime is { } to ? Time(to) : null, columns, shaped)
                : ChangeFeed.Open(store, range.FromVersion ?? 0, range.ToVersion, columns, shaped);
        })
        {
            ReadTo = string.Create(CultureInfo.InvariantCulture, $$"""{"tableId":"{{head.Metadata.Id}}","version":{{head.Version}}}"""),
        };

        static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);
    }

    /// <summary>The rows whose time has come since the last step. The first step only notes when the rate began.</summary>
    private PlannedSource RateStream(string key, RateSourceInfo source)
    {
        var isNew = !record.ReadTo.TryGetValue(key, out var recorded);
        var position = isNew ? RatePosition.Begin(source.Options, context.Now) : RatePosition.Parse(recorded!).At(source.Options);
        var due = position.RowsAt(context.Now);
        var next = position with { Rows = Math.Min(due, position.Rows + RateRows.MostRows(source.Options)) };
        return new(key, info => new RateRows(info.Columns, position, next.Rows))
        {
            ReadTo = next.ToString(),
            HasNew = isNew || next.Rows > position.Rows,
            HasMore = next.Rows < due,
        };
    }

    private PlannedSource EventLogBatch(string key)
    {
        if (!Snapshot.TryOpen(context.Lakehouse.EventLog(), out var snapshot))
        {
            return new(key, info => new EmptySource(info.Columns)) { ReadTo = "{}" };
        }

        return TableBatch(key, "event_log", snapshot);
    }

    private PlannedSource FileBatch(string key, FileSourceInfo source)
    {
        var files = context.Files.List(source);
        return new(key, info => context.Files.Open((FileSourceInfo)info, files)) { ReadTo = IdentityOf(files) };
    }

    /// <summary>Two lists of files are the same input if paths, sizes and times are.</summary>
    private static string IdentityOf(ImmutableArray<SourceFile> files)
    {
        var text = string.Join('\n', files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Path}\0{f.Size}\0{f.Modified}")));
        return string.Create(CultureInfo.InvariantCulture, $$"""{"files":{{files.Length}},"hash":"{{Fingerprint.Of(text)}}"}""");
    }

    private PlannedSource FileStream(string key, FileSourceInfo source)
    {
        var stateName = Lakehouse.StateName(flow, record.Generation, source);
        var known = record.State.TryGetValue(stateName, out var version);
        var seen = SeenFiles.Open(context.Lakehouse.State(stateName), known ? version : -1).With(OfGoneSources());
        var overwrites = Flag(source, "allowoverwrites", false);
        var fresh = context.Files.List(source).Where(f => !seen.Contains(f, overwrites)).ToImmutableArray();
        // Without the files of the first start they count as seen, unread.
        var skip = !known && seen.Count == 0 && !Flag(source, "includeexistingfiles", true);
        var taken = skip ? fresh : FirstOf(fresh, Number(source, "maxfilespertrigger") ?? FilesPerStep, Number(source, "maxbytespertrigger") ?? long.MaxValue);
        var read = skip ? [] : taken;
        return new(key, info => read.IsEmpty ? new EmptySource(info.Columns) : context.Files.Open((FileSourceInfo)info, read))
        {
            ReadTo = string.Create(CultureInfo.InvariantCulture, $$"""{"files":{{seen.Count + taken.Length}}}"""),
            HasNew = taken.Length > 0,
            HasMore = taken.Length < fresh.Length,
            Seen = seen,
            StateName = stateName,
            NewFiles = taken,
        };
    }

    /// <summary>The files that the flow has read as sources which it no longer has under that name: another path may name the same files.</summary>
    private IEnumerable<SeenFiles> OfGoneSources()
    {
        var present = flow.Sources.OfType<FileSourceInfo>().Select(s => Lakehouse.StateName(flow, record.Generation, s)).ToHashSet(StringComparer.Ordinal);
        return record.State.Where(s => Lakehouse.IsFileState(s.Key) && !present.Contains(s.Key)).Select(s => SeenFiles.Open(context.Lakehouse.State(s.Key), s.Value));
    }

    /// <summary>How far the flow has read a table: under its key, or under that of a source which the flow no longer has and which was the same table.</summary>
    private string? PositionIn(string key, IObjectStore store)
    {
        if (record.ReadTo.TryGetValue(key, out var position)) return position;
        var gone = record.ReadTo
            .Where(r => r.Key.StartsWith(TableKey, StringComparison.Ordinal) || r.Key.StartsWith(FolderKey, StringComparison.Ordinal))
            .ExceptBy(flow.Sources.Select(KeyOf), r => r.Key).Select(r => r.Value).ToList();
        if (gone.Count == 0) return null;
        var id = Snapshot.Open(store).Metadata.Id;
        return gone.Find(p => TablePosition.Parse(p).TableId == id);
    }

    /// <summary>As many files as the limits of a step allow, and at least one.</summary>
    private static ImmutableArray<SourceFile> FirstOf(ImmutableArray<SourceFile> files, long most, long mostBytes)
    {
        var count = 0;
        for (var bytes = 0L; count < files.Length && count < most && (count == 0 || bytes < mostBytes); count++) bytes += files[count].Size;
        return files[..count];
    }

    private static long? Number(FileSourceInfo source, string option) =>
        long.TryParse(source.Options.GetValueOrDefault(option), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static bool Flag(FileSourceInfo source, string option, bool otherwise) =>
        source.Options.TryGetValue(option, out var text) ? bool.TryParse(text, out var flag) && flag : otherwise;
}
