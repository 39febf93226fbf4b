using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Flows;

/// <summary>Brings the tables of an update into the shape that the pipeline declares, before any flow runs.</summary>
internal sealed class TableSetup(UpdateContext context)
{
    /// <summary>Makes a table that is not there, and lets a streaming table grow the columns that its declaration has gained.</summary>
    /// <remarks>A materialized view takes its new shape with its next rows, in one commit; see <see cref="Reshape"/>.</remarks>
    public void Prepare(DatasetInfo dataset)
    {
        var store = context.Lakehouse.Table(dataset.Name);
        if (!Snapshot.TryOpen(store, out var snapshot))
        {
            try
            {
                Transaction.Create(store, DefinitionOf(dataset), context.Time).Commit("CREATE TABLE");
                return;
            }
            catch (ConflictException lost) when (lost.Kind == ConflictKind.TableCreated)
            {
                // Another run of this pipeline made it just now.
                snapshot = Snapshot.Open(store);
            }
        }

        if (dataset.Kind == DatasetKind.MaterializedView) return;
        if (!SameNames(snapshot.PartitionColumns, dataset.PartitionColumns)) throw RunErrors.PartitionsChanged(dataset.Name.ToString());
        var transaction = Transaction.Begin(snapshot, context.Time);
        if (!Grow(transaction, dataset)) return;
        try
        {
            transaction.Commit("ALTER TABLE");
        }
        catch (ConflictException lost) when (lost.Kind == ConflictKind.MetadataChanged)
        {
            throw RunErrors.AnotherRunAdvanced(dataset.Name.ToString(), lost);
        }
    }

    /// <summary>Empties a table and begins a new generation of its flows, in one commit; the table keeps its id.</summary>
    public void Reset(DatasetInfo dataset)
    {
        var store = context.Lakehouse.Table(dataset.Name);
        if (!Snapshot.TryOpen(store, out var snapshot)) return;
        var generation = snapshot.Domains
            .Where(d => d.Key.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal))
            .Select(d => FlowRecord.Parse(d.Value).Generation)
            .DefaultIfEmpty(0).Max() + 1;
        var transaction = Transaction.Begin(snapshot, context.Time);
        transaction.Truncate();
        Reshape(transaction, dataset);
        foreach (var flow in context.Pipeline.Flows.Where(f => f.Target == dataset.Name))
        {
            var start = FlowRecord.Start(flow, generation) with { TargetVersion = snapshot.Version + 1, UpdateId = context.UpdateId, Timestamp = context.Now };
            transaction.SetDomain(FlowRecord.DomainOf(flow), start.ToJson());
        }

        try
        {
            transaction.Commit("TRUNCATE");
        }
        catch (ConflictException lost)
        {
            throw RunErrors.AnotherRunAdvanced(dataset.Name.ToString(), lost);
        }
    }

    /// <summary>Gives a table whose rows are all replaced the columns, partitioning and properties of its declaration.</summary>
    public static void Reshape(Transaction transaction, DatasetInfo dataset)
    {
        var names = transaction.Metadata.PartitionColumns;
        if (!SameFields(transaction.Schema, dataset.Columns)) transaction.SetSchema(dataset.Columns);
        if (!SameNames(names, dataset.PartitionColumns)) transaction.SetPartitionColumns(dataset.PartitionColumns);
        Describe(transaction, dataset);
    }

    private static TableDefinition DefinitionOf(DatasetInfo dataset) => new(dataset.Columns)
    {
        PartitionColumns = dataset.PartitionColumns,
        Properties = dataset.Properties,
        Name = dataset.Name.Name,
        Description = dataset.Comment,
    };

    private static bool Grow(Transaction transaction, DatasetInfo dataset)
    {
        var schema = transaction.Schema;
        foreach (var column in dataset.Columns.Fields)
        {
            if (schema.Find(column.Name) is { } stored && !stored.Type.Equals(column.Type) && stored.Type is not (StructType or ListType or MapType))
            {
                throw RunErrors.SchemaChanged(dataset.Name.ToString(), column.Name, stored.Type, column.Type);
            }
        }

        var merged = SchemaChange.Merge(schema, dataset.Columns);
        var changed = !SameFields(merged, schema);
        if (changed) transaction.SetSchema(merged);
        return Describe(transaction, dataset) || changed;
    }

    /// <summary>Comment and properties; what other engines have set beside ours stays.</summary>
    private static bool Describe(Transaction transaction, DatasetInfo dataset)
    {
        var changed = false;
        if (transaction.Metadata.Description != dataset.Comment)
        {
            transaction.SetDescription(dataset.Comment);
            changed = true;
        }

        foreach (var (name, value) in dataset.Properties)
        {
            if (transaction.Metadata.Properties.GetValueOrDefault(name) == value) continue;
            transaction.SetProperty(name, value);
            changed = true;
        }

        return changed;
    }

    private static bool SameNames(ImmutableArray<string> one, ImmutableArray<string> other) =>
        one.SequenceEqual(other, StringComparer.OrdinalIgnoreCase);

    /// <summary>Fields' equality leaves out their metadata, but a comment is part of a table.</summary>
    private static bool SameFields(Schema one, Schema other) =>
        one.Equals(other) && one.Fields.Zip(other.Fields).All(f => f.First.Comment == f.Second.Comment);
}
