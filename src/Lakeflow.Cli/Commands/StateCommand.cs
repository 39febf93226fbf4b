using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Delta;
using Lakeflow.Runtime.State;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow state &lt;table&gt;</c>: how far its flows have read, and what they keep.</summary>
internal static class StateCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var table = new Argument<string>("table") { Description = "A table of the lakehouse" };
        var output = new Option<string>("--output", "-o") { Description = "table or json", DefaultValueFactory = _ => "table" }.AcceptOnlyFromAmong("table", "json");
        var command = new Command("state", "Show how far a table's flows have read and what they keep") { table, output };
        command.SetAction(parsed => Door.Run(projects.Terminal, "reading a table's state", () =>
        {
            var project = projects.Open(parsed);
            var (name, store) = TableArgument.Open(project, parsed.GetRequiredValue(table));
            var state = TableState.Read(project.OpenLakehouse(), name, Snapshot.Open(store));
            if (parsed.GetValue(output) == "json") projects.Terminal.Out.WriteLine(Json(state));
            else Write(projects.Terminal.Out, state);
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Write(TextWriter to, TableState state)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state.Table}, version {state.Version}"));
        if (state.Flows.IsEmpty) to.WriteLine("No flow has written to it yet.");
        foreach (var (record, tables) in state.Flows)
        {
            to.WriteLine();
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"flow {record.Flow}: {record.Step} step(s), generation {record.Generation}, last {DateTime.UnixEpoch.AddMicroseconds(record.Timestamp):yyyy-MM-dd HH:mm:ss}"));
            foreach (var (source, position) in record.ReadTo) to.WriteLine($"  read   {source}: {InWords(position)}");
            if (record.Watermarks.Count > 0)
            {
                to.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  watermark {Moment(record.Watermark)} UTC in the last step, streams at {string.Join(", ", record.Watermarks.Values.Select(Moment))}"));
            }

            foreach (var kept in tables)
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  keeps  {kept.Name}: version {kept.Version}, {InWords(kept)}"));
        }
    }

    private static string InWords(StateTableInfo kept) => kept.IsLost ? "which is gone"
        : string.Create(CultureInfo.InvariantCulture, $"{(kept.Rows is { } rows ? $"{rows:N0} rows" : "rows not known")}, {kept.Bytes:N0} bytes");

    private static string Moment(long micros) => DateTime.UnixEpoch.AddMicroseconds(micros).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>{"version":3,"nextFile":-1}</c> as <c>version 3, nextFile -1</c>; ids of tables are for programs.</summary>
    private static string InWords(string position)
    {
        using var json = JsonDocument.Parse(position);
        return string.Join(", ", json.RootElement.EnumerateObject()
            .Where(p => p.Name is not ("tableId" or "hash"))
            .Select(p => $"{p.Name} {p.Value}"));
    }

    private static string Json(TableState state)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("table", state.Table);
            json.WriteNumber("version", state.Version);
            json.WriteStartArray("flows");
            foreach (var (record, tables) in state.Flows)
            {
                json.WriteStartObject();
                json.WriteString("flow", record.Flow);
                json.WriteNumber("generation", record.Generation);
                json.WriteNumber("step", record.Step);
                json.WriteString("committed", DateTime.UnixEpoch.AddMicroseconds(record.Timestamp));
                json.WriteStartObject("positions");
                foreach (var (source, position) in record.ReadTo)
                {
                    json.WritePropertyName(source);
                    json.WriteRawValue(position);
                }

                json.WriteEndObject();
                if (record.Watermarks.Count > 0)
                {
                    json.WriteString("watermark", DateTime.UnixEpoch.AddMicroseconds(record.Watermark));
                    json.WriteStartArray("watermarks");
                    foreach (var mark in record.Watermarks.Values) json.WriteStringValue(DateTime.UnixEpoch.AddMicroseconds(mark));
                    json.WriteEndArray();
                }

                json.WriteStartArray("state");
                foreach (var kept in tables)
                {
                    json.WriteStartObject();
                    json.WriteString("table", kept.Name);
                    json.WriteNumber("version", kept.Version);
                    if (kept.Rows is { } rows) json.WriteNumber("rows", rows);
                    json.WriteNumber("bytes", kept.Bytes);
                    if (kept.IsLost) json.WriteBoolean("lost", true);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
