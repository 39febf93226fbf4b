using System.Collections.Immutable;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Events;

/// <summary>Gathers the events of one update and appends them to the event log at its end.</summary>
/// <remarks>
/// Counts are not gathered: they are derived from the flow records in the tables' logs. The event log's own commit notes up
/// to which step each flow is logged, so a step that a crash kept from the log is found and logged by the next update.
/// </remarks>
internal sealed class UpdateLog(UpdateContext context)
{
    private readonly List<PipelineEvent> events = [];
    private readonly string pipelineId = Fingerprint.Short(context.Pipeline.Name + "\n" + context.Lakehouse.Location);
    private readonly long begun = context.Now;

    /// <summary>Writes the log.</summary>
    /// <param name="state">How the update ended.</param>
    /// <param name="flows">How its flows ended.</param>
    /// <param name="records">The steps that it committed.</param>
    /// <param name="failure">Why it could not begin, or null.</param>
    /// <returns>Why the log could not be written, which is no failure of the update; or null.</returns>
    public RuntimeError? Close(UpdateState state, ImmutableArray<FlowOutcome> flows, ImmutableArray<FlowRecord> records, RuntimeError? failure)
    {
        try
        {
            if (context.Options.Part != UpdatePart.Later) Describe();
            foreach (var flow in flows)
            {
                if (context.Options.Part != UpdatePart.Later || flow.State is not (FlowState.Idle or FlowState.Excluded)) Report(flow, records);
            }

            // A run goes on after a pass, whatever became of its flows.
            if (context.Options.Part != UpdatePart.Whole && failure is null) state = UpdateState.Running;
            Add(context.Now, state == UpdateState.Failed ? "ERROR" : "INFO", "update_progress",
                $"Update {Short(context.UpdateId)} is {EventDetails.NameOf(state)}.", Origin(), EventDetails.UpdateProgress(EventDetails.NameOf(state)),
                failure is null ? null : ErrorOf(failure, fatal: true));
            var isIdle = context.Options.Part == UpdatePart.Whole && state == UpdateState.Completed && flows.All(f => f.State is FlowState.Idle or FlowState.Excluded);
            Append(isIdle ? new IdleUpdate(context.UpdateId, context.Now, Definitions()) : null);
            return null;
        }
        catch (Exception fault) when (RunErrors.Wrap(fault) is { } error)
        {
            return error;
        }
    }

    /// <summary>Writes the end of a continuous run, whose passes have written everything else.</summary>
    public RuntimeError? End(UpdateState state)
    {
        try
        {
            Add(context.Now, "INFO", "update_progress", $"Update {Short(context.UpdateId)} is {EventDetails.NameOf(state)}.", Origin(), EventDetails.UpdateProgress(EventDetails.NameOf(state)));
            Append(null);
            return null;
        }
        catch (Exception fault) when (RunErrors.Wrap(fault) is { } error)
        {
            return error;
        }
    }

    private void Append(IdleUpdate? idle) => EventLog.Append(context.Lakehouse, pipelineId, events, Steps(), idle, EventOf, context.Time);

    /// <summary>What the events say, whenever and by whichever update they are said.</summary>
    private string Definitions() => Fingerprint.Short(string.Join('\n', events.Select(e => $"{e.Type} {e.Origin.Dataset} {e.Origin.FlowId} {e.Details}")));

    /// <summary>The last of the updates that found nothing new, in its own name.</summary>
    private PipelineEvent EventOf(IdleUpdates idle) => EventAt(
        idle.Ended, "INFO", "update_progress",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Update {Short(idle.LastUpdate)} is COMPLETED: the last of {idle.Count} that found nothing new."),
        Origin() with { UpdateId = idle.LastUpdate }, EventDetails.UpdateProgress(EventDetails.NameOf(UpdateState.Completed), idle));

    /// <summary>The newest record of each flow in the tables, whoever committed it.</summary>
    private List<LoggedStep> Steps()
    {
        var steps = new List<LoggedStep>();
        foreach (var table in context.Pipeline.Flows.GroupBy(f => f.Target))
        {
            if (!Snapshot.TryOpen(context.Lakehouse.Table(table.Key), out var snapshot)) continue;
            foreach (var flow in table)
            {
                if (!snapshot.Domains.TryGetValue(FlowRecord.DomainOf(flow), out var text)) continue;
                var record = FlowRecord.Parse(text);
                if (record.Step > 0) steps.Add(new LoggedStep(flow, snapshot, record, EventOf));
            }
        }

        return steps;
    }

    private void Describe()
    {
        Add(begun, "INFO", "create_update", $"Update {Short(context.UpdateId)} started.", Origin(), EventDetails.CreateUpdate(context.Options, context.Options.Part == UpdatePart.Whole ? null : RunProcess.This));
        foreach (var dataset in context.Pipeline.Datasets)
        {
            Add(begun, "INFO", "dataset_definition", $"Dataset '{dataset.Name}' defined.", Origin() with { Dataset = dataset.Name },
                EventDetails.DatasetDefinition(dataset, context.Pipeline.Flows));
        }

        foreach (var flow in context.Pipeline.Flows)
        {
            var target = context.Pipeline.Datasets.FirstOrDefault(d => d.Name == flow.Target);
            Add(begun, "INFO", "flow_definition", $"Flow '{flow.Name}' defined as {(flow.Kind == FlowKind.Complete ? "COMPLETE" : "APPEND")}.",
                OriginOf(flow, 1, null), EventDetails.FlowDefinition(flow, target));
        }
    }

    private void Report(FlowOutcome flow, ImmutableArray<FlowRecord> records)
    {
        var generation = records.FirstOrDefault(r => r.Flow == flow.Flow.Name)?.Generation ?? 1;
        var origin = OriginOf(flow.Flow, generation, null);
        if (flow.Flow.Kind == FlowKind.Complete && flow.State is FlowState.Completed or FlowState.Idle && flow.Flow.Kind == FlowKind.Complete)
        {
            var technique = flow.State == FlowState.Idle ? "NO_OP" : "COMPLETE_RECOMPUTE";
            var why = flow.Reason is null ? "" : $" because of {flow.Reason}";
            Add(context.Now, "INFO", "planning_information", $"Flow '{flow.Flow.Name}' has been planned to be executed as {technique}{why}.", origin,
                EventDetails.PlanningInformation(technique, flow.Reason));
        }

        var error = flow.Error is { } e ? ErrorOf(e, fatal: false)
            : flow.Unexpected is { } bug ? new EventError(false, "LF0001", bug.Message) : null;
        var message = $"Flow '{flow.Flow.Name}' is {EventDetails.NameOf(flow.State)}."
            + (flow.Reason is { } reason && flow.State == FlowState.Skipped ? $" {reason}" : "");
        Add(context.Now, flow.State == FlowState.Failed ? "ERROR" : flow.State == FlowState.Skipped ? "WARN" : "INFO", "flow_progress", message, origin,
            EventDetails.FlowProgress(flow.State, flow.Flow, null, 0), error);
    }

    private PipelineEvent EventOf(FlowInfo flow, FlowRecord record) => new(
        Fingerprint.Short($"{pipelineId} {FlowRecord.IdOf(flow)} {record.Generation} {record.Step} {record.Timestamp}"),
        record.Timestamp, "INFO", "flow_progress",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Flow '{flow.Name}' committed step {record.Step}: {(flow.Changes is null ? $"{record.Counts.Written} rows" : $"{record.Counts.Upserted} rows upserted, {record.Counts.Deleted} deleted")}."),
        OriginOf(flow, record.Generation, record.Step) with { UpdateId = record.UpdateId },
        EventDetails.FlowProgress(FlowState.Running, flow, record.Counts, record.Milliseconds));

    private EventOrigin Origin() => new(pipelineId, context.Pipeline.Name, context.UpdateId, null, null, null, null);

    private EventOrigin OriginOf(FlowInfo flow, int generation, long? step) => Origin() with
    {
        Dataset = flow.Target,
        FlowId = Fingerprint.Short($"{pipelineId} {FlowRecord.IdOf(flow)} {generation}"),
        FlowName = flow.Name,
        BatchId = step,
    };

    private void Add(long time, string level, string type, string message, EventOrigin origin, string details, EventError? error = null) =>
        events.Add(EventAt(time, level, type, message, origin, details) with { Error = error });

    private static PipelineEvent EventAt(long time, string level, string type, string message, EventOrigin origin, string details) =>
        new(Guid.NewGuid().ToString(), time, level, type, message, origin, details);

    private static EventError ErrorOf(RuntimeError error, bool fatal)
    {
        var name = error.ErrorClass is null ? error.Code : $"{error.Code} {error.ErrorClass}";
        var text = error.ErrorClass is null ? error.Message : $"[{error.ErrorClass}] {error.Message}";
        return new(fatal, name, error.At.IsNone ? text : $"{error.At}: {text}");
    }

    private static string Short(string id) => id[..Math.Min(8, id.Length)];
}
