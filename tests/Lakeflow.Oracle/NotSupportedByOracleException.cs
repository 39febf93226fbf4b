namespace Lakeflow.Oracle;

/// <summary>The interpreter has no definition of its own for this: the comparison is left out, and the test says so.</summary>
public sealed class NotSupportedByOracleException(string what) : Exception($"the oracle does not know {what}");
