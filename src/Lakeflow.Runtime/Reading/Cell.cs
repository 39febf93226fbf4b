using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Reading;

/// <summary>Values in the form of <see cref="ArrowArray.GetValue"/> as the C# types of generated records.</summary>
public static class Cell
{
    /// <summary>DECIMAL. LF0055 above 28 to 29 digits.</summary>
    /// <param name="value">Unscaled <see cref="Int128"/>.</param>
    /// <param name="scale">0 to 38.</param>
    public static decimal Decimal(object value, int scale)
    {
        var unscaled = (Int128)value;
        return MethodValues.TryDecimal(unscaled, scale, out var result) ? result : throw ReadErrors.DecimalTooLarge(unscaled, scale);
    }

    /// <summary>DATE: days since 1970-01-01. Outside of the years 1 to 9999 an <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static DateOnly Date(object value) => DateOnly.FromDayNumber(DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + (int)value);

    /// <summary>TIMESTAMP: an instant, with the offset 0.</summary>
    public static DateTimeOffset Timestamp(object value) => new(DateTime.UnixEpoch.AddTicks((long)value * TimeSpan.TicksPerMicrosecond));

    /// <summary>TIMESTAMP_NTZ: a wall clock's time, of no zone.</summary>
    public static DateTime TimestampNtz(object value) =>
        DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks((long)value * TimeSpan.TicksPerMicrosecond), DateTimeKind.Unspecified);

    /// <summary>INTERVAL DAY TO SECOND: microseconds.</summary>
    public static TimeSpan Duration(object value) => TimeSpan.FromTicks((long)value * TimeSpan.TicksPerMicrosecond);

    /// <summary>ARRAY.</summary>
    public static IReadOnlyList<T> List<T>(object value, Func<object?, T> item) => Array.ConvertAll((object?[])value, i => item(i));

    /// <summary>MAP. Keys are unique in it.</summary>
    public static IReadOnlyDictionary<TKey, TValue> Map<TKey, TValue>(object value, Func<object, TKey> key, Func<object?, TValue> item)
        where TKey : notnull => ((KeyValuePair<object, object?>[])value).ToDictionary(e => key(e.Key), e => item(e.Value));
}
