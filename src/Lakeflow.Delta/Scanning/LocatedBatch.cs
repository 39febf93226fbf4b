using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>Rows of a table together with where they lie, so that they can be taken out by <see cref="Transaction.DeleteRows"/>.</summary>
/// <remarks>Owns the batch.</remarks>
public sealed class LocatedBatch : IDisposable
{
    private readonly long first;
    private readonly int[]? kept;

    internal LocatedBatch(RecordBatch rows, AddFile file, long first, int[]? kept)
    {
        Rows = rows;
        File = file;
        this.first = first;
        this.kept = kept;
    }

    /// <summary>The rows, without those that a deletion vector takes out.</summary>
    public RecordBatch Rows { get; }

    /// <summary>The data file that all of them are in.</summary>
    public AddFile File { get; }

    /// <summary>The number of a row in its file: 0-based, counting deleted rows as well. Ascends with <paramref name="row"/>.</summary>
    public long PositionOf(int row) => first + (kept is null ? row : kept[row]);

    /// <summary>The number of a row among those that <see cref="DeltaReader.ReadChosen"/> let somebody choose from.</summary>
    public int NumberOf(int row) => kept is null ? row : kept[row];

    public void Dispose() => Rows.Dispose();
}
