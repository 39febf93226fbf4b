using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Reading;

namespace Lakeflow.Parquet;

/// <summary>Statistics as stored → values, where their order can be trusted.</summary>
/// <remarks>
/// By parquet.thrift: the deprecated pair min, max is used only for types whose order every writer agreed on; a bound
/// that is NaN is none; a float bound of 0 stands for both zeros.
/// </remarks>
internal static class StatisticsReader
{
    public static ColumnStatistics Read(LeafColumn leaf, FooterStatistics? stored, long valueCount)
    {
        if (stored is null) return ColumnStatistics.Unknown;
        var nulls = stored.NullCount is >= 0 and var count && count <= valueCount ? stored.NullCount : null;
        var (min, max) = (stored.Min, stored.Max);
        if (min is null && max is null && OldOrderHolds(leaf)) (min, max) = (stored.DeprecatedMin, stored.DeprecatedMax);
        return new ColumnStatistics(Value(leaf, min, isMin: true), Value(leaf, max, isMin: false), nulls)
        {
            MinExact = stored.MinExact ?? leaf.Physical != PhysicalType.ByteArray,
            MaxExact = stored.MaxExact ?? leaf.Physical != PhysicalType.ByteArray,
        };
    }

    private static bool OldOrderHolds(LeafColumn leaf) =>
        leaf.Physical is PhysicalType.Boolean or PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Float or PhysicalType.Double
        && leaf.Meaning is not (StoredAs.UInt32 or StoredAs.UInt64)
        && leaf.Type is not Int16Type;

    private static object? Value(LeafColumn leaf, byte[]? bytes, bool isMin)
    {
        if (bytes is null) return null;
        try
        {
            return Decode(leaf, bytes, isMin);
        }
        catch (Exception e) when (BrokenDataException.Is(e))
        {
            // A bound that cannot be read is a bound that is not known: the data itself may be sound.
            return null;
        }
    }

    private static object? Decode(LeafColumn leaf, byte[] bytes, bool isMin)
    {
        if (leaf.Meaning is StoredAs.Int96 or StoredAs.Void or StoredAs.Uuid) return null;
        return leaf.Type switch
        {
            BooleanType => bytes[0] != 0,
            Int8Type => (sbyte)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            Int16Type => (short)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            Int64Type when leaf.Meaning == StoredAs.UInt32 => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            Int32Type or DateType => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            Int64Type => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            TimestampType => Timestamp(leaf, BinaryPrimitives.ReadInt64LittleEndian(bytes), isMin),
            DecimalType => Decimal(leaf, bytes),
            FloatType when leaf.Meaning == StoredAs.Float16 => Float((float)BinaryPrimitives.ReadHalfLittleEndian(bytes), isMin),
            FloatType => Float(BinaryPrimitives.ReadSingleLittleEndian(bytes), isMin),
            DoubleType => Double(BinaryPrimitives.ReadDoubleLittleEndian(bytes), isMin),
            StringType => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null,
            BinaryType => bytes,
            _ => null,
        };
    }

    private static object? Float(float value, bool isMin) =>
        float.IsNaN(value) ? null : value == 0 ? (isMin ? -0.0f : 0.0f) : value;

    private static object? Double(double value, bool isMin) =>
        double.IsNaN(value) ? null : value == 0 ? (isMin ? -0.0 : 0.0) : value;

    private static object? Timestamp(LeafColumn leaf, long value, bool isMin) => leaf.Meaning switch
    {
        StoredAs.TimestampMillis => checked(value * 1000),
        StoredAs.TimestampNanos => (value / 1000) - (value % 1000 < 0 ? 1 : 0),
        _ => value,
    };

    private static object Decimal(LeafColumn leaf, byte[] bytes) => (leaf.Meaning, leaf.Physical) switch
    {
        (StoredAs.UInt64, _) => (Int128)BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        (_, PhysicalType.Int32) => (Int128)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        (_, PhysicalType.Int64) => (Int128)BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => Conversion.BigEndian(bytes, 16),
    };
}
