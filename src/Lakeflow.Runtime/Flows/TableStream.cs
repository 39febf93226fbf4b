using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.State;

namespace Lakeflow.Runtime.Flows;

/// <summary>A stream over a Delta table: first all files of the table as it was at the start, then the files that each later version added.</summary>
/// <param name="store">The table.</param>
/// <param name="name">Its name in messages.</param>
/// <param name="options">Where to begin, how much to take at once, and what to do with commits that change rows.</param>
internal sealed class TableStream(IObjectStore store, string name, TableStreamOptions options)
{
    /// <summary>Commits without rows after which a stream's position is committed all the same, before the source's log is cleaned up.</summary>
    private const int CommitsPassed = 100;

    private readonly List<AddFile> files = [];
    private long bytes;

    /// <summary>What the next step reads.</summary>
    /// <param name="key">What the position is kept under.</param>
    /// <param name="recorded">The position that the last step committed; null before the first.</param>
    public PlannedSource Plan(string key, string? recorded)
    {
        var head = Snapshot.Open(store);
        var position = recorded is null ? Start(head) : TablePosition.Parse(recorded);
        if (position.TableId != head.Metadata.Id) throw RunErrors.OtherSourceTable(name);
        if (position.InSnapshot)
        {
            position = Take((position.Version == head.Version ? head : OpenAt(position.Version)).Files, position);
        }
        else if (position.NextFile >= 0)
        {
            position = Take(AddedBy(position.Version), position);
        }

        var passed = 0;
        while (position.NextFile < 0 && position.Version < head.Version && HasRoom)
        {
            var version = position.Version + 1;
            position = Take(AddedBy(version), new TablePosition(position.TableId, version, 0, InSnapshot: false));
            passed++;
        }

        // Older files are read under the newest schema: a column that came later is NULL in them, a widened one is converted.
        return new(key, info => files.Count == 0 ? new EmptySource(info.Columns) : TableReads.Open(head, files, info.Columns, info.Predicates))
        {
            ReadTo = position.ToString(),
            HasNew = files.Count > 0 || passed >= CommitsPassed || (recorded is null && options.HasStart),
            HasMore = position.NextFile >= 0 || position.Version < head.Version,
        };
    }

    private bool HasRoom => files.Count == 0 || (files.Count < options.MaxFiles && bytes < options.MaxBytes);

    private TablePosition Start(Snapshot head)
    {
        if (!options.HasStart) return new(head.Metadata.Id, head.Version, 0, InSnapshot: true);
        var first = options.StartsAtLatest ? head.Version + 1
            : options.StartingVersion ?? FirstAt(head, DateTimeOffset.UnixEpoch.AddMicroseconds(options.StartingTimestamp!.Value));
        if (first > head.Version + 1) throw RunErrors.NoStartingVersion(name, first, head.Version);
        return new(head.Metadata.Id, first - 1, -1, InSnapshot: false);
    }

    /// <summary>The first version that is not older than a time.</summary>
    private long FirstAt(Snapshot head, DateTimeOffset time)
    {
        var earliest = CommitLog.Earliest(store) ?? head.Version;
        foreach (var change in LogTail.Read(store, earliest))
        {
            if (change.Timestamp >= time) return change.Version;
        }

        throw RunErrors.NothingSince(name, time, head.Timestamp);
    }

    private Snapshot OpenAt(long version)
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

    /// <summary>The files whose rows a version added. LF5053 if it took rows away and the options do not pass that over.</summary>
    private List<AddFile> AddedBy(long version)
    {
        if (!CommitLog.IsThere(store, version)) throw RunErrors.SourceLogGap(name, version, new FileNotFoundException(name));
        var actions = CommitLog.Read(store, version);
        if (!CommitLog.TakesRows(actions)) return [.. actions.OfType<AddFile>().Where(a => a.DataChange).OrderBy(a => a.Path, StringComparer.Ordinal)];
        return options.SkipChangeCommits ? [] : throw RunErrors.ChangedSource(name, version, CommitLog.OperationOf(actions));
    }

    /// <summary>Takes files from a position on, up to the limits of a step.</summary>
    private TablePosition Take(IReadOnlyList<AddFile> available, TablePosition start)
    {
        var at = start.NextFile;
        while (at < available.Count && HasRoom)
        {
            bytes += available[at].Size;
            files.Add(available[at++]);
        }

        return at < available.Count ? start with { NextFile = at } : start with { NextFile = -1, InSnapshot = false };
    }
}
