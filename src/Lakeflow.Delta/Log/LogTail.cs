using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>One commit as a reader of changes sees it.</summary>
/// <param name="Added">Files in the commit's order; those with DataChange false bring no new rows.</param>
/// <param name="Metadata">Not null if the schema, the partitioning or a property was set.</param>
/// <param name="Domains">Text by domain; null where the domain ended.</param>
/// <param name="Info">The <c>commitInfo</c> object as JSON, or null.</param>
public sealed record TableChange(
    long Version,
    DateTimeOffset Timestamp,
    ImmutableArray<AddFile> Added,
    ImmutableArray<RemoveFile> Removed,
    TableMetadata? Metadata,
    Protocol? Protocol,
    ImmutableSortedDictionary<string, string?> Domains,
    ImmutableArray<Txn> Txns,
    string? Info)
{
    /// <summary>Files that tell row by row what the commit changed; if there are any, they tell all of it. See <see cref="ChangeFeed"/>.</summary>
    public ImmutableArray<AddCdcFile> ChangeFiles { get; init; } = [];

    /// <summary>True if rows were added and none removed or rewritten.</summary>
    public bool IsAppend => Removed.All(r => !r.DataChange);

    /// <summary>True if the rows of the table are other than before.</summary>
    public bool ChangesRows => Added.Any(a => a.DataChange) || Removed.Any(r => r.DataChange);
}

/// <summary>The commits of a table one after another, for those who follow it.</summary>
public static class LogTail
{
    /// <summary>The commits from <paramref name="fromVersion"/> to the newest, in order; none if there is no newer one.</summary>
    /// <exception cref="DataFault">LF6051: the commits wanted have been cleaned up. LF6052: one is missing.</exception>
    public static IEnumerable<TableChange> Read(IObjectStore store, long fromVersion)
    {
        var commits = LogSegment.CommitsFrom(store, Math.Max(0, fromVersion));
        var expected = fromVersion;
        foreach (var commit in commits)
        {
            if (commit.Version != expected)
            {
                throw expected == fromVersion
                    ? DeltaFaults.NoSuchVersion(store.Location, fromVersion, commit.Version, commits[^1].Version)
                    : DeltaFaults.LogGap(store.Location, expected);
            }

            expected++;
            yield return ReadOne(store, commit.Info, commit.Version);
        }
    }

    private static TableChange ReadOne(IObjectStore store, ObjectInfo info, long version)
    {
        var actions = ActionJson.Read(store, info.Path);
        var protocol = actions.OfType<Protocol>().LastOrDefault();
        if (protocol is not null) TableFeatures.CheckReadable(store.Location, protocol);
        var domains = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var domain in actions.OfType<DomainMetadata>()) domains[domain.Domain] = domain.Removed ? null : domain.Configuration;
        return new TableChange(
            version,
            CommitTimes.Of(info, actions),
            [.. actions.OfType<AddFile>()],
            [.. actions.OfType<RemoveFile>()],
            actions.OfType<TableMetadata>().LastOrDefault(),
            protocol,
            domains.ToImmutable(),
            [.. actions.OfType<Txn>()],
            actions.OfType<CommitInfo>().FirstOrDefault()?.Json)
        {
            ChangeFiles = [.. actions.OfType<AddCdcFile>()],
        };
    }
}
