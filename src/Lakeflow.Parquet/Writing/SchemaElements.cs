using System.Globalization;
using System.Numerics;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>An Arrow schema → the elements of a Parquet schema, as Spark writes them (three-level lists, timestamps in microseconds).</summary>
internal static class SchemaElements
{
    public static List<SchemaElement> Of(Schema schema)
    {
        var elements = new List<SchemaElement> { new() { Name = "spark_schema", ChildCount = schema.Count } };
        foreach (var field in schema.Fields) Add(elements, field, field.Name);
        return elements;
    }

    /// <summary>Bytes of a DECIMAL(<paramref name="precision"/>, s) as two's complement.</summary>
    public static int DecimalBytes(int precision)
    {
        var largest = BigInteger.Pow(10, precision);
        var bytes = 1;
        while (BigInteger.One << ((8 * bytes) - 1) < largest) bytes++;
        return bytes;
    }

    private static void Add(List<SchemaElement> elements, Field field, string path)
    {
        var node = new SchemaElement
        {
            Name = field.Name,
            // A column of nothing but NULL is nullable, whatever its field says.
            Repetition = field.Nullable || field.Type is NullType ? Repetition.Optional : Repetition.Required,
            FieldId = field.Metadata.TryGetValue(ParquetFile.FieldIdKey, out var id) && int.TryParse(id, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
        switch (field.Type)
        {
            case StructType { Fields.Length: 0 }:
                throw ParquetFaults.CannotWrite(path, field.Type.ToString(), "Parquet has no struct without fields");
            case StructType type:
                elements.Add(node with { ChildCount = type.Fields.Length });
                foreach (var child in type.Fields) Add(elements, child, $"{path}.{child.Name}");
                break;
            case ListType type:
                elements.Add(node with { ChildCount = 1, Converted = ConvertedType.List, Logical = new(LogicalKind.List) });
                elements.Add(new SchemaElement { Name = "list", ChildCount = 1, Repetition = Repetition.Repeated });
                Add(elements, type.Element with { Name = "element" }, $"{path}.element");
                break;
            case MapType type:
                elements.Add(node with { ChildCount = 1, Converted = ConvertedType.Map, Logical = new(LogicalKind.Map) });
                elements.Add(new SchemaElement { Name = "key_value", ChildCount = 2, Repetition = Repetition.Repeated });
                Add(elements, type.Key with { Name = "key", Nullable = false }, $"{path}.key");
                Add(elements, type.Value with { Name = "value" }, $"{path}.value");
                break;
            default:
                elements.Add(Leaf(node, field.Type, path));
                break;
        }
    }

    private static SchemaElement Leaf(SchemaElement node, DataType type, string path) => type switch
    {
        NullType => node with { Type = PhysicalType.Int32, Logical = new(LogicalKind.Unknown) },
        BooleanType => node with { Type = PhysicalType.Boolean },
        Int8Type => node with { Type = PhysicalType.Int32, Converted = ConvertedType.Int8, Logical = Integer(8) },
        Int16Type => node with { Type = PhysicalType.Int32, Converted = ConvertedType.Int16, Logical = Integer(16) },
        Int32Type or YearMonthIntervalType => node with { Type = PhysicalType.Int32 },
        Int64Type or DayTimeIntervalType => node with { Type = PhysicalType.Int64 },
        FloatType => node with { Type = PhysicalType.Float },
        DoubleType => node with { Type = PhysicalType.Double },
        DateType => node with { Type = PhysicalType.Int32, Converted = ConvertedType.Date, Logical = new(LogicalKind.Date) },
        StringType => node with { Type = PhysicalType.ByteArray, Converted = ConvertedType.Utf8, Logical = new(LogicalKind.String) },
        BinaryType => node with { Type = PhysicalType.ByteArray },
        TimestampType { Zoned: var zoned } => node with
        {
            Type = PhysicalType.Int64,
            // The older annotation always means UTC, so a wall clock goes without.
            Converted = zoned ? ConvertedType.TimestampMicros : null,
            Logical = new(LogicalKind.Timestamp) { AdjustedToUtc = zoned, Unit = TimeUnit.Micros },
        },
        DecimalType d => node with
        {
            Type = d.Precision <= 9 ? PhysicalType.Int32 : d.Is64 ? PhysicalType.Int64 : PhysicalType.FixedLenByteArray,
            TypeLength = d.Is64 ? 0 : DecimalBytes(d.Precision),
            Converted = ConvertedType.Decimal,
            Precision = d.Precision,
            Scale = d.Scale,
            Logical = new(LogicalKind.Decimal) { Precision = d.Precision, Scale = d.Scale },
        },
        _ => throw ParquetFaults.CannotWrite(path, type.ToString(), "it has no Parquet type"),
    };

    private static LogicalType Integer(int bits) => new(LogicalKind.Integer) { BitWidth = bits, Signed = true };
}
