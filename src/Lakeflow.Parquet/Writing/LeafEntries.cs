using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Writing;

/// <summary>One leaf's share of a batch: its array, the levels of its entries, and which rows of the array the defined ones are.</summary>
/// <param name="Array">The leaf's column; text may be a <see cref="DictionaryArray"/>.</param>
/// <param name="Count">Entries.</param>
/// <param name="Rows">Rows of <paramref name="Array"/> that are defined, ascending by entry; null if all entries are, and row i is entry i.</param>
/// <param name="Definitions">One level an entry; null if all are defined.</param>
/// <param name="Repetitions">One level an entry; null if the leaf does not repeat.</param>
internal readonly record struct LeafEntries(ArrowArray Array, int Count, int[]? Rows, byte[]? Definitions, byte[]? Repetitions);
