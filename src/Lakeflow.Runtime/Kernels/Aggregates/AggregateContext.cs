using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>What an object aggregate must know when it is made.</summary>
/// <param name="Types">Types of the arguments.</param>
/// <param name="Result">Type of the result.</param>
/// <param name="Constants">Values of the constant arguments, null elsewhere; boxed as everywhere on the general path.</param>
public sealed record AggregateContext(DataType[] Types, DataType Result, object?[] Constants);
