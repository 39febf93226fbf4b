namespace Lakeflow.Parquet.Metadata;

/// <summary>The footer as stored (parquet.thrift: FileMetaData).</summary>
internal sealed record Footer
{
    public required IReadOnlyList<SchemaElement> Schema { get; init; }

    public required long RowCount { get; init; }

    public required IReadOnlyList<FooterRowGroup> RowGroups { get; init; }

    public required IReadOnlyDictionary<string, string> KeyValueMetadata { get; init; }

    public string? CreatedBy { get; init; }

    public bool Encrypted { get; init; }
}

/// <summary>parquet.thrift: RowGroup.</summary>
internal sealed record FooterRowGroup(IReadOnlyList<FooterChunk> Chunks, long RowCount, long ByteSize);

/// <summary>parquet.thrift: ColumnChunk with its ColumnMetaData.</summary>
internal sealed record FooterChunk
{
    /// <summary>Set where the chunk is in another file, which no known writer does.</summary>
    public string? FilePath { get; init; }

    public bool Encrypted { get; init; }

    public PhysicalType Type { get; init; }

    public IReadOnlyList<string> Path { get; init; } = [];

    public Codec Codec { get; init; }

    public long ValueCount { get; init; }

    public long UncompressedSize { get; init; }

    public long CompressedSize { get; init; }

    public long DataPageOffset { get; init; }

    public long? DictionaryPageOffset { get; init; }

    /// <summary>Where the chunk's bloom filter begins; null if it has none.</summary>
    public long? BloomOffset { get; init; }

    /// <summary>Bytes of the bloom filter with its header; null if the writer does not say.</summary>
    public int? BloomLength { get; init; }

    /// <summary>Where the chunk's offset index begins; null if it has none.</summary>
    public long? IndexOffset { get; init; }

    /// <summary>Bytes of the offset index.</summary>
    public int? IndexLength { get; init; }

    /// <summary>Where the data pages lie; needed for writing only, and null where there is but one.</summary>
    public PageIndex? Pages { get; init; }

    /// <summary>Encodings that occur; needed for writing only.</summary>
    public IReadOnlyList<PageEncoding> Encodings { get; init; } = [];

    public FooterStatistics? Statistics { get; init; }
}

/// <summary>parquet.thrift: Statistics. The deprecated pair is kept apart: its order is not defined for every type.</summary>
internal sealed record FooterStatistics
{
    public byte[]? DeprecatedMin { get; init; }

    public byte[]? DeprecatedMax { get; init; }

    public byte[]? Min { get; init; }

    public byte[]? Max { get; init; }

    public long? NullCount { get; init; }

    public bool? MinExact { get; init; }

    public bool? MaxExact { get; init; }
}
