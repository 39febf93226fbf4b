using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Events;

/// <summary>The columns of the event log table. Language specification §6.1 and §6.2; <c>sequence</c> is JSON text.</summary>
public static class EventSchema
{
    private static readonly StructType Origin = new([
        Text("cloud"), Text("region"), Text("org_id"), Text("pipeline_id"), Text("pipeline_type"), Text("pipeline_name"),
        Text("cluster_id"), Text("update_id"), Text("catalog_name"), Text("schema_name"), Text("table_name"), Text("dataset_name"),
        Text("sink_name"), Text("flow_id"), Text("flow_name"), new("batch_id", DataType.Int64), Text("request_id")]);

    private static readonly StructType Error = new([
        new("fatal", DataType.Boolean),
        new("exceptions", new ListType(new StructType([
            Text("class_name"), Text("message"),
            new("stack", new ListType(new StructType([
                Text("declaring_class"), Text("method_name"), Text("file_name"), new("line_number", DataType.Int64)])))])))]);

    public static Schema Columns { get; } = new(
        Text("id"), Text("sequence"), new("origin", Origin), new("timestamp", DataType.Timestamp), Text("message"), Text("level"),
        Text("maturity_level"), new("error", Error), Text("details"), Text("event_type"));

    /// <summary>Events as rows.</summary>
    public static RecordBatch ToBatch(IReadOnlyList<PipelineEvent> events)
    {
        var builders = Columns.Fields.Select(f => ArrayBuilder.Create(f.Type, events.Count)).ToArray();
        var sequence = 0;
        foreach (var e in events)
        {
            object?[] row = [
                e.Id, Sequence(e, sequence++), OriginOf(e.Origin), e.Timestamp, e.Message, e.Level, "STABLE", ErrorOf(e.Error), e.Details, e.Type];
            for (var i = 0; i < row.Length; i++) builders[i].AppendValue(row[i]);
        }

        return new RecordBatch(Columns, [.. builders.Select(b => b.Build())], events.Count);
    }

    private static Field Text(string name) => new(name, DataType.String);

    private static string Sequence(PipelineEvent e, int number) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $$"""{"data_plane_id":{"instance":"{{e.Origin.UpdateId}}","seq_no":{{number}} } }""");

    private static object?[] OriginOf(EventOrigin o) => [
        null, null, null, o.PipelineId, "WORKSPACE", o.PipelineName, null, o.UpdateId, o.Dataset?.Catalog, o.Dataset?.Schema,
        o.Dataset?.Name, o.Dataset?.ToString(), null, o.FlowId, o.FlowName, o.BatchId, null];

    private static object?[]? ErrorOf(EventError? error) =>
        error is null ? null : [error.Fatal, new object?[] { new object?[] { error.ClassName, error.Message, Array.Empty<object?>() } }];
}
