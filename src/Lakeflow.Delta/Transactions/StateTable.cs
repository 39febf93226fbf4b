using System.Globalization;

namespace Lakeflow.Delta;

/// <summary>A table that remembers something for the steps of another table, which names the version that it builds on.</summary>
/// <remarks>
/// A step commits its state first and its target after it; the target's commit names the state's version. If a step dies between
/// the two, the state's newest version is one that no target names. The next commit then first takes back the difference, and does
/// its own work, in one commit: nothing that a dead step remembered is ever seen. Each commit names its parent.
/// Two commits on one parent conflict, whatever they touch.
/// </remarks>
public sealed class StateTable
{
    /// <summary>The version that stands for the empty table before the first commit.</summary>
    public const long Nothing = -1;

    /// <summary>The domain that names a commit's parent, as <c>{"parent":n}</c>.</summary>
    public const string ParentDomain = "lakeflow.state";

    private const int ManyFiles = 50;

    private readonly TableDefinition definition;
    private readonly TimeProvider? time;

    /// <param name="store">Where the table is, or is to be.</param>
    /// <param name="definition">Used when the table is made, at the first <see cref="Begin"/>. Tables whose rows change want <c>delta.enableDeletionVectors</c>.</param>
    public StateTable(IObjectStore store, TableDefinition definition, TimeProvider? time = null)
    {
        Store = store;
        this.definition = definition;
        this.time = time;
    }

    public IObjectStore Store { get; }

    /// <summary>The state as of the version that the target names; null at <see cref="Nothing"/>.</summary>
    public Snapshot? Open(long version) => version == Nothing ? null : Snapshot.Open(Store, version);

    /// <summary>Begins a step's change of the state. Its <see cref="Transaction.Read"/> is the version named, whatever came after it.</summary>
    /// <param name="version">The version that the target names, or <see cref="Nothing"/>.</param>
    public Transaction Begin(long version)
    {
        var head = Head();
        var named = version == head.Version ? head : version == Nothing ? head.Emptied() : Snapshot.Open(Store, version);
        var transaction = version == head.Version ? Transaction.Begin(head, time) : Transaction.BeginRestore(head, named, time);
        transaction.SetDomain(ParentDomain, string.Create(CultureInfo.InvariantCulture, $$"""{"parent":{{version}}}"""));
        return transaction;
    }

    /// <summary>Commits a step's change, and lays small files together in the same commit when there are many: a commit of its own would be none of a step.</summary>
    /// <returns>The new version, for the target to name.</returns>
    /// <exception cref="ConflictException">Another step was committed meanwhile.</exception>
    public static long Commit(Transaction transaction)
    {
        new Optimize().Within(transaction, ManyFiles);
        return transaction.Commit("STREAMING UPDATE").Version;
    }

    private Snapshot Head()
    {
        if (Snapshot.TryOpen(Store, out var head)) return head;
        try
        {
            return Transaction.Create(Store, definition, time).Commit("CREATE TABLE").Snapshot;
        }
        catch (ConflictException lost) when (lost.Kind == ConflictKind.TableCreated)
        {
            return Snapshot.Open(Store);
        }
    }
}
