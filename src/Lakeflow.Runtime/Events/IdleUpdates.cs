using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Events;

/// <summary>Updates of one pipeline, one after another, that found nothing new. The first of them has its events in the log, the others are counted here.</summary>
/// <remarks>
/// Kept in the event log's own metadata, one domain a pipeline: an idle update adds no row and no file, so that a pipeline may
/// run every second for years. The next update that does something writes the last of them, and how many there were, as events.
/// See docs/table-files.md.
/// </remarks>
/// <param name="Definitions">Fingerprint of what the events of the first one say; an update that would say something else is written in full.</param>
/// <param name="Count">Updates after the first.</param>
/// <param name="LastUpdate">The id of the last one; empty if <paramref name="Count"/> is 0.</param>
/// <param name="Ended">When it ended, microseconds UTC.</param>
/// <param name="Since">When the second of the updates ended, the first that is counted.</param>
public sealed record IdleUpdates(string Definitions, long Count, string LastUpdate, long Ended, long Since)
{
    private const string DomainPrefix = "lakeflow.idle.";

    /// <summary>What a version of the event log counts, by pipeline id; without those that only have their first update.</summary>
    public static ImmutableArray<IdleUpdates> In(Snapshot log) =>
        [.. log.Domains.Where(d => d.Key.StartsWith(DomainPrefix, StringComparison.Ordinal)).Select(d => Parse(d.Value)).Where(u => u.Count > 0)];

    internal static string DomainOf(string pipelineId) => DomainPrefix + pipelineId;

    internal static IdleUpdates? Of(Snapshot log, string pipelineId) => log.Domains.GetValueOrDefault(DomainOf(pipelineId)) is { } text ? Parse(text) : null;

    /// <summary>After an idle update whose events were written.</summary>
    internal static IdleUpdates After(IdleUpdate first) => new(first.Definitions, 0, "", 0, 0);

    internal IdleUpdates Plus(IdleUpdate next) => this with
    {
        Count = Count + 1,
        LastUpdate = next.Id,
        Ended = next.Ended,
        Since = Count == 0 ? next.Ended : Since,
    };

    internal string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("definitions", Definitions);
            json.WriteNumber("count", Count);
            json.WriteString("lastUpdate", LastUpdate);
            json.WriteNumber("ended", Ended);
            json.WriteNumber("since", Since);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static IdleUpdates Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var o = document.RootElement;
            return new IdleUpdates(
                o.GetProperty("definitions").GetString()!, o.GetProperty("count").GetInt64(), o.GetProperty("lastUpdate").GetString()!,
                o.GetProperty("ended").GetInt64(), o.GetProperty("since").GetInt64());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RunErrors.BrokenRecord(text, e);
        }
    }
}

/// <summary>An update that found nothing new and has nothing to say that the one before it did not say.</summary>
/// <param name="Ended">Microseconds UTC.</param>
/// <param name="Definitions">Fingerprint of its events, without ids and times.</param>
internal sealed record IdleUpdate(string Id, long Ended, string Definitions);
