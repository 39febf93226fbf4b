namespace Lakeflow.Delta;

/// <summary>Whether a commit may be put after another one that it had not seen. Delta protocol's optimistic concurrency, serializable.</summary>
internal sealed class ConflictCheck
{
    private readonly string location;
    private readonly bool readsRows;
    private readonly bool createsTable;
    private readonly bool changesTable;
    private readonly HashSet<string> domains;
    private readonly HashSet<string> apps;
    private readonly HashSet<FileKey> removed;

    public ConflictCheck(string location, IReadOnlyCollection<LogAction> actions, bool readsRows, bool createsTable)
    {
        this.location = location;
        this.readsRows = readsRows;
        this.createsTable = createsTable;
        changesTable = actions.Any(a => a is TableMetadata or Protocol);
        domains = [.. actions.OfType<DomainMetadata>().Select(d => d.Domain)];
        apps = [.. actions.OfType<Txn>().Select(t => t.AppId)];
        removed = [.. actions.OfType<RemoveFile>().Select(FileKey.Of)];
    }

    /// <summary>Throws if ours cannot follow the winner.</summary>
    public void Check(long version, IReadOnlyCollection<LogAction> winner)
    {
        if (createsTable) throw new ConflictException(ConflictKind.TableCreated, location, version);

        // First the flow: it is the answer that the user can act on.
        if (winner.OfType<DomainMetadata>().Any(d => domains.Contains(d.Domain)) || winner.OfType<Txn>().Any(t => apps.Contains(t.AppId)))
        {
            throw new ConflictException(ConflictKind.FlowAdvanced, location, version);
        }

        if (changesTable || winner.Any(a => a is TableMetadata or Protocol)) throw new ConflictException(ConflictKind.MetadataChanged, location, version);

        if (readsRows && winner.OfType<AddFile>().Any(a => a.DataChange)) throw new ConflictException(ConflictKind.RowsAdded, location, version);

        if (winner.OfType<RemoveFile>().Any(r => removed.Contains(FileKey.Of(r)) || (readsRows && r.DataChange)))
        {
            throw new ConflictException(ConflictKind.RowsRemoved, location, version);
        }
    }
}
