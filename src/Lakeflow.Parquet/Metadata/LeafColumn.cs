using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Metadata;

/// <summary>A column that has values of its own: how they are stored and what they mean.</summary>
internal sealed class LeafColumn
{
    /// <summary>Place among the leaves of the file, and among the chunks of each row group.</summary>
    public required int Index { get; init; }

    /// <summary>Dotted path, as messages name it.</summary>
    public required string Path { get; init; }

    public required PhysicalType Physical { get; init; }

    /// <summary>Bytes of a FIXED_LEN_BYTE_ARRAY, else 0.</summary>
    public required int TypeLength { get; init; }

    /// <summary>What the stored value means.</summary>
    public required StoredAs Meaning { get; init; }

    /// <summary>What it is read as.</summary>
    public required DataType Type { get; init; }

    public required int MaxDefinition { get; init; }

    public required int MaxRepetition { get; init; }

    public required int SlotDefinition { get; init; }

    /// <summary>Bytes of a stored value; 0 if they vary, or for BOOLEAN, which takes a bit.</summary>
    public int StoredWidth => Physical switch
    {
        PhysicalType.Int32 or PhysicalType.Float => 4,
        PhysicalType.Int64 or PhysicalType.Double => 8,
        PhysicalType.Int96 => 12,
        PhysicalType.FixedLenByteArray => TypeLength,
        _ => 0,
    };
}

/// <summary>How a stored value becomes a value of the column's type.</summary>
internal enum StoredAs
{
    /// <summary>The same bits.</summary>
    Same,

    /// <summary>INT32 that fits a narrower type.</summary>
    Narrow,
    UInt32,
    UInt64,

    /// <summary>An integer or big-endian two's complement bytes.</summary>
    Decimal,
    TimestampMillis,
    TimestampNanos,

    /// <summary>Nanoseconds of the day, then the Julian day.</summary>
    Int96,
    Float16,

    /// <summary>16 bytes that are shown as text.</summary>
    Uuid,

    /// <summary>Nothing but NULL.</summary>
    Void,
}
