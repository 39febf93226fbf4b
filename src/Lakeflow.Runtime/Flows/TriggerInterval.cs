using System.Globalization;

namespace Lakeflow.Runtime.Flows;

/// <summary>How often a continuous run looks at a table. Language specification §4.8.</summary>
public static class TriggerInterval
{
    public const string Property = "pipelines.trigger.interval";

    private static readonly TimeSpan OfTables = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OfOthers = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OfViews = TimeSpan.FromMinutes(10);

    /// <summary>What a timer can wait for, and more than anybody means by a continuous run.</summary>
    private const int MostDays = 30;

    /// <summary>The table's property, else the setting in force where its flow stands, else by what it reads. LF5066 for text that is no interval.</summary>
    internal static TimeSpan Of(PipelineInfo pipeline, DatasetInfo table)
    {
        var flows = pipeline.Flows.Where(f => f.Target == table.Name).ToList();
        var text = table.Properties.GetValueOrDefault(Property) ?? flows.Select(f => f.TriggerInterval).FirstOrDefault(t => t is not null);
        if (text is not null) return TryParse(text, out var interval) ? interval : throw RunErrors.BadInterval(table.Name.ToString(), text);
        if (table.Kind == DatasetKind.MaterializedView) return OfViews;
        return flows.SelectMany(f => f.Sources).Where(s => s.Streaming).All(s => s is TableSourceInfo or PathTableSourceInfo) ? OfTables : OfOthers;
    }

    /// <summary><c>10 seconds</c>, <c>1 hour</c>, <c>500 milliseconds</c>: a whole number and a unit; at most 30 days.</summary>
    public static bool TryParse(string text, out TimeSpan interval)
    {
        interval = default;
        var words = text.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is [var interval0, ..] && interval0.Equals("interval", StringComparison.OrdinalIgnoreCase)) words = words[1..];
        if (words is not [var number, var unit] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        TimeSpan? one = unit.ToLowerInvariant() switch
        {
            "millisecond" or "milliseconds" or "ms" => TimeSpan.FromMilliseconds(1),
            "second" or "seconds" => TimeSpan.FromSeconds(1),
            "minute" or "minutes" => TimeSpan.FromMinutes(1),
            "hour" or "hours" => TimeSpan.FromHours(1),
            "day" or "days" => TimeSpan.FromDays(1),
            _ => null,
        };
        if (one is null || count > TimeSpan.FromDays(MostDays) / one.Value) return false;
        interval = one.Value * count;
        return true;
    }
}
