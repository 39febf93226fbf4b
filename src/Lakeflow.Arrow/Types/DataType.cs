using System.Collections.Immutable;
using System.Globalization;

namespace Lakeflow.Arrow;

/// <summary>The type of a column: one of Spark SQL's types, with the Arrow layout that holds it.</summary>
/// <remarks><see cref="object.ToString"/> prints the SQL name (<c>DECIMAL(10,2)</c>, <c>ARRAY&lt;INT&gt;</c>).</remarks>
public abstract record DataType
{
    public static readonly NullType Null = new();
    public static readonly BooleanType Boolean = new();
    public static readonly Int8Type Int8 = new();
    public static readonly Int16Type Int16 = new();
    public static readonly Int32Type Int32 = new();
    public static readonly Int64Type Int64 = new();
    public static readonly FloatType Float = new();
    public static readonly DoubleType Double = new();
    public static readonly StringType String = new();
    public static readonly BinaryType Binary = new();
    public static readonly DateType Date = new();
    public static readonly TimestampType Timestamp = new(Zoned: true);
    public static readonly TimestampType TimestampNtz = new(Zoned: false);
    public static readonly YearMonthIntervalType YearMonthInterval = new();
    public static readonly DayTimeIntervalType DayTimeInterval = new();

    private static readonly DataType[] Simple =
        [Int64, String, Double, Int32, Date, Timestamp, Boolean, TimestampNtz, Float, Int16, Int8, Binary, Null, YearMonthInterval, DayTimeInterval];

    /// <summary>TINYINT, SMALLINT, INT or BIGINT.</summary>
    public bool IsInteger => this is Int8Type or Int16Type or Int32Type or Int64Type;

    /// <summary>Any integer, DECIMAL, FLOAT or DOUBLE.</summary>
    public bool IsNumeric => IsInteger || this is FloatType or DoubleType or DecimalType;

    /// <summary>ARRAY, MAP or STRUCT.</summary>
    public bool IsNested => this is ListType or MapType or StructType;

    public abstract override string ToString();

    /// <summary>The type of a name that <see cref="ToString"/> prints, if it is not a nested one.</summary>
    internal static DataType Plain(string name)
    {
        if (Array.Find(Simple, t => t.ToString() == name) is { } type) return type;
        if (name.StartsWith("DECIMAL(", StringComparison.Ordinal) && name[8..].TrimEnd(')').Split(',') is [var precision, var scale])
            return new DecimalType(int.Parse(precision, CultureInfo.InvariantCulture), int.Parse(scale, CultureInfo.InvariantCulture));
        throw new FormatException(name);
    }
}

/// <summary>VOID: every value is NULL.</summary>
public sealed record NullType : DataType
{
    public override string ToString() => "VOID";
}

/// <summary>BOOLEAN: one bit a row.</summary>
public sealed record BooleanType : DataType
{
    public override string ToString() => "BOOLEAN";
}

/// <summary>TINYINT: 8 bits, signed.</summary>
public sealed record Int8Type : DataType
{
    public override string ToString() => "TINYINT";
}

/// <summary>SMALLINT: 16 bits, signed.</summary>
public sealed record Int16Type : DataType
{
    public override string ToString() => "SMALLINT";
}

/// <summary>INT: 32 bits, signed.</summary>
public sealed record Int32Type : DataType
{
    public override string ToString() => "INT";
}

/// <summary>BIGINT: 64 bits, signed.</summary>
public sealed record Int64Type : DataType
{
    public override string ToString() => "BIGINT";
}

/// <summary>FLOAT: IEEE 754, 32 bits.</summary>
public sealed record FloatType : DataType
{
    public override string ToString() => "FLOAT";
}

/// <summary>DOUBLE: IEEE 754, 64 bits.</summary>
public sealed record DoubleType : DataType
{
    public override string ToString() => "DOUBLE";
}

/// <summary>DECIMAL(p,s): an unscaled integer; 8 bytes wide up to 18 digits (Arrow Decimal64), 16 above (Decimal128).</summary>
/// <param name="Precision">Digits in all, 1 to 38.</param>
/// <param name="Scale">Digits after the point, 0 to <paramref name="Precision"/>.</param>
public sealed record DecimalType(int Precision, int Scale) : DataType
{
    public const int MaxPrecision = 38;

    /// <summary>The widest precision that is held in 8 bytes.</summary>
    public const int MaxPrecision64 = 18;

    /// <summary>True if a value is an unscaled <see cref="long"/>, false if an <see cref="System.Int128"/>.</summary>
    public bool Is64 => Precision <= MaxPrecision64;

    public override string ToString() => $"DECIMAL({Precision},{Scale})";
}

/// <summary>STRING: UTF-8 over int32 offsets. CHAR and VARCHAR are STRING with a field's metadata, as in Spark.</summary>
public sealed record StringType : DataType
{
    public override string ToString() => "STRING";
}

/// <summary>BINARY: bytes over int32 offsets.</summary>
public sealed record BinaryType : DataType
{
    public override string ToString() => "BINARY";
}

/// <summary>DATE: days since 1970-01-01 in the proleptic Gregorian calendar, 32 bits.</summary>
public sealed record DateType : DataType
{
    public override string ToString() => "DATE";
}

/// <summary>TIMESTAMP (an instant, microseconds since the epoch in UTC) or TIMESTAMP_NTZ (a wall clock, no zone).</summary>
/// <param name="Zoned">True for TIMESTAMP.</param>
public sealed record TimestampType(bool Zoned) : DataType
{
    public override string ToString() => Zoned ? "TIMESTAMP" : "TIMESTAMP_NTZ";
}

/// <summary>INTERVAL YEAR TO MONTH: months, 32 bits.</summary>
public sealed record YearMonthIntervalType : DataType
{
    public override string ToString() => "INTERVAL YEAR TO MONTH";
}

/// <summary>INTERVAL DAY TO SECOND: microseconds, 64 bits.</summary>
public sealed record DayTimeIntervalType : DataType
{
    public override string ToString() => "INTERVAL DAY TO SECOND";
}

/// <summary>ARRAY&lt;T&gt;: int32 offsets into a child column.</summary>
/// <param name="Element">The child; its name is <c>element</c>.</param>
public sealed record ListType(Field Element) : DataType
{
    public ListType(DataType element, bool containsNull = true)
        : this(new Field("element", element, containsNull))
    {
    }

    public override string ToString() => $"ARRAY<{Element.Type}>";
}

/// <summary>MAP&lt;K,V&gt;: int32 offsets into a child of key and value columns. Keys are never NULL.</summary>
public sealed record MapType(Field Key, Field Value) : DataType
{
    public MapType(DataType key, DataType value, bool valueContainsNull = true)
        : this(new Field("key", key, Nullable: false), new Field("value", value, valueContainsNull))
    {
    }

    /// <summary>The type of the child that the offsets point into.</summary>
    public StructType Entries => new([Key, Value]);

    public override string ToString() => $"MAP<{Key.Type}, {Value.Type}>";
}

/// <summary>STRUCT&lt;…&gt;: a validity bitmap over child columns of the same length.</summary>
public sealed record StructType(ImmutableArray<Field> Fields) : DataType
{
    /// <summary>The place of a field by name, in any case; -1 if there is none.</summary>
    public int IndexOf(string name) => Field.IndexOf(Fields, name);

    public bool Equals(StructType? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    public override int GetHashCode() => Field.HashOf(Fields);

    public override string ToString() => $"STRUCT<{string.Join(", ", Fields.Select(f => $"{f.Name}: {f.Type}{(f.Nullable ? "" : " NOT NULL")}"))}>";
}
