using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels;

/// <summary>CAST on values in the form of <c>ArrowArray.GetValue</c>: element by element for nested types.</summary>
public static class BoxedCasts
{
    /// <summary>CAST of a non-NULL ARRAY, MAP or STRUCT.</summary>
    public static object? Cast(object? value, DataType[] types, DataType result, SessionZone zone, int site) => Convert(value, types[0], result, zone, site, tolerant: false);

    /// <summary>try_cast: an element that does not convert is NULL.</summary>
    public static object? TryCast(object? value, DataType[] types, DataType result, SessionZone zone) => Convert(value, types[0], result, zone, -1, tolerant: true);

    public static object? Convert(object? value, DataType from, DataType to, SessionZone zone, int site, bool tolerant)
    {
        if (value is null || from.Equals(to)) return value;
        try
        {
            return (from, to) switch
            {
                (_, StringType) => Text(value, from, zone),
                (ListType a, ListType b) => Array.ConvertAll((object?[])value, x => Convert(x, a.Element.Type, b.Element.Type, zone, site, tolerant)),
                (MapType a, MapType b) => Array.ConvertAll((KeyValuePair<object, object?>[])value, x => new KeyValuePair<object, object?>(
                    Convert(x.Key, a.Key.Type, b.Key.Type, zone, site, tolerant)!, Convert(x.Value, a.Value.Type, b.Value.Type, zone, site, tolerant))),
                (StructType a, StructType b) => ((object?[])value).Select((x, i) => Convert(x, a.Fields[i].Type, b.Fields[i].Type, zone, site, tolerant)).ToArray(),
                (StringType, _) => FromText((string)value, to, zone, site),
                _ => FromScalar(value, from, to, zone, site),
            };
        }
        catch (KernelFault) when (tolerant)
        {
            return null;
        }
    }

    /// <summary>The text that CAST AS STRING gives; inside nested values NULL is <c>null</c>.</summary>
    public static string Text(object? value, DataType type, SessionZone zone)
    {
        switch (value)
        {
            case null: return "null";
            case string s: return s;
            case bool b: return b ? "true" : "false";
            case double d: return NumberText.OfDouble(d);
            case float f: return NumberText.OfFloat(f);
            case Int128 d: return DecimalMath.Text(d, ((DecimalType)type).Scale);
            case byte[] bytes: return Encoding.UTF8.GetString(bytes);
        }

        Span<byte> buffer = stackalloc byte[40];
        switch (type)
        {
            case DateType: return Encoding.ASCII.GetString(buffer[..DateTimeText.WriteDate((int)value, buffer)]);
            case TimestampType t: return Encoding.ASCII.GetString(buffer[..DateTimeText.WriteTimestamp(t.Zoned ? zone.ToLocal((long)value) : (long)value, buffer)]);
            case YearMonthIntervalType: return IntervalText.OfMonths((int)value);
            case DayTimeIntervalType: return IntervalText.OfDuration((long)value);
            case ListType list: return $"[{string.Join(", ", ((object?[])value).Select(v => Text(v, list.Element.Type, zone)))}]";
            case StructType row: return $"{{{string.Join(", ", ((object?[])value).Select((v, i) => Text(v, row.Fields[i].Type, zone)))}}}";
            case MapType map:
                var pairs = (KeyValuePair<object, object?>[])value;
                return $"{{{string.Join(", ", pairs.Select(p => $"{Text(p.Key, map.Key.Type, zone)} -> {Text(p.Value, map.Value.Type, zone)}"))}}}";
            default: return System.Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
    }

    private static object FromText(string text, DataType to, SessionZone zone, int site)
    {
        var bytes = Utf8.From(text);
        return to switch
        {
            BooleanType => TextCasts.TextToBoolean(bytes, site),
            Int8Type => TextCasts.TextToInt8(bytes, site),
            Int16Type => TextCasts.TextToInt16(bytes, site),
            Int32Type => TextCasts.TextToInt32(bytes, site),
            Int64Type => TextCasts.TextToInt64(bytes, site),
            FloatType => TextCasts.TextToFloat(bytes, site),
            DoubleType => TextCasts.TextToDouble(bytes, site),
            DecimalType d => TextCasts.TextToDecimal(bytes, d.Precision, d.Scale, site),
            DateType => TextCasts.TextToDate(bytes, site),
            TimestampType { Zoned: true } => TextCasts.TextToTimestamp(bytes, zone, site),
            TimestampType => TextCasts.TextToTimestampNtz(bytes, site),
            YearMonthIntervalType => TextCasts.TextToMonths(bytes, site),
            DayTimeIntervalType => TextCasts.TextToDuration(bytes, site),
            BinaryType => bytes.ToArray(),
            _ => throw new UnreachableException($"STRING to {to}"),
        };
    }

    private static object? FromScalar(object value, DataType from, DataType to, SessionZone zone, int site) => (from, to) switch
    {
        (DateType, TimestampType { Zoned: true }) => NumberCasts.DateToTimestamp((int)value, zone),
        (DateType, TimestampType) => NumberCasts.DateToTimestampNtz((int)value),
        (TimestampType { Zoned: true }, DateType) => NumberCasts.TimestampToDate((long)value, zone),
        (TimestampType, DateType) => NumberCasts.TimestampNtzToDate((long)value),
        (TimestampType { Zoned: true }, TimestampType) => NumberCasts.TimestampToTimestampNtz((long)value, zone),
        (TimestampType, TimestampType) => NumberCasts.TimestampNtzToTimestamp((long)value, zone),
        (TimestampType, DoubleType) => NumberCasts.TimestampToDouble((long)value),
        (TimestampType, FloatType) => NumberCasts.TimestampToFloat((long)value),
        (TimestampType, DecimalType d) => NumberCasts.TimestampToDecimal((long)value, d.Precision, d.Scale, site),
        (TimestampType, _) => FromScalar(NumberCasts.TimestampToInt64((long)value), DataType.Int64, to, zone, site),
        (DecimalType d, _) => FromDecimal((Int128)value, d, to, site),
        (FloatType or DoubleType, _) => FromDouble(value, System.Convert.ToDouble(value, CultureInfo.InvariantCulture), to, site),
        _ => FromInteger(value is bool b ? (b ? 1 : 0) : System.Convert.ToInt64(value, CultureInfo.InvariantCulture), to, site),
    };

    private static object FromInteger(long value, DataType to, int site) => to switch
    {
        BooleanType => value != 0,
        Int8Type => NumberCasts.Int64ToInt8(value, site),
        Int16Type => NumberCasts.Int64ToInt16(value, site),
        Int32Type => NumberCasts.Int64ToInt32(value, site),
        Int64Type => value,
        FloatType => (float)value,
        DoubleType => (double)value,
        DecimalType d => NumberCasts.Int64ToDecimal(value, d.Precision, d.Scale, site),
        TimestampType => NumberCasts.Int64ToTimestamp(value, site),
        _ => throw new UnreachableException($"integer to {to}"),
    };

    private static object FromDecimal(Int128 value, DecimalType from, DataType to, int site) => to switch
    {
        BooleanType => value != 0,
        Int8Type => NumberCasts.DecimalToInt8(value, from.Scale, site),
        Int16Type => NumberCasts.DecimalToInt16(value, from.Scale, site),
        Int32Type => NumberCasts.DecimalToInt32(value, from.Scale, site),
        Int64Type => NumberCasts.DecimalToInt64(value, from.Scale, site),
        FloatType => NumberCasts.DecimalToFloat(value, from.Scale),
        DoubleType => NumberCasts.DecimalToDouble(value, from.Scale),
        DecimalType d => NumberCasts.DecimalToDecimal(value, from.Scale, d.Precision, d.Scale, site),
        TimestampType => NumberCasts.DecimalToTimestamp(value, from.Scale, site),
        _ => throw new UnreachableException($"{from} to {to}"),
    };

    private static object? FromDouble(object original, double value, DataType to, int site) => to switch
    {
        BooleanType => value != 0,
        Int8Type => NumberCasts.DoubleToInt8(value, site),
        Int16Type => NumberCasts.DoubleToInt16(value, site),
        Int32Type => NumberCasts.DoubleToInt32(value, site),
        Int64Type => NumberCasts.DoubleToInt64(value, site),
        FloatType => (float)value,
        DoubleType => value,
        DecimalType d => original is float f
            ? NumberCasts.FloatToDecimal(f, d.Precision, d.Scale, site, out var ofFloat) ? ofFloat : null
            : NumberCasts.DoubleToDecimal(value, d.Precision, d.Scale, site, out var ofDouble) ? ofDouble : null,
        TimestampType => NumberCasts.DoubleToTimestamp(value, site),
        _ => throw new UnreachableException($"DOUBLE to {to}"),
    };
}
