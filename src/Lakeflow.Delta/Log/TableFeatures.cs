using System.Collections.Immutable;

namespace Lakeflow.Delta;

/// <summary>Which features of the Delta protocol are understood, and what a table asks for. Delta protocol, "Table Features".</summary>
internal static class TableFeatures
{
    public const string DomainMetadata = "domainMetadata";
    public const string TimestampNtz = "timestampNtz";
    public const string ColumnMapping = "columnMapping";
    public const string DeletionVectors = "deletionVectors";
    public const string ChangeDataFeed = "changeDataFeed";
    public const string TypeWidening = "typeWidening";

    /// <summary>Reader features that are read in full.</summary>
    private static readonly ImmutableHashSet<string> Readable =
    [
        DeletionVectors, ColumnMapping, TimestampNtz, TypeWidening, "typeWidening-preview", "v2Checkpoint", "vacuumProtocolCheck",
    ];

    /// <summary>Writer features that need nothing from us, or only what <see cref="CheckWritable"/> looks at.</summary>
    private static readonly ImmutableHashSet<string> Writable =
    [
        "appendOnly", "invariants", "checkConstraints", ChangeDataFeed, "generatedColumns", "identityColumns", ColumnMapping,
        DomainMetadata, TimestampNtz, DeletionVectors, "v2Checkpoint", "vacuumProtocolCheck", TypeWidening, "typeWidening-preview",
        "allowColumnDefaults",
    ];

    /// <summary>What each legacy writer version stands for, cumulative.</summary>
    private static readonly (int Version, string[] Features)[] LegacyWriter =
    [
        (2, ["appendOnly", "invariants"]), (3, ["checkConstraints"]), (4, [ChangeDataFeed, "generatedColumns"]),
        (5, [ColumnMapping]), (6, ["identityColumns"]),
    ];

    public static void CheckReadable(string location, Protocol protocol)
    {
        if (protocol.MinReader > 3) throw DeltaFaults.UnknownReaderFeature(location, [$"reader version {protocol.MinReader}"]);
        var unknown = protocol.ReaderFeatures.Except(Readable);
        if (protocol.MinReader == 3 && unknown.Count > 0) throw DeltaFaults.UnknownReaderFeature(location, unknown);
    }

    /// <summary>Refuses to write where a feature or a constraint in use would be violated unnoticed.</summary>
    public static void CheckWritable(string location, Protocol protocol, TableMetadata metadata)
    {
        if (protocol.MinWriter > 7) throw DeltaFaults.UnsupportedWriterFeature(location, [$"writer version {protocol.MinWriter}"]);
        if (protocol.MinWriter == 7 && protocol.WriterFeatures.Except(Writable) is { Count: > 0 } unknown)
        {
            throw DeltaFaults.UnsupportedWriterFeature(location, unknown);
        }

        if (metadata.Properties.Keys.FirstOrDefault(k => k.StartsWith("delta.constraints.", StringComparison.Ordinal)) is { } constraint)
        {
            throw DeltaFaults.Constraints(location, $"the CHECK constraint {constraint["delta.constraints.".Length..]}");
        }

        foreach (var field in metadata.Schema.Fields)
        {
            var kind = field.Metadata.Keys.FirstOrDefault(k =>
                k is "delta.invariants" or "delta.generationExpression" || k.StartsWith("delta.identity.", StringComparison.Ordinal));
            var what = kind switch
            {
                null => null,
                "delta.invariants" => $"an invariant on column {field.Name}",
                "delta.generationExpression" => $"the generated column {field.Name}",
                _ => $"the identity column {field.Name}",
            };
            if (what is not null) throw DeltaFaults.Constraints(location, what);
        }
    }

    /// <summary>The protocol of a table that we create: as little as its schema and properties allow.</summary>
    public static Protocol ForNewTable(TableMetadata metadata) => Covering(new Protocol(1, 7, [], ["appendOnly", DomainMetadata, "invariants"]), metadata);

    /// <summary>The same protocol, or one that has the writer feature as well.</summary>
    public static Protocol WithWriterFeature(Protocol protocol, string feature)
    {
        if (protocol.MinWriter == 7 && protocol.WriterFeatures.Contains(feature)) return protocol;
        var known = protocol.MinWriter == 7
            ? protocol.WriterFeatures
            : protocol.WriterFeatures.Union(LegacyWriter.Where(l => l.Version <= protocol.MinWriter).SelectMany(l => l.Features));
        return protocol with { MinWriter = 7, WriterFeatures = known.Add(feature) };
    }

    /// <summary>The protocol that a schema and the properties need, given the one that the table has. Nothing is ever taken away.</summary>
    public static Protocol Covering(Protocol protocol, TableMetadata metadata)
    {
        var properties = new TableProperties(metadata.Properties);
        if (UsesTimestampNtz(metadata.Schema)) protocol = WithFeature(protocol, TimestampNtz);
        if (Delta.ColumnMapping.ModeOf(metadata) != "none" && protocol is not { MinReader: 2, MinWriter: >= 5 and < 7 }) protocol = WithFeature(protocol, ColumnMapping);
        if (properties.WidensTypes && !protocol.ReaderFeatures.Contains("typeWidening-preview")) protocol = WithFeature(protocol, TypeWidening);
        if (properties.WritesDeletionVectors) protocol = WithFeature(protocol, DeletionVectors);
        if (properties.WritesChanges)
        {
            if (ChangeFeed.Columns.FirstOrDefault(c => metadata.Schema.Find(c.Name) is not null) is { } taken) throw DeltaFaults.ReservedColumn(taken.Name);
            protocol = WithWriterFeature(protocol, ChangeDataFeed);
        }

        return protocol;
    }

    /// <summary>The same protocol, or one that asks readers and writers for a feature as well.</summary>
    private static Protocol WithFeature(Protocol protocol, string feature)
    {
        if (protocol.MinReader == 3 && protocol.ReaderFeatures.Contains(feature)) return protocol;
        var writer = WithWriterFeature(protocol, feature);
        var readers = writer.MinReader == 2 ? writer.ReaderFeatures.Add(ColumnMapping) : writer.ReaderFeatures;
        return writer with { MinReader = 3, ReaderFeatures = readers.Add(feature) };
    }

    private static bool UsesTimestampNtz(Arrow.Schema schema) => schema.Fields.Any(f => Uses(f.Type));

    private static bool Uses(Arrow.DataType type) => type switch
    {
        Arrow.TimestampType { Zoned: false } => true,
        Arrow.ListType list => Uses(list.Element.Type),
        Arrow.MapType map => Uses(map.Key.Type) || Uses(map.Value.Type),
        Arrow.StructType s => s.Fields.Any(f => Uses(f.Type)),
        _ => false,
    };
}
