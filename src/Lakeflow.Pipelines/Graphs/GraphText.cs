using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Compiler.Graph;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>A pipeline's datasets and what each reads: as text, as a Mermaid flowchart, as JSON.</summary>
public static class GraphText
{
    /// <summary>Upstream before downstream, one line a dataset.</summary>
    public static string ToText(PipelineGraph graph)
    {
        var text = new StringBuilder();
        var width = graph.Datasets.Select(d => Short(graph, d.Name).Length).DefaultIfEmpty(0).Max();
        foreach (var dataset in Ordered(graph))
        {
            var reads = ReadsOf(graph, dataset);
            var sources = reads.IsEmpty ? "" : "  <- " + string.Join(", ", reads.Select(r => Short(graph, r)));
            text.Append($"{Short(graph, dataset.Name).PadRight(width)}  {KindOf(dataset.Info.Kind),-17}{sources}".TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    public static string ToMermaid(PipelineGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        var ids = graph.Datasets.Select((d, i) => (d.Name, Id: $"d{i}")).ToDictionary(d => d.Name, d => d.Id);
        foreach (var dataset in graph.Datasets)
        {
            var (open, close) = dataset.Info.Kind switch
            {
                DatasetKind.StreamingTable or DatasetKind.FlowTable => ("[(", ")]"),
                DatasetKind.MaterializedView => ("[", "]"),
                _ => ("([", "])"),
            };
            text.Append("  ").Append(ids[dataset.Name]).Append(open).Append('"').Append(Short(graph, dataset.Name).Replace("\"", "#quot;", StringComparison.Ordinal)).Append('"').Append(close).Append('\n');
        }

        foreach (var dataset in graph.Datasets)
        {
            foreach (var read in ReadsOf(graph, dataset))
            {
                if (ids.TryGetValue(read, out var from)) text.Append("  ").Append(from).Append(" --> ").Append(ids[dataset.Name]).Append('\n');
            }
        }

        return text.ToString();
    }

    public static string ToJson(PipelineGraph graph)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("pipeline", graph.Name);
            json.WriteStartArray("datasets");
            foreach (var dataset in graph.Datasets)
            {
                json.WriteStartObject();
                json.WriteString("name", dataset.Name.ToString());
                json.WriteString("kind", KindOf(dataset.Info.Kind));
                json.WriteString("file", dataset.Info.Origin.File);
                json.WriteNumber("line", dataset.Info.Origin.Line);
                json.WriteStartArray("reads");
                foreach (var read in ReadsOf(graph, dataset)) json.WriteStringValue(read.ToString());
                json.WriteEndArray();
                json.WriteStartArray("flows");
                foreach (var flow in graph.Flows.Where(f => f.Target == dataset.Name)) json.WriteStringValue(flow.Name);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    /// <summary>The kind in words.</summary>
    public static string KindOf(DatasetKind kind) => kind switch
    {
        DatasetKind.StreamingTable => "streaming table",
        DatasetKind.MaterializedView => "materialized view",
        DatasetKind.TemporaryView => "temporary view",
        DatasetKind.PersistedView => "view",
        _ => "table",
    };

    /// <summary>The shortest name that no other dataset has.</summary>
    private static string Short(PipelineGraph graph, QualifiedName name)
    {
        if (graph.Datasets.Count(d => string.Equals(d.Name.Name, name.Name, StringComparison.OrdinalIgnoreCase)) <= 1) return name.Name;
        return $"{name.Schema}.{name.Name}";
    }

    private static ImmutableArray<QualifiedName> ReadsOf(PipelineGraph graph, Dataset dataset) =>
        [.. dataset.Reads.Concat(graph.Flows.Where(f => f.Target == dataset.Name).SelectMany(f => f.Reads)).Distinct().Order()];

    private static List<Dataset> Ordered(PipelineGraph graph)
    {
        var ordered = new List<Dataset>();
        var seen = new HashSet<QualifiedName>();
        foreach (var dataset in graph.Datasets) Visit(dataset);
        return ordered;

        void Visit(Dataset dataset)
        {
            if (!seen.Add(dataset.Name)) return;
            foreach (var read in ReadsOf(graph, dataset))
            {
                if (graph.Datasets.FirstOrDefault(d => d.Name == read) is { } upstream) Visit(upstream);
            }

            ordered.Add(dataset);
        }
    }
}
