using System.Collections.Immutable;

namespace Lakeflow.Parquet;

/// <summary>What has been written.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Columns">Its leaf columns, depth first.</param>
public sealed record ParquetWriteResult(long Rows, long Bytes, IReadOnlyList<WrittenColumn> Columns);

/// <summary>A leaf column of a file just written.</summary>
/// <param name="Path">Field names from the top-level column down; <c>element</c>, <c>key</c> and <c>value</c> inside of lists and maps.</param>
/// <param name="Repeated">True inside of an ARRAY or MAP: Delta wants no statistics of these.</param>
/// <param name="Statistics">Exact bounds and NULLs (of the leaf, so the NULLs of a struct around it count) over the whole file. NaN counts for neither bound.</param>
public sealed record WrittenColumn(ImmutableArray<string> Path, bool Repeated, ColumnStatistics Statistics);
