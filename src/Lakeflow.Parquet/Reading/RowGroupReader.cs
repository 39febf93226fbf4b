using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Reading;

namespace Lakeflow.Parquet;

/// <summary>Reads chosen columns of one row group, in batches. Not thread-safe; several readers of a file may run at once.</summary>
public sealed class RowGroupReader : IDisposable
{
    // A batch's text is held by 32-bit offsets, so rows of many megabytes come a few at a time.
    private const long LargestBatch = 1L << 30;

    private const int SkippedAtOnce = 1 << 16;

    // A chunk of fewer bytes is read at once, whatever is wanted of it.
    private const int SmallChunk = 16 << 10;

    // Bytes that an offset index takes for a page, about.
    private const int IndexedPage = 13;

    private readonly string file;
    private readonly IRandomRead input;
    private readonly FooterRowGroup group;
    private readonly long firstRow;
    private readonly int rowsAtOnce = int.MaxValue;
    private readonly ImmutableArray<ColumnNode> columns;
    private readonly Func<LeafColumn, ColumnNode, PageIndex?, LeafReader> open;

    // A column of which nothing is wanted is not fetched: its reader comes with the first row of it, past those before.
    private readonly Dictionary<int, LeafReader> readers = [];
    private readonly Dictionary<int, long> passed = [];
    private readonly RowConditions? conditions;
    private bool isDisposed;
    private long done;
    private int begun;

    internal RowGroupReader(
        string file, IRandomRead input, FooterRowGroup group, long firstRow, ImmutableArray<ColumnNode> columns,
        IReadOnlyList<ColumnPredicate> predicates, bool keepDictionaries)
    {
        this.file = file;
        this.input = input;
        this.group = group;
        this.firstRow = firstRow;
        this.columns = columns;
        Schema = new Schema(columns.Select(c => c.Field).ToImmutableArray());
        RowCount = group.RowCount;
        conditions = RowConditions.On(Schema, predicates);
        // Only where the column itself is text do its users expect a dictionary.
        open = (leaf, column, index) => LeafReaders.Create(file, input, leaf, group.Chunks[leaf.Index], keepDictionaries && column.Kind == NodeKind.Leaf, index);
        foreach (var leaf in columns.SelectMany(c => c.Leaves))
        {
            var chunk = group.Chunks[leaf.Index];
            Check(leaf, chunk);
            var rowSize = chunk.UncompressedSize / Math.Max(1, RowCount);
            if (rowSize > 1024) rowsAtOnce = (int)Math.Clamp(LargestBatch / rowSize, 1, rowsAtOnce);
        }

        input.Hold();
    }

    /// <summary>The columns that were asked for, in that order.</summary>
    public Schema Schema { get; }

    /// <summary>Rows of the row group.</summary>
    public long RowCount { get; }

    /// <summary>Rows that were neither read nor skipped yet.</summary>
    public long RowsLeft => RowCount - done;

    /// <summary>
    /// The next rows, which the caller disposes; null at the end. Rows among which none meets the reader's predicates are
    /// passed over: <see cref="RecordBatch.Origin"/> says where a batch begins.
    /// </summary>
    /// <param name="maxRows">At most this many, and exactly so many unless the row group ends or the rows are so large that the batch would exceed a gigabyte.</param>
    /// <exception cref="DataFault">LF60xx: the file is damaged, or uses what cannot be read.</exception>
    public RecordBatch? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        while (RowsLeft > 0)
        {
            var rows = (int)Math.Min(Math.Min(maxRows, rowsAtOnce), RowsLeft);
            var arrays = new ArrowArray?[columns.Length];
            try
            {
                if (!ReadWanted(rows, arrays)) continue;
                for (var i = 0; i < arrays.Length; i++) arrays[i] ??= ReadColumn(columns[i], rows);
                var first = firstRow + done;
                done += rows;
                var batch = new RecordBatch(Schema, ImmutableArray.Create(arrays)!, rows) { Origin = new RowOrigin(file, first) };
                arrays = [];
                return batch;
            }
            finally
            {
                foreach (var array in arrays) array?.Release();
            }
        }

        return null;
    }

    /// <summary>
    /// Begins a batch with some of its columns, for whoever chooses rows by them; <see cref="ReadRest"/> or <see cref="SkipRest"/> ends it.
    /// </summary>
    /// <param name="maxRows">At most this many.</param>
    /// <param name="first">Places of the columns in <see cref="Schema"/>.</param>
    /// <returns>The columns, which the caller releases, the number of rows, and the number of the first in its file; no rows at the end.</returns>
    public (ArrowArray[] Columns, int Rows, long FirstRow) ReadFirst(int maxRows, IReadOnlyList<int> first)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        begun = (int)Math.Min(Math.Min(maxRows, rowsAtOnce), RowsLeft);
        if (begun == 0) return ([], 0, firstRow + done);
        var arrays = new ArrowArray[first.Count];
        var count = 0;
        try
        {
            for (; count < arrays.Length; count++) arrays[count] = ReadColumn(columns[first[count]], begun);
        }
        catch (DataFault)
        {
            foreach (var array in arrays[..count]) array.Release();
            throw;
        }

        return (arrays, begun, firstRow + done);
    }

    /// <summary>Another column of the batch that <see cref="ReadFirst"/> began, each once. The caller releases it.</summary>
    /// <param name="column">Its place in <see cref="Schema"/>.</param>
    /// <param name="wanted">The rows, ascending.</param>
    /// <returns>Those rows alone; of a column that is nested, all rows of the batch, as the length tells.</returns>
    public ArrowArray ReadRest(int column, ReadOnlySpan<int> wanted)
    {
        var node = columns[column];
        if (node.Kind != NodeKind.Leaf || node.Leaf!.MaxRepetition > 0 || wanted.Length == begun) return ReadColumn(node, begun);
        var reader = Reader(node.Leaf, node, wanted.Length);
        reader.ReadSome(wanted, begun);
        return reader.Take();
    }

    /// <summary>Ends the batch that <see cref="ReadFirst"/> began. Columns that were not read are passed over.</summary>
    /// <param name="unread">Their places in <see cref="Schema"/>.</param>
    public void SkipRest(IEnumerable<int> unread)
    {
        foreach (var column in unread) Skip(columns[column], begun);
        done += begun;
    }

    /// <summary>Passes over rows, at most those that are left. Flat columns leave pages without a wanted row compressed.</summary>
    public void SkipRows(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        rows = Math.Min(rows, RowsLeft);
        done += rows;
        while (rows > 0)
        {
            var some = (int)Math.Min(rows, SkippedAtOnce);
            foreach (var column in columns) Skip(column, some);
            rows -= some;
        }
    }

    /// <summary>Reads the columns that conditions are on; if they say that no row is wanted, passes over the same rows of the others.</summary>
    private bool ReadWanted(int rows, ArrowArray?[] arrays)
    {
        if (conditions is null) return true;
        foreach (var column in conditions.Columns) arrays[column] ??= ReadColumn(columns[column], rows);
        if (conditions.MayHold(arrays, rows)) return true;
        for (var i = 0; i < arrays.Length; i++)
        {
            if (arrays[i] is null) Skip(columns[i], rows);
        }

        done += rows;
        return false;
    }

    private ArrowArray ReadColumn(ColumnNode column, int rows)
    {
        foreach (var leaf in column.Leaves) Reader(leaf, column).ReadRows(rows);
        var array = BatchAssembler.Build(file, column, readers);
        if (array.Length == rows) return array;
        array.Release();
        throw ParquetFaults.UnequalRows(file, column.Leaves.First().Path, rows, array.Length);
    }

    /// <param name="wanted">How many rows of the batch are wanted, where it is few of them.</param>
    private LeafReader Reader(LeafColumn leaf, ColumnNode column, int wanted = int.MaxValue)
    {
        if (readers.TryGetValue(leaf.Index, out var reader)) return reader;
        readers[leaf.Index] = reader = open(leaf, column, Index(group.Chunks[leaf.Index], wanted));
        for (var rows = passed.GetValueOrDefault(leaf.Index); rows > 0; rows -= SkippedAtOnce) reader.SkipRows((int)Math.Min(rows, SkippedAtOnce));
        return reader;
    }

    private void Skip(ColumnNode column, int rows)
    {
        foreach (var leaf in column.Leaves)
        {
            if (readers.TryGetValue(leaf.Index, out var reader)) reader.SkipRows(rows);
            else passed[leaf.Index] = passed.GetValueOrDefault(leaf.Index) + rows;
        }
    }

    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        foreach (var reader in readers.Values) reader.Dispose();
        readers.Clear();
        input.LetGo();
    }

    /// <summary>Where the pages of a chunk lie, if that many rows of the batch want less than half of them; else the chunk is better read at once.</summary>
    private PageIndex? Index(FooterChunk chunk, int wanted)
    {
        if (chunk.CompressedSize < SmallChunk || chunk.IndexOffset is not (> 0 and var offset) || chunk.IndexLength is not (> 0 and var length)) return null;
        // The index is read only if its size already tells that there are enough pages.
        var pagesOfBatch = (double)length / IndexedPage * begun / Math.Max(1, RowCount);
        if (wanted * 2.0 > pagesOfBatch || length > chunk.CompressedSize / 4 || length > input.Length - offset) return null;
        var bytes = new byte[length];
        input.Read(offset, bytes);
        var start = PageSource.StartOf(chunk);
        return PageIndex.Read(bytes, RowCount, start, start + chunk.CompressedSize);
    }

    private void Check(LeafColumn leaf, FooterChunk chunk)
    {
        if (chunk.Encrypted) throw ParquetFaults.Encrypted(file, $"column '{leaf.Path}' has its own key");
        if (chunk.FilePath is not null) throw ParquetFaults.BrokenFooter(file, 0, $"column '{leaf.Path}' lies in another file, {chunk.FilePath}");
        if (chunk.Type != leaf.Physical) throw ParquetFaults.BrokenFooter(file, 0, $"column '{leaf.Path}' is {leaf.Physical} in the schema and {chunk.Type} in a row group");
        if (leaf.MaxRepetition == 0 && chunk.ValueCount != RowCount) throw ParquetFaults.UnequalRows(file, leaf.Path, RowCount, chunk.ValueCount);
    }
}
