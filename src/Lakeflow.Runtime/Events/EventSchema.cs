using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Events;

/// <summary>The columns of the event log table. Language specification §6.1 and §6.2.</summary>
public static class EventSchema
{
    private static readonly StructType Origin = new([
        Text("cloud"), Text("region"), Text("org_id"), Text("pipeline_id"), Text("pipeline_type"), Text("pipeline_name"),
        Text("cluster_id"), Text("update_id"), Text("table_name"), Text("dataset_name"),
        Text("sink_name"), Text("flow_id"), Text("flow_name"), new("batch_id", DataType.Int64), Text("request_id")]);

    private static readonly StructType Sequence = new([
        new("data_plane_id", new StructType([Text("instance"), new("seq_no", DataType.Int64)])), new("control_plane_seq_no", DataType.Int64)]);

    private static readonly StructType Error = new([
        new("fatal", DataType.Boolean),
        new("exceptions", new ListType(new StructType([
            Text("class_name"), Text("message"),
            new("stack", new ListType(new StructType([
                Text("declaring_class"), Text("method_name"), Text("file_name"), new("line_number", DataType.Int64)])))])))]);

    public static Schema Columns { get; } = new(
        new("id", DataType.String, Nullable: false), new("sequence", Sequence), new("origin", Origin), new("timestamp", DataType.Timestamp, Nullable: false), Text("message"), Text("level"),
        Text("maturity_level"), new("error", Error), Text("details"), Text("event_type"));

    /// <summary>Events as rows.</summary>
    public static RecordBatch ToBatch(IReadOnlyList<PipelineEvent> events)
    {
        var builders = Columns.Fields.Select(f => ArrayBuilder.Create(f.Type, events.Count)).ToArray();
        var sequence = 0;
        foreach (var e in events)
        {
            object?[] row = [
                e.Id, new object?[] { new object?[] { e.Origin.UpdateId, (long)sequence++ }, null }, OriginOf(e.Origin), e.Timestamp, e.Message, e.Level, "STABLE", ErrorOf(e.Error), e.Details, e.Type];
            for (var i = 0; i < row.Length; i++) builders[i].AppendValue(row[i]);
        }

        return new RecordBatch(Columns, [.. builders.Select(b => b.Build())], events.Count);
    }

    private static Field Text(string name) => new(name, DataType.String);

    private static object?[] OriginOf(EventOrigin o) => [
        null, null, null, o.PipelineId, "WORKSPACE", o.PipelineName, null, o.UpdateId, o.Dataset?.Name, o.Dataset?.ToString(), null, o.FlowId, o.FlowName, o.BatchId, null];

    private static object?[]? ErrorOf(EventError? error) =>
        error is null ? null : [error.Fatal, new object?[] { new object?[] { error.ClassName, error.Message, Array.Empty<object?>() } }];
}
