using System.Collections.Immutable;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Streams;

/// <summary>What rows that a flow remembers mean: rows of another meaning do not fit its query.</summary>
/// <param name="Text">Fingerprint of the expressions and conditions, in which columns of sources are numbers.</param>
/// <param name="Reads">Those columns. In the names of state tables they stand by the names that their tables' files know them by, which stay when columns are renamed.</param>
public sealed record StateMeaning(string Text, ImmutableArray<ColumnRead> Reads);
