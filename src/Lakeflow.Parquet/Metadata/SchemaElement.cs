namespace Lakeflow.Parquet.Metadata;

/// <summary>One node of the schema tree as the footer lists it, depth first (parquet.thrift: SchemaElement).</summary>
internal sealed record SchemaElement
{
    public string Name { get; init; } = "";

    /// <summary>Null for a group.</summary>
    public PhysicalType? Type { get; init; }

    /// <summary>Bytes of a FIXED_LEN_BYTE_ARRAY.</summary>
    public int TypeLength { get; init; }

    public Repetition Repetition { get; init; }

    public int ChildCount { get; init; }

    public ConvertedType? Converted { get; init; }

    public int Scale { get; init; }

    public int Precision { get; init; }

    public int? FieldId { get; init; }

    public LogicalType? Logical { get; init; }
}

internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>The older annotation of a type's meaning.</summary>
internal enum ConvertedType
{
    Utf8 = 0,
    Map = 1,
    MapKeyValue = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    TimeMillis = 7,
    TimeMicros = 8,
    TimestampMillis = 9,
    TimestampMicros = 10,
    UInt8 = 11,
    UInt16 = 12,
    UInt32 = 13,
    UInt64 = 14,
    Int8 = 15,
    Int16 = 16,
    Int32 = 17,
    Int64 = 18,
    Json = 19,
    Bson = 20,
    Interval = 21,
}

/// <summary>The newer annotation: which member of the union, with its parameters where it has any.</summary>
/// <param name="Kind">The member; a number outside the enum where the file is newer than this reader.</param>
internal sealed record LogicalType(LogicalKind Kind)
{
    public int Scale { get; init; }

    public int Precision { get; init; }

    public bool AdjustedToUtc { get; init; }

    public TimeUnit Unit { get; init; }

    public int BitWidth { get; init; }

    public bool Signed { get; init; }
}

internal enum LogicalKind
{
    String = 1,
    Map = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    Time = 7,
    Timestamp = 8,
    Integer = 10,
    Unknown = 11,
    Json = 12,
    Bson = 13,
    Uuid = 14,
    Float16 = 15,
}

internal enum TimeUnit
{
    Millis = 1,
    Micros = 2,
    Nanos = 3,
}
