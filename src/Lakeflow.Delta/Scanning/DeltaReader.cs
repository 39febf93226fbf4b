using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>A row group of a file.</summary>
internal readonly record struct Morsel(ScanFile File, int RowGroup);

/// <summary>One worker's morsels of a scan, batch by batch.</summary>
internal sealed class DeltaReader(Schema schema, ImmutableArray<Morsel> morsels, int worker, int workers) : IBatchReader
{
    private const int RowsInABatch = 8192;

    private readonly ArrowArray?[] constants = new ArrowArray?[schema.Count];
    private int morsel = worker - workers;
    private long ordinal;
    private long nextRow;
    private RowGroupReader? rows;
    private ScanFile? file;

    public RecordBatch? Read()
    {
        while (true)
        {
            if (rows is null && !NextMorsel()) return null;
            if (rows!.Read(RowsInABatch) is not { } raw)
            {
                rows.Dispose();
                rows = null;
                continue;
            }

            using (raw)
            {
                var first = nextRow;
                nextRow += raw.Length;
                var kept = Kept(first, raw.Length);
                if (kept is { Count: 0 }) continue;
                using var shaped = file!.Shape(schema, raw, constants);
                ImmutableArray<ArrowArray> columns = [.. shaped.Columns.Select(c => kept is null ? c.Retain() : Columns.Take(c, kept))];
                return new RecordBatch(schema, columns, kept?.Count ?? raw.Length)
                {
                    Ordinal = ((long)morsel << 32) + ordinal++,
                    // With rows left out there is no first row to count from.
                    Origin = kept is null && raw.Origin is { } origin ? origin with { File = file.Label } : null,
                };
            }
        }
    }

    public void Dispose()
    {
        rows?.Dispose();
        ReleaseConstants();
    }

    private bool NextMorsel()
    {
        morsel += workers;
        if (morsel >= morsels.Length) return false;
        var next = morsels[morsel];
        if (!ReferenceEquals(next.File, file)) ReleaseConstants();
        file = next.File;
        rows = file.Parquet.OpenRowGroup(next.RowGroup, file.FileColumns);
        nextRow = file.Parquet.RowGroups[next.RowGroup].FirstRow;
        ordinal = 0;
        return true;
    }

    /// <summary>The rows of a batch that are not deleted; null if that is all of them.</summary>
    private List<int>? Kept(long first, int length)
    {
        if (file!.Deleted is not { } deleted || deleted.CountBetween(first, first + length) == 0) return null;
        var kept = new List<int>(length);
        for (var i = 0; i < length; i++)
        {
            if (!deleted.Contains(first + i)) kept.Add(i);
        }

        return kept;
    }

    private void ReleaseConstants()
    {
        foreach (var column in constants) column?.Release();
        Array.Clear(constants);
    }
}
