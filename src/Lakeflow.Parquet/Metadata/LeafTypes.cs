using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Metadata;

/// <summary>What the annotations of a leaf mean: its type here, and how stored values become it.</summary>
internal static class LeafTypes
{
    /// <summary>Null where physical type and annotation cannot be read together.</summary>
    public static (DataType Type, StoredAs Meaning)? Of(SchemaElement element)
    {
        if (element.Logical?.Kind == LogicalKind.Unknown) return (DataType.Null, StoredAs.Void);
        if (DecimalOf(element) is { } d) return Decimal(element, d.Precision, d.Scale);
        return element.Type switch
        {
            PhysicalType.Boolean => (DataType.Boolean, StoredAs.Same),
            PhysicalType.Int32 => FromInt32(element),
            PhysicalType.Int64 => FromInt64(element),
            PhysicalType.Int96 => (DataType.Timestamp, StoredAs.Int96),
            PhysicalType.Float => (DataType.Float, StoredAs.Same),
            PhysicalType.Double => (DataType.Double, StoredAs.Same),
            PhysicalType.ByteArray => (IsText(element) ? DataType.String : DataType.Binary, StoredAs.Same),
            PhysicalType.FixedLenByteArray => FromFixed(element),
            _ => null,
        };
    }

    public static string Describe(SchemaElement element)
    {
        var annotation = element.Logical is { } logical ? $" ({logical.Kind})" : element.Converted is { } converted ? $" ({converted})" : "";
        return element.Type + annotation;
    }

    private static (DataType, StoredAs)? FromInt32(SchemaElement element)
    {
        if (element.Logical is { Kind: LogicalKind.Integer } integer)
        {
            return (integer.BitWidth, integer.Signed) switch
            {
                (8, true) => (DataType.Int8, StoredAs.Narrow),
                (16, true) => (DataType.Int16, StoredAs.Narrow),
                (8, false) => (DataType.Int16, StoredAs.Narrow),
                (32, false) => (DataType.Int64, StoredAs.UInt32),
                _ => (DataType.Int32, StoredAs.Same),
            };
        }

        if (element.Logical is { Kind: LogicalKind.Date }) return (DataType.Date, StoredAs.Same);
        return element.Converted switch
        {
            ConvertedType.Int8 => (DataType.Int8, StoredAs.Narrow),
            ConvertedType.Int16 => (DataType.Int16, StoredAs.Narrow),
            ConvertedType.UInt8 => (DataType.Int16, StoredAs.Narrow),
            ConvertedType.UInt32 => (DataType.Int64, StoredAs.UInt32),
            ConvertedType.Date => (DataType.Date, StoredAs.Same),
            _ => (DataType.Int32, StoredAs.Same),
        };
    }

    private static (DataType, StoredAs)? FromInt64(SchemaElement element)
    {
        if (element.Logical is { Kind: LogicalKind.Timestamp } timestamp)
        {
            var type = timestamp.AdjustedToUtc ? DataType.Timestamp : DataType.TimestampNtz;
            return timestamp.Unit switch
            {
                TimeUnit.Millis => (type, StoredAs.TimestampMillis),
                TimeUnit.Nanos => (type, StoredAs.TimestampNanos),
                _ => (type, StoredAs.Same),
            };
        }

        var unsigned = element.Logical is { Kind: LogicalKind.Integer, Signed: false }
            || (element.Logical is null && element.Converted == ConvertedType.UInt64);
        if (unsigned) return (new DecimalType(20, 0), StoredAs.UInt64);
        return element.Logical is null && element.Converted is ConvertedType.TimestampMillis ? (DataType.Timestamp, StoredAs.TimestampMillis)
            : element.Logical is null && element.Converted is ConvertedType.TimestampMicros ? (DataType.Timestamp, StoredAs.Same)
            : (DataType.Int64, StoredAs.Same);
    }

    private static (DataType, StoredAs)? FromFixed(SchemaElement element) => element.Logical?.Kind switch
    {
        LogicalKind.Float16 => element.TypeLength == 2 ? (DataType.Float, StoredAs.Float16) : null,
        LogicalKind.Uuid => element.TypeLength == 16 ? (DataType.String, StoredAs.Uuid) : null,
        LogicalKind.String or LogicalKind.Enum or LogicalKind.Json => (DataType.String, StoredAs.Same),
        _ => (DataType.Binary, StoredAs.Same),
    };

    private static bool IsText(SchemaElement element) =>
        element.Logical?.Kind is LogicalKind.String or LogicalKind.Enum or LogicalKind.Json
        || (element.Logical is null && element.Converted is ConvertedType.Utf8 or ConvertedType.Enum or ConvertedType.Json);

    private static (int Precision, int Scale)? DecimalOf(SchemaElement element) =>
        element.Logical is { Kind: LogicalKind.Decimal } logical ? (logical.Precision, logical.Scale)
        : element.Logical is null && element.Converted == ConvertedType.Decimal ? (element.Precision, element.Scale)
        : null;

    private static (DataType, StoredAs)? Decimal(SchemaElement element, int precision, int scale)
    {
        if (precision is < 1 or > DecimalType.MaxPrecision || scale < 0 || scale > precision) return null;
        if (element.Type is not (PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.ByteArray or PhysicalType.FixedLenByteArray)) return null;
        var type = new DecimalType(precision, scale);
        return (type, element.Type == PhysicalType.Int64 && type.Is64 ? StoredAs.Same : StoredAs.Decimal);
    }
}
