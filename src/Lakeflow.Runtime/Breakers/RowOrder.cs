using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Breakers;

/// <summary>The order that gathered rows will be read in.</summary>
/// <param name="Keys">Ordinals of the key columns.</param>
/// <param name="Directions">One per key.</param>
/// <param name="Most">Rows from the first on that anybody will read, or null for all.</param>
public sealed record RowOrder(ImmutableArray<int> Keys, ImmutableArray<SortDirection> Directions, long? Most = null)
{
    /// <summary>The keys of rows.</summary>
    /// <param name="rows">Rows with the key columns at their ordinals.</param>
    /// <param name="stop">Ends a sort in its midst.</param>
    public SortOrder Of(RecordBatch rows, CancellationToken stop = default) => new([.. Keys.Select(k => rows.Columns[k])], Directions, stop);
}
