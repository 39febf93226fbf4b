using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.State;

/// <summary>How far a stream has read a rate: row n has the time start + n / rate, so a position alone says which rows come next.</summary>
/// <param name="Start">The time of row 0, microseconds UTC.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="PerSecond">The rate.</param>
public sealed record RatePosition(long Start, long Rows, long PerSecond)
{
    public static RatePosition Begin(ImmutableSortedDictionary<string, string> options, long now) => new(RateRows.StartOf(options) ?? now, 0, RateRows.PerSecondOf(options));

    /// <summary>The same place under another rate: the rows read stay, the next one comes when it would have come.</summary>
    public RatePosition At(ImmutableSortedDictionary<string, string> options)
    {
        var rate = RateRows.PerSecondOf(options);
        return rate == PerSecond ? this : new(TimeOf(Rows) - Micros(Rows, rate), Rows, rate);
    }

    /// <summary>Microseconds UTC of a row.</summary>
    public long TimeOf(long row) => Start + Micros(row, PerSecond);

    /// <summary>How many rows there are at a time.</summary>
    public long RowsAt(long now) => Math.Max(Rows, (long)((Int128)Math.Max(0, now - Start) * PerSecond / 1_000_000));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $$"""{"start":{{Start}},"rows":{{Rows}},"perSecond":{{PerSecond}}}""");

    public static RatePosition Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var o = document.RootElement;
            return new(o.GetProperty("start").GetInt64(), o.GetProperty("rows").GetInt64(), o.GetProperty("perSecond").GetInt64());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RunErrors.BrokenRecord(json, e);
        }
    }

    private static long Micros(long rows, long perSecond) => (long)((Int128)rows * 1_000_000 / perSecond);
}
