using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Schemas in Spark's JSON form, as <c>schemaString</c> holds them. Delta protocol, "Schema Serialization Format".</summary>
public static partial class SchemaJson
{
    /// <summary>Metadata whose value is not text is kept as JSON text; this entry names the keys, so that they are written back as they were.</summary>
    internal const string RawKeys = "\u0001json";

    /// <summary>A schema from its JSON. Fails with LF6057 on a type that is not known, naming the column.</summary>
    public static Schema Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
            return ReadType(document.RootElement, "the table") is StructType type
                ? new Schema(type.Fields)
                : throw DeltaFaults.BrokenSchema("the top of a schema is a struct");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw DeltaFaults.BrokenSchema(e.Message);
        }
    }

    public static string Write(Schema schema) => JsonText.Of(json => WriteType(json, new StructType(schema.Fields)));

    /// <summary>A field with an entry of its metadata that is JSON and no text.</summary>
    internal static Field WithJson(Field field, string key, string json)
    {
        var raw = field.Metadata.TryGetValue(RawKeys, out var keys) ? keys.Split('\n') : [];
        return field with { Metadata = field.Metadata.SetItem(key, json).SetItem(RawKeys, string.Join('\n', raw.Append(key).Distinct())) };
    }

    /// <summary>The name of a type without children: <c>long</c>, <c>decimal(10,2)</c>, <c>timestamp_ntz</c>.</summary>
    internal static string NameOf(DataType type) => type switch
    {
        NullType => "void",
        BooleanType => "boolean",
        Int8Type => "byte",
        Int16Type => "short",
        Int32Type => "integer",
        Int64Type => "long",
        FloatType => "float",
        DoubleType => "double",
        StringType => "string",
        BinaryType => "binary",
        DateType => "date",
        TimestampType { Zoned: true } => "timestamp",
        TimestampType => "timestamp_ntz",
        DecimalType d => string.Create(CultureInfo.InvariantCulture, $"decimal({d.Precision},{d.Scale})"),
        YearMonthIntervalType => "interval year to month",
        DayTimeIntervalType => "interval day to second",
        _ => throw new ArgumentException($"{type} has children"),
    };

    private static DataType ReadType(JsonElement type, string column)
    {
        if (type.ValueKind == JsonValueKind.String) return ReadName(type.GetString()!, column);
        return type.GetProperty("type").GetString() switch
        {
            "struct" => new StructType([.. type.GetProperty("fields").EnumerateArray().Select(ReadField)]),
            "array" => new ListType(
                ReadType(type.GetProperty("elementType"), column), JsonText.Flag(type, "containsNull") ?? true),
            "map" => new MapType(
                ReadType(type.GetProperty("keyType"), column),
                ReadType(type.GetProperty("valueType"), column),
                JsonText.Flag(type, "valueContainsNull") ?? true),
            // A user-defined type is stored as the type beneath it.
            "udt" => ReadType(type.GetProperty("sqlType"), column),
            var other => throw DeltaFaults.UnknownType(column, other ?? "null"),
        };
    }

    private static Field ReadField(JsonElement field)
    {
        var name = field.GetProperty("name").GetString()!;
        var type = field.GetProperty("type");
        var metadata = ReadMetadata(JsonText.Get(field, "metadata"));
        // Old writers put the length into the type; Spark keeps it in the metadata.
        if (type.ValueKind == JsonValueKind.String && CharOrVarchar().IsMatch(type.GetString()!))
        {
            metadata = metadata.SetItem(Field.CharVarcharKey, type.GetString()!);
        }

        return new Field(name, ReadType(type, name), JsonText.Flag(field, "nullable") ?? true) { Metadata = metadata };
    }

    private static ImmutableDictionary<string, string> ReadMetadata(JsonElement? metadata)
    {
        if (metadata is not { ValueKind: JsonValueKind.Object } values) return ImmutableDictionary<string, string>.Empty;
        var builder = ImmutableDictionary.CreateBuilder<string, string>();
        var raw = new List<string>();
        foreach (var entry in values.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.String)
            {
                builder[entry.Name] = entry.Value.GetString()!;
            }
            else
            {
                builder[entry.Name] = entry.Value.GetRawText();
                raw.Add(entry.Name);
            }
        }

        if (raw.Count > 0) builder[RawKeys] = string.Join('\n', raw);
        return builder.ToImmutable();
    }

    private static DataType ReadName(string name, string column)
    {
        switch (name)
        {
            case "void" or "null": return DataType.Null;
            case "boolean": return DataType.Boolean;
            case "byte": return DataType.Int8;
            case "short": return DataType.Int16;
            case "integer": return DataType.Int32;
            case "long": return DataType.Int64;
            case "float": return DataType.Float;
            case "double": return DataType.Double;
            case "string": return DataType.String;
            case "binary": return DataType.Binary;
            case "date": return DataType.Date;
            case "timestamp": return DataType.Timestamp;
            case "timestamp_ntz": return DataType.TimestampNtz;
            case "decimal": return new DecimalType(10, 0);
        }

        if (DecimalName().Match(name) is { Success: true } match)
        {
            var precision = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var scale = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            if (precision is > 0 and <= DecimalType.MaxPrecision && scale <= precision) return new DecimalType(precision, scale);
        }

        if (CharOrVarchar().IsMatch(name) || name.StartsWith("string collate ", StringComparison.OrdinalIgnoreCase)) return DataType.String;
        if (name.StartsWith("interval ", StringComparison.Ordinal))
        {
            return name.Contains("year", StringComparison.Ordinal) || name.Contains("month", StringComparison.Ordinal)
                ? DataType.YearMonthInterval
                : DataType.DayTimeInterval;
        }

        throw DeltaFaults.UnknownType(column, name);
    }

    private static void WriteType(Utf8JsonWriter json, DataType type)
    {
        switch (type)
        {
            case StructType s:
                json.WriteStartObject();
                json.WriteString("type", "struct");
                json.WriteStartArray("fields");
                foreach (var field in s.Fields) WriteField(json, field);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case ListType list:
                json.WriteStartObject();
                json.WriteString("type", "array");
                json.WritePropertyName("elementType");
                WriteType(json, list.Element.Type);
                json.WriteBoolean("containsNull", list.Element.Nullable);
                json.WriteEndObject();
                break;
            case MapType map:
                json.WriteStartObject();
                json.WriteString("type", "map");
                json.WritePropertyName("keyType");
                WriteType(json, map.Key.Type);
                json.WritePropertyName("valueType");
                WriteType(json, map.Value.Type);
                json.WriteBoolean("valueContainsNull", map.Value.Nullable);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(NameOf(type));
                break;
        }
    }

    private static void WriteField(Utf8JsonWriter json, Field field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WritePropertyName("type");
        WriteType(json, field.Type);
        json.WriteBoolean("nullable", field.Nullable);
        json.WriteStartObject("metadata");
        var raw = field.Metadata.TryGetValue(RawKeys, out var keys) ? keys.Split('\n') : [];
        foreach (var (key, value) in field.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            if (key == RawKeys) continue;
            json.WritePropertyName(key);
            if (raw.Contains(key)) json.WriteRawValue(value);
            else json.WriteStringValue(value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    [GeneratedRegex(@"^decimal\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*\)$", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalName();

    [GeneratedRegex(@"^(char|varchar)\(\s*\d+\s*\)$", RegexOptions.CultureInvariant)]
    private static partial Regex CharOrVarchar();
}
