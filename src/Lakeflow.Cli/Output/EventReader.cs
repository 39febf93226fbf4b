using System.Collections.Immutable;
using System.Text.Json;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Events;

namespace Lakeflow.Cli.Output;

/// <summary>The event log as the commands show it.</summary>
internal static class EventReader
{
    /// <summary>All of it. Ends the command if there is no log yet.</summary>
    public static LoggedRuns Read(Project project)
    {
        if (!Snapshot.TryOpen(project.OpenLakehouse().EventLog(), out var snapshot)) throw new CommandStop(ExitCode.Usage, ToolErrors.NothingToRead("event log"));
        var events = new List<LoggedEvent>();
        using var scan = new DeltaScan(snapshot, ["timestamp", "level", "event_type", "message", "origin", "details", "error"]);
        using var reader = scan.Open(0, 1);
        while (reader.Read() is { } batch)
        {
            using (batch)
            {
                for (var i = 0; i < batch.Length; i++)
                {
                    var row = batch.Columns.Select(c => c.GetValue(i)).ToArray();
                    var origin = (object?[])row[4]!;
                    events.Add(new LoggedEvent(
                        DateTimeOffset.UnixEpoch.AddMicroseconds((long)row[0]!), (string)row[1]!, (string)row[2]!, (string)row[3]!,
                        (string?)origin[7] ?? "", JsonDocument.Parse((string)row[5]!).RootElement, ErrorOf(row[6])));
                }
            }
        }

        return new LoggedRuns([.. events.OrderBy(e => e.Time)], IdleUpdates.In(snapshot));
    }

    private static string? ErrorOf(object? error) =>
        error is object?[] { Length: 2 } parts && parts[1] is object?[] { Length: > 0 } exceptions ? (string?)((object?[])exceptions[0]!)[1] : null;
}

/// <summary>What the event log holds.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="Idle">Runs of late that found nothing new and are only counted.</param>
internal sealed record LoggedRuns(List<LoggedEvent> Events, ImmutableArray<IdleUpdates> Idle);

/// <summary>An event, as far as it is shown.</summary>
internal sealed record LoggedEvent(DateTimeOffset Time, string Level, string Type, string Message, string UpdateId, JsonElement Details, string? Error);
