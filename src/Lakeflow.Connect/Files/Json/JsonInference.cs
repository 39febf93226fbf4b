using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Json;

/// <summary>Merges the shapes of JSON values into a type, record by record.</summary>
/// <remarks>
/// Whole numbers are BIGINT (DECIMAL beyond), other numbers DOUBLE, objects STRUCT of the union of their fields, arrays ARRAY
/// of the merged element; what does not merge is STRING. Fields are ordered by name, as in Spark's JsonInferSchema.
/// </remarks>
internal sealed class JsonInference(JsonOptions options, TextFormats formats)
{
    private readonly JsonText text = new();

    /// <summary>The shape of all records so far; null before the first.</summary>
    private Shape? root;

    /// <summary>Adds a record; text that is no JSON object adds nothing.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        var check = new JsonScanner(record, options);
        if (!check.TrySkip(out var kind, out _) || kind != JsonKind.Object) return;
        var scanner = new JsonScanner(record, options);
        root ??= new Shape();
        Merge(root, ref scanner);
    }

    /// <summary>The columns that the records have; none before the first.</summary>
    public IEnumerable<Field> Columns() => root is null ? [] : FieldsOf(root);

    private void Merge(Shape into, ref JsonScanner scanner)
    {
        var first = scanner.Peek();
        if (first == '{')
        {
            into.Fields ??= new Dictionary<string, Shape>(options.CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
            scanner.Position++;
            var more = scanner.Peek() != '}';
            if (!more) scanner.Position++;
            while (more && scanner.TryName(out var raw, out var escaped))
            {
                var name = Encoding.UTF8.GetString(escaped ? text.Unescape(raw) : raw);
                if (!into.Fields.TryGetValue(name, out var child)) into.Fields.Add(name, child = new Shape());
                Merge(child, ref scanner);
                more = scanner.TryNext((byte)'}', out _);
            }

            return;
        }

        if (first == '[')
        {
            into.Element ??= new Shape();
            scanner.Position++;
            var more = scanner.Peek() != ']';
            if (!more) scanner.Position++;
            while (more)
            {
                Merge(into.Element, ref scanner);
                more = scanner.TryNext((byte)']', out _);
            }

            return;
        }

        scanner.TrySkip(out var kind, out var start);
        if (kind is JsonKind.Null or JsonKind.None) return;
        var type = TypeOf(kind, scanner.Text[start..scanner.Position]);
        into.Scalar = into.Scalar is null ? type : Common(into.Scalar, type);
    }

    private DataType TypeOf(JsonKind kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case JsonKind.String:
                return (options.InferTimestamp ? TextType.OfTime(value[1..^1], preferDate: false, formats) : null) ?? DataType.String;
            case JsonKind.NonNumber:
                return options.PrimitivesAsString ? DataType.String : DataType.Double;
            case JsonKind.True or JsonKind.False:
                return options.PrimitivesAsString ? DataType.String : DataType.Boolean;
        }

        if (options.PrimitivesAsString) return DataType.String;
        if (FastNumbers.TryInt64(value, out _)) return DataType.Int64;
        var isWhole = value.IndexOfAny(".eE"u8) < 0;
        var digits = value.Length - (value[0] == '-' ? 1 : 0);
        if (isWhole) return digits <= DecimalType.MaxPrecision ? new DecimalType(digits, 0) : DataType.Double;
        var point = value.IndexOf((byte)'.');
        if (!options.PrefersDecimal || value.IndexOfAny("eE"u8) >= 0 || digits - 1 > DecimalType.MaxPrecision) return DataType.Double;
        var scale = value.Length - point - 1;
        return new DecimalType(Math.Max(digits - 1, scale), scale);
    }

    private static DataType Common(DataType a, DataType b)
    {
        if (a.Equals(b)) return a;
        return (a, b) switch
        {
            (DecimalType x, DecimalType y) => Decimals(x, y),
            (DecimalType x, Int64Type) => Decimals(x, new DecimalType(19, 0)),
            (Int64Type, DecimalType y) => Decimals(new DecimalType(19, 0), y),
            ({ IsNumeric: true }, { IsNumeric: true }) => DataType.Double,
            _ => DataType.String,
        };
    }

    private static DataType Decimals(DecimalType a, DecimalType b)
    {
        var scale = Math.Max(a.Scale, b.Scale);
        var precision = Math.Max(a.Precision - a.Scale, b.Precision - b.Scale) + scale;
        return precision <= DecimalType.MaxPrecision ? new DecimalType(precision, scale) : DataType.Double;
    }

    private IEnumerable<Field> FieldsOf(Shape shape)
    {
        foreach (var (name, child) in shape.Fields!.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (TypeOf(child) is { } type) yield return new Field(name, type);
        }
    }

    /// <summary>The type of a shape; null where a field should be left out: an object without fields, or by option one that is always null.</summary>
    private DataType? TypeOf(Shape shape)
    {
        var kinds = (shape.Scalar is null ? 0 : 1) + (shape.Fields is null ? 0 : 1) + (shape.Element is null ? 0 : 1);
        if (kinds == 0) return options.DropFieldIfAllNull ? null : DataType.String;
        if (kinds > 1) return DataType.String;
        if (shape.Scalar is not null) return shape.Scalar;
        if (shape.Element is not null)
        {
            if (options.DropFieldIfAllNull && shape.Element.IsEmpty) return null;
            return TypeOf(shape.Element) is { } element ? new ListType(element) : null;
        }

        Field[] fields = [.. FieldsOf(shape)];
        return fields.Length == 0 ? null : new StructType([.. fields]);
    }

    /// <summary>What values of one place looked like.</summary>
    private sealed class Shape
    {
        public DataType? Scalar { get; set; }

        public Dictionary<string, Shape>? Fields { get; set; }

        public Shape? Element { get; set; }

        public bool IsEmpty => Scalar is null && Fields is null && Element is null;
    }
}
