using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Changes;

/// <summary>A set of keys, each with a number from 0 on.</summary>
internal interface IKeyNumbers
{
    /// <summary>Number of keys.</summary>
    int Count { get; }

    /// <summary>Chooses the rows whose keys are there; from several threads as long as nobody adds.</summary>
    /// <param name="columns">The key columns.</param>
    /// <param name="isWanted">By key, whether its rows are wanted; null is all.</param>
    /// <param name="numbers">Takes the number of the key of each row chosen, by row; the others have any.</param>
    /// <param name="chosen">Takes the rows, ascending; has room for all.</param>
    /// <returns>How many were chosen.</returns>
    int Choose(ReadOnlySpan<ArrowArray> columns, bool[]? isWanted, int[] numbers, Span<int> chosen);
}
