using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>Gives columns the ids and names that they keep in the files whatever they are called in the table. Delta protocol, "Column Mapping".</summary>
internal static class MappedSchema
{
    private const string LargestId = "delta.columnMapping.maxColumnId";

    /// <summary>The metadata with an id and a physical name for each column and struct field, where the table's mode asks for them.</summary>
    /// <param name="wanted">What a commit sets.</param>
    /// <param name="before">What the table has; null for a new one. Columns of the same name keep id and physical name.</param>
    /// <exception cref="DataFault">LF6078: the mode cannot be changed so.</exception>
    public static TableMetadata Assign(string location, TableMetadata wanted, TableMetadata? before)
    {
        var mode = ColumnMapping.ModeOf(wanted);
        var modeBefore = before is null ? mode : ColumnMapping.ModeOf(before);
        if (mode != modeBefore && !(modeBefore == "none" && mode == "name"))
        {
            throw DeltaFaults.CannotChangeColumn(location, "(all)", $"delta.columnMapping.mode goes from 'none' to 'name' only, not from '{modeBefore}' to '{mode}'");
        }

        if (mode == "none") return wanted;
        var last = long.Parse(wanted.Properties.GetValueOrDefault(LargestId) ?? "0", CultureInfo.InvariantCulture);
        last = Math.Max(last, IdsOf(wanted.Schema.Fields).DefaultIfEmpty(0).Max());
        // The files of a table that had no mapping go by the names that its columns have had so far.
        var schema = new Schema(Assign(wanted.Schema.Fields, before?.Schema.Fields ?? [], keepsNames: modeBefore == "none", ref last));
        return wanted with
        {
            SchemaText = SchemaJson.Write(schema),
            Properties = wanted.Properties.SetItem(LargestId, last.ToString(CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>A column as the files have it: physical names all the way down, ids where Parquet wants them.</summary>
    public static Field Physical(Field field, ColumnMapping mapping)
    {
        if (!mapping.IsMapped) return field;
        var id = field.Metadata.GetValueOrDefault(ColumnMapping.IdKey);
        return new Field(mapping.PhysicalName(field), Physical(field.Type, mapping), field.Nullable)
        {
            Metadata = id is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add(ParquetFile.FieldIdKey, id),
        };
    }

    private static DataType Physical(DataType type, ColumnMapping mapping) => type switch
    {
        StructType s => new StructType([.. s.Fields.Select(f => Physical(f, mapping))]),
        ListType list => new ListType(list.Element with { Type = Physical(list.Element.Type, mapping) }),
        MapType map => new MapType(map.Key with { Type = Physical(map.Key.Type, mapping) }, map.Value with { Type = Physical(map.Value.Type, mapping) }),
        _ => type,
    };

    private static ImmutableArray<Field> Assign(ImmutableArray<Field> wanted, ImmutableArray<Field> before, bool keepsNames, ref long last)
    {
        var assigned = ImmutableArray.CreateBuilder<Field>(wanted.Length);
        foreach (var field in wanted)
        {
            var known = Known(field, before);
            var mapped = field;
            if (!field.Metadata.ContainsKey(ColumnMapping.IdKey))
            {
                mapped = known?.Metadata.GetValueOrDefault(ColumnMapping.IdKey) is { } id
                    ? SchemaJson.WithJson(mapped, ColumnMapping.IdKey, id)
                    : SchemaJson.WithJson(mapped, ColumnMapping.IdKey, (++last).ToString(CultureInfo.InvariantCulture));
            }

            if (!field.Metadata.ContainsKey(ColumnMapping.NameKey))
            {
                var name = known?.Metadata.GetValueOrDefault(ColumnMapping.NameKey) ?? (keepsNames && known is not null ? known.Name : $"col-{Guid.NewGuid()}");
                mapped = mapped with { Metadata = mapped.Metadata.SetItem(ColumnMapping.NameKey, name) };
            }

            assigned.Add(mapped with { Type = Assign(field.Type, known?.Type, keepsNames, ref last) });
        }

        return assigned.MoveToImmutable();
    }

    private static DataType Assign(DataType wanted, DataType? before, bool keepsNames, ref long last)
    {
        switch (wanted)
        {
            case StructType s:
                return new StructType(Assign(s.Fields, before is StructType b ? b.Fields : [], keepsNames, ref last));
            case ListType list:
                return new ListType(list.Element with { Type = Assign(list.Element.Type, (before as ListType)?.Element.Type, keepsNames, ref last) });
            case MapType map:
                var key = map.Key with { Type = Assign(map.Key.Type, (before as MapType)?.Key.Type, keepsNames, ref last) };
                return new MapType(key, map.Value with { Type = Assign(map.Value.Type, (before as MapType)?.Value.Type, keepsNames, ref last) });
            default:
                return wanted;
        }
    }

    private static Field? Known(Field field, ImmutableArray<Field> before)
    {
        var at = new Schema(before).IndexOf(field.Name);
        return at < 0 ? null : before[at];
    }

    private static IEnumerable<long> IdsOf(IEnumerable<Field> fields) => fields.SelectMany(f =>
        (f.Metadata.GetValueOrDefault(ColumnMapping.IdKey) is { } id ? [long.Parse(id, CultureInfo.InvariantCulture)] : Enumerable.Empty<long>()).Concat(IdsOf(f.Type)));

    private static IEnumerable<long> IdsOf(DataType type) => type switch
    {
        StructType s => IdsOf(s.Fields),
        ListType list => IdsOf(list.Element.Type),
        MapType map => IdsOf(map.Key.Type).Concat(IdsOf(map.Value.Type)),
        _ => [],
    };
}
