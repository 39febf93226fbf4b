using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Actions as rows: one struct column a kind, of which one is not NULL in a row. Delta protocol, "Checkpoint Schema".</summary>
internal static class CheckpointRows
{
    private static readonly MapType TextMap = new(DataType.String, DataType.String);

    private static readonly StructType Vector = new(
    [
        new("storageType", DataType.String), new("pathOrInlineDv", DataType.String), new("offset", DataType.Int32),
        new("sizeInBytes", DataType.Int32), new("cardinality", DataType.Int64),
    ]);

    /// <summary>The columns of the checkpoints that we write.</summary>
    public static readonly Schema Schema = new(
        Column("txn", new("appId", DataType.String), new("version", DataType.Int64), new("lastUpdated", DataType.Int64)),
        Column(
            "add",
            new("path", DataType.String),
            new("partitionValues", TextMap),
            new("size", DataType.Int64),
            new("modificationTime", DataType.Int64),
            new("dataChange", DataType.Boolean),
            new("tags", TextMap),
            new("deletionVector", Vector),
            new("baseRowId", DataType.Int64),
            new("defaultRowCommitVersion", DataType.Int64),
            new("clusteringProvider", DataType.String),
            new("stats", DataType.String)),
        Column(
            "remove",
            new("path", DataType.String),
            new("deletionTimestamp", DataType.Int64),
            new("dataChange", DataType.Boolean),
            new("extendedFileMetadata", DataType.Boolean),
            new("partitionValues", TextMap),
            new("size", DataType.Int64),
            new("tags", TextMap),
            new("deletionVector", Vector),
            new("baseRowId", DataType.Int64),
            new("defaultRowCommitVersion", DataType.Int64)),
        Column(
            "metaData",
            new("id", DataType.String),
            new("name", DataType.String),
            new("description", DataType.String),
            new("format", new StructType([new("provider", DataType.String), new("options", TextMap)])),
            new("schemaString", DataType.String),
            new("partitionColumns", new ListType(DataType.String)),
            new("configuration", TextMap),
            new("createdTime", DataType.Int64)),
        Column(
            "protocol",
            new("minReaderVersion", DataType.Int32),
            new("minWriterVersion", DataType.Int32),
            new("readerFeatures", new ListType(DataType.String)),
            new("writerFeatures", new ListType(DataType.String))),
        Column(
            "domainMetadata",
            new("domain", DataType.String), new("configuration", DataType.String), new("removed", DataType.Boolean)));

    /// <summary>Appends the actions of a batch; columns and fields that are not known are passed over.</summary>
    public static void Read(RecordBatch batch, List<LogAction> actions)
    {
        for (var c = 0; c < batch.Schema.Count; c++)
        {
            if (batch.Columns[c] is not StructArray column || Reader(batch.Schema[c].Name) is not { } read) continue;
            for (var row = 0; row < batch.Length; row++)
            {
                if (column.IsValid(row)) actions.Add(read(new StructRow(column, row)));
            }
        }
    }

    public static RecordBatch ToBatch(IReadOnlyCollection<LogAction> actions)
    {
        var columns = Schema.Fields.Select(f => ArrayBuilder.Create(f.Type, actions.Count)).ToArray();
        foreach (var action in actions)
        {
            var (name, value) = ToRow(action);
            for (var c = 0; c < columns.Length; c++) columns[c].AppendValue(Schema[c].Name == name ? value : null);
        }

        return new RecordBatch(Schema, [.. columns.Select(c => c.Build())], actions.Count);
    }

    private static Field Column(string name, params ImmutableArray<Field> fields) => new(name, new StructType(fields));

    private static Func<StructRow, LogAction>? Reader(string column) => column switch
    {
        "add" => ReadAdd,
        "remove" => ReadRemove,
        "metaData" => ReadMetadata,
        "protocol" => r => new Protocol(
            (int)(r.Number("minReaderVersion") ?? 1),
            (int)(r.Number("minWriterVersion") ?? 1),
            [.. r.List("readerFeatures") ?? []],
            [.. r.List("writerFeatures") ?? []]),
        "txn" => r => new Txn(r.Required("appId"), r.Number("version") ?? 0, r.Number("lastUpdated")),
        "domainMetadata" => r => new DomainMetadata(r.Required("domain"), r.Text("configuration") ?? "", r.Flag("removed") ?? false),
        "sidecar" => r => new Sidecar(r.Required("path"), r.Number("sizeInBytes") ?? 0),
        _ => null,
    };

    private static AddFile ReadAdd(StructRow r) => new(
        r.Required("path"),
        r.NullableMap("partitionValues") ?? ImmutableSortedDictionary<string, string?>.Empty,
        r.Number("size") ?? 0,
        r.Number("modificationTime") ?? 0,
        // A checkpoint's file is no change of its own, whatever the column says.
        DataChange: false,
        r.Text("stats"))
    {
        DeletionVector = ReadVector(r),
        Tags = r.Map("tags"),
        BaseRowId = r.Number("baseRowId"),
        DefaultRowCommitVersion = r.Number("defaultRowCommitVersion"),
        ClusteringProvider = r.Text("clusteringProvider"),
    };

    private static RemoveFile ReadRemove(StructRow r) => new(r.Required("path"), r.Number("deletionTimestamp"), r.Flag("dataChange") ?? false)
    {
        PartitionValues = r.NullableMap("partitionValues"),
        Size = r.Number("size"),
        Tags = r.Map("tags"),
        DeletionVector = ReadVector(r),
        BaseRowId = r.Number("baseRowId"),
        DefaultRowCommitVersion = r.Number("defaultRowCommitVersion"),
    };

    private static DeletionVector? ReadVector(StructRow r) => r.Struct("deletionVector") is { } v && v.Text("storageType") is { } storage
        ? new DeletionVector(
            storage,
            v.Required("pathOrInlineDv"),
            (int?)v.Number("offset"),
            (int)(v.Number("sizeInBytes") ?? 0),
            v.Number("cardinality") ?? 0)
        : null;

    private static TableMetadata ReadMetadata(StructRow r) => new(
        r.Required("id"),
        r.Text("schemaString") ?? SchemaJson.Write(Schema.Empty),
        r.List("partitionColumns") ?? [],
        r.Map("configuration") ?? ImmutableSortedDictionary<string, string>.Empty,
        r.Number("createdTime"),
        r.Text("name"),
        r.Text("description"));

    private static (string Column, object?[] Value) ToRow(LogAction action) => action switch
    {
        Txn t => ("txn", [t.AppId, t.Version, t.LastUpdated]),
        AddFile a => ("add",
        [
            a.Path, Entries(a.PartitionValues), a.Size, a.ModificationTime, false, Entries(a.Tags!), ToRow(a.DeletionVector),
            a.BaseRowId, a.DefaultRowCommitVersion, a.ClusteringProvider, a.Stats,
        ]),
        RemoveFile r => ("remove",
        [
            r.Path, r.DeletionTimestamp, false, r.PartitionValues is not null && r.Size is not null, Entries(r.PartitionValues), r.Size,
            Entries(r.Tags!), ToRow(r.DeletionVector), r.BaseRowId, r.DefaultRowCommitVersion,
        ]),
        TableMetadata m => ("metaData",
        [
            m.Id, m.Name, m.Description, new object?[] { "parquet", Array.Empty<KeyValuePair<object, object?>>() }, m.SchemaText,
            m.PartitionColumns.ToArray<object?>(), Entries(m.Properties!), m.CreatedTime,
        ]),
        Protocol p => ("protocol",
        [
            p.MinReader, p.MinWriter, p.MinReader >= 3 ? p.ReaderFeatures.ToArray<object?>() : null,
            p.MinWriter >= 7 ? p.WriterFeatures.ToArray<object?>() : null,
        ]),
        DomainMetadata d => ("domainMetadata", [d.Domain, d.Configuration, d.Removed]),
        _ => throw new ArgumentException($"{action.GetType().Name} is no part of a checkpoint"),
    };

    private static object?[]? ToRow(DeletionVector? v) =>
        v is null ? null : [v.StorageType, v.PathOrInline, v.Offset, v.Size, v.Cardinality];

    private static KeyValuePair<object, object?>[]? Entries(IEnumerable<KeyValuePair<string, string?>>? map) =>
        map?.Select(e => new KeyValuePair<object, object?>(e.Key, e.Value)).ToArray();
}
