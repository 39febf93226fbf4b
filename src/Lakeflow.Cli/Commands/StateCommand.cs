using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lakeflow.Delta;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Flows;
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
            var left = new LeftState(Gone(project, state), Unowned(project, state));
            if (parsed.GetValue(output) == "json") projects.Terminal.Out.WriteLine(Json(state, left));
            else Write(projects.Terminal.Out, state, left);
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Flows that the pipeline no longer has; none where its text cannot be read, or does not declare the table.</summary>
    private static ImmutableHashSet<string> Gone(Project project, TableState state)
    {
        var graph = Session.Of(project).Check() is { HasErrors: false, Result: { } result } ? result.Graph : null;
        if (graph?.Datasets.Any(d => d.Name.ToString() == state.Table) != true) return [];
        var flows = graph.Flows.Where(f => f.Target.ToString() == state.Table).Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. state.Flows.Select(f => f.Record.Flow).Where(f => !flows.Contains(f))];
    }

    /// <summary>State tables of the table that no flow's record names: of generations that are over, or of a step that died.</summary>
    private static ImmutableArray<StateTableInfo> Unowned(Project project, TableState state)
    {
        if (state.Table.Split('.') is not [var catalog, var schema, var name]) return [];
        var lakehouse = project.OpenLakehouse();
        var root = Path.Combine(project.Settings.Lakehouse, "_lakeflow", "state");
        var folder = Path.Combine([root, .. Lakehouse.PathOf(new QualifiedName(catalog, schema, name)).Split('/')]);
        if (!Directory.Exists(folder)) return [];
        var named = state.Flows.SelectMany(f => f.Tables).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Directory.EnumerateDirectories(folder, "_delta_log", SearchOption.AllDirectories)
                .Select(log => Path.GetRelativePath(root, Path.GetDirectoryName(log)!).Replace('\\', '/'))
                .Where(n => !named.Contains(n)).Order(StringComparer.Ordinal)
                .Select(n => Snapshot.TryOpen(lakehouse.State(n), out var table) ? new StateTableInfo(n, table.Version, table.RowCount, table.ByteSize) : null).OfType<StateTableInfo>(),
        ];
    }

    private static void Write(TextWriter to, TableState state, LeftState left)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state.Table}, version {state.Version}"));
        if (state.Flows.IsEmpty) to.WriteLine("No flow has written to it yet.");
        foreach (var (record, tables) in state.Flows)
        {
            to.WriteLine();
            to.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"flow {record.Flow}: {record.Step} step(s), generation {record.Generation}, last {DateTime.UnixEpoch.AddMicroseconds(record.Timestamp):yyyy-MM-dd HH:mm:ss}{(left.Gone.Contains(record.Flow) ? "; no longer in the pipeline" : "")}"));
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

        if (left.Unowned.IsEmpty) return;
        to.WriteLine();
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"state that no flow uses, {left.Unowned.Sum(t => t.Bytes):N0} bytes; lakeflow clean removes what is older than the last full refresh"));
        foreach (var kept in left.Unowned) to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  left   {kept.Name}: {InWords(kept)}"));
    }

    private sealed record LeftState(ImmutableHashSet<string> Gone, ImmutableArray<StateTableInfo> Unowned);

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

    private static string Json(TableState state, LeftState left)
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
                if (left.Gone.Contains(record.Flow)) json.WriteBoolean("gone", true);
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
                foreach (var kept in tables) WriteTable(json, kept);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("unowned");
            foreach (var kept in left.Unowned) WriteTable(json, kept);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteTable(Utf8JsonWriter json, StateTableInfo kept)
    {
        json.WriteStartObject();
        json.WriteString("table", kept.Name);
        json.WriteNumber("version", kept.Version);
        if (kept.Rows is { } rows) json.WriteNumber("rows", rows);
        json.WriteNumber("bytes", kept.Bytes);
        if (kept.IsLost) json.WriteBoolean("lost", true);
        json.WriteEndObject();
    }
}
