using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.State;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Runtime.Flows;

/// <summary>Brings the tables of an update into the shape that the pipeline declares, before any flow runs.</summary>
internal sealed class TableSetup(UpdateContext context)
{
    private const string DeletionVectors = "delta.enableDeletionVectors";

    private readonly Renames renames = new(context);

    /// <summary>LF5067 if tables are another pipeline's, or nobody's with rows in them, and are not to be taken over. All of them in one message, before anything is changed.</summary>
    public void CheckOwners(IEnumerable<DatasetInfo> tables)
    {
        var foreign = new List<(string Table, string? Owner)>();
        foreach (var dataset in tables)
        {
            if (Snapshot.TryOpen(context.Lakehouse.Table(dataset.Name), out var table) && !MayWrite(table, dataset)) foreign.Add((dataset.Name.ToString(), TableOrigin.Of(table)?.Pipeline));
        }

        if (foreign.Count > 0) throw RunErrors.OtherPipeline(context.Pipeline.Name, foreign);
    }

    /// <summary>Refuses what cannot be carried over, before anything is changed. LF5060, LF5061, LF5065, LF5072 to LF5074, LF5080, each with what a full refresh would lose.</summary>
    public void Check(DatasetInfo dataset)
    {
        if (!Snapshot.TryOpen(context.Lakehouse.Table(dataset.Name), out var snapshot)) return;
        var name = dataset.Name.ToString();
        if (TableOrigin.Of(snapshot) is { } stored && stored.Kind != OriginOf(dataset).Kind)
        {
            throw RunErrors.KindChanged(name, stored.InWords(), OriginOf(dataset).InWords(), LostRows.WhatIsLeft(context, dataset, snapshot));
        }

        if (dataset.Kind == DatasetKind.MaterializedView) return;
        var renamed = renames.Of(dataset);
        if (!SameNames([.. snapshot.PartitionColumns.Select(c => Renames.NameOf(renamed, c))], dataset.PartitionColumns)) throw RunErrors.PartitionsChanged(name, LostRows.WhatIsLeft(context, dataset, snapshot));
        var schema = Renames.Apply(renamed, snapshot.Schema);
        foreach (var column in schema.Fields)
        {
            // A column that the pipeline no longer has is NULL in new rows.
            if (!column.Nullable && dataset.Columns.Find(column.Name) is null) throw RunErrors.ColumnNeeded(name, column.Name, LostRows.WhatIsLeft(context, dataset, snapshot));
        }

        foreach (var column in dataset.Columns.Fields)
        {
            if (schema.Find(column.Name) is { } field && Misfit(field, column, column.Name, Widens(dataset, column)) is var (path, had, wanted))
            {
                throw RunErrors.SchemaChanged(name, path, had, wanted, LostRows.WhatIsLeft(context, dataset, snapshot));
            }
        }

        foreach (var flow in context.Pipeline.Flows.Where(f => f.Target == dataset.Name && !context.Selection.ResetFlows.Contains(f)))
        {
            CheckChanges(dataset, snapshot, flow, renamed);
            if (snapshot.Domains.TryGetValue(FlowRecord.DomainOf(flow), out var record)) CheckState(dataset, snapshot, flow, FlowRecord.Parse(record));
        }
    }

    private void CheckChanges(DatasetInfo dataset, Snapshot snapshot, FlowInfo flow, ImmutableArray<Rename> renamed)
    {
        if (flow.Changes is not { } changes) return;
        if (snapshot.Domains.TryGetValue(ChangeRecord.Domain, out var text))
        {
            var record = ChangeRecord.Parse(text);
            record.Renamed(path => Renames.PathOf(renamed, snapshot.Schema, path), record.Version)
                .Check(
                    dataset.Name.ToString(), changes, flow.Output.Find(ChangeLayout.Sequence)!.Type,
                    () => record.SequenceKept(snapshot, context.Lakehouse.State, dataset.Name), () => LostRows.WhatIsLeft(context, dataset, snapshot));
        }
        else if (!snapshot.Files.IsEmpty)
        {
            throw ChangeErrors.UnknownRows(dataset.Name.ToString(), LostRows.WhatIsLeft(context, dataset, snapshot));
        }
    }

    private void CheckState(DatasetInfo dataset, Snapshot snapshot, FlowInfo flow, FlowRecord record)
    {
        try
        {
            StreamStep.Check(context, flow, record, () => LostRows.WhatIsLeft(context, dataset, snapshot));
        }
        catch (DataFault fault) when (TableState.Lost(context.Lakehouse, dataset.Name, snapshot, fault) is { } lost)
        {
            throw lost;
        }
    }

    /// <summary>The part of a column whose type in the table cannot become that of the pipeline; null if there is none.</summary>
    private static (string Path, DataType Stored, DataType Wanted)? Misfit(Field stored, Field wanted, string path, bool widens)
    {
        switch (stored.Type, wanted.Type)
        {
            case (StructType s, StructType w):
                return s.Fields.Select(f => (Stored: f, Wanted: new Schema(w.Fields).Find(f.Name))).Where(p => p.Wanted is not null)
                    .Select(p => Misfit(p.Stored, p.Wanted!, FieldPath.Of(path, p.Stored.Name), widens)).FirstOrDefault(m => m is not null);
            case (ListType s, ListType w):
                return Misfit(s.Element, w.Element, path + ".element", widens);
            case (MapType s, MapType w):
                return Misfit(s.Key, w.Key, path + ".key", widens) ?? Misfit(s.Value, w.Value, path + ".value", widens);
            case (_, NullType):
                return null;
            default:
                return stored.Type.Equals(wanted.Type) || (widens && TypeWidening.CanWiden(stored.Type, wanted.Type)) ? null : (path, stored.Type, wanted.Type);
        }
    }

    /// <summary>Looks for renamed columns while no table has its new ones: they are told from the tables below, too.</summary>
    public void FindRenames(IEnumerable<DatasetInfo> tables)
    {
        foreach (var dataset in tables) renames.Of(dataset);
    }

    /// <summary>Makes a table that is not there, or takes one over; lets a streaming table grow the columns that its declaration has gained, and widen those of a wider type.</summary>
    /// <remarks>
    /// A materialized view takes its new shape with its next rows, in one commit; see <see cref="Reshape"/>. After <see cref="FindRenames"/>, from any thread.
    /// </remarks>
    public void Prepare(DatasetInfo dataset)
    {
        var store = context.Lakehouse.Table(dataset.Name);
        if (!Snapshot.TryOpen(store, out var snapshot))
        {
            try
            {
                var create = Transaction.Create(store, DefinitionOf(dataset), context.Time);
                create.SetDomain(TableOrigin.Domain, OriginOf(dataset).ToJson());
                create.Commit("CREATE TABLE");
                return;
            }
            catch (ConflictException lost) when (lost.Kind == ConflictKind.TableCreated)
            {
                // Another run made it just now.
                snapshot = Snapshot.Open(store);
            }
        }

        // Another pipeline may have made it since all were looked at.
        if (!MayWrite(snapshot, dataset)) throw RunErrors.OtherPipeline(context.Pipeline.Name, [(dataset.Name.ToString(), TableOrigin.Of(snapshot)?.Pipeline)]);
        var transaction = Transaction.Begin(snapshot, context.Time);
        var isTaken = Take(transaction, dataset, snapshot);
        var renamed = renames.Of(dataset);
        if (!renamed.IsEmpty)
        {
            Renames.Carry(context, transaction, dataset, renamed);
            context.Renamed[dataset.Name] = string.Join(", ", renamed.Select(r => $"{r.Path} is now {r.To}"));
        }

        if ((dataset.Kind == DatasetKind.MaterializedView || !Grow(transaction, dataset)) && !isTaken && renamed.IsEmpty) return;
        try
        {
            transaction.Commit(renamed.IsEmpty ? "ALTER TABLE" : "RENAME COLUMN");
        }
        catch (ConflictException lost) when (lost.Kind is ConflictKind.MetadataChanged or ConflictKind.FlowAdvanced)
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
        transaction.SetDomain(TableOrigin.Domain, OriginOf(dataset).ToJson());
        foreach (var domain in snapshot.Domains.Keys.Where(d => d == ChangeRecord.Domain || d.StartsWith(ColumnRecord.DomainPrefix, StringComparison.Ordinal))) transaction.RemoveDomain(domain);
        Reshape(transaction, dataset);
        var flows = context.Pipeline.Flows.Where(f => f.Target == dataset.Name).ToList();
        // A flow that the pipeline has not got now may come back: its rows go with the others, and so does its position.
        var gone = snapshot.Domains.Keys.Where(d => d.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal)).Except(flows.Select(FlowRecord.DomainOf));
        foreach (var domain in gone) transaction.RemoveDomain(domain);
        foreach (var flow in flows)
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

    /// <summary>Lets a flow read its sources from the start again; the table keeps its rows.</summary>
    /// <remarks>A generation of the flow alone: its steps count anew, under another transaction id, with other state tables.</remarks>
    public void Reset(FlowInfo flow)
    {
        if (!Snapshot.TryOpen(context.Lakehouse.Table(flow.Target), out var snapshot)) return;
        if (!snapshot.Domains.TryGetValue(FlowRecord.DomainOf(flow), out var text)) return;
        var transaction = Transaction.Begin(snapshot, context.Time);
        var start = FlowRecord.Start(flow, FlowRecord.Parse(text).Generation + 1) with { TargetVersion = snapshot.Version + 1, UpdateId = context.UpdateId, Timestamp = context.Now };
        transaction.SetDomain(FlowRecord.DomainOf(flow), start.ToJson());
        try
        {
            transaction.Commit("RESET FLOW");
        }
        catch (ConflictException lost)
        {
            throw RunErrors.AnotherRunAdvanced(flow.Name, lost);
        }
    }

    /// <summary>Gives a table whose rows are all replaced the columns, partitioning and properties of its declaration.</summary>
    public void Reshape(Transaction transaction, DatasetInfo dataset)
    {
        var names = transaction.Metadata.PartitionColumns;
        if (!SameFields(transaction.Schema, dataset.Columns)) transaction.SetSchema(dataset.Columns);
        if (!SameNames(names, dataset.PartitionColumns)) transaction.SetPartitionColumns(dataset.PartitionColumns);
        Describe(transaction, dataset);
    }

    private TableOrigin OriginOf(DatasetInfo dataset) => TableOrigin.Of(context.Pipeline, dataset);

    /// <summary>Whether this pipeline may write a table. One that neither a pipeline made nor a flow wrote holds somebody's rows, unless it is empty.</summary>
    private bool MayWrite(Snapshot table, DatasetInfo dataset)
    {
        if (context.Selection.Adopted.Contains(dataset.Name)) return true;
        if (TableOrigin.Of(table) is { } origin) return origin.IsOf(context.Pipeline.Name);
        return table.RowCount == 0 || context.Pipeline.Flows.Any(f => f.Target == dataset.Name && table.Domains.ContainsKey(FlowRecord.DomainOf(f)));
    }

    /// <summary>Writes down whose a table is, where that is not this pipeline yet. Its rows, and where its flows stand, stay.</summary>
    private bool Take(Transaction transaction, DatasetInfo dataset, Snapshot table)
    {
        if (TableOrigin.Of(table)?.Pipeline is { } owner && owner.Equals(context.Pipeline.Name, StringComparison.OrdinalIgnoreCase)) return false;
        transaction.SetDomain(TableOrigin.Domain, OriginOf(dataset).ToJson());
        return true;
    }

    private TableDefinition DefinitionOf(DatasetInfo dataset) => new(dataset.Columns)
    {
        PartitionColumns = dataset.PartitionColumns,
        Properties = PropertiesOf(dataset),
        Name = dataset.Name.Name,
        Description = dataset.Comment,
    };

    /// <summary>The declared ones that a table keeps. Where rows change in place, files are marked rather than copied, unless the user says otherwise.</summary>
    private ImmutableSortedDictionary<string, string> PropertiesOf(DatasetInfo dataset)
    {
        var properties = dataset.Properties.RemoveRange(dataset.Properties.Keys.Where(TableProperties.IsNotKept));
        return !properties.ContainsKey(DeletionVectors) && context.Pipeline.Flows.Any(f => f.Target == dataset.Name && f.ChangesRows)
            ? properties.Add(DeletionVectors, "true") : properties;
    }

    private bool Grow(Transaction transaction, DatasetInfo dataset)
    {
        var schema = transaction.Schema;
        var merged = SchemaChange.Merge(schema, dataset.Columns, Widens(dataset));
        var changed = !SameFields(merged, schema);
        if (TypeWidening.IsWider(merged, schema)) transaction.SetProperty(TypeWidening.Property, "true");
        if (changed) transaction.SetSchema(merged);
        return Describe(transaction, dataset) || changed;
    }

    /// <summary>Whether columns of a table may take wider types: unless the declaration says no to the property that it needs.</summary>
    private static bool Widens(DatasetInfo dataset) =>
        !string.Equals(dataset.Properties.GetValueOrDefault(TypeWidening.Property), "false", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a column of a table may: values of partitions are in the log, in the form of their type.</summary>
    public static bool Widens(DatasetInfo dataset, Field column) =>
        Widens(dataset) && !dataset.PartitionColumns.Contains(column.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Comment and properties; what other engines have set beside ours stays.</summary>
    private bool Describe(Transaction transaction, DatasetInfo dataset)
    {
        var changed = false;
        if (transaction.Metadata.Description != dataset.Comment)
        {
            transaction.SetDescription(dataset.Comment);
            changed = true;
        }

        foreach (var (name, value) in PropertiesOf(dataset))
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
