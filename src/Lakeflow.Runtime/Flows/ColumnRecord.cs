using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lakeflow.Runtime.Flows;

/// <summary>What a flow has made its target's columns from, kept in the target's log as the domain <c>lakeflow.columns.&lt;flow id&gt;</c>. It changes with the query, not with each step.</summary>
/// <param name="Plan">The fingerprint of the definition.</param>
/// <param name="Origins">Columns of tables that they read by the names that those tables' files know them by.</param>
internal sealed record ColumnRecord(string Plan, ImmutableArray<ColumnOrigin> Origins)
{
    public const string DomainPrefix = "lakeflow.columns.";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string DomainOf(FlowInfo flow) => DomainPrefix + FlowRecord.IdOf(flow);

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteString("plan", Plan);
            json.WriteStartArray("columns");
            foreach (var origin in Origins)
            {
                json.WriteStartObject();
                json.WriteString("name", origin.Column);
                json.WriteString("value", origin.Value);
                json.WriteStartArray("reads");
                foreach (var read in origin.Reads)
                {
                    json.WriteStringValue(read.Source);
                    json.WriteStringValue(read.Column);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads a domain's text. LF5050 if it is not one of ours.</summary>
    public static ColumnRecord Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var o = document.RootElement;
            return new ColumnRecord(o.GetProperty("plan").GetString()!, [.. o.GetProperty("columns").EnumerateArray().Select(Origin)]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw RunErrors.BrokenRecord(text, e);
        }
    }

    private static ColumnOrigin Origin(JsonElement o)
    {
        string[] reads = [.. o.GetProperty("reads").EnumerateArray().Select(e => e.GetString()!)];
        return new ColumnOrigin(
            o.GetProperty("name").GetString()!, o.GetProperty("value").GetString()!, [.. reads.Chunk(2).Select(r => new ColumnRead(r[0], r[1]))]);
    }
}
