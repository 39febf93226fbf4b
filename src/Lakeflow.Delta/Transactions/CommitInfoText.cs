using System.Text.Json;

namespace Lakeflow.Delta;

/// <summary>The <c>commitInfo</c> action that we write: Delta's fields, so that DESCRIBE HISTORY shows them anywhere.</summary>
internal static class CommitInfoText
{
    public const string Engine = "Lakeflow/0.1.0";

    public static CommitInfo Of(
        DateTimeOffset now,
        string operation,
        IReadOnlyDictionary<string, string>? parameters,
        long? readVersion,
        bool blindAppend,
        IReadOnlyDictionary<string, string> metrics,
        string id) => new(JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
        json.WriteString("operation", operation);
        json.WriteStartObject("operationParameters");
        foreach (var (name, value) in parameters ?? new Dictionary<string, string>()) json.WriteString(name, value);
        json.WriteEndObject();
        JsonText.Write(json, "readVersion", readVersion);
        json.WriteString("isolationLevel", "Serializable");
        json.WriteBoolean("isBlindAppend", blindAppend);
        json.WriteStartObject("operationMetrics");
        foreach (var (name, value) in metrics) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("userName", Environment.UserName);
        json.WriteString("engineInfo", Engine);
        json.WriteString("txnId", id);
        json.WriteEndObject();
    }));

    /// <summary>The id that a commit was made under, or null.</summary>
    public static string? IdOf(CommitInfo info)
    {
        using var document = JsonDocument.Parse(info.Json);
        return JsonText.Text(document.RootElement, "txnId");
    }
}
