using System.Globalization;
using Lakeflow.Arrow;

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
    /// <param name="definition">The table is made with it, and grows to have its columns. Tables whose rows change want <c>delta.enableDeletionVectors</c>.</param>
    public StateTable(IObjectStore store, TableDefinition definition, TimeProvider? time = null)
    {
        Store = store;
        this.definition = definition;
        this.time = time;
    }

    public IObjectStore Store { get; }

    /// <summary>The state as of the version that the target names, with the columns of the definition; null at <see cref="Nothing"/>.</summary>
    /// <remarks>Columns that it has not got are NULL, and those of narrower types are widened when they are read.</remarks>
    public Snapshot? Open(long version)
    {
        if (version == Nothing) return null;
        var named = Snapshot.Open(Store, version);
        return named.With(named.Metadata with { SchemaText = SchemaJson.Write(Grown(named.Schema)) }).Shaped(definition.Schema);
    }

    /// <summary>Begins a step's change of the state. Its <see cref="Transaction.Read"/> is the version named, whatever came after it.</summary>
    /// <param name="version">The version that the target names, or <see cref="Nothing"/>.</param>
    public Transaction Begin(long version)
    {
        var head = Head();
        var named = version == head.Version ? head : version == Nothing ? head.Emptied() : Snapshot.Open(Store, version);
        var transaction = version == head.Version ? Transaction.Begin(head, time) : Transaction.BeginRestore(head, named, time);
        var schema = Grown(transaction.Schema);
        if (TypeWidening.IsWider(schema, transaction.Schema)) transaction.SetProperty(TypeWidening.Property, "true");
        if (!schema.Equals(transaction.Schema)) transaction.SetSchema(schema);
        transaction.SetDomain(ParentDomain, string.Create(CultureInfo.InvariantCulture, $$"""{"parent":{{version}}}"""));
        return transaction;
    }

    /// <summary>Gives columns of a state other names, as its target has done; nothing is written again.</summary>
    /// <param name="version">The version that the target names.</param>
    /// <param name="renames">Paths of columns or of fields of struct columns, one after the other, and new names; those that the state has not got are passed over.</param>
    /// <returns>The new version, for the target to name.</returns>
    public static long RenameColumns(IObjectStore store, long version, IEnumerable<(string From, string To)> renames, TimeProvider? time = null)
    {
        var named = Snapshot.Open(store, version);
        var transaction = new StateTable(store, new TableDefinition(named.Schema), time).Begin(version);
        if (ColumnMapping.ModeOf(transaction.Metadata) == "none") transaction.SetProperty("delta.columnMapping.mode", "name");
        foreach (var (from, to) in renames.Where(r => ColumnPath.Change(named.Schema.Fields, r.From, (field, _) => field) is not null)) transaction.RenameColumn(from, to);
        return transaction.Commit("RENAME COLUMN").Version;
    }

    /// <summary>Commits a step's change, and lays small files together in the same commit when there are many: a commit of its own would be none of a step.</summary>
    /// <returns>The new version, for the target to name.</returns>
    /// <exception cref="ConflictException">Another step was committed meanwhile.</exception>
    public static long Commit(Transaction transaction)
    {
        new Optimize().Within(transaction, ManyFiles);
        return transaction.Commit("STREAMING UPDATE").Version;
    }

    /// <summary>Whether rows of a state, as of the version that the target names, can go on as rows of other columns: of the same names and order, each of its type or a wider one.</summary>
    public static bool Fits(IObjectStore store, long version, Schema wanted)
    {
        if (version == Nothing) return true;
        try
        {
            return SchemaChange.Merge(Snapshot.Open(store, version).Schema, wanted, widens: true).Fields.Select(f => (f.Name, f.Type)).SequenceEqual(wanted.Fields.Select(f => (f.Name, f.Type)));
        }
        catch (DataFault fault) when (fault.Code == "LF6065")
        {
            return false;
        }
    }

    private Schema Grown(Schema schema) => SchemaChange.Merge(schema, definition.Schema, widens: true);

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
