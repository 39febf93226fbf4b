using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>The types that a JSON or CSV text looks like, as <c>schema_of_json</c> and <c>schema_of_csv</c> write them.</summary>
public static partial class TextSchemas
{
    /// <summary>Objects are STRUCTs of fields in the order of their names, whole numbers BIGINT, others DOUBLE; nulls, and what does not go together, STRING.</summary>
    public static string OfJson(string json, object? options)
    {
        var how = TextOptions.Read(options, SessionZone.Utc, 0);
        using var document = JsonKernels.ParseText(json);
        return document is null ? "STRING" : Text(OfElement(document.RootElement, how));
    }

    /// <summary>A STRUCT of <c>_c0</c>, <c>_c1</c> …: INT, BIGINT, DECIMAL beyond, DOUBLE, BOOLEAN, DATE, TIMESTAMP, else STRING.</summary>
    public static string OfCsv(string csv, object? options)
    {
        var how = TextOptions.Read(options, SessionZone.Utc, 0);
        var values = CsvKernels.Values(csv, how);
        return Text(new StructType([.. values.Select((v, i) => new Field(string.Create(CultureInfo.InvariantCulture, $"_c{i}"), OfValue(v, how)))]));
    }

    private static DataType OfElement(JsonElement element, TextOptions how) => element.ValueKind switch
    {
        JsonValueKind.Object => new StructType([.. element.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new Field(g.Key, OfElement(g.Last().Value, how)))]),
        JsonValueKind.Array => new ListType(element.EnumerateArray().Aggregate((DataType)DataType.Null, (type, item) => Merged(type, OfElement(item, how)))),
        JsonValueKind.Null => DataType.Null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when how.PrimitivesAsString => DataType.String,
        JsonValueKind.Number => OfNumber(element.GetRawText(), DataType.Int64, how.PrefersDecimal),
        JsonValueKind.True or JsonValueKind.False => DataType.Boolean,
        _ => DataType.String,
    };

    private static DataType OfNumber(string text, DataType whole, bool prefersDecimal)
    {
        var number = Number().Match(text);
        if (!number.Success) return DataType.String;
        var (digits, fraction) = (number.Groups["whole"].Value.TrimStart('0').Length, number.Groups["fraction"].Value.Length);
        if (fraction == 0 && !number.Groups["exponent"].Success && !text.Contains('.', StringComparison.Ordinal))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? whole : digits <= 38 ? new DecimalType(digits, 0) : DataType.Double;
        return prefersDecimal && !number.Groups["exponent"].Success && digits + fraction <= 38 ? new DecimalType(Math.Max(digits + fraction, 1), fraction) : DataType.Double;
    }

    private static DataType OfValue(string? value, TextOptions how)
    {
        if (string.IsNullOrEmpty(value)) return DataType.String;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)) return DataType.Int32;
        if (OfNumber(value, DataType.Int64, how.PrefersDecimal) is var number and not StringType) return number;
        if (value.Equals("true", StringComparison.OrdinalIgnoreCase) || value.Equals("false", StringComparison.OrdinalIgnoreCase)) return DataType.Boolean;
        foreach (var type in new DataType[] { DataType.Date, DataType.Timestamp })
        {
            if (char.IsAsciiDigit(value[0]) && BoxedCasts.Convert(value, DataType.String, type, how.Zone, -1, tolerant: true) is not null && (type is TimestampType || !value.Contains(':', StringComparison.Ordinal)))
                return type;
        }

        return DataType.String;
    }

    private static DataType Merged(DataType a, DataType b) => (a, b) switch
    {
        (NullType, _) => b,
        (_, NullType) => a,
        (StructType x, StructType y) => new StructType([.. x.Fields.Concat(y.Fields).GroupBy(f => f.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new Field(g.Key, g.Select(f => f.Type).Aggregate(Merged)))]),
        (ListType x, ListType y) => new ListType(Merged(x.Element.Type, y.Element.Type)),
        (Int64Type, DoubleType) or (DoubleType, Int64Type) or (DecimalType, DoubleType) or (DoubleType, DecimalType) => DataType.Double,
        (DecimalType x, DecimalType y) => Wide(x, y),
        (DecimalType x, Int64Type) => Wide(x, new DecimalType(20, 0)),
        (Int64Type, DecimalType y) => Wide(y, new DecimalType(20, 0)),
        _ => a.Equals(b) ? a : DataType.String,
    };

    private static DataType Wide(DecimalType a, DecimalType b)
    {
        var (whole, scale) = (Math.Max(a.Precision - a.Scale, b.Precision - b.Scale), Math.Max(a.Scale, b.Scale));
        return whole + scale <= DecimalType.MaxPrecision ? new DecimalType(whole + scale, scale) : DataType.Double;
    }

    private static string Text(DataType type) => type switch
    {
        NullType => "STRING",
        StructType row => $"STRUCT<{string.Join(", ", row.Fields.Select(f => $"{(Plain().IsMatch(f.Name) ? f.Name : $"`{f.Name}`")}: {Text(f.Type)}"))}>",
        ListType list => $"ARRAY<{Text(list.Element.Type)}>",
        _ => type.ToString(),
    };

    [GeneratedRegex(@"^[+-]?(?<whole>\d*)(\.(?<fraction>\d*))?(?<exponent>[eE][+-]?\d+)?$(?<=\d.*)")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[A-Za-z_]\w*$")]
    private static partial Regex Plain();
}
