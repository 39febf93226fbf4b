using System.Collections.Immutable;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet;

/// <summary>How a Parquet file is written.</summary>
public sealed record ParquetWriteOptions
{
    public static readonly ParquetWriteOptions Default = new();

    /// <summary>None, Snappy, GZip, or Zstd where libzstd is to be found. A column that it saves little of is left as it is, row group by row group.</summary>
    public Codec Codec { get; init; } = Codec.Snappy;

    /// <summary>Compression that saves less than one byte of so many is not worth what every reader pays for it.</summary>
    public int LeastSaving { get; init; } = 8;

    /// <summary>Rows of a row group: the unit of parallel reading. As DuckDB has it.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Bytes of a page before encoding and compression, roughly.</summary>
    public int PageBytes { get; init; } = 1 << 20;

    /// <summary>Rows after which a page may end before it is full, if readers are to look for few rows: then <see cref="PageBytes"/> counts what pages take after encoding. 0: pages end by their bytes alone.</summary>
    public int PageRows { get; init; }

    /// <summary>Bytes of the first page of a column while its values are to tell whether a dictionary pays, where that is more than <see cref="PageBytes"/>.</summary>
    public int TrialBytes { get; init; }

    /// <summary>Tries a dictionary first for every column, and gives it up where it does not pay.</summary>
    public bool Dictionary { get; init; } = true;

    /// <summary>1 or 2: the version of data pages. Every reader knows 1.</summary>
    public int PageVersion { get; init; } = 1;

    /// <summary>A checksum for each page.</summary>
    public bool Checksums { get; init; } = true;

    /// <summary>Top-level columns that get a bloom filter a row group; those whose type has none are passed over.</summary>
    public ImmutableArray<string> BloomColumns { get; init; } = [];

    public ImmutableDictionary<string, string> KeyValueMetadata { get; init; } = ImmutableDictionary<string, string>.Empty;
}
