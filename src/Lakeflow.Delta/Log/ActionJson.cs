using System.Collections.Immutable;
using System.Text.Json;

namespace Lakeflow.Delta;

/// <summary>Commits as text: one JSON object a line, one action each.</summary>
public static class ActionJson
{
    /// <summary>The actions of a commit file. LF6053, with the whole path, where it is none.</summary>
    public static List<LogAction> Read(IObjectStore store, string path) => Read(store.ReadAll(path), $"{store.Location}/{path}");

    /// <summary>The actions of a commit, in order. Unknown ones are passed over, as the protocol asks.</summary>
    /// <param name="content">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    public static List<LogAction> Read(ReadOnlyMemory<byte> content, string file)
    {
        var actions = new List<LogAction>();
        var line = 0;
        while (!content.IsEmpty)
        {
            line++;
            var end = content.Span.IndexOf((byte)'\n');
            var text = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 1)..];
            if (text.Span.Trim(" \r\t"u8).IsEmpty) continue;
            try
            {
                using var document = JsonDocument.Parse(text);
                foreach (var property in document.RootElement.EnumerateObject())
                {
                    if (property.Value.ValueKind == JsonValueKind.Object && ReadOne(property.Name, property.Value) is { } action) actions.Add(action);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
            {
                throw DeltaFaults.BrokenCommit(file, line, e);
            }
        }

        return actions;
    }

    /// <summary>The file for a commit of these actions.</summary>
    public static byte[] Write(IEnumerable<LogAction> actions)
    {
        using var stream = new MemoryStream();
        foreach (var action in actions)
        {
            using (var json = new Utf8JsonWriter(stream, JsonText.Options)) WriteOne(json, action);
            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    private static LogAction? ReadOne(string kind, JsonElement o) => kind switch
    {
        "add" => ReadAdd(o),
        "remove" => ReadRemove(o),
        "metaData" => ReadMetadata(o),
        "protocol" => ReadProtocol(o),
        "txn" => new Txn(Required(o, "appId"), JsonText.Number(o, "version") ?? 0, JsonText.Number(o, "lastUpdated")),
        "domainMetadata" => new DomainMetadata(
            Required(o, "domain"), JsonText.Text(o, "configuration") ?? "", JsonText.Flag(o, "removed") ?? false),
        "commitInfo" => new CommitInfo(o.GetRawText()),
        "cdc" => new AddCdcFile(Required(o, "path"), JsonText.Number(o, "size") ?? 0)
        {
            PartitionValues = JsonText.NullableMap(o, "partitionValues") ?? ImmutableSortedDictionary<string, string?>.Empty,
        },
        "sidecar" => new Sidecar(Required(o, "path"), JsonText.Number(o, "sizeInBytes") ?? 0),
        _ => null,
    };

    private static AddFile ReadAdd(JsonElement o) => new(
        Required(o, "path"),
        JsonText.NullableMap(o, "partitionValues") ?? ImmutableSortedDictionary<string, string?>.Empty,
        JsonText.Number(o, "size") ?? 0,
        JsonText.Number(o, "modificationTime") ?? 0,
        JsonText.Flag(o, "dataChange") ?? true,
        JsonText.Text(o, "stats"))
    {
        DeletionVector = ReadVector(o),
        Tags = JsonText.Map(o, "tags"),
        BaseRowId = JsonText.Number(o, "baseRowId"),
        DefaultRowCommitVersion = JsonText.Number(o, "defaultRowCommitVersion"),
        ClusteringProvider = JsonText.Text(o, "clusteringProvider"),
    };

    private static RemoveFile ReadRemove(JsonElement o) => new(
        Required(o, "path"), JsonText.Number(o, "deletionTimestamp"), JsonText.Flag(o, "dataChange") ?? true)
    {
        PartitionValues = JsonText.NullableMap(o, "partitionValues"),
        Size = JsonText.Number(o, "size"),
        DeletionVector = ReadVector(o),
        Tags = JsonText.Map(o, "tags"),
        BaseRowId = JsonText.Number(o, "baseRowId"),
        DefaultRowCommitVersion = JsonText.Number(o, "defaultRowCommitVersion"),
    };

    private static DeletionVector? ReadVector(JsonElement o) => JsonText.Get(o, "deletionVector") is { } v
        ? new DeletionVector(
            Required(v, "storageType"),
            Required(v, "pathOrInlineDv"),
            (int?)JsonText.Number(v, "offset"),
            (int)(JsonText.Number(v, "sizeInBytes") ?? 0),
            JsonText.Number(v, "cardinality") ?? 0)
        : null;

    private static TableMetadata ReadMetadata(JsonElement o) => new(
        Required(o, "id"),
        JsonText.Text(o, "schemaString") ?? SchemaJson.Write(Arrow.Schema.Empty),
        JsonText.List(o, "partitionColumns") ?? [],
        JsonText.Map(o, "configuration") ?? ImmutableSortedDictionary<string, string>.Empty,
        JsonText.Number(o, "createdTime"),
        JsonText.Text(o, "name"),
        JsonText.Text(o, "description"));

    private static Protocol ReadProtocol(JsonElement o) => new(
        (int)(JsonText.Number(o, "minReaderVersion") ?? 1),
        (int)(JsonText.Number(o, "minWriterVersion") ?? 1),
        [.. JsonText.List(o, "readerFeatures") ?? []],
        [.. JsonText.List(o, "writerFeatures") ?? []]);

    private static string Required(JsonElement o, string name) =>
        JsonText.Text(o, name) ?? throw new FormatException($"'{name}' is missing");

    private static void WriteOne(Utf8JsonWriter json, LogAction action)
    {
        json.WriteStartObject();
        switch (action)
        {
            case AddFile add: WriteAdd(json, add); break;
            case RemoveFile remove: WriteRemove(json, remove); break;
            case TableMetadata metadata: WriteMetadata(json, metadata); break;
            case Protocol protocol: WriteProtocol(json, protocol); break;
            case CommitInfo info:
                json.WritePropertyName("commitInfo");
                json.WriteRawValue(info.Json);
                break;
            case Txn txn:
                json.WriteStartObject("txn");
                json.WriteString("appId", txn.AppId);
                json.WriteNumber("version", txn.Version);
                JsonText.Write(json, "lastUpdated", txn.LastUpdated);
                json.WriteEndObject();
                break;
            case DomainMetadata domain:
                json.WriteStartObject("domainMetadata");
                json.WriteString("domain", domain.Domain);
                json.WriteString("configuration", domain.Configuration);
                json.WriteBoolean("removed", domain.Removed);
                json.WriteEndObject();
                break;
            case AddCdcFile cdc:
                json.WriteStartObject("cdc");
                json.WriteString("path", cdc.Path);
                JsonText.Write(json, "partitionValues", cdc.PartitionValues);
                json.WriteNumber("size", cdc.Size);
                json.WriteBoolean("dataChange", false);
                json.WriteEndObject();
                break;
            default: throw new ArgumentException($"{action.GetType().Name} is never written to a commit");
        }

        json.WriteEndObject();
    }

    private static void WriteAdd(Utf8JsonWriter json, AddFile add)
    {
        json.WriteStartObject("add");
        json.WriteString("path", add.Path);
        JsonText.Write(json, "partitionValues", add.PartitionValues);
        json.WriteNumber("size", add.Size);
        json.WriteNumber("modificationTime", add.ModificationTime);
        json.WriteBoolean("dataChange", add.DataChange);
        JsonText.Write(json, "stats", add.Stats);
        JsonText.Write(json, "tags", add.Tags!);
        WriteVector(json, add.DeletionVector);
        JsonText.Write(json, "baseRowId", add.BaseRowId);
        JsonText.Write(json, "defaultRowCommitVersion", add.DefaultRowCommitVersion);
        JsonText.Write(json, "clusteringProvider", add.ClusteringProvider);
        json.WriteEndObject();
    }

    private static void WriteRemove(Utf8JsonWriter json, RemoveFile remove)
    {
        json.WriteStartObject("remove");
        json.WriteString("path", remove.Path);
        JsonText.Write(json, "deletionTimestamp", remove.DeletionTimestamp);
        json.WriteBoolean("dataChange", remove.DataChange);
        // The extended fields stand or fall together.
        var extended = remove.PartitionValues is not null && remove.Size is not null;
        json.WriteBoolean("extendedFileMetadata", extended);
        if (extended)
        {
            JsonText.Write(json, "partitionValues", remove.PartitionValues);
            JsonText.Write(json, "size", remove.Size);
            JsonText.Write(json, "tags", remove.Tags!);
        }

        WriteVector(json, remove.DeletionVector);
        JsonText.Write(json, "baseRowId", remove.BaseRowId);
        JsonText.Write(json, "defaultRowCommitVersion", remove.DefaultRowCommitVersion);
        json.WriteEndObject();
    }

    private static void WriteVector(Utf8JsonWriter json, DeletionVector? vector)
    {
        if (vector is null) return;
        json.WriteStartObject("deletionVector");
        json.WriteString("storageType", vector.StorageType);
        json.WriteString("pathOrInlineDv", vector.PathOrInline);
        JsonText.Write(json, "offset", vector.Offset);
        json.WriteNumber("sizeInBytes", vector.Size);
        json.WriteNumber("cardinality", vector.Cardinality);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, TableMetadata metadata)
    {
        json.WriteStartObject("metaData");
        json.WriteString("id", metadata.Id);
        JsonText.Write(json, "name", metadata.Name);
        JsonText.Write(json, "description", metadata.Description);
        json.WriteStartObject("format");
        json.WriteString("provider", "parquet");
        json.WriteStartObject("options");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("schemaString", metadata.SchemaText);
        JsonText.Write(json, "partitionColumns", metadata.PartitionColumns);
        JsonText.Write(json, "configuration", metadata.Properties!);
        JsonText.Write(json, "createdTime", metadata.CreatedTime);
        json.WriteEndObject();
    }

    private static void WriteProtocol(Utf8JsonWriter json, Protocol protocol)
    {
        json.WriteStartObject("protocol");
        json.WriteNumber("minReaderVersion", protocol.MinReader);
        json.WriteNumber("minWriterVersion", protocol.MinWriter);
        if (protocol.MinReader >= 3) JsonText.Write(json, "readerFeatures", protocol.ReaderFeatures);
        if (protocol.MinWriter >= 7) JsonText.Write(json, "writerFeatures", protocol.WriterFeatures);
        json.WriteEndObject();
    }
}
