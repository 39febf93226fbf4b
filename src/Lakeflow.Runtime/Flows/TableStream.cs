using System.Collections.Immutable;
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
        if (options.ReadChangeFeed) return PlanChanges(key, recorded, head, position);
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
        return new(key, info => files.Count == 0 ? new EmptySource(info.Columns) : TableReads.Open(name, head, files, info.Columns, info.Predicates))
        {
            ReadTo = position.ToString(),
            HasNew = files.Count > 0 || passed >= CommitsPassed || (recorded is null && options.HasStart),
            HasMore = position.NextFile >= 0 || position.Version < head.Version,
        };
    }

    /// <summary>The rows of the first version as inserts, then the changes of each later version, a version always whole.</summary>
    private PlannedSource PlanChanges(string key, string? recorded, Snapshot head, TablePosition position)
    {
        Func<SourceInfo, IBatchSource> open;
        if (position.NextFile >= 0)
        {
            // A stream that was switched to changes amid a version reads that version to its end as it began it.
            var begun = position.Version == head.Version ? head : OpenAt(position.Version);
            position = Take(position.InSnapshot ? begun.Files : AddedBy(position.Version), position);
            open = info => ChangeFeed.OfSnapshot(begun, TableReads.NamesIn(name, head, info.Columns), files, head);
        }
        else
        {
            var first = position.Version + 1;
            while (position.Version < head.Version && HasRoom)
            {
                position = position with { Version = position.Version + 1 };
                Count(position.Version);
            }

            var last = position.Version;
            open = info => last < first ? new EmptySource(info.Columns) : Changes(head, first, last, info);
        }

        var hasRows = files.Count > 0;
        return new(key, open)
        {
            ReadTo = position.ToString(),
            HasNew = hasRows || (recorded is not null && position.Version - TablePosition.Parse(recorded).Version >= CommitsPassed) || (recorded is null && options.HasStart),
            HasMore = position.NextFile >= 0 || position.Version < head.Version,
        };
    }

    private ChangeFeed Changes(Snapshot head, long first, long last, SourceInfo info)
    {
        try
        {
            return ChangeFeed.Open(store, first, last, TableReads.NamesIn(name, head, info.Columns), head.Shaped(info.Columns));
        }
        catch (DataFault fault) when (fault.Code is "LF6051" or "LF6052")
        {
            throw RunErrors.SourceLogGap(name, first, fault);
        }
    }

    /// <summary>Adds the files that hold a version's changes to those of the step.</summary>
    private void Count(long version)
    {
        if (!CommitLog.IsThere(store, version)) throw RunErrors.SourceLogGap(name, version, new FileNotFoundException(name));
        var actions = CommitLog.Read(store, version);
        foreach (var file in actions.OfType<AddFile>().Where(a => a.DataChange))
        {
            files.Add(file);
            bytes += file.Size;
        }

        // A version that only took files away has changes, too.
        files.AddRange(actions.OfType<RemoveFile>().Where(r => r.DataChange)
            .Select(r => new AddFile(r.Path, ImmutableSortedDictionary<string, string?>.Empty, r.Size ?? 0, 0, DataChange: true)));
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
        var at = DateTimeOffset.MinValue;
        foreach (var change in LogTail.Read(store, earliest))
        {
            // Clocks go back, versions do not.
            at = change.Timestamp > at ? change.Timestamp : at.AddMilliseconds(1);
            if (at >= time) return change.Version;
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
