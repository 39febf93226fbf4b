using System.Collections.Immutable;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Types that a column may come to without its files being written again. Delta protocol, "Type Widening".</summary>
public static class TypeWidening
{
    /// <summary>The table property that allows it.</summary>
    public const string Property = "delta.enableTypeWidening";

    /// <summary>Where a field's metadata tells of its former types.</summary>
    internal const string ChangesKey = "delta.typeChanges";

    /// <summary>True if every value of one type is a value of another, and the protocol lets a column change so.</summary>
    public static bool CanWiden(DataType from, DataType to) => (from, to) switch
    {
        (Int8Type, Int16Type or Int32Type or Int64Type or DoubleType) => true,
        (Int16Type, Int32Type or Int64Type or DoubleType) => true,
        (Int32Type, Int64Type or DoubleType) => true,
        (FloatType, DoubleType) => true,
        (DateType, TimestampType { Zoned: false }) => true,
        (Int8Type or Int16Type or Int32Type, DecimalType d) => d.Precision - d.Scale >= 10,
        (Int64Type, DecimalType d) => d.Precision - d.Scale >= 20,
        (DecimalType f, DecimalType t) => t.Scale >= f.Scale && t.Precision - t.Scale >= f.Precision - f.Scale && !f.Equals(t),
        _ => false,
    };

    /// <summary>True if a column, or a part of one, has a wider type than it had before.</summary>
    public static bool IsWider(Schema wanted, Schema before) => IsWider(wanted.Fields, before.Fields);

    /// <summary>The schema, each field that is wider than before with a note of it.</summary>
    internal static Schema Record(Schema wanted, Schema before) => new(Record(wanted.Fields, before.Fields));

    private static bool IsWider(ImmutableArray<Field> wanted, ImmutableArray<Field> before) =>
        wanted.Any(f => new Schema(before).IndexOf(f.Name) is >= 0 and var at && IsWider(f.Type, before[at].Type));

    private static bool IsWider(DataType wanted, DataType before) => (wanted, before) switch
    {
        (StructType w, StructType b) => IsWider(w.Fields, b.Fields),
        (ListType w, ListType b) => IsWider(w.Element.Type, b.Element.Type),
        (MapType w, MapType b) => IsWider(w.Key.Type, b.Key.Type) || IsWider(w.Value.Type, b.Value.Type),
        _ => CanWiden(before, wanted),
    };

    private static ImmutableArray<Field> Record(ImmutableArray<Field> wanted, ImmutableArray<Field> before) =>
        [.. wanted.Select(f => new Schema(before).IndexOf(f.Name) is >= 0 and var at ? Record(f, before[at]) : f)];

    private static Field Record(Field wanted, Field before)
    {
        var changes = new List<(string Path, DataType From, DataType To)>();
        var type = Walk(wanted.Type, before.Type, "", changes);
        var field = wanted with { Type = type };
        if (changes.Count == 0) return field;
        return SchemaJson.WithJson(field, ChangesKey, JsonText.Of(json =>
        {
            json.WriteStartArray();
            if (before.Metadata.GetValueOrDefault(ChangesKey) is { } earlier)
            {
                using var document = JsonDocument.Parse(earlier);
                foreach (var change in document.RootElement.EnumerateArray()) change.WriteTo(json);
            }

            foreach (var (path, from, to) in changes)
            {
                json.WriteStartObject();
                json.WriteString("fromType", SchemaJson.NameOf(from));
                json.WriteString("toType", SchemaJson.NameOf(to));
                if (path.Length > 0) json.WriteString("fieldPath", path);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
    }

    /// <summary>Structs' fields keep notes of their own; what is inside of arrays and maps belongs to the field around them.</summary>
    private static DataType Walk(DataType wanted, DataType before, string path, List<(string Path, DataType From, DataType To)> changes)
    {
        switch (wanted, before)
        {
            case (StructType w, StructType b):
                return new StructType(Record(w.Fields, b.Fields));
            case (ListType w, ListType b):
                return new ListType(w.Element with { Type = Walk(w.Element.Type, b.Element.Type, Below(path, "element"), changes) });
            case (MapType w, MapType b):
                var key = w.Key with { Type = Walk(w.Key.Type, b.Key.Type, Below(path, "key"), changes) };
                return new MapType(key, w.Value with { Type = Walk(w.Value.Type, b.Value.Type, Below(path, "value"), changes) });
            default:
                if (CanWiden(before, wanted)) changes.Add((path, before, wanted));
                return wanted;
        }
    }

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
