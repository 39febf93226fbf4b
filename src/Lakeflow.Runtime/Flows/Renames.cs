using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;

namespace Lakeflow.Runtime.Flows;

/// <summary>A column of a table and the name that the pipeline has given it since.</summary>
internal readonly record struct Rename(string From, string To);

/// <summary>Finds the columns of running tables that the pipeline has given other names, and gives them to the tables.</summary>
/// <remarks>
/// A column is renamed if it is no longer declared, another one is that the table has not got, and every flow that made the one makes
/// the other, one of them at least from the same origin: then both would hold the same values. What the queries do not tell,
/// the table property <c>lakeflow.rename.&lt;new&gt;</c> = '&lt;old&gt;' does; an empty one says that the column is a new one.
/// </remarks>
internal sealed class Renames(UpdateContext context)
{
    public const string PropertyPrefix = "lakeflow.rename.";

    private const string MappingMode = "delta.columnMapping.mode";

    private readonly ConcurrentDictionary<QualifiedName, ImmutableArray<Rename>> known = new();

    /// <summary>Of a table, those that it has not carried out yet.</summary>
    /// <exception cref="Diagnostics.RuntimeError">LF5080: it cannot be told. LF5081: a property makes no sense, or the table must not have column mapping.</exception>
    public ImmutableArray<Rename> Of(DatasetInfo dataset)
    {
        if (known.TryGetValue(dataset.Name, out var found)) return found;
        // A table that begins anew has its columns from the declaration.
        found = dataset.Kind != DatasetKind.MaterializedView && !context.Selection.Resets(dataset.Name) && Snapshot.TryOpen(context.Lakehouse.Table(dataset.Name), out var table) ? Find(dataset, table) : [];
        known.TryAdd(dataset.Name, found);
        return found;
    }

    /// <summary>What a flow makes its columns from, those of tables by the names that the tables' files know them by.</summary>
    public ImmutableArray<ColumnOrigin> OriginsOf(FlowInfo flow) =>
        [.. flow.Origins.Select(o => o with { Reads = [.. o.Reads.Select(r => new ColumnRead(r.Source, InFiles(flow, r)))] })];

    /// <summary>Columns under their new names.</summary>
    public static Schema Apply(ImmutableArray<Rename> renames, Schema schema) => new(schema.Fields.Select(f => f with { Name = NameOf(renames, f.Name) }).ToImmutableArray());

    public static string NameOf(ImmutableArray<Rename> renames, string name)
    {
        foreach (var rename in renames)
        {
            if (Same(rename.From, name)) return rename.To;
        }

        return name;
    }

    /// <summary>Gives a table's columns their new names, in what its flows remember too; no file is written again.</summary>
    public static void Carry(UpdateContext context, Transaction transaction, DatasetInfo dataset, ImmutableArray<Rename> renames)
    {
        var domains = transaction.Read!.Domains;
        if (transaction.Metadata.Properties.GetValueOrDefault(MappingMode) is null or "none") transaction.SetProperty(MappingMode, "name");
        foreach (var (from, to) in renames) transaction.RenameColumn(from, to);
        foreach (var (domain, text) in domains.Where(d => d.Key.StartsWith(ColumnRecord.DomainPrefix, StringComparison.Ordinal)))
        {
            var record = ColumnRecord.Parse(text);
            transaction.SetDomain(domain, (record with { Origins = [.. record.Origins.Select(o => o with { Column = NameOf(renames, o.Column) })] }).ToJson());
        }

        if (domains.TryGetValue(ChangeRecord.Domain, out var changes)) Carry(context, transaction, dataset, ChangeRecord.Parse(changes), renames);
    }

    /// <summary>The events that AUTO CDC remembers have the columns of its target.</summary>
    private static void Carry(UpdateContext context, Transaction transaction, DatasetInfo dataset, ChangeRecord record, ImmutableArray<Rename> renames)
    {
        var state = Lakehouse.ChangeStateName(dataset.Name, record.Generation);
        var version = record.Version == StateTable.Nothing ? record.Version
            : StateTable.RenameColumns(context.Lakehouse.State(state), record.Version, renames.Select(r => (r.From, r.To)), context.Time);
        transaction.SetDomain(ChangeRecord.Domain, record.Renamed(name => NameOf(renames, name), version).ToJson());
        foreach (var (domain, text) in transaction.Read!.Domains.Where(d => d.Key.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal)))
        {
            var flow = FlowRecord.Parse(text);
            if (flow.State.ContainsKey(state)) transaction.SetDomain(domain, (flow with { State = flow.State.SetItem(state, version) }).ToJson());
        }
    }

    private ImmutableArray<Rename> Find(DatasetInfo dataset, Snapshot table)
    {
        var gone = table.Schema.Fields.Where(f => dataset.Columns.Find(f.Name) is null).ToList();
        var fresh = dataset.Columns.Fields.Where(f => table.Schema.Find(f.Name) is null).ToList();
        var renames = ImmutableArray.CreateBuilder<Rename>();
        foreach (var (property, from) in dataset.Properties.Where(p => p.Key.StartsWith(PropertyPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            var name = property[PropertyPrefix.Length..];
            if (dataset.Columns.Find(name) is null) throw RunErrors.BadRename(dataset.Name.ToString(), property, from, $"the table has no column {name}");
            if (fresh.Find(f => Same(f.Name, name)) is not { } to) continue;
            fresh.Remove(to);
            if (from.Length == 0) continue;
            if (gone.Find(f => Same(f.Name, from)) is not { } old)
            {
                throw RunErrors.BadRename(dataset.Name.ToString(), property, from, dataset.Columns.Find(from) is null ? $"the table has no column {from}" : $"the pipeline still has a column {from}");
            }

            gone.Remove(old);
            renames.Add(new Rename(old.Name, to.Name));
        }

        if (gone.Count > 0 && fresh.Count > 0) renames.AddRange(Told(dataset, table, gone, fresh));
        var mode = dataset.Properties.GetValueOrDefault(MappingMode);
        if (renames.Count > 0 && string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase))
        {
            throw RunErrors.BadRename(
                dataset.Name.ToString(), MappingMode, mode!, $"{renames[0].From} is to be called {renames[0].To}, which only column mapping can do without writing the table's files again");
        }

        return renames.ToImmutable();
    }

    /// <summary>What the queries tell. LF5080 if a column that is gone could be several new ones, or the other way round.</summary>
    private IEnumerable<Rename> Told(DatasetInfo dataset, Snapshot table, List<Field> gone, List<Field> fresh)
    {
        var flows = context.Pipeline.Flows.Where(f => f.Target == dataset.Name && table.Domains.ContainsKey(ColumnRecord.DomainOf(f)))
            .Select(f => (Was: ColumnRecord.Parse(table.Domains[ColumnRecord.DomainOf(f)]).Origins, Is: OriginsOf(f))).ToList();
        var pairs = gone.SelectMany(g => fresh.Where(f => Fits(dataset, g, f) && IsSame(flows, g.Name, f.Name)).Select(f => new Rename(g.Name, f.Name))).ToList();
        foreach (var pair in pairs)
        {
            var others = pairs.Where(p => p.From == pair.From || p.To == pair.To).ToList();
            if (others.Count > 1)
            {
                throw RunErrors.AmbiguousRename(
                    dataset.Name.ToString(), others.Select(p => p.From).Distinct(), others.Select(p => p.To).Distinct(), LostRows.WhatIsLeft(context, dataset, table));
            }
        }

        return pairs;
    }

    private static bool IsSame(List<(ImmutableArray<ColumnOrigin> Was, ImmutableArray<ColumnOrigin> Is)> flows, string from, string to)
    {
        var same = false;
        foreach (var (was, now) in flows)
        {
            if (was.FirstOrDefault(o => Same(o.Column, from)) is not { } before) continue;
            if (now.FirstOrDefault(o => Same(o.Column, to)) is not { } after) return false;
            same |= before.IsSame(after);
        }

        return same;
    }

    private static bool Fits(DatasetInfo dataset, Field from, Field to) =>
        from.Type.Equals(to.Type) || (from.Type.IsNested && to.Type.IsNested) || (TableSetup.Widens(dataset, to) && TypeWidening.CanWiden(from.Type, to.Type));

    private string InFiles(FlowInfo flow, ColumnRead read)
    {
        var store = flow.Sources.FirstOrDefault(s => s.Key == read.Source) switch
        {
            TableSourceInfo table => context.Lakehouse.Table(table.Table),
            PathTableSourceInfo { Path: var path } when context.Paths.ToLocal(path) is { } local => Lakehouse.FolderTable(local),
            _ => null,
        };
        if (store is null || !Snapshot.TryOpen(store, out var source)) return read.Column;
        // What this update is still to rename has its old name in the source.
        var name = flow.Sources.First(s => s.Key == read.Source) is TableSourceInfo { Table: var upstream } && context.Pipeline.Datasets.FirstOrDefault(d => d.Name == upstream && d.IsTable) is { } dataset
            ? Of(dataset).FirstOrDefault(r => Same(r.To, read.Column)).From ?? read.Column
            : read.Column;
        return source.Schema.Find(name) is { } field ? source.NameInFiles(field) : name;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
