using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Reading;

/// <summary>Values in the form of <see cref="ArrowArray.GetValue"/> as the C# types of generated records. LF0055 for those that C#'s type cannot hold.</summary>
public static class Cell
{
    /// <summary>DECIMAL of up to 28 to 29 digits.</summary>
    /// <param name="value">Unscaled <see cref="Int128"/>.</param>
    /// <param name="scale">0 to 38.</param>
    public static decimal Decimal(object value, int scale)
    {
        var unscaled = (Int128)value;
        return MethodValues.TryDecimal(unscaled, scale, out var result) ? result : throw ReadErrors.DecimalTooLarge(unscaled, scale);
    }

    /// <summary>DATE: days since 1970-01-01, in the years 1 to 9999.</summary>
    public static DateOnly Date(object value) =>
        MethodValues.TryDate((int)value, out var date) ? date : throw ReadErrors.Outside("DATE", (int)value, "days since 1970", "DateOnly");

    /// <summary>TIMESTAMP: an instant in the years 1 to 9999, with the offset 0.</summary>
    public static DateTimeOffset Timestamp(object value) => new(Ticks(value, "TIMESTAMP", "DateTimeOffset"), TimeSpan.Zero);

    /// <summary>TIMESTAMP_NTZ: a wall clock's time in the years 1 to 9999, of no zone.</summary>
    public static DateTime TimestampNtz(object value) => new(Ticks(value, "TIMESTAMP_NTZ", "DateTime"), DateTimeKind.Unspecified);

    /// <summary>INTERVAL DAY TO SECOND: microseconds, up to some 29,000 years.</summary>
    public static TimeSpan Duration(object value) =>
        MethodValues.TryDuration((long)value, out var span) ? span : throw ReadErrors.Outside("INTERVAL DAY TO SECOND", (long)value, "microseconds", "TimeSpan");

    /// <summary>ARRAY.</summary>
    public static IReadOnlyList<T> List<T>(object value, Func<object?, T> item) => Array.ConvertAll((object?[])value, i => item(i));

    /// <summary>MAP. Keys are unique in it.</summary>
    public static IReadOnlyDictionary<TKey, TValue> Map<TKey, TValue>(object value, Func<object, TKey> key, Func<object?, TValue> item)
        where TKey : notnull => ((KeyValuePair<object, object?>[])value).ToDictionary(e => key(e.Key), e => item(e.Value));

    private static long Ticks(object micros, string type, string held) =>
        MethodValues.TryTicks((long)micros, out var ticks) ? ticks : throw ReadErrors.Outside(type, (long)micros, "microseconds since 1970", held);
}
