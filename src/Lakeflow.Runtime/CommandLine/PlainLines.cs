using System.Globalization;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>One line for each change of state, and in a continuous run for each pass that read something: for pipes and logs.</summary>
public sealed class PlainLines(TextWriter to) : IProgressView
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, FlowState> shown = [];

    public void Report(UpdateEvent value)
    {
        lock (gate)
        {
            switch (value)
            {
                case UpdateProgress update when update.State is UpdateState.Running:
                    to.WriteLine($"{Clock(value)} update {update.UpdateId[..8]} {update.State.ToString().ToUpperInvariant()}");
                    break;
                case FlowProgress { Note: not null, State: FlowState.Running } retry:
                    to.WriteLine($"{Clock(value)} {retry.Flow.Name} RETRY {retry.Note}: {retry.Error?.Message}");
                    break;
                case FlowProgress flow when flow.State is not (FlowState.Starting or FlowState.Running) && (flow.Counts.Read > 0 || shown.GetValueOrDefault(flow.Flow.Name) != flow.State):
                    shown[flow.Flow.Name] = flow.State;
                    to.WriteLine($"{Clock(value)} {flow.Flow.Name} {Describe(flow)}");
                    break;
            }
        }
    }

    public void Dispose() => to.Flush();

    /// <summary>A flow's state and, where it did something, its numbers.</summary>
    public static string Describe(FlowProgress flow)
    {
        var state = flow.State.ToString().ToUpperInvariant();
        return flow.State switch
        {
            FlowState.Completed => string.Create(
                CultureInfo.InvariantCulture,
                $"{state} read {flow.Counts.Read} {Put(flow)} dropped {flow.Counts.Dropped} failed {flow.Counts.Expectations.Sum(e => e.Failed)}{Skipped(flow)}{Late(flow)}{Spilled(flow)}{Changed(flow)}"),
            FlowState.Idle => $"{state} nothing new{Changed(flow)}",
            FlowState.Skipped => $"{state} {flow.Note}",
            _ => state,
        };
    }

    private static string Put(FlowProgress flow) => !flow.Flow.ChangesRows
        ? string.Create(CultureInfo.InvariantCulture, $"written {flow.Counts.Written}")
        : string.Create(CultureInfo.InvariantCulture, $"upserted {flow.Counts.Upserted} deleted {flow.Counts.Deleted}");

    private static string Skipped(FlowProgress flow) =>
        flow.Counts.Skipped == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" malformed {flow.Counts.Skipped} (left out)");

    private static string Spilled(FlowProgress flow) =>
        flow.Counts.Spilled == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" spilled {flow.Counts.Spilled} bytes");

    private static string Late(FlowProgress flow) =>
        flow.Counts.Late == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" late {flow.Counts.Late} (dropped by watermark)");

    /// <summary>For a streaming table, what the flow has to say of its rows; a view's reasons are for the event log.</summary>
    private static string Changed(FlowProgress flow) => flow.Flow.Kind == FlowKind.Append && flow.Note is { } note ? $", {note}" : "";

    private static string Clock(UpdateEvent e) => e.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
