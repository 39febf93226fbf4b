using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>What rows may be written to a table, and how a table's schema may grow.</summary>
public static class SchemaChange
{
    /// <summary>Checks that rows of a schema can be written to a table: each column, and each field of a struct, is there, with the same type.</summary>
    /// <remarks>NULL may be missing: a column or field that the rows have not is NULL. Nullability of columns is checked when the rows come.</remarks>
    /// <exception cref="DataFault">LF6065 or LF6066 naming the column and both types; LF6067 for a missing NOT NULL column.</exception>
    public static void CheckWritable(Schema table, Schema rows)
    {
        foreach (var column in rows.Fields)
        {
            var target = table.Find(column.Name) ?? throw DeltaFaults.UnknownColumn(column.Name, table.Fields.Select(f => f.Name));
            if (column.Type is not NullType && !Takes(target.Type, column.Type)) throw DeltaFaults.TypeMismatch(target.Name, target.Type, column.Type);
        }

        foreach (var column in table.Fields)
        {
            if (!column.Nullable && rows.IndexOf(column.Name) < 0) throw DeltaFaults.NullInNotNull(column.Name, "the query");
        }
    }

    /// <summary>The table's schema with the columns and struct fields that only the rows have, appended as nullable ones.</summary>
    /// <param name="widens">Whether a column whose type widens to that of the rows takes it; see <see cref="TypeWidening.CanWiden"/>.</param>
    /// <exception cref="DataFault">LF6065 where both have a column and the types differ otherwise.</exception>
    public static Schema Merge(Schema table, Schema rows, bool widens = false) => new(Merge(table.Fields, rows.Fields, "", widens));

    /// <summary>Checks that files of a table can be read, here and elsewhere, under a schema that it is to get.</summary>
    /// <exception cref="DataFault">LF6078: a column goes, or changes its type, and the table's properties do not allow for it.</exception>
    internal static void CheckReadable(string location, TableMetadata before, TableMetadata after)
    {
        var mapped = ColumnMapping.ModeOf(after) != "none";
        CheckReadable(location, before.Schema.Fields, after.Schema.Fields, "", mapped, new TableProperties(after.Properties).WidensTypes);
    }

    private static void CheckReadable(string location, ImmutableArray<Field> before, ImmutableArray<Field> after, string path, bool mapped, bool widens)
    {
        foreach (var field in before)
        {
            var name = path + field.Name;
            var id = field.Metadata.GetValueOrDefault(ColumnMapping.IdKey);
            var now = after.FirstOrDefault(f => id is not null && f.Metadata.GetValueOrDefault(ColumnMapping.IdKey) == id)
                ?? (id is null && new Schema(after).IndexOf(field.Name) is >= 0 and var at ? after[at] : null);
            if (now is not null) CheckReadable(location, field.Type, now.Type, name, mapped, widens);
            else if (!mapped) throw DeltaFaults.CannotChangeColumn(location, name, "it goes, and the table's files know it by its name; set delta.columnMapping.mode to 'name' first");
        }
    }

    private static void CheckReadable(string location, DataType before, DataType after, string path, bool mapped, bool widens)
    {
        switch (before, after)
        {
            case (StructType b, StructType a): CheckReadable(location, b.Fields, a.Fields, path + ".", mapped, widens); break;
            case (ListType b, ListType a): CheckReadable(location, b.Element.Type, a.Element.Type, path + ".element", mapped, widens); break;
            case (MapType b, MapType a):
                CheckReadable(location, b.Key.Type, a.Key.Type, path + ".key", mapped, widens);
                CheckReadable(location, b.Value.Type, a.Value.Type, path + ".value", mapped, widens);
                break;
            case (NullType, _): break;
            default:
                if (before.Equals(after)) break;
                if (!TypeWidening.CanWiden(before, after)) throw DeltaFaults.CannotChangeColumn(location, path, $"{before} does not widen to {after}, and the table's files would have to be written again");
                if (!widens) throw DeltaFaults.CannotChangeColumn(location, path, $"{before} becomes {after}, and the property delta.enableTypeWidening is not true");
                break;
        }
    }

    private static ImmutableArray<Field> Merge(ImmutableArray<Field> table, ImmutableArray<Field> rows, string path, bool widens)
    {
        var merged = table.ToBuilder();
        foreach (var column in rows)
        {
            var at = new Schema(merged.ToImmutable()).IndexOf(column.Name);
            if (at < 0) merged.Add(column with { Nullable = true });
            else merged[at] = merged[at] with { Type = Merge(merged[at].Type, column.Type, path + merged[at].Name, widens) };
        }

        return merged.ToImmutable();
    }

    private static DataType Merge(DataType table, DataType rows, string path, bool widens) => (table, rows) switch
    {
        (StructType t, StructType r) => new StructType(Merge(t.Fields, r.Fields, path + ".", widens)),
        (ListType t, ListType r) => new ListType(t.Element with { Type = Merge(t.Element.Type, r.Element.Type, path + ".element", widens) }),
        (MapType t, MapType r) => new MapType(
            t.Key with { Type = Merge(t.Key.Type, r.Key.Type, path + ".key", widens) },
            t.Value with { Type = Merge(t.Value.Type, r.Value.Type, path + ".value", widens) }),
        (_, NullType) => table,
        _ when table.Equals(rows) => table,
        _ when widens && TypeWidening.CanWiden(table, rows) => rows,
        _ => throw DeltaFaults.TypeMismatch(path, table, rows),
    };

    /// <summary>The columns of a table as a reader wants them: those alone, struct fields too, and in its order. What the table has not got is NULL.</summary>
    internal static Schema Project(Schema table, Schema wanted) => new(Project(table.Fields, wanted.Fields));

    private static ImmutableArray<Field> Project(ImmutableArray<Field> table, ImmutableArray<Field> wanted) =>
        [.. wanted.Select(w => new Schema(table).Find(w.Name) is { } field ? field with { Type = Project(field.Type, w.Type) } : w with { Nullable = true })];

    private static DataType Project(DataType table, DataType wanted) => (table, wanted) switch
    {
        (StructType t, StructType w) => new StructType(Project(t.Fields, w.Fields)),
        (ListType t, ListType w) => new ListType(t.Element with { Type = Project(t.Element.Type, w.Element.Type) }),
        (MapType t, MapType w) => new MapType(t.Key with { Type = Project(t.Key.Type, w.Key.Type) }, t.Value with { Type = Project(t.Value.Type, w.Value.Type) }),
        _ => table,
    };

    /// <summary>Whether values of a type can be written: equal but for names' case, nullability and metadata, the order of fields, and fields that are missing.</summary>
    private static bool Takes(DataType table, DataType rows) => (table, rows) switch
    {
        (StructType t, StructType r) => r.Fields.All(f => new Schema(t.Fields).Find(f.Name) is { } field && Takes(field.Type, f.Type))
            && t.Fields.All(f => f.Nullable || new Schema(r.Fields).Find(f.Name) is not null),
        (ListType t, ListType r) => Takes(t.Element.Type, r.Element.Type),
        (MapType t, MapType r) => Takes(t.Key.Type, r.Key.Type) && Takes(t.Value.Type, r.Value.Type),
        _ => table.Equals(rows),
    };
}
