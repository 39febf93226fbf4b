using System.Buffers.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>CAST to STRING.</summary>
public static class TextOutput
{
    public static Utf8 Int64ToText(long value, scoped ref TextArena scratch)
    {
        var span = scratch.Take(20);
        Utf8Formatter.TryFormat(value, span, out var count);
        return Cut(span, count, ref scratch);
    }

    public static Utf8 DoubleToText(double value, scoped ref TextArena scratch)
    {
        var span = scratch.Take(40);
        return Cut(span, NumberText.Write(value, span), ref scratch);
    }

    public static Utf8 FloatToText(float value, scoped ref TextArena scratch)
    {
        var span = scratch.Take(40);
        return Cut(span, NumberText.Write(value, span), ref scratch);
    }

    public static Utf8 Decimal64ToText(long value, int fromScale, scoped ref TextArena scratch)
    {
        if (value == long.MinValue) return DecimalToText(value, fromScale, ref scratch);
        var span = scratch.Take(42);
        var n = 0;
        if (value < 0)
        {
            span[n++] = (byte)'-';
            value = -value;
        }

        if (fromScale == 0)
        {
            Utf8Formatter.TryFormat(value, span[n..], out var count);
            return Cut(span, n + count, ref scratch);
        }

        var (whole, fraction) = Math.DivRem(value, DecimalMath.Pow10(fromScale));
        Utf8Formatter.TryFormat(whole, span[n..], out var wholeCount);
        n += wholeCount;
        span[n++] = (byte)'.';
        for (var i = fromScale - 1; i >= 0; i--)
        {
            span[n + i] = (byte)('0' + (fraction % 10));
            fraction /= 10;
        }

        return Cut(span, n + fromScale, ref scratch);
    }

    public static Utf8 DecimalToText(Int128 value, int fromScale, scoped ref TextArena scratch) => scratch.Copy(DecimalMath.Text(value, fromScale).AsSpan());

    public static Utf8 BooleanToText(bool value) => new(value ? "true"u8 : "false"u8);

    public static Utf8 DateToText(int date, scoped ref TextArena scratch)
    {
        var span = scratch.Take(16);
        return Cut(span, DateTimeText.WriteDate(date, span), ref scratch);
    }

    public static Utf8 TimestampToText(long ts, SessionZone zone, scoped ref TextArena scratch) => TimestampNtzToText(zone.ToLocal(ts), ref scratch);

    public static Utf8 TimestampNtzToText(long local, scoped ref TextArena scratch)
    {
        var span = scratch.Take(36);
        return Cut(span, DateTimeText.WriteTimestamp(local, span), ref scratch);
    }

    public static Utf8 MonthsToText(int months, scoped ref TextArena scratch) => scratch.Copy(IntervalText.OfMonths(months).AsSpan());

    public static Utf8 DurationToText(long micros, scoped ref TextArena scratch) => scratch.Copy(IntervalText.OfDuration(micros).AsSpan());

    /// <summary>ARRAY, MAP, STRUCT: <c>[1, 2]</c>, <c>{a -> 1}</c>, <c>{1, x}</c>.</summary>
    public static Utf8 NestedToText(object? value, Arrow.DataType[] types, SessionZone zone, scoped ref TextArena scratch) =>
        scratch.Copy(BoxedCasts.Text(value, types[0], zone).AsSpan());

    private static Utf8 Cut(Span<byte> span, int count, scoped ref TextArena scratch)
    {
        scratch.GiveBack(span.Length - count);
        return new Utf8(span[..count]);
    }
}
