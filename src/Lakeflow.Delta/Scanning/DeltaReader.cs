using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>A row group of a file.</summary>
internal readonly record struct Morsel(ScanFile File, int RowGroup);

/// <summary>One worker's morsels of a scan, batch by batch. Not thread-safe.</summary>
public sealed class DeltaReader : IBatchReader
{
    private const int RowsInABatch = 8192;

    private readonly Schema schema;
    private readonly ImmutableArray<Morsel> morsels;
    private readonly int workers;
    private readonly ArrowArray?[] constants;
    private int morsel;
    private long ordinal;
    private RowGroupReader? group;
    private ScanFile? file;

    internal DeltaReader(Schema schema, ImmutableArray<Morsel> morsels, int worker, int workers)
    {
        this.schema = schema;
        this.morsels = morsels;
        this.workers = workers;
        constants = new ArrowArray?[schema.Count];
        morsel = worker - workers;
    }

    /// <summary>The next batch, which the caller disposes; null at the end.</summary>
    public RecordBatch? Read() => ReadLocated()?.Rows;

    /// <summary>The next batch and where its rows lie; null at the end. The caller disposes it.</summary>
    public LocatedBatch? ReadLocated()
    {
        while (true)
        {
            if (group is null && !NextMorsel()) return null;
            if (group!.Read(RowsInABatch) is not { } raw)
            {
                group.Dispose();
                group = null;
                continue;
            }

            using (raw)
            {
                // The batches before may have been passed over.
                var first = raw.Origin!.FirstRow;
                var kept = Kept(first, raw.Length);
                if (kept is { Count: 0 }) continue;
                using var shaped = file!.Shape(schema, raw, constants);
                ImmutableArray<ArrowArray> columns = [.. shaped.Columns.Select(c => kept is null ? c.Retain() : Columns.Take(c, kept))];
                var rows = new RecordBatch(schema, columns, kept?.Count ?? raw.Length)
                {
                    Ordinal = ((long)morsel << 32) + ordinal++,
                    // With rows left out there is no first row to count from.
                    Origin = kept is null ? raw.Origin with { File = file.Label } : null,
                };
                return new LocatedBatch(rows, file.Add, first, kept);
            }
        }
    }

    public void Dispose()
    {
        group?.Dispose();
        ReleaseConstants();
    }

    private bool NextMorsel()
    {
        morsel += workers;
        if (morsel >= morsels.Length) return false;
        var next = morsels[morsel];
        if (!ReferenceEquals(next.File, file)) ReleaseConstants();
        file = next.File;
        group = file.Parquet.OpenRowGroup(next.RowGroup, file.FileColumns, predicates: file.Predicates);
        ordinal = 0;
        return true;
    }

    /// <summary>The rows of a batch that are wanted and not deleted; null if that is all of them.</summary>
    private List<int>? Kept(long first, int length)
    {
        var deleted = file!.Deleted is { } some && some.CountBetween(first, first + length) > 0 ? some : null;
        if (deleted is null && file.Wanted is null) return null;
        var kept = new List<int>();
        for (var i = 0; i < length; i++)
        {
            if (deleted?.Contains(first + i) != true && file.Wanted?.Contains(first + i) != false) kept.Add(i);
        }

        return kept;
    }

    private void ReleaseConstants()
    {
        foreach (var column in constants) column?.Release();
        Array.Clear(constants);
    }
}
