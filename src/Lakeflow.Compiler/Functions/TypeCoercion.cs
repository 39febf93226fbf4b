using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>Which type becomes which: Spark's rules under ANSI mode.</summary>
public static class TypeCoercion
{
    /// <summary>The type that values of both are brought to (CASE, COALESCE, UNION, IN, comparisons, array elements); null if there is none.</summary>
    /// <remarks>Numbers widen; INT or DECIMAL with FLOAT is DOUBLE; a STRING takes the other side's type (an integer: BIGINT); DATE with TIMESTAMP is TIMESTAMP.</remarks>
    public static DataType? LeastCommonType(DataType a, DataType b)
    {
        if (a.Equals(b)) return a;
        return (a, b) switch
        {
            (NullType, _) => b,
            (_, NullType) => a,
            (StringType, _) when !b.IsNested => FromText(b),
            (_, StringType) when !a.IsNested => FromText(a),
            (DateType, TimestampType) => b,
            (TimestampType, DateType) => a,
            (TimestampType, TimestampType) => DataType.Timestamp,
            (ListType x, ListType y) => Lists(x, y),
            (MapType x, MapType y) => Maps(x, y),
            (StructType x, StructType y) => Structs(x, y),
            _ when a.IsNumeric && b.IsNumeric => Numbers(a, b),
            _ => null,
        };
    }

    /// <summary>The least common type of all; VOID of none; null if two do not go together.</summary>
    public static DataType? LeastCommonType(IEnumerable<DataType> types)
    {
        DataType? common = DataType.Null;
        foreach (var type in types)
        {
            // STRING among numbers does not decide before the numbers have: 'a', 1, 2.5 are DOUBLE whatever the order.
            common = LeastCommonType(common, type);
            if (common is null) return null;
        }

        return common;
    }

    /// <summary>True if <c>CAST(x AS to)</c> is allowed (it may still fail on a value).</summary>
    public static bool CanCast(DataType from, DataType to)
    {
        if (from.Equals(to) || from is NullType) return true;
        return (from, to) switch
        {
            (_, StringType) => true,
            (StringType, NullType) => false,
            (StringType, _) => !to.IsNested,
            (BooleanType, _) => to.IsNumeric,
            (_, BooleanType) => from.IsNumeric,
            (DateType, TimestampType) or (TimestampType, DateType) or (TimestampType, TimestampType) => true,
            (TimestampType { Zoned: true }, _) => to.IsNumeric,
            (_, TimestampType { Zoned: true }) => from.IsNumeric,
            (ListType x, ListType y) => CanCast(x.Element.Type, y.Element.Type),
            (MapType x, MapType y) => CanCast(x.Key.Type, y.Key.Type) && CanCast(x.Value.Type, y.Value.Type),
            (StructType x, StructType y) => x.Fields.Length == y.Fields.Length
                && x.Fields.Zip(y.Fields).All(p => CanCast(p.First.Type, p.Second.Type)),
            _ => from.IsNumeric && to.IsNumeric,
        };
    }

    /// <summary>True if a function's argument of type <paramref name="from"/> becomes <paramref name="to"/> by itself.</summary>
    /// <remarks>What may be stored may be passed; besides, a STRING becomes what the parameter wants.</remarks>
    public static bool CanImplicitlyCast(DataType from, DataType to) =>
        CanStore(from, to) || (from is StringType && !to.IsNested && to is not NullType and not YearMonthIntervalType and not DayTimeIntervalType);

    /// <summary>True if a value may be written into a column: the ANSI store assignment matrix.</summary>
    public static bool CanStore(DataType from, DataType to)
    {
        if (from.Equals(to) || from is NullType) return true;
        return (from, to) switch
        {
            (_, StringType) => !from.IsNested,
            (DateType or TimestampType, DateType or TimestampType) => true,
            (ListType x, ListType y) => CanStore(x.Element.Type, y.Element.Type),
            (MapType x, MapType y) => CanStore(x.Key.Type, y.Key.Type) && CanStore(x.Value.Type, y.Value.Type),
            (StructType x, StructType y) => x.Fields.Length == y.Fields.Length
                && x.Fields.Zip(y.Fields).All(p => CanStore(p.First.Type, p.Second.Type)),
            _ => from.IsNumeric && to.IsNumeric,
        };
    }

    /// <summary>True if values of the type can be compared with &lt;, sorted, and used in min and max.</summary>
    public static bool IsOrderable(DataType type) => type switch
    {
        MapType => false,
        ListType list => IsOrderable(list.Element.Type),
        StructType row => row.Fields.All(f => IsOrderable(f.Type)),
        _ => true,
    };

    /// <summary>How far a number's type is from another that holds it, TINYINT → … → BIGINT → DECIMAL → FLOAT → DOUBLE; -1 if it does not.</summary>
    internal static int WideningDistance(DataType from, DataType to)
    {
        var distance = Rank(to) - Rank(from);
        return Rank(from) < 0 || Rank(to) < 0 || distance < 0 ? -1 : distance;
    }

    private static DataType Numbers(DataType a, DataType b)
    {
        if (a is DoubleType || b is DoubleType) return DataType.Double;
        if (a is FloatType || b is FloatType) return a is FloatType && b is FloatType ? a : DataType.Double;
        if (a is DecimalType || b is DecimalType) return DecimalRules.Union(DecimalRules.Of(a), DecimalRules.Of(b));
        return Rank(a) > Rank(b) ? a : b;
    }

    private static DataType FromText(DataType other) => other switch
    {
        _ when other.IsInteger => DataType.Int64,
        _ when other.IsNumeric => DataType.Double,
        _ => other,
    };

    private static ListType? Lists(ListType a, ListType b) =>
        LeastCommonType(a.Element.Type, b.Element.Type) is { } element ? new ListType(element, a.Element.Nullable || b.Element.Nullable) : null;

    private static MapType? Maps(MapType a, MapType b) =>
        LeastCommonType(a.Key.Type, b.Key.Type) is { } key && LeastCommonType(a.Value.Type, b.Value.Type) is { } value
            ? new MapType(key, value, a.Value.Nullable || b.Value.Nullable)
            : null;

    private static StructType? Structs(StructType a, StructType b)
    {
        if (a.Fields.Length != b.Fields.Length) return null;
        var fields = ImmutableArray.CreateBuilder<Field>(a.Fields.Length);
        for (var i = 0; i < a.Fields.Length; i++)
        {
            if (LeastCommonType(a.Fields[i].Type, b.Fields[i].Type) is not { } type) return null;
            fields.Add(new Field(a.Fields[i].Name, type, a.Fields[i].Nullable || b.Fields[i].Nullable));
        }

        return new StructType(fields.MoveToImmutable());
    }

    private static int Rank(DataType type) => type switch
    {
        Int8Type => 0,
        Int16Type => 1,
        Int32Type => 2,
        Int64Type => 3,
        DecimalType => 4,
        FloatType => 5,
        DoubleType => 6,
        _ => -1,
    };
}
