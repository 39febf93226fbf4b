using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Events;

/// <summary>A flow as its target's log shows it, and how a step of it becomes an event.</summary>
internal sealed record LoggedStep(FlowInfo Flow, Snapshot Target, FlowRecord Newest, Func<FlowInfo, FlowRecord, PipelineEvent> EventOf)
{
    public string Key => $"{Lakehouse.PathOf(Flow.Target)} {FlowRecord.IdOf(Flow)}";
}

/// <summary>The event log: a Delta table under <c>_lakeflow/event_log</c>. Language specification §6.</summary>
/// <remarks>Its rows are only ever added, so its earlier versions tell nothing of their own and are kept for readers on their way alone: its commits for a minute, files laid together for an hour.</remarks>
internal static class EventLog
{
    private static readonly ImmutableSortedDictionary<string, string> TableProperties = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
        .Add("delta.deletedFileRetentionDuration", "interval 1 hour")
        .Add("delta.logRetentionDuration", "interval 1 minute")
        // Files of this size are not laid together again: what an update adds is not paid for with the whole log.
        .Add("delta.targetFileSize", "8mb");

    /// <summary>How far each flow is logged: JSON by flow, "generation:step:version of the target".</summary>
    private const string Domain = "lakeflow.logged";

    private const int Attempts = 10;

    /// <summary>Appends the events of an update, and one for every step that is committed and not logged yet, in one commit.</summary>
    /// <param name="idle">The update, if it found nothing new: it may come to be counted only. Null for any other.</param>
    /// <param name="eventOf">The event that tells of updates that were counted, once there is more to tell.</param>
    /// <remarks>Two updates may end at once: the one that comes second looks again at what is logged.</remarks>
    public static void Append(
        Lakehouse lakehouse, string pipelineId, IReadOnlyList<PipelineEvent> events, IReadOnlyList<LoggedStep> steps,
        IdleUpdate? idle, Func<IdleUpdates, PipelineEvent> eventOf, TimeProvider time)
    {
        var store = lakehouse.EventLog();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                TryAppend(store, pipelineId, events, steps, idle, eventOf, time);
                return;
            }
            catch (ConflictException) when (attempt < Attempts)
            {
                // Another update wrote to the log: what it logged is read again.
            }
        }
    }

    private static void TryAppend(
        IObjectStore store, string pipelineId, IReadOnlyList<PipelineEvent> events, IReadOnlyList<LoggedStep> steps,
        IdleUpdate? idle, Func<IdleUpdates, PipelineEvent> eventOf, TimeProvider time)
    {
        var exists = Snapshot.TryOpen(store, out var log);
        var logged = exists && log!.Domains.TryGetValue(Domain, out var text) ? Read(text) : ImmutableSortedDictionary<string, Mark>.Empty;
        var all = new List<PipelineEvent>();
        foreach (var step in steps)
        {
            var mark = logged.TryGetValue(step.Key, out var known) ? known : new Mark(0, 0, -1);
            // The tables were looked at before the log: another update may have logged further than this one has seen, and a mark never goes back.
            if ((step.Newest.Generation, step.Newest.Step).CompareTo((mark.Generation, mark.Step)) <= 0) continue;
            all.AddRange(Missing(step, mark).Select(record => step.EventOf(step.Flow, record)));
            logged = logged.SetItem(step.Key, new Mark(step.Newest.Generation, step.Newest.Step, step.Target.Version));
        }

        var counted = exists ? IdleUpdates.Of(log!, pipelineId) : null;
        var transaction = exists ? Transaction.Begin(log!, time) : Transaction.Create(store, new TableDefinition(EventSchema.Columns) { Properties = TableProperties }, time);
        foreach (var (name, value) in TableProperties.Where(p => transaction.Metadata.Properties.GetValueOrDefault(p.Key) != p.Value)) transaction.SetProperty(name, value);
        if (idle is not null && all.Count == 0 && counted?.Definitions == idle.Definitions)
        {
            transaction.SetDomain(IdleUpdates.DomainOf(pipelineId), counted.Plus(idle).ToJson());
            Commit(transaction, store, time);
            return;
        }

        if (idle is not null) transaction.SetDomain(IdleUpdates.DomainOf(pipelineId), IdleUpdates.After(idle).ToJson());
        else if (counted is not null) transaction.RemoveDomain(IdleUpdates.DomainOf(pipelineId));
        if (counted is { Count: > 0 }) all.Add(eventOf(counted));
        all.AddRange(events);
        using var rows = EventSchema.ToBatch([.. all.OrderBy(e => e.Timestamp)]);
        using var writer = transaction.OpenWriter();
        writer.Write(rows);
        var files = writer.Finish();
        transaction.Add(files);
        transaction.SetDomain(Domain, Write(logged));
        // The marks are read and written: an append of another update in between must not pass unseen.
        transaction.ReadsRows = true;
        // Each update adds a file: the log looks after itself in the commits that it makes anyway.
        if (exists) new Optimize().Within(transaction, TableCare.ManyFiles);
        try
        {
            Commit(transaction, store, time);
        }
        catch (ConflictException)
        {
            foreach (var file in files) store.Delete(Uri.UnescapeDataString(file.Path));
            throw;
        }
    }

    private static void Commit(Transaction transaction, IObjectStore store, TimeProvider time)
    {
        var version = transaction.Commit("WRITE").Version;
        if (version % transaction.Properties.CheckpointInterval == 0) new Vacuum().Run(store, time);
    }

    /// <summary>The records after a mark, oldest first. Those whose commits were cleaned up are lost but for the newest.</summary>
    private static IEnumerable<FlowRecord> Missing(LoggedStep step, Mark mark)
    {
        var newest = step.Newest;
        if (newest.Generation == mark.Generation && newest.Step == mark.Step + 1) return [newest];
        var found = new SortedDictionary<(int, long), FlowRecord> { [(newest.Generation, newest.Step)] = newest };
        for (var version = mark.Version + 1; version <= step.Target.Version; version++)
        {
            if (!CommitLog.IsThere(step.Target.Store, version)) continue;
            foreach (var record in CommitLog.RecordsIn(CommitLog.Read(step.Target.Store, version)))
            {
                if (record.Flow != newest.Flow || record.Step == 0) continue;
                if ((record.Generation, record.Step).CompareTo((mark.Generation, mark.Step)) > 0) found[(record.Generation, record.Step)] = record;
            }
        }

        return found.Values;
    }

    private static ImmutableSortedDictionary<string, Mark> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.EnumerateObject().ToImmutableSortedDictionary(
            p => p.Name,
            p => new Mark(p.Value[0].GetInt32(), p.Value[1].GetInt64(), p.Value[2].GetInt64()),
            StringComparer.Ordinal);
    }

    private static string Write(ImmutableSortedDictionary<string, Mark> marks)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (flow, mark) in marks)
            {
                json.WriteStartArray(flow);
                json.WriteNumberValue(mark.Generation);
                json.WriteNumberValue(mark.Step);
                json.WriteNumberValue(mark.Version);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <param name="Version">The target's version up to which all steps are logged.</param>
    private sealed record Mark(int Generation, long Step, long Version);
}
