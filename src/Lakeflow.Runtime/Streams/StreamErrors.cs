using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Streams;

/// <summary>LF5074, LF5075 – what a flow remembers of its streams.</summary>
internal static class StreamErrors
{
    /// <param name="left">What a full refresh would take away and bring back, if known.</param>
    public static RuntimeError OtherState(string flow, string target, string? left) => new(
        "LF5074", $"The flow {flow} remembers rows of its stream in another form than its query now needs: keys, windows, aggregated values, the columns of DISTINCT or the path of a source have changed, their types to others that are not wider, or the fields of a struct that is kept whole are not those that they were.{(left is null ? "" : " " + left)}",
        $"Read the stream anew with --full-refresh {target}, or take the change back.");

    public static RuntimeError NotALateTable(string location) => new(
        "LF5075", $"{location} is named by {LateTable.Setting}, but is another table: it lacks the columns flow, generation, step, watermark, late_row.",
        "Name a table that does not exist yet: it is made when the first row comes too late.");

    public static RuntimeError OtherLateTable(string location, string pipeline) => new(
        "LF5075", $"{location} is named by {LateTable.Setting}, and holds the late rows of another pipeline, {pipeline}.",
        "Name a table that does not exist yet: it is made when the first row comes too late.");
}
