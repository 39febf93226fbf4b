using Lakeflow.Arrow;

namespace Lakeflow.Parquet;

/// <summary>What is known of a leaf's values in one row group, or in a file just written. Anything may be unknown.</summary>
/// <param name="Min">The least value that is not NULL, in the form of <see cref="ArrowArray.GetValue"/>, or a bound below it; null if unknown. NaN counts for neither bound.</param>
/// <param name="Max">The greatest value, or a bound above it.</param>
/// <param name="NullCount">NULLs; null if unknown.</param>
public sealed record ColumnStatistics(object? Min, object? Max, long? NullCount)
{
    public static readonly ColumnStatistics Unknown = new(null, null, null);

    /// <summary>False if <see cref="Min"/> may be below every value, as a text cut short is.</summary>
    public bool MinExact { get; init; } = true;

    /// <summary>False if <see cref="Max"/> may be above every value.</summary>
    public bool MaxExact { get; init; } = true;
}
