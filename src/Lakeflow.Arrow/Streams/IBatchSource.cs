namespace Lakeflow.Arrow;

/// <summary>Rows to read once, by one worker or several.</summary>
public interface IBatchSource : IDisposable
{
    Schema Schema { get; }

    /// <summary>The share of worker <paramref name="worker"/> of <paramref name="workers"/>.</summary>
    /// <remarks>
    /// The rows are divided into morsels (a row group, a slice of a file); morsel m belongs to worker m mod workers, so that
    /// equal input and settings give equal sums to the last bit. Each batch's <see cref="RecordBatch.Ordinal"/> is
    /// morsel · 2³² + batch in the morsel: sorted by it, the batches of all workers are the source in order.
    /// </remarks>
    IBatchReader Open(int worker, int workers);
}

/// <summary>One worker's rows, batch by batch. Not thread-safe.</summary>
public interface IBatchReader : IDisposable
{
    /// <summary>The next batch, which the caller disposes; null at the end.</summary>
    RecordBatch? Read();
}
