using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Events;

/// <summary>The <c>details</c> of each event type as JSON. Language specification §6.3.</summary>
internal static class EventDetails
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="options">What the update was asked to do.</param>
    /// <param name="process">Where it runs, if it goes on after this is written.</param>
    public static string CreateUpdate(UpdateOptions options, RunProcess? process) => Write("create_update", json =>
    {
        json.WriteString("cause", "USER_ACTION");
        json.WriteBoolean("full_refresh", options.FullRefreshAll);
        WriteNames(json, "refresh_selection", options.Refresh);
        WriteNames(json, "full_refresh_selection", options.FullRefresh);
        json.WriteStartObject("configuration");
        foreach (var (key, value) in options.Configuration) json.WriteString(key, value);
        json.WriteEndObject();
        if (process is null) return;
        json.WriteStartObject("process");
        json.WriteString("host", process.Host);
        json.WriteNumber("id", process.Id);
        json.WriteNumber("started", process.Started);
        json.WriteEndObject();
    });

    /// <param name="idle">The updates that this one stands for; null for itself alone.</param>
    public static string UpdateProgress(string state, IdleUpdates? idle = null) => Write("update_progress", json =>
    {
        json.WriteString("state", state);
        if (idle is null) return;
        json.WriteNumber("idle_updates", idle.Count);
        json.WriteNumber("idle_since", idle.Since);
    });

    public static string FlowDefinition(FlowInfo flow, DatasetInfo? target) => Write("flow_definition", json =>
    {
        json.WriteString("output_dataset", flow.Target.ToString());
        json.WriteStartArray("input_datasets");
        foreach (var source in flow.Sources)
        {
            json.WriteStartObject();
            json.WriteString("name", source is TableSourceInfo table ? table.Table.ToString() : source.Key);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("flow_type", flow.Kind == FlowKind.Complete ? "MATERIALIZED_VIEW" : flow.Changes is { FromSnapshots: true } ? "SNAPSHOT_CHANGE" : flow.Changes is not null ? "CHANGE" : "APPEND");
        json.WriteStartArray("schema");
        foreach (var field in flow.Output.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("path", field.Name);
            json.WriteString("data_type", field.Type.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (target?.Comment is { } comment) json.WriteString("comment", comment);
        json.WriteString("explain_text", flow.Sql);
        json.WriteString("language", "SQL");
        json.WriteBoolean("once", flow.Kind == FlowKind.Once);
    });

    public static string DatasetDefinition(DatasetInfo dataset, IReadOnlyList<FlowInfo> flows) => Write("dataset_definition", json =>
    {
        json.WriteString("dataset_type", dataset.Kind switch
        {
            DatasetKind.StreamingTable or DatasetKind.FlowTable => "STREAMING_TABLE",
            DatasetKind.MaterializedView => "MATERIALIZED_VIEW",
            _ => "VIEW",
        });
        var into = flows.Where(f => f.Target == dataset.Name).ToList();
        json.WriteNumber("num_flows", into.Count);
        json.WriteStartArray("expectations");
        foreach (var rule in into.SelectMany(f => f.Expectations).Where(r => r.Dataset == dataset.Name).DistinctBy(r => r.Name))
        {
            json.WriteStartObject();
            json.WriteString("name", rule.Name);
            json.WriteString("constraint", rule.Condition);
            json.WriteString("action", rule.Action switch
            {
                ViolationAction.DropRow => "DROP",
                ViolationAction.FailUpdate => "FAIL",
                _ => "WARN",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Metrics and quality only for a status that ends a step: sums over events are then sums over steps.</summary>
    public static string FlowProgress(FlowState state, FlowInfo flow, StepCounts? counts, long milliseconds) => Write("flow_progress", json =>
    {
        json.WriteString("status", NameOf(state));
        if (counts is null) return;
        json.WriteStartObject("metrics");
        if (flow.Changes is null)
        {
            json.WriteNumber("num_output_rows", counts.Written);
        }
        else
        {
            json.WriteNumber("num_upserted_rows", counts.Upserted);
            json.WriteNumber("num_deleted_rows", counts.Deleted);
            json.WriteNumber("num_target_files_read", counts.SearchedFiles);
            json.WriteNumber("num_target_bytes_read", counts.SearchedBytes);
        }

        json.WriteNumber("num_output_bytes", counts.Bytes);
        json.WriteNumber("num_input_rows", counts.Read);
        if (counts.Late > 0) json.WriteNumber("num_late_rows", counts.Late);
        if (counts.Skipped > 0) json.WriteNumber("num_malformed_records_skipped", counts.Skipped);
        if (counts.Spilled > 0) json.WriteNumber("num_spilled_bytes", counts.Spilled);
        json.WriteNumber("executor_time_ms", milliseconds);
        json.WriteNumber("backlog_bytes", 0);
        json.WriteEndObject();
        if (counts.Expectations.IsEmpty) return;
        json.WriteStartObject("data_quality");
        json.WriteNumber("dropped_records", counts.Dropped);
        json.WriteStartArray("expectations");
        foreach (var rule in counts.Expectations)
        {
            json.WriteStartObject();
            json.WriteString("name", rule.Name);
            json.WriteString("dataset", rule.Dataset);
            json.WriteNumber("passed_records", rule.Passed);
            json.WriteNumber("failed_records", rule.Failed);
            if (!rule.Samples.IsEmpty)
            {
                json.WriteStartArray("samples");
                foreach (var sample in rule.Samples)
                {
                    json.WriteStartObject();
                    json.WriteString("row", sample.Row);
                    if (sample.Place is not null) json.WriteString("place", sample.Place);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>How a materialized view was brought up to date.</summary>
    /// <param name="technique"><c>NO_OP</c> or <c>COMPLETE_RECOMPUTE</c>.</param>
    /// <param name="issue">Why not less was done (<c>DATA_HAS_CHANGED</c> …), or null.</param>
    public static string PlanningInformation(string technique, string? issue) => Write("planning_information", json =>
    {
        json.WriteStartArray("technique_information");
        json.WriteStartObject();
        json.WriteString("maintenance_type", "MAINTENANCE_TYPE_" + technique);
        json.WriteBoolean("is_chosen", true);
        json.WriteBoolean("is_applicable", true);
        if (issue is not null)
        {
            json.WriteStartArray("incrementalization_issues");
            json.WriteStartObject();
            json.WriteString("issue_type", issue);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    });

    public static string NameOf(FlowState state) => state.ToString().ToUpperInvariant();

    public static string NameOf(UpdateState state) => state switch
    {
        UpdateState.SettingUpTables => "SETTING_UP_TABLES",
        _ => state.ToString().ToUpperInvariant(),
    };

    private static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (var item in names) json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static string Write(string type, Action<Utf8JsonWriter> body)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject(type);
            body(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
