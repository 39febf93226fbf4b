using System.Globalization;
using System.Text.Json;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>What <c>history</c> prints: a table's versions, newest first, one line each.</summary>
public static class HistoryLines
{
    /// <param name="table">The table's store. LF6xxx if there is no table.</param>
    /// <param name="limit">Versions to show.</param>
    /// <param name="to">Where.</param>
    public static void Write(IObjectStore table, int limit, TextWriter to)
    {
        foreach (var entry in TableHistory.Read(table, limit))
        {
            var rows = entry.Metrics.GetValueOrDefault("numOutputRows") is { } count ? $"  {count} rows" : "";
            var flow = entry.Parameters.GetValueOrDefault("flow") is { } name ? $"  {Unquoted(name)}" : "";
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{entry.Version,4}  {entry.Timestamp.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {entry.Operation,-16}{flow}{rows}  {entry.Engine}"));
        }
    }

    /// <summary>Parameters of commits are JSON; engines write plain text too.</summary>
    private static string Unquoted(string parameter)
    {
        if (parameter is not ['"', .., '"']) return parameter;
        try
        {
            using var json = JsonDocument.Parse(parameter);
            return json.RootElement.GetString()!;
        }
        catch (JsonException)
        {
            return parameter;
        }
    }
}
