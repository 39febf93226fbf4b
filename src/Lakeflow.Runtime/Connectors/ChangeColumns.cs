using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;

namespace Lakeflow.Runtime.Connectors;

/// <summary>The columns that a change feed has behind those of its table: what happened, in which version, and when.</summary>
public static class ChangeColumns
{
    public static readonly ImmutableArray<Field> All = ChangeFeed.Columns;
}
