using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Flows;

/// <summary>Decides what a step reads of each source: all of it, or what is new since the last step.</summary>
internal sealed class SourcePlanner(UpdateContext context, FlowInfo flow, FlowRecord record)
{
    /// <summary>Files or table files of one step. Language specification §1.10, <c>maxFilesPerTrigger</c>.</summary>
    private const int FilesPerStep = 1000;

    /// <summary>Commits without rows after which a stream's position is committed all the same, before the source's log is cleaned up.</summary>
    private const int CommitsPassed = 100;

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
            catch (DataFault fault) when (fault.Code == "LF6050")
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
        TableSourceInfo { Version: { } version } => string.Create(CultureInfo.InvariantCulture, $"batch {source.Key} version {version}"),
        TableSourceInfo { AsOf: { } time } => string.Create(CultureInfo.InvariantCulture, $"batch {source.Key} as of {time}"),
        _ => "batch " + source.Key,
    };

    private PlannedSource PlanOne(string key, SourceInfo source) => source switch
    {
        TableSourceInfo { Streaming: true } table => TableStream(key, context.Lakehouse.Table(table.Table), table.Table.ToString()),
        TableSourceInfo table => TableBatch(key, SnapshotOf(table)),
        PathTableSourceInfo { Streaming: true } table => TableStream(key, StoreOf(table), table.Path),
        PathTableSourceInfo table => TableBatch(key, Snapshot.Open(StoreOf(table))),
        FileSourceInfo { Streaming: true } files => FileStream(key, files),
        FileSourceInfo files => FileBatch(key, files),
        EventLogSourceInfo => EventLogBatch(key),
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

    private static PlannedSource TableBatch(string key, Snapshot snapshot) =>
        new(key, info => TableReads.Open(snapshot, info.Columns, info.Predicates))
        {
            ReadTo = string.Create(CultureInfo.InvariantCulture, $$"""{"tableId":"{{snapshot.Metadata.Id}}","version":{{snapshot.Version}}}"""),
        };

    private PlannedSource EventLogBatch(string key)
    {
        if (!Snapshot.TryOpen(context.Lakehouse.EventLog(), out var snapshot))
        {
            return new(key, info => new EmptySource(info.Columns)) { ReadTo = "{}" };
        }

        return TableBatch(key, snapshot);
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
        var seen = SeenFiles.Open(context.Lakehouse.State(stateName), known ? version : -1);
        var overwrites = Flag(source, "allowoverwrites", false);
        var fresh = context.Files.List(source).Where(f => !seen.Contains(f, overwrites)).ToImmutableArray();
        // Without the files of the first start they count as seen, unread.
        var skip = !known && !Flag(source, "includeexistingfiles", true);
        var limit = int.TryParse(source.Options.GetValueOrDefault("maxfilespertrigger"), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
            ? n : FilesPerStep;
        var taken = skip ? fresh : fresh.Take(limit).ToImmutableArray();
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

    private static bool Flag(FileSourceInfo source, string option, bool otherwise) =>
        source.Options.TryGetValue(option, out var text) ? bool.TryParse(text, out var flag) && flag : otherwise;

    /// <summary>First all files of the table as it was at the start, then the files that each later version added.</summary>
    private PlannedSource TableStream(string key, IObjectStore store, string name)
    {
        var head = Snapshot.Open(store);
        var position = record.ReadTo.TryGetValue(key, out var text)
            ? TablePosition.Parse(text)
            : new TablePosition(head.Metadata.Id, head.Version, 0, InSnapshot: true);
        if (position.TableId != head.Metadata.Id) throw RunErrors.OtherSourceTable(name);

        var files = new List<AddFile>();
        var source = head;
        if (position.InSnapshot)
        {
            if (position.Version != head.Version) source = OpenAt(store, position.Version, name);
            position = Take(source.Files, position, files);
        }
        else if (position.NextFile >= 0)
        {
            position = Take(AddedBy(store, position.Version, name), position, files);
        }

        var passed = 0;
        while (position.NextFile < 0 && position.Version < head.Version && files.Count < FilesPerStep)
        {
            var added = AddedBy(store, position.Version + 1, name);
            position = Take(added, new TablePosition(position.TableId, position.Version + 1, 0, InSnapshot: false), files);
            passed++;
        }

        var snapshot = source.Version == head.Version || files.Count == 0 ? head : source;
        return new(key, info => files.Count == 0 ? new EmptySource(info.Columns) : TableReads.Open(snapshot, files, info.Columns, info.Predicates))
        {
            ReadTo = position.ToString(),
            HasNew = files.Count > 0 || passed >= CommitsPassed,
            HasMore = position.NextFile >= 0 || position.Version < head.Version,
        };
    }

    private static Snapshot OpenAt(IObjectStore store, long version, string name)
    {
        try
        {
            return Snapshot.Open(store, version);
        }
        catch (DataFault fault)
        {
            throw RunErrors.SourceLogGap(name, version, fault);
        }
    }

    /// <summary>The files whose rows a version added. LF5053 if it took rows away.</summary>
    private static List<AddFile> AddedBy(IObjectStore store, long version, string name)
    {
        if (!CommitLog.IsThere(store, version)) throw RunErrors.SourceLogGap(name, version, new FileNotFoundException(name));
        var actions = CommitLog.Read(store, version);
        if (CommitLog.TakesRows(actions)) throw RunErrors.ChangedSource(name, version, CommitLog.OperationOf(actions));
        return [.. actions.OfType<AddFile>().Where(a => a.DataChange).OrderBy(a => a.Path, StringComparer.Ordinal)];
    }

    /// <summary>Takes files from a position on, up to the limit of a step.</summary>
    private static TablePosition Take(IReadOnlyList<AddFile> available, TablePosition start, List<AddFile> into)
    {
        var at = start.NextFile;
        while (at < available.Count && into.Count < FilesPerStep) into.Add(available[at++]);
        return at < available.Count ? start with { NextFile = at } : start with { NextFile = -1, InSnapshot = false };
    }
}
