using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Functions;

/// <summary>How a CAST is done.</summary>
/// <param name="Kernel">The kernel; null if the value stays as it is (same physical value, or NULL).</param>
/// <param name="TypeArguments">Numbers that it takes after the value.</param>
public sealed record CastCall(Delegate? Kernel, ImmutableArray<int> TypeArguments)
{
    /// <summary>True if the value is passed on unchanged.</summary>
    public bool IsIdentity => Kernel is null;

    public KernelShape? Shape => Kernel is null ? null : KernelShape.Of(Kernel);

    /// <summary>True if it raises on some values. try_cast never does; it gives NULL.</summary>
    public bool CanFail => Shape is { HasSite: true };

    /// <summary>True if the result can be NULL though the value is not: try_cast that may not succeed.</summary>
    public bool MayGiveNull => Shape is { MayGiveNull: true } && Shape.Result != typeof(object);
}

/// <summary>The kernels of CAST and try_cast, by the two types.</summary>
public static class CastTable
{
    private static readonly CastCall Same = new(null, []);

    /// <summary>The cast, or null if SQL has none between the two.</summary>
    /// <param name="from">The value's type.</param>
    /// <param name="to">The type wanted.</param>
    /// <param name="tolerant">try_cast: NULL instead of an error.</param>
    public static CastCall? Find(DataType from, DataType to, bool tolerant = false)
    {
        if (!TypeCoercion.CanCast(from, to)) return null;
        if (from.Equals(to) || from is NullType) return Same;
        if (from.IsNested)
        {
            return to is StringType ? new(TextOutput.NestedToText, []) : SamePhysically(from, to) ? Same
                : tolerant ? new(BoxedCasts.TryCast, []) : new CastCall(BoxedCasts.Cast, []);
        }

        return (from, to) switch
        {
            (StringType, _) => FromText(to, tolerant),
            (_, StringType) => ToText(from),
            (DecimalType a, DecimalType b) => Decimals(a, b, tolerant),
            (DecimalType a, _) => FromDecimal(a, to, tolerant),
            (_, DecimalType b) => ToDecimal(from, b, tolerant),
            (DateType, TimestampType t) => new(t.Zoned ? NumberCasts.DateToTimestamp : NumberCasts.DateToTimestampNtz, []),
            (TimestampType t, DateType) => new(t.Zoned ? NumberCasts.TimestampToDate : NumberCasts.TimestampNtzToDate, []),
            (TimestampType t, TimestampType) => new(t.Zoned ? NumberCasts.TimestampToTimestampNtz : NumberCasts.TimestampNtzToTimestamp, []),
            (TimestampType, _) => FromTimestamp(to, tolerant),
            (_, TimestampType) => ToTimestamp(from, tolerant),
            (_, BooleanType) => new(ToBoolean(from), []),
            (BooleanType, _) => new(FromBoolean(to), []),
            _ => new(Numbers(from, to, tolerant), []),
        };
    }

    private static bool SamePhysically(DataType from, DataType to) => (from, to) switch
    {
        (ListType a, ListType b) => SamePhysically(a.Element.Type, b.Element.Type),
        (MapType a, MapType b) => SamePhysically(a.Key.Type, b.Key.Type) && SamePhysically(a.Value.Type, b.Value.Type),
        (StructType a, StructType b) => a.Fields.Zip(b.Fields).All(p => SamePhysically(p.First.Type, p.Second.Type)),
        _ => from is NullType || from.Equals(to),
    };

    private static CastCall FromText(DataType to, bool tolerant) => to switch
    {
        BooleanType => new(tolerant ? TextCasts.TryTextToBoolean : TextCasts.TextToBoolean, []),
        Int8Type => new(tolerant ? TextCasts.TryTextToInt8 : TextCasts.TextToInt8, []),
        Int16Type => new(tolerant ? TextCasts.TryTextToInt16 : TextCasts.TextToInt16, []),
        Int32Type => new(tolerant ? TextCasts.TryTextToInt32 : TextCasts.TextToInt32, []),
        Int64Type => new(tolerant ? TextCasts.TryTextToInt64 : TextCasts.TextToInt64, []),
        FloatType => new(tolerant ? TextCasts.TryTextToFloat : TextCasts.TextToFloat, []),
        DoubleType => new(tolerant ? TextCasts.TryTextToDouble : TextCasts.TextToDouble, []),
        DecimalType d => new(tolerant ? TextCasts.TryTextToDecimal : TextCasts.TextToDecimal, [d.Precision, d.Scale]),
        DateType => new(tolerant ? TextCasts.TryTextToDate : TextCasts.TextToDate, []),
        TimestampType { Zoned: true } => new(tolerant ? TextCasts.TryTextToTimestamp : TextCasts.TextToTimestamp, []),
        TimestampType => new(tolerant ? TextCasts.TryTextToTimestampNtz : TextCasts.TextToTimestampNtz, []),
        YearMonthIntervalType => new(tolerant ? TextCasts.TryTextToMonths : TextCasts.TextToMonths, []),
        DayTimeIntervalType => new(tolerant ? TextCasts.TryTextToDuration : TextCasts.TextToDuration, []),
        _ => new(TextCasts.TextToBinary, []),
    };

    private static CastCall ToText(DataType from) => from switch
    {
        BooleanType => new(TextOutput.BooleanToText, []),
        FloatType => new(TextOutput.FloatToText, []),
        DoubleType => new(TextOutput.DoubleToText, []),
        DecimalType { Is64: true } d => new(TextOutput.Decimal64ToText, [d.Scale]),
        DecimalType d => new(TextOutput.DecimalToText, [d.Scale]),
        DateType => new(TextOutput.DateToText, []),
        TimestampType { Zoned: true } => new(TextOutput.TimestampToText, []),
        TimestampType => new(TextOutput.TimestampNtzToText, []),
        YearMonthIntervalType => new(TextOutput.MonthsToText, []),
        DayTimeIntervalType => new(TextOutput.DurationToText, []),
        BinaryType => new(TextCasts.BinaryToText, []),
        _ => new(TextOutput.Int64ToText, []),
    };

    private static CastCall Decimals(DecimalType from, DecimalType to, bool tolerant)
    {
        var shift = to.Scale - from.Scale;
        if (shift >= 0 && to.Precision - to.Scale >= from.Precision - from.Scale)
        {
            return shift == 0 && from.Is64 == to.Is64 ? Same
                : to.Is64 ? new(NumberCasts.Decimal64ToWiderDecimal64, [shift]) : new CastCall(NumberCasts.DecimalToWiderDecimal, [shift]);
        }

        return new(tolerant ? NumberCasts.TryDecimalToDecimal : from.Is64 && to.Is64 ? NumberCasts.Decimal64ToDecimal64 : NumberCasts.DecimalToDecimal,
            [from.Scale, to.Precision, to.Scale]);
    }

    private static CastCall FromDecimal(DecimalType from, DataType to, bool tolerant) => to switch
    {
        BooleanType => new(NumberCasts.DecimalToBoolean, []),
        Int8Type => new(tolerant ? NumberCasts.TryDecimalToInt8 : NumberCasts.DecimalToInt8, [from.Scale]),
        Int16Type => new(tolerant ? NumberCasts.TryDecimalToInt16 : NumberCasts.DecimalToInt16, [from.Scale]),
        Int32Type => new(tolerant ? NumberCasts.TryDecimalToInt32 : NumberCasts.DecimalToInt32, [from.Scale]),
        Int64Type => new(tolerant ? NumberCasts.TryDecimalToInt64 : NumberCasts.DecimalToInt64, [from.Scale]),
        FloatType => new(NumberCasts.DecimalToFloat, [from.Scale]),
        DoubleType => new(from.Is64 ? NumberCasts.Decimal64ToDouble : NumberCasts.DecimalToDouble, [from.Scale]),
        _ => new(tolerant ? NumberCasts.TryDecimalToTimestamp : NumberCasts.DecimalToTimestamp, [from.Scale]),
    };

    private static CastCall ToDecimal(DataType from, DecimalType to, bool tolerant)
    {
        var size = ImmutableArray.Create(to.Precision, to.Scale);
        return from switch
        {
            BooleanType => new(NumberCasts.BooleanToDecimal, size),
            FloatType => new(tolerant ? NumberCasts.TryFloatToDecimal : NumberCasts.FloatToDecimal, size),
            DoubleType => new(tolerant ? NumberCasts.TryDoubleToDecimal : NumberCasts.DoubleToDecimal, size),
            TimestampType => new(tolerant ? NumberCasts.TryTimestampToDecimal : NumberCasts.TimestampToDecimal, size),
            _ when to.Precision - to.Scale >= DecimalRules.Of(from).Precision =>
                new(to.Is64 ? NumberCasts.Decimal64ToWiderDecimal64 : NumberCasts.DecimalToWiderDecimal, [to.Scale]),
            _ => new(tolerant ? NumberCasts.TryInt64ToDecimal : to.Is64 ? NumberCasts.Int64ToDecimal64 : NumberCasts.Int64ToDecimal, size),
        };
    }

    private static CastCall FromTimestamp(DataType to, bool tolerant) => to switch
    {
        Int8Type => new(tolerant ? NumberCasts.TryTimestampToInt8 : NumberCasts.TimestampToInt8, []),
        Int16Type => new(tolerant ? NumberCasts.TryTimestampToInt16 : NumberCasts.TimestampToInt16, []),
        Int32Type => new(tolerant ? NumberCasts.TryTimestampToInt32 : NumberCasts.TimestampToInt32, []),
        Int64Type => new(NumberCasts.TimestampToInt64, []),
        FloatType => new(NumberCasts.TimestampToFloat, []),
        _ => new(NumberCasts.TimestampToDouble, []),
    };

    private static CastCall ToTimestamp(DataType from, bool tolerant) => from is FloatType or DoubleType
        ? new(tolerant ? NumberCasts.TryDoubleToTimestamp : NumberCasts.DoubleToTimestamp, [])
        : new(tolerant ? NumberCasts.TryInt64ToTimestamp : NumberCasts.Int64ToTimestamp, []);

    private static Delegate ToBoolean(DataType from) => from switch
    {
        Int8Type => NumberCasts.Int8ToBoolean,
        Int16Type => NumberCasts.Int16ToBoolean,
        Int32Type => NumberCasts.Int32ToBoolean,
        Int64Type => NumberCasts.Int64ToBoolean,
        FloatType => NumberCasts.FloatToBoolean,
        _ => NumberCasts.DoubleToBoolean,
    };

    private static Delegate FromBoolean(DataType to) => to switch
    {
        Int8Type => NumberCasts.BooleanToInt8,
        Int16Type => NumberCasts.BooleanToInt16,
        Int32Type => NumberCasts.BooleanToInt32,
        Int64Type => NumberCasts.BooleanToInt64,
        FloatType => NumberCasts.BooleanToFloat,
        _ => NumberCasts.BooleanToDouble,
    };

    private static Delegate Numbers(DataType from, DataType to, bool tolerant) => (from, to) switch
    {
        (Int8Type, Int16Type) => NumberCasts.Int8ToInt16,
        (Int8Type, Int32Type) => NumberCasts.Int8ToInt32,
        (Int8Type, Int64Type) => NumberCasts.Int8ToInt64,
        (Int8Type, FloatType) => NumberCasts.Int8ToFloat,
        (Int8Type, _) => NumberCasts.Int8ToDouble,
        (Int16Type, Int8Type) => tolerant ? NumberCasts.TryInt16ToInt8 : NumberCasts.Int16ToInt8,
        (Int16Type, Int32Type) => NumberCasts.Int16ToInt32,
        (Int16Type, Int64Type) => NumberCasts.Int16ToInt64,
        (Int16Type, FloatType) => NumberCasts.Int16ToFloat,
        (Int16Type, _) => NumberCasts.Int16ToDouble,
        (Int32Type, Int8Type) => tolerant ? NumberCasts.TryInt32ToInt8 : NumberCasts.Int32ToInt8,
        (Int32Type, Int16Type) => tolerant ? NumberCasts.TryInt32ToInt16 : NumberCasts.Int32ToInt16,
        (Int32Type, Int64Type) => NumberCasts.Int32ToInt64,
        (Int32Type, FloatType) => NumberCasts.Int32ToFloat,
        (Int32Type, _) => NumberCasts.Int32ToDouble,
        (Int64Type, Int8Type) => tolerant ? NumberCasts.TryInt64ToInt8 : NumberCasts.Int64ToInt8,
        (Int64Type, Int16Type) => tolerant ? NumberCasts.TryInt64ToInt16 : NumberCasts.Int64ToInt16,
        (Int64Type, Int32Type) => tolerant ? NumberCasts.TryInt64ToInt32 : NumberCasts.Int64ToInt32,
        (Int64Type, FloatType) => NumberCasts.Int64ToFloat,
        (Int64Type, _) => NumberCasts.Int64ToDouble,
        (FloatType, Int8Type) => tolerant ? NumberCasts.TryFloatToInt8 : NumberCasts.FloatToInt8,
        (FloatType, Int16Type) => tolerant ? NumberCasts.TryFloatToInt16 : NumberCasts.FloatToInt16,
        (FloatType, Int32Type) => tolerant ? NumberCasts.TryFloatToInt32 : NumberCasts.FloatToInt32,
        (FloatType, Int64Type) => tolerant ? NumberCasts.TryFloatToInt64 : NumberCasts.FloatToInt64,
        (FloatType, _) => NumberCasts.FloatToDouble,
        (_, Int8Type) => tolerant ? NumberCasts.TryDoubleToInt8 : NumberCasts.DoubleToInt8,
        (_, Int16Type) => tolerant ? NumberCasts.TryDoubleToInt16 : NumberCasts.DoubleToInt16,
        (_, Int32Type) => tolerant ? NumberCasts.TryDoubleToInt32 : NumberCasts.DoubleToInt32,
        (_, Int64Type) => tolerant ? NumberCasts.TryDoubleToInt64 : NumberCasts.DoubleToInt64,
        _ => NumberCasts.DoubleToFloat,
    };
}
