using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Events;

/// <summary>One row of the event log. Language specification §6.1.</summary>
/// <param name="Id">Unique; for the progress of a step it is made from flow, generation and step, so that a step is logged once.</param>
/// <param name="Timestamp">Microseconds UTC.</param>
/// <param name="Level"><c>INFO</c>, <c>WARN</c>, <c>ERROR</c> or <c>METRICS</c>.</param>
/// <param name="Type">The event type, which is also the key in <paramref name="Details"/>.</param>
/// <param name="Message">For people.</param>
/// <param name="Origin">What it is about.</param>
/// <param name="Details">A JSON object with one member, named as the type.</param>
public sealed record PipelineEvent(
    string Id, long Timestamp, string Level, string Type, string Message, EventOrigin Origin, string Details)
{
    public EventError? Error { get; init; }
}

/// <summary>What an event is about. Language specification §6.2.</summary>
/// <param name="PipelineId">Stable for a lakehouse and pipeline name.</param>
/// <param name="FlowId">Changes with a full refresh.</param>
/// <param name="BatchId">The step.</param>
public sealed record EventOrigin(
    string PipelineId, string PipelineName, string UpdateId, QualifiedName? Dataset, string? FlowId, string? FlowName, long? BatchId);

/// <summary>What went wrong.</summary>
/// <param name="Fatal">True if the update ended by it.</param>
/// <param name="ClassName">Our code, then Spark's error class if there is one.</param>
public sealed record EventError(bool Fatal, string ClassName, string Message);
