using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>One JSON object a line for each event: for programs.</summary>
public sealed class JsonLines(TextWriter to) : IProgressView
{
    private readonly Lock gate = new();

    public void Report(UpdateEvent value)
    {
        var line = Line(value);
        lock (gate)
        {
            to.WriteLine(line);
            to.Flush();
        }
    }

    /// <summary>The line that <c>--watch</c> writes when it has nothing to do until something changes.</summary>
    /// <param name="to">Where to write.</param>
    /// <param name="now">The time.</param>
    /// <param name="exit">What <c>run</c> would have ended with.</param>
    public static void Watching(TextWriter to, DateTimeOffset now, int exit)
    {
        to.WriteLine(Line(now, json =>
        {
            json.WriteString("event", "watching");
            json.WriteNumber("exit_code", exit);
        }));
        to.Flush();
    }

    public void Dispose() => to.Flush();

    private static string Line(UpdateEvent value) => Line(value.Time, json =>
    {
        switch (value)
        {
            case UpdateProgress update:
                json.WriteString("event", "update_progress");
                json.WriteString("update_id", update.UpdateId);
                json.WriteString("state", update.State.ToString().ToUpperInvariant());
                break;
            case FlowProgress flow:
                Write(json, flow);
                break;
        }
    });

    private static string Line(DateTimeOffset time, Action<Utf8JsonWriter> fields)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time.UtcDateTime);
            fields(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter json, FlowProgress flow)
    {
        json.WriteString("event", "flow_progress");
        json.WriteString("flow", flow.Flow.Name);
        json.WriteString("dataset", flow.Flow.Target.ToString());
        json.WriteString("state", flow.State.ToString().ToUpperInvariant());
        json.WriteNumber("read", flow.Counts.Read);
        json.WriteNumber("written", flow.Counts.Written);
        if (flow.Flow.ChangesRows)
        {
            json.WriteNumber("upserted", flow.Counts.Upserted);
            json.WriteNumber("deleted", flow.Counts.Deleted);
            json.WriteNumber("targetFilesRead", flow.Counts.SearchedFiles);
            json.WriteNumber("targetBytesRead", flow.Counts.SearchedBytes);
            json.WriteNumber("bytesWritten", flow.Counts.Bytes);
        }

        json.WriteNumber("dropped", flow.Counts.Dropped);
        if (flow.Counts.Late > 0) json.WriteNumber("late", flow.Counts.Late);
        if (flow.Counts.Spilled > 0) json.WriteNumber("spilled", flow.Counts.Spilled);
        if (flow.Counts.Skipped > 0) json.WriteNumber("skipped", flow.Counts.Skipped);
        json.WriteNumber("milliseconds", (long)flow.Elapsed.TotalMilliseconds);
        json.WriteStartArray("expectations");
        foreach (var rule in flow.Counts.Expectations)
        {
            json.WriteStartObject();
            json.WriteString("name", rule.Name);
            json.WriteString("dataset", rule.Dataset);
            json.WriteNumber("passed", rule.Passed);
            json.WriteNumber("failed", rule.Failed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (flow.Note is { } note) json.WriteString("note", note);
        if (flow.Error is { } error)
        {
            json.WriteString("error", error.Code);
            json.WriteString("message", error.Message);
        }
    }
}
