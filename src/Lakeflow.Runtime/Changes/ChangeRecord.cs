using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Changes;

/// <summary>What the AUTO CDC flows of one target share, kept in the target's log as the domain <see cref="Domain"/> by each of their commits.</summary>
/// <remarks>Two commits that touch a domain conflict: two flows into one target never build on the same state.</remarks>
/// <param name="Generation">Part of the state table's name. A full refresh takes the record away, and what begins then has a higher one.</param>
/// <param name="Scd">1 or 2.</param>
/// <param name="Keys">The key columns.</param>
/// <param name="Sequence">The type of SEQUENCE BY.</param>
/// <param name="Version">Of the state table; it has the name of <see cref="Lakehouse.ChangeStateName"/>.</param>
internal sealed record ChangeRecord(int Generation, ScdType Scd, ImmutableArray<string> Keys, string Sequence, long Version)
{
    public const string Domain = "lakeflow.changes";

    /// <summary>The columns, or fields of struct columns, that an event may leave out, in the order of the bits of <see cref="ChangeState.Omitted"/>.</summary>
    public ImmutableArray<string> Partial { get; init; } = [];

    /// <summary>True if an event has emptied the table: the state then has it.</summary>
    public bool Truncated { get; init; }

    /// <summary>When deletes were last forgotten, microseconds UTC.</summary>
    public long Collected { get; init; }

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("generation", Generation);
            json.WriteNumber("scd", (int)Scd);
            WriteNames(json, "keys", Keys);
            json.WriteString("sequence", Sequence);
            json.WriteNumber("version", Version);
            WriteNames(json, "partial", Partial);
            json.WriteBoolean("truncated", Truncated);
            json.WriteNumber("collected", Collected);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads a domain's text. LF5050 if it is not one of ours.</summary>
    public static ChangeRecord Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var o = document.RootElement;
            return new ChangeRecord(
                o.GetProperty("generation").GetInt32(), (ScdType)o.GetProperty("scd").GetInt32(), ReadNames(o, "keys"),
                o.GetProperty("sequence").GetString()!, o.GetProperty("version").GetInt64())
            {
                Partial = ReadNames(o, "partial"),
                Truncated = o.GetProperty("truncated").GetBoolean(),
                Collected = o.GetProperty("collected").GetInt64(),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RunErrors.BrokenRecord(text, e);
        }
    }

    /// <summary>The record of a table whose columns have other names, and of its state that has them too.</summary>
    /// <param name="pathOf">Of a column, or a field of one as <c>column.field</c>.</param>
    public ChangeRecord Renamed(Func<string, string> pathOf, long version) => this with
    {
        Keys = [.. Keys.Select(pathOf)],
        Partial = [.. Partial.Select(pathOf)],
        Version = version,
    };

    /// <summary>The type that the sequences of a table's events have: in a history, or in the state; null if there is neither yet.</summary>
    public DataType? SequenceKept(Snapshot target, Func<string, IObjectStore> stateOf, QualifiedName name) =>
        Scd == ScdType.Type2 ? target.Schema.Find(ChangeLayout.StartAt)?.Type
            : Version >= 0 ? Snapshot.Open(stateOf(Lakehouse.ChangeStateName(name, Generation)), Version).Schema.Find(ChangeLayout.Sequence)?.Type : null;

    /// <summary>Whether a flow may go on from here. LF5072 if not.</summary>
    /// <param name="kept">The type that sequences have in the table or its state; null where none is kept.</param>
    /// <param name="left">Tells what a full refresh would bring back; null where nobody has looked.</param>
    public void Check(string table, ChangesInfo info, DataType sequence, Func<DataType?> kept, Func<string>? left = null)
    {
        if (Scd != info.Scd) throw ChangeErrors.Drift(table, "SCD type", Text((int)Scd), Text((int)info.Scd), left?.Invoke());
        if (!Keys.SequenceEqual(info.Keys, StringComparer.OrdinalIgnoreCase)) throw ChangeErrors.Drift(table, "the keys", string.Join(", ", Keys), string.Join(", ", info.Keys), left?.Invoke());
        if (Sequence != sequence.ToString() && kept() is { } had && !Holds(sequence, had)) throw ChangeErrors.Drift(table, "a sequence of type", Sequence, sequence.ToString(), left?.Invoke());
        // Without partial events the state of type 1 holds no values.
        if (Scd == ScdType.Type1 && Partial.IsEmpty && !info.Partial.IsEmpty && Version >= 0)
            throw ChangeErrors.Drift(table, "events that tell", "whole rows", "events that tell parts of them", left?.Invoke());
    }

    /// <summary>Whether sequences of one type are those of another: the same, or each part of it widened, which keeps their order.</summary>
    private static bool Holds(DataType wide, DataType narrow) => (wide, narrow) switch
    {
        (StructType w, StructType n) => w.Fields.Length == n.Fields.Length && w.Fields.Zip(n.Fields).All(f => f.First.Name == f.Second.Name && Holds(f.First.Type, f.Second.Type)),
        _ => wide.Equals(narrow) || TypeWidening.CanWiden(narrow, wide),
    };

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void WriteNames(Utf8JsonWriter json, string name, ImmutableArray<string> names)
    {
        json.WriteStartArray(name);
        foreach (var item in names) json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static ImmutableArray<string> ReadNames(JsonElement o, string name) => [.. o.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
