using System.Globalization;
using System.Text.Json;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.State;

/// <summary>How far a stream has read a Delta table.</summary>
/// <param name="TableId">The table's id: another table under the same name is another stream.</param>
/// <param name="Version">The version being read, or read to its end.</param>
/// <param name="NextFile">0-based place of the next file of that version; -1 when the version is done.</param>
/// <param name="InSnapshot">True while reading all files of the first version seen, false while reading the files that a version added.</param>
public sealed record TablePosition(string TableId, long Version, int NextFile, bool InSnapshot)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"tableId":"{{TableId}}","version":{{Version}},"nextFile":{{NextFile}},"inSnapshot":{{(InSnapshot ? "true" : "false")}}}""");

    public static TablePosition Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var o = document.RootElement;
            return new(
                o.GetProperty("tableId").GetString()!, o.GetProperty("version").GetInt64(),
                o.GetProperty("nextFile").GetInt32(), o.GetProperty("inSnapshot").GetBoolean());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RunErrors.BrokenRecord(json, e);
        }
    }
}
