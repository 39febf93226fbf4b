using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary><c>_last_checkpoint</c>: where to begin reading. Only a hint: it may be old, torn or missing.</summary>
internal static class LastCheckpoint
{
    /// <summary>The version that the hint names, or null.</summary>
    public static long? Read(IObjectStore store)
    {
        if (store.Head(LogNames.LastCheckpoint) is null) return null;
        try
        {
            using var document = JsonDocument.Parse(store.ReadAll(LogNames.LastCheckpoint));
            return JsonText.Number(document.RootElement, "version");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DataFault)
        {
            // Without the hint the log is listed from its beginning.
            return null;
        }
    }

    public static void Write(IObjectStore store, long version, long actions, long bytes, long files)
    {
        var text = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteNumber("size", actions);
            json.WriteNumber("sizeInBytes", bytes);
            json.WriteNumber("numOfAddFiles", files);
            json.WriteEndObject();
        });
        store.Put(LogNames.LastCheckpoint, System.Text.Encoding.UTF8.GetBytes(text));
    }
}
