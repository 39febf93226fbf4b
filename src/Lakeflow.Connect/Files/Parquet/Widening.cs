using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files.Parquet;

/// <summary>Reads a column as a wider type, where every value has the same meaning there.</summary>
/// <remarks>Integers to wider integers, DECIMAL and DOUBLE; FLOAT to DOUBLE; DECIMAL to more digits on both sides of the point; DATE to TIMESTAMP_NTZ; structs field by field, by name.</remarks>
internal static class Widening
{
    /// <summary>The column as another type, one reference more; null if that is no widening.</summary>
    public static ArrowArray? Apply(ArrowArray column, DataType to)
    {
        if (Same(column.Type, to)) return column.Retain();
        if (!Allows(column.Type, to)) return null;
        var builder = ArrayBuilder.Create(to, column.Length);
        for (var row = 0; row < column.Length; row++) builder.AppendValue(Convert(column.GetValue(row), column.Type, to));
        return builder.Build();
    }

    /// <summary>The narrower of the types that hold both, if one holds the other; else null.</summary>
    public static DataType? Common(DataType a, DataType b)
    {
        if (Allows(a, b)) return b;
        if (Allows(b, a)) return a;
        if (a is not StructType x || b is not StructType y) return null;
        var fields = x.Fields.ToList();
        foreach (var field in y.Fields)
        {
            var at = fields.FindIndex(f => f.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0) fields.Add(field with { Nullable = true });
            else if (Common(fields[at].Type, field.Type) is { } type) fields[at] = fields[at] with { Type = type };
            else return null;
        }

        return new StructType([.. fields]);
    }

    private static bool Allows(DataType from, DataType to)
    {
        if (Same(from, to)) return true;
        return (from, to) switch
        {
            (NullType, _) => true,
            ({ IsInteger: true }, { IsInteger: true }) => Width(from) < Width(to),
            ({ IsInteger: true }, DoubleType) => Width(from) <= 4,
            ({ IsInteger: true }, DecimalType d) => d.Precision - d.Scale >= (Width(from) switch { 1 => 3, 2 => 5, 4 => 10, _ => 19 }),
            (FloatType, DoubleType) => true,
            (DecimalType x, DecimalType y) => y.Scale >= x.Scale && y.Precision - y.Scale >= x.Precision - x.Scale,
            (DateType, TimestampType { Zoned: false }) => true,
            (StringType, BinaryType) => true,
            (StructType x, StructType y) => x.Fields.All(f => y.IndexOf(f.Name) < 0 || Allows(f.Type, y.Fields[y.IndexOf(f.Name)].Type)),
            (ListType x, ListType y) => Allows(x.Element.Type, y.Element.Type),
            (MapType x, MapType y) => Allows(x.Key.Type, y.Key.Type) && Allows(x.Value.Type, y.Value.Type),
            _ => false,
        };
    }

    /// <summary>Equal but for nullability and the names of a list's or map's children, which mean nothing.</summary>
    private static bool Same(DataType a, DataType b) => (a, b) switch
    {
        (StructType x, StructType y) => x.Fields.Length == y.Fields.Length && x.Fields.Zip(y.Fields).All(p => p.First.Name == p.Second.Name && Same(p.First.Type, p.Second.Type)),
        (ListType x, ListType y) => Same(x.Element.Type, y.Element.Type),
        (MapType x, MapType y) => Same(x.Key.Type, y.Key.Type) && Same(x.Value.Type, y.Value.Type),
        _ => a.Equals(b),
    };

    private static int Width(DataType type) => type switch
    {
        Int8Type => 1,
        Int16Type => 2,
        Int32Type => 4,
        _ => 8,
    };

    private static object? Convert(object? value, DataType from, DataType to)
    {
        if (value is null || Same(from, to)) return value;
        switch (from, to)
        {
            case (StructType x, StructType y):
                var values = (object?[])value;
                return y.Fields.Select(f => x.IndexOf(f.Name) is >= 0 and var i ? Convert(values[i], x.Fields[i].Type, f.Type) : null).ToArray();
            case (ListType x, ListType y):
                return ((object?[])value).Select(v => Convert(v, x.Element.Type, y.Element.Type)).ToArray();
            case (MapType x, MapType y):
                return ((KeyValuePair<object, object?>[])value)
                    .Select(p => new KeyValuePair<object, object?>(Convert(p.Key, x.Key.Type, y.Key.Type)!, Convert(p.Value, x.Value.Type, y.Value.Type))).ToArray();
            case (DecimalType x, DecimalType y):
                return (Int128)value * (Int128)Power(y.Scale - x.Scale);
            case (_, DecimalType y):
                return (Int128)Whole(value) * (Int128)Power(y.Scale);
            case (DateType, TimestampType):
                return (int)value * 86_400_000_000L;
            case (StringType, BinaryType):
                return System.Text.Encoding.UTF8.GetBytes((string)value);
            case (FloatType, _):
                return (double)(float)value;
            case (_, DoubleType):
                return (double)Whole(value);
            case (_, Int16Type):
                return (short)Whole(value);
            case (_, Int32Type):
                return (int)Whole(value);
            default:
                return Whole(value);
        }
    }

    private static long Whole(object value) => value switch
    {
        sbyte v => v,
        short v => v,
        int v => v,
        _ => (long)value,
    };

    private static UInt128 Power(int digits)
    {
        UInt128 power = 1;
        for (; digits > 0; digits--) power *= 10;
        return power;
    }
}
