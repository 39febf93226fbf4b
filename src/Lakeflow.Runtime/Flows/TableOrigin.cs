using System.Text;
using System.Text.Json;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Flows;

/// <summary>What a table was made as, and whose it is, kept in its log as the domain <c>lakeflow.table</c>: <c>{"kind":"StreamingTable","pipeline":"shop"}</c>.</summary>
/// <remarks>A table belongs to one pipeline, which alone writes it; every other one may read it. A pipeline is known by its name.</remarks>
/// <param name="Kind">The name of a <see cref="DatasetKind"/>, or <see cref="LateRows"/>.</param>
/// <param name="Pipeline">The pipeline's name; null in tables that an early Lakeflow made, which belong to whoever comes first.</param>
public sealed record TableOrigin(string Kind, string? Pipeline)
{
    /// <summary>The kind of a table that <c>lakeflow.late.table</c> names.</summary>
    public const string LateRows = "LateRows";

    public const string Domain = "lakeflow.table";

    /// <summary>Of a table that a pipeline declares.</summary>
    public static TableOrigin Of(PipelineInfo pipeline, DatasetInfo dataset) => new(dataset.Kind.ToString(), pipeline.Name);

    /// <summary>Of a table in the lakehouse; null if no pipeline made it.</summary>
    /// <exception cref="Diagnostics.RuntimeError">LF5050: what its log says cannot be read.</exception>
    public static TableOrigin? Of(Snapshot table) => table.Domains.TryGetValue(Domain, out var text) ? Parse(text) : null;

    /// <summary>True unless the table is another pipeline's.</summary>
    public bool IsOf(string pipeline) => Pipeline is null || Pipeline.Equals(pipeline, StringComparison.OrdinalIgnoreCase);

    /// <summary>The kind as people say it.</summary>
    public string InWords() => Kind switch
    {
        nameof(DatasetKind.StreamingTable) => "a streaming table",
        nameof(DatasetKind.MaterializedView) => "a materialized view",
        nameof(DatasetKind.FlowTable) => "a table with flows",
        LateRows => "a table of late rows",
        _ => Kind,
    };

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind);
            if (Pipeline is not null) json.WriteString("pipeline", Pipeline);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static TableOrigin Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return new(
                json.RootElement.GetProperty("kind").GetString()!,
                json.RootElement.TryGetProperty("pipeline", out var pipeline) ? pipeline.GetString() : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw RunErrors.BrokenRecord(text, e);
        }
    }
}
