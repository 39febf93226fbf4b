namespace Lakeflow.Delta;

/// <summary>A table's state while its log is replayed. Delta protocol, "Action Reconciliation".</summary>
internal sealed class LogState
{
    public LogState()
    {
        Files = [];
        Tombstones = [];
        Txns = new(StringComparer.Ordinal);
        Domains = new(StringComparer.Ordinal);
    }

    public LogState(LogState other)
    {
        Protocol = other.Protocol;
        Metadata = other.Metadata;
        Files = new(other.Files);
        Tombstones = new(other.Tombstones);
        Txns = new(other.Txns, StringComparer.Ordinal);
        Domains = new(other.Domains, StringComparer.Ordinal);
    }

    public Protocol? Protocol { get; private set; }

    public TableMetadata? Metadata { get; private set; }

    public Dictionary<FileKey, AddFile> Files { get; }

    public Dictionary<FileKey, RemoveFile> Tombstones { get; }

    public Dictionary<string, Txn> Txns { get; }

    public Dictionary<string, string> Domains { get; }

    /// <summary>Drops the tombstones from before a time, in milliseconds since the epoch.</summary>
    public void Forget(long before)
    {
        foreach (var (key, file) in Tombstones)
        {
            // One without a time counts as expired, in checkpoints as well.
            if (!(file.DeletionTimestamp >= before)) Tombstones.Remove(key);
        }
    }

    public void Apply(IEnumerable<LogAction> actions)
    {
        foreach (var action in actions) Apply(action);
    }

    public void Apply(LogAction action)
    {
        switch (action)
        {
            case AddFile add:
                Files[FileKey.Of(add)] = add;
                Tombstones.Remove(FileKey.Of(add));
                break;
            case RemoveFile remove:
                Files.Remove(FileKey.Of(remove));
                Tombstones[FileKey.Of(remove)] = remove;
                break;
            case Protocol protocol:
                Protocol = protocol;
                break;
            case TableMetadata metadata:
                Metadata = metadata;
                break;
            case Txn txn:
                Txns[txn.AppId] = txn;
                break;
            case DomainMetadata { Removed: true } domain:
                Domains.Remove(domain.Domain);
                break;
            case DomainMetadata domain:
                Domains[domain.Domain] = domain.Configuration;
                break;
        }
    }
}

/// <summary>What makes two actions speak of the same logical file: its path, however it is spelled, and its deletion vector.</summary>
internal readonly record struct FileKey(string Path, string? Vector)
{
    public static FileKey Of(AddFile add) => new(FilePath.ToStore(add.Path), add.DeletionVector?.Id);

    public static FileKey Of(RemoveFile remove) => new(FilePath.ToStore(remove.Path), remove.DeletionVector?.Id);
}
