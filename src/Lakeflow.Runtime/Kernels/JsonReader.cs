using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>JSON as a value of a SQL type.</summary>
/// <remarks>
/// As Spark has it: a field that does not convert is NULL and the rest of its struct stays; an element of an array or map that does not
/// convert spoils the whole of it, up to the next struct around.
/// </remarks>
internal static class JsonReader
{
    /// <summary>The whole text; false if it does not convert.</summary>
    public static bool TryRoot(JsonElement element, DataType type, TextOptions options, out object? value)
    {
        // An object where an array of structs is wanted is its only element.
        if (type is ListType { Element.Type: StructType } list && element.ValueKind == JsonValueKind.Object)
        {
            var done = TryRead(element, list.Element.Type, options, out var only);
            value = new[] { only };
            return done;
        }

        return TryRead(element, type, options, out value);
    }

    private static bool TryRead(JsonElement element, DataType type, TextOptions options, out object? value)
    {
        value = null;
        if (element.ValueKind == JsonValueKind.Null) return true;
        switch (type)
        {
            case StructType row:
                if (element.ValueKind != JsonValueKind.Object) return false;
                value = row.Fields.Select(f => element.TryGetProperty(f.Name, out var inner) && TryRead(inner, f.Type, options, out var field) ? field : null).ToArray();
                return true;
            case ListType list:
                if (element.ValueKind != JsonValueKind.Array) return false;
                var items = new object?[element.GetArrayLength()];
                for (var i = 0; i < items.Length; i++)
                {
                    if (!TryRead(element[i], list.Element.Type, options, out items[i])) return false;
                }

                value = items;
                return true;
            case MapType map:
                if (element.ValueKind != JsonValueKind.Object) return false;
                var pairs = new List<KeyValuePair<object, object?>>();
                foreach (var property in element.EnumerateObject())
                {
                    if (!TryRead(property.Value, map.Value.Type, options, out var inner)) return false;
                    pairs.Add(new KeyValuePair<object, object?>(property.Name, inner));
                }

                value = pairs.ToArray();
                return true;
            case StringType:
                value = element.ValueKind == JsonValueKind.String ? element.GetString() : JsonKernels.CompactText(element);
                return true;
            case BooleanType:
                value = element.ValueKind == JsonValueKind.True;
                return element.ValueKind is JsonValueKind.True or JsonValueKind.False;
            default:
                value = Scalar(element, type, options);
                return value is not null;
        }
    }

    private static object? Scalar(JsonElement element, DataType type, TextOptions options)
    {
        var quoted = element.ValueKind == JsonValueKind.String;
        if (!quoted && element.ValueKind != JsonValueKind.Number) return null;
        var text = quoted ? element.GetString()! : element.GetRawText();
        switch (type)
        {
            case DateType when quoted && options.Date is { } pattern:
                return pattern.TryParse(text, null, out var date) ? Calendar.DayOf(date) : null;
            case TimestampType { Zoned: true } when quoted && options.Timestamp is { } pattern:
                return pattern.TryParse(text, options.Zone, out var instant) ? instant : null;
            case TimestampType { Zoned: false } when quoted && options.TimestampNtz is { } pattern:
                return pattern.TryParse(text, null, out var local) ? local : null;
            case TimestampType { Zoned: true } when !quoted:
                return BoxedCasts.Convert(text, DataType.String, DataType.Int64, options.Zone, -1, tolerant: true) is long seconds
                    && IntegerKernels.TryMultiplyInt64(seconds, Calendar.MicrosPerSecond, out var micros) ? micros : null;
        }

        // A number in quotes is none, except what JSON cannot write as a number.
        if (quoted && type.IsInteger) return null;
        if (quoted && type is FloatType or DoubleType && text is not ("NaN" or "Infinity" or "-Infinity" or "INF" or "-INF" or "+INF")) return null;
        return BoxedCasts.Convert(text, DataType.String, type, options.Zone, -1, tolerant: true);
    }
}
