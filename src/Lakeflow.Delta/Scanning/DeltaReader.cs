using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>A row group of a file.</summary>
internal readonly record struct Morsel(ScanFile File, int RowGroup);

/// <summary>Chooses rows of a batch by some of its columns.</summary>
/// <param name="columns">The columns; they stay the reader's.</param>
/// <param name="chosen">Takes the numbers of the rows, ascending.</param>
/// <returns>How many were chosen.</returns>
public delegate int RowChoice(ReadOnlySpan<ArrowArray> columns, Span<int> chosen);

/// <summary>One worker's morsels of a scan, batch by batch. Not thread-safe.</summary>
public sealed class DeltaReader : IBatchReader
{
    /// <summary>No batch has more rows.</summary>
    public const int RowsInABatch = 8192;

    private readonly Schema schema;
    private readonly ImmutableArray<Morsel> morsels;
    private readonly Func<int> next;
    private readonly ArrowArray?[] constants;
    private readonly int[] chosen = new int[RowsInABatch];
    private int morsel;
    private long ordinal;
    private RowGroupReader? group;
    private ScanFile? file;

    /// <param name="schema">The columns.</param>
    /// <param name="morsels">All morsels of the scan.</param>
    /// <param name="next">The place of the reader's next morsel, past the last at the end.</param>
    internal DeltaReader(Schema schema, ImmutableArray<Morsel> morsels, Func<int> next)
    {
        this.schema = schema;
        this.morsels = morsels;
        this.next = next;
        constants = new ArrowArray?[schema.Count];
    }

    /// <summary>The next batch, which the caller disposes; null at the end.</summary>
    public RecordBatch? Read() => ReadLocated()?.Rows;

    /// <summary>The next rows that somebody chooses by some of their columns, and where they lie; null at the end. The caller disposes them.</summary>
    /// <param name="first">Places in the scan's schema of the columns to choose by. Of the others no more is read than the chosen rows need.</param>
    /// <param name="choose">Is given these columns of a batch, deleted rows included.</param>
    public LocatedBatch? ReadChosen(ImmutableArray<int> first, RowChoice choose)
    {
        while (true)
        {
            if (group is null && !NextMorsel()) return null;
            int[] places = [.. first.Select(c => file!.PlaceOf(c)).Where(p => p >= 0).Distinct()];
            var (raw, rows, from) = group!.ReadFirst(RowsInABatch, places);
            if (rows == 0)
            {
                group.Dispose();
                group = null;
                continue;
            }

            ArrowArray[] keys = [.. first.Select(c => file!.Shape(c, schema[c], Raw(c), rows, constants))];
            try
            {
                var count = WithoutDeleted(choose(keys, chosen), from);
                if (count > 0) return Chosen(first, keys, places, from, rows, chosen.AsSpan(0, count));
                group.SkipRest(file!.FileColumns.Select((_, place) => place).Where(p => !places.Contains(p)));
            }
            finally
            {
                foreach (var array in raw.Concat(keys)) array.Release();
            }

            ArrowArray? Raw(int column) => file!.PlaceOf(column) is >= 0 and var place ? raw[Array.IndexOf(places, place)] : null;
        }
    }

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
                if (kept is { Length: 0 }) continue;
                using var shaped = file!.Shape(schema, raw, constants);
                ImmutableArray<ArrowArray> columns = [.. shaped.Columns.Select(c => kept is null ? c.Retain() : Columns.Take(c, kept))];
                var rows = new RecordBatch(schema, columns, kept?.Length ?? raw.Length)
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
        morsel = next();
        if (morsel >= morsels.Length) return false;
        var mine = morsels[morsel];
        if (!ReferenceEquals(mine.File, file)) ReleaseConstants();
        file = mine.File;
        group = file.Parquet.OpenRowGroup(mine.RowGroup, file.FileColumns, predicates: file.Predicates);
        ordinal = 0;
        return true;
    }

    /// <summary>The rows of a batch that are wanted and not deleted; null if that is all of them.</summary>
    private int[]? Kept(long first, int length)
    {
        var deleted = file!.Deleted is { } some && some.CountBetween(first, first + length) > 0 ? some : null;
        if (deleted is null && file.Wanted is null) return null;
        var count = 0;
        for (var i = 0; i < length; i++)
        {
            if (deleted?.Contains(first + i) != true && file.Wanted?.Contains(first + i) != false) chosen[count++] = i;
        }

        return chosen.AsSpan(0, count).ToArray();
    }

    /// <summary>Leaves deleted rows, and those of which the scan knows nothing, out of those chosen, in place.</summary>
    private int WithoutDeleted(int count, long first)
    {
        if (file!.Deleted is null && file.Wanted is null) return count;
        var (deleted, wanted) = (file.Deleted, file.Wanted);
        var kept = 0;
        // Without a branch on the outcome, which nobody could foretell.
        for (var i = 0; i < count; i++)
        {
            var row = first + chosen[i];
            chosen[kept] = chosen[i];
            kept += deleted?.Contains(row) != true && wanted?.Contains(row) != false ? 1 : 0;
        }

        return kept;
    }

    private LocatedBatch Chosen(ImmutableArray<int> first, ArrowArray[] keys, int[] read, long from, int rows, ReadOnlySpan<int> some)
    {
        var columns = new ArrowArray[schema.Count];
        for (var k = 0; k < keys.Length; k++) columns[first[k]] = Columns.Take(keys[k], some);
        var unread = file!.FileColumns.Select((_, place) => place).Where(p => !read.Contains(p)).ToList();
        for (var c = 0; c < columns.Length; c++)
        {
            if (columns[c] is not null) continue;
            var place = file.PlaceOf(c);
            if (place < 0)
            {
                columns[c] = file.Shape(c, schema[c], null, some.Length, constants);
                continue;
            }

            // No two columns of a table come from one column of a file.
            unread.Remove(place);
            var raw = group!.ReadRest(place, some);
            var shaped = file.Shape(c, schema[c], raw, raw.Length, constants);
            raw.Release();
            columns[c] = shaped.Length == some.Length ? shaped : Columns.Take(shaped, some);
            if (shaped.Length != some.Length) shaped.Release();
        }

        group!.SkipRest(unread);
        var batch = new RecordBatch(schema, ImmutableArray.Create(columns), some.Length) { Ordinal = ((long)morsel << 32) + ordinal++ };
        return new LocatedBatch(batch, file.Add, from, some.Length == rows ? null : some.ToArray());
    }

    private void ReleaseConstants()
    {
        foreach (var column in constants) column?.Release();
        Array.Clear(constants);
    }
}
