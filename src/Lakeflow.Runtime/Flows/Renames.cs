using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Runtime.Flows;

/// <summary>A column of a table, or a field of a struct in one, and the name that the pipeline has given it since.</summary>
/// <param name="Parent">Of a field, the path of its struct in the table: <c>column</c>, <c>column.field</c>, <c>column.element</c>; else empty.</param>
internal readonly record struct Rename(string Parent, string From, string To)
{
    /// <summary>In the table, as it is.</summary>
    public string Path => FieldPath.Of(Parent, From);
}

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
        InFiles(flow) is var inFiles ? [.. flow.Origins.Select(o => o with { Reads = [.. o.Reads.Select(inFiles)] })] : [];

    /// <summary>Fingerprint of what rows that a flow remembers mean: the same, whatever the columns of tables that they are made from are called.</summary>
    public string MeaningOf(FlowInfo flow, StateMeaning meaning) =>
        Fingerprint.Short($"{meaning.Text} {string.Join(", ", meaning.Reads.Select(InFiles(flow)).Select(r => $"{r.Source}: {r.Column}"))}");

    /// <summary>Columns whose structs' fields are called by what they are made from, those of tables by the names in the tables' files. A field whose origin is not known keeps its name.</summary>
    /// <param name="fields">The origins, by path.</param>
    public Schema NamedByOrigin(FlowInfo flow, Schema columns, ImmutableArray<ColumnOrigin> fields)
    {
        if (fields.IsEmpty) return columns;
        var inFiles = InFiles(flow);
        var names = fields.ToDictionary(f => f.Column, f => Fingerprint.Short($"{f.Value} {string.Join(", ", f.Reads.Select(inFiles).Select(r => $"{r.Source}: {r.Column}"))}"), StringComparer.OrdinalIgnoreCase);
        return new Schema(columns.Fields.Select(c => c with { Type = Named(c.Type, c.Name) }).ToImmutableArray());

        DataType Named(DataType type, string path)
        {
            var taken = new Dictionary<string, int>(StringComparer.Ordinal);
            return FieldPath.WithParts(type, part =>
            {
                var at = FieldPath.Of(path, part.Name);
                var inner = part with { Type = Named(part.Type, at) };
                if (!names.TryGetValue(at, out var name)) return inner;
                // Two fields of one origin hold equal values.
                taken[name] = taken.GetValueOrDefault(name) + 1;
                return inner with { Name = taken[name] == 1 ? name : $"{name}_{taken[name]}" };
            });
        }
    }

    /// <summary>Columns, and fields of struct columns, under their new names.</summary>
    public static Schema Apply(ImmutableArray<Rename> renames, Schema schema) => new(schema.Fields.Select(f => Apply(renames, "", f)).ToImmutableArray());

    /// <summary>The new name of a column.</summary>
    public static string NameOf(ImmutableArray<Rename> renames, string name) => NameOf(renames, "", name);

    /// <summary>The path that a column, or a field of one, has under the new names.</summary>
    public static string PathOf(ImmutableArray<Rename> renames, Schema before, string path)
    {
        if (FieldPath.Find(before.Fields, path, (_, field) => field.Name) is not { } fields) return path;
        var (was, now) = ("", "");
        foreach (var field in fields)
        {
            now = FieldPath.Of(now, NameOf(renames, was, field.Name));
            was = FieldPath.Of(was, field.Name);
        }

        return now;
    }

    /// <summary>Gives a table's columns their new names, in what its flows remember too; no file is written again.</summary>
    public static void Carry(UpdateContext context, Transaction transaction, DatasetInfo dataset, ImmutableArray<Rename> renames)
    {
        var domains = transaction.Read!.Domains;
        if (transaction.Metadata.Properties.GetValueOrDefault(MappingMode) is null or "none") transaction.SetProperty(MappingMode, "name");
        var before = transaction.Schema;
        foreach (var rename in InnermostFirst(renames)) transaction.RenameColumn(rename.Path, rename.To);
        foreach (var (domain, text) in domains.Where(d => d.Key.StartsWith(ColumnRecord.DomainPrefix, StringComparison.Ordinal)))
        {
            var record = ColumnRecord.Parse(text);
            transaction.SetDomain(domain, (record with { Origins = [.. record.Origins.Select(o => o with { Column = PathOf(renames, before, o.Column) })] }).ToJson());
        }

        if (domains.TryGetValue(ChangeRecord.Domain, out var changes)) Carry(context, transaction, dataset, ChangeRecord.Parse(changes), renames, before);
    }

    /// <summary>The events that AUTO CDC remembers have the columns of its target.</summary>
    private static void Carry(UpdateContext context, Transaction transaction, DatasetInfo dataset, ChangeRecord record, ImmutableArray<Rename> renames, Schema before)
    {
        var state = Lakehouse.ChangeStateName(dataset.Name, record.Generation);
        var version = record.Version == StateTable.Nothing ? record.Version
            : StateTable.RenameColumns(context.Lakehouse.State(state), record.Version, InnermostFirst(renames).Select(r => (r.Path, r.To)), context.Time);
        transaction.SetDomain(ChangeRecord.Domain, record.Renamed(path => PathOf(renames, before, path), version).ToJson());
        foreach (var (domain, text) in transaction.Read!.Domains.Where(d => d.Key.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal)))
        {
            var flow = FlowRecord.Parse(text);
            if (flow.State.ContainsKey(state)) transaction.SetDomain(domain, (flow with { State = flow.State.SetItem(state, version) }).ToJson());
        }
    }

    /// <summary>A field is found by the names of what it lies in.</summary>
    private static IEnumerable<Rename> InnermostFirst(ImmutableArray<Rename> renames) => renames.OrderByDescending(r => r.Path.Length);

    private static Field Apply(ImmutableArray<Rename> renames, string parent, Field field) => field with
    {
        Name = NameOf(renames, parent, field.Name),
        Type = FieldPath.WithParts(field.Type, part => Apply(renames, FieldPath.Of(parent, field.Name), part)),
    };

    private static string NameOf(ImmutableArray<Rename> renames, string parent, string name)
    {
        foreach (var rename in renames)
        {
            if (Same(rename.Parent, parent) && Same(rename.From, name)) return rename.To;
        }

        return name;
    }

    private ImmutableArray<Rename> Find(DatasetInfo dataset, Snapshot table)
    {
        var name = dataset.Name.ToString();
        foreach (var (property, from) in Properties(dataset))
        {
            var to = property[PropertyPrefix.Length..];
            if (FieldPath.Find(dataset.Columns.Fields, to, (_, f) => f.Name) is null) throw RunErrors.BadRename(name, property, from, $"the table has no column {to}");
        }

        var renames = new List<Rename>();
        FindIn(dataset, table, ("", ""), new StructType(table.Schema.Fields), new StructType(dataset.Columns.Fields), renames);
        var mode = dataset.Properties.GetValueOrDefault(MappingMode);
        if (renames.Count > 0 && string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase))
        {
            throw RunErrors.BadRename(
                name, MappingMode, mode!, $"{renames[0].Path} is to be called {renames[0].To}, which only column mapping can do without writing the table's files again");
        }

        return [.. renames];
    }

    private static IEnumerable<KeyValuePair<string, string>> Properties(DatasetInfo dataset) =>
        dataset.Properties.Where(p => p.Key.StartsWith(PropertyPrefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those among the fields of a struct, which all columns are too, and of the structs in it.</summary>
    /// <param name="parent">The value's path in the table, and under the new names.</param>
    private void FindIn(DatasetInfo dataset, Snapshot table, (string Was, string Is) parent, DataType before, DataType after, List<Rename> renames)
    {
        if (before.GetType() != after.GetType()) return;
        var (was, now) = (FieldPath.Parts(before), FieldPath.Parts(after));
        var gone = was.Where(f => new Schema(now).Find(f.Name) is null).ToList();
        var fresh = now.Where(f => new Schema(was).Find(f.Name) is null).ToList();
        var found = new List<Rename>();
        foreach (var (property, from) in Properties(dataset))
        {
            if (fresh.Find(f => Same(FieldPath.Of(parent.Is, f.Name), property[PropertyPrefix.Length..])) is not { } to) continue;
            fresh.Remove(to);
            if (from.Length == 0) continue;
            if (gone.Find(f => Same(FieldPath.Of(parent.Was, f.Name), from)) is not { } old)
            {
                throw RunErrors.BadRename(dataset.Name.ToString(), property, from, Why(from));
            }

            gone.Remove(old);
            found.Add(new Rename(parent.Was, old.Name, to.Name));
        }

        if (gone.Count > 0 && fresh.Count > 0) found.AddRange(Told(dataset, table, parent, gone, fresh));
        renames.AddRange(found);
        foreach (var field in was)
        {
            var name = NameOf([.. found], parent.Was, field.Name);
            if (new Schema(now).Find(name) is { } wanted) FindIn(dataset, table, (FieldPath.Of(parent.Was, field.Name), FieldPath.Of(parent.Is, name)), field.Type, wanted.Type, renames);
        }

        string Why(string from) => FieldPath.Find(dataset.Columns.Fields, from, (_, f) => f.Name) is not null ? $"the pipeline still has a column {from}"
            : FieldPath.Find(table.Schema.Fields, from, (_, f) => f.Name) is not null ? "a field stays in its struct"
            : $"the table has no column {from}";
    }

    /// <summary>What the queries tell. LF5080 if a column that is gone could be several new ones, or the other way round.</summary>
    private List<Rename> Told(DatasetInfo dataset, Snapshot table, (string Was, string Is) parent, List<Field> gone, List<Field> fresh)
    {
        var flows = context.Pipeline.Flows.Where(f => f.Target == dataset.Name && table.Domains.ContainsKey(ColumnRecord.DomainOf(f)))
            .Select(f => (Was: ColumnRecord.Parse(table.Domains[ColumnRecord.DomainOf(f)]).Origins, Is: OriginsOf(f))).ToList();
        var pairs = gone.SelectMany(g => fresh
            .Where(f => Fits(dataset, g, f) && IsSame(flows, FieldPath.Of(parent.Was, g.Name), FieldPath.Of(parent.Is, f.Name)))
            .Select(f => new Rename(parent.Was, g.Name, f.Name))).ToList();
        foreach (var pair in pairs)
        {
            var others = pairs.Where(p => p.From == pair.From || p.To == pair.To).ToList();
            if (others.Count > 1)
            {
                throw RunErrors.AmbiguousRename(
                    dataset.Name.ToString(), others.Select(p => p.Path).Distinct(), others.Select(p => FieldPath.Of(parent.Is, p.To)).Distinct(), LostRows.WhatIsLeft(context, dataset, table));
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

    /// <summary>Puts in the place of a column's name the one that its table's files know it by.</summary>
    private Func<ColumnRead, ColumnRead> InFiles(FlowInfo flow)
    {
        var tables = new Dictionary<string, (Snapshot? Table, ImmutableArray<Rename> Renames)>(StringComparer.Ordinal);
        return read =>
        {
            if (!tables.TryGetValue(read.Source, out var source)) tables[read.Source] = source = Open(flow.Sources.FirstOrDefault(s => s.Key == read.Source));
            // What this update is still to rename has its old name in the source.
            if (source.Table is not { } table || FieldPath.Find(table.Schema.Fields, read.Column, (parent, f) => NameOf(source.Renames, parent, f.Name)) is not { } fields) return read;
            return read with { Column = string.Join('.', fields.Select(table.NameInFiles)) };
        };
    }

    private (Snapshot? Table, ImmutableArray<Rename> Renames) Open(SourceInfo? source)
    {
        var store = source switch
        {
            TableSourceInfo table => context.Lakehouse.Table(table.Table),
            PathTableSourceInfo { Path: var path } when context.Paths.ToLocal(path) is { } local => Lakehouse.FolderTable(local),
            _ => null,
        };
        if (store is null || !Snapshot.TryOpen(store, out var snapshot)) return (null, []);
        return (snapshot, source is TableSourceInfo { Table: var name } && context.Pipeline.Datasets.FirstOrDefault(d => d.Name == name && d.IsTable) is { } dataset ? Of(dataset) : []);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
