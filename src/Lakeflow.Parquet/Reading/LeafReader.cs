using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>Reads one leaf of one row group, batch by batch: levels here, values in the derived classes.</summary>
/// <remarks>
/// <see cref="ReadRows"/> gathers the levels and, without gaps, the values of a batch; <see cref="Take"/> then spreads the
/// values over the rows (or list elements) that are not NULL. Pages are decompressed when a row of theirs is wanted.
/// </remarks>
internal abstract class LeafReader : IDisposable
{
    private const int Window = 4096;

    // 0, 1, 2 and so on: the places of all values.
    private static int[] every = [];

    private readonly string file;
    private readonly long chunkValues;
    private readonly byte[] windowDefinitions = [];
    private readonly byte[] windowRepetitions = [];
    private byte[] slots = [];
    private byte[] levelsOfPage = [];
    private int[] places = [];
    private int windowAt;
    private int windowCount;
    private LevelReader definitions;
    private LevelReader repetitions;
    private bool pageLoaded;
    private bool pageDefined;
    private int pageLeft;
    private long seen;

    protected LeafReader(string file, LeafColumn leaf, PageSource pages, long chunkValues)
    {
        this.file = file;
        this.chunkValues = chunkValues;
        Leaf = leaf;
        Pages = pages;
        Levels = new LevelBuffer(leaf.MaxDefinition, leaf.MaxRepetition > 0);
        if (leaf.MaxRepetition == 0) return;
        windowDefinitions = new byte[Window];
        windowRepetitions = new byte[Window];
    }

    public LeafColumn Leaf { get; }

    /// <summary>The levels of the batch.</summary>
    public LevelBuffer Levels { get; }

    protected PageSource Pages { get; }

    /// <summary>Reads the levels and values of the next rows. There are as many.</summary>
    public void ReadRows(int rows)
    {
        Levels.Clear();
        Guard(rows, static (reader, rows) =>
        {
            if (reader.Leaf.MaxRepetition > 0)
            {
                reader.StartBatch(0);
                reader.ReadRepeated(rows);
            }
            else
            {
                reader.StartBatch(rows);
                reader.ReadFlat(rows);
            }
        });
    }

    /// <summary>Reads some of the next rows and passes over the others; a leaf without repetition. Pages without a row of them are not even decompressed.</summary>
    /// <param name="wanted">The rows, ascending, counted from the next one.</param>
    /// <param name="rows">How many to go on by.</param>
    public void ReadSome(ReadOnlySpan<int> wanted, int rows)
    {
        Levels.Clear();
        try
        {
            StartBatch(wanted.Length);
            for (var at = 0; at < rows;)
            {
                if (pageLeft == 0 && !NextPage()) throw ParquetFaults.UnequalRows(file, Leaf.Path, seen + rows - at, seen);
                var count = Math.Min(rows - at, pageLeft);
                var some = 0;
                while (some < wanted.Length && wanted[some] < at + count) some++;
                if (some == 0) SkipFlat(count);
                else ReadSomeOfPage(wanted[..some], at, count);
                wanted = wanted[some..];
                at += count;
            }
        }
        catch (Exception e) when (BrokenDataException.Is(e))
        {
            throw ParquetFaults.BrokenValues(file, Leaf.Path, Pages.PageOffset, e.Message);
        }
    }

    /// <summary>Passes over rows; pages that hold nothing else are not even decompressed.</summary>
    public void SkipRows(int rows)
    {
        if (Leaf.MaxRepetition > 0)
        {
            ReadRows(rows);
            Take().Release();
            return;
        }

        Guard(rows, static (reader, rows) => reader.SkipFlat(rows));
    }

    /// <summary>The batch's values, one for each row or list element; the caller owns the result.</summary>
    public abstract ArrowArray Take();

    public virtual void Dispose() => Pages.Dispose();

    /// <summary>Gets ready for the values of <paramref name="rows"/> rows; 0 where the number of values is not known.</summary>
    protected abstract void StartBatch(int rows);

    /// <summary>A dictionary page has been loaded.</summary>
    protected abstract void StartDictionary();

    /// <summary>A data page has been loaded.</summary>
    /// <param name="start">Where the values begin in its body.</param>
    /// <param name="dictionary">True if they are codes.</param>
    protected abstract void StartPage(int start, bool dictionary);

    /// <summary>Adds some of the page's next values to the batch, and passes over the others.</summary>
    /// <param name="count">Number of values to go on by.</param>
    /// <param name="wanted">The places of those to add, ascending, counted from the next value: all of them, some or none.</param>
    protected abstract void Decode(int count, ReadOnlySpan<int> wanted);

    /// <summary>For each row or list element of the batch its definition level; empty if all are defined.</summary>
    protected ReadOnlySpan<byte> SlotDefinitions()
    {
        if (Levels.AllDefined) return default;
        var levels = Levels.Definitions;
        var least = Leaf.SlotDefinition;
        if (least == 0) return levels;
        if (slots.Length < levels.Length) slots = new byte[levels.Length];
        var count = 0;
        foreach (var level in levels)
        {
            slots[count] = level;
            if (level >= least) count++;
        }

        return slots.AsSpan(0, count);
    }

    /// <summary>For text that is not UTF-8, which has a fault of its own.</summary>
    protected DataFault NotUtf8() => ParquetFaults.NotUtf8(file, Leaf.Path, Pages.PageOffset);

    protected DataFault TooLarge(string what) => ParquetFaults.TooLarge(file, Leaf.Path, what);

    protected DataFault UnsupportedEncoding() =>
        ParquetFaults.UnsupportedEncoding(file, Leaf.Path, Pages.PageOffset, Pages.Header.Encoding.ToString());

    /// <summary>Spreads <paramref name="dense"/> values over the slots whose level is <paramref name="max"/>, in place. Other slots get some value of the column, or 0.</summary>
    protected static void Spread<T>(Span<T> values, int dense, ReadOnlySpan<byte> levels, int max)
        where T : unmanaged
    {
        var from = dense;
        if (from >= levels.Length) return;
        values[from] = default;
        if (from == 0)
        {
            values[..levels.Length].Clear();
            return;
        }

        // From behind, so that no value is written over before it has moved.
        for (var i = levels.Length - 1; i > from - 1; i--)
        {
            if (levels[i] == max) from--;
            values[i] = values[from];
        }
    }

    private static ReadOnlySpan<int> Every(int count)
    {
        // Two that grow it at once make the same.
        if (every.Length < count) every = [.. Enumerable.Range(0, Math.Max(count, 1 << 13))];
        return every.AsSpan(0, count);
    }

    private void Guard(int rows, Action<LeafReader, int> read)
    {
        try
        {
            read(this, rows);
        }
        catch (Exception e) when (BrokenDataException.Is(e))
        {
            throw ParquetFaults.BrokenValues(file, Leaf.Path, Pages.PageOffset, e.Message);
        }
    }

    private void ReadFlat(int rows)
    {
        while (rows > 0)
        {
            if (pageLeft == 0 && !NextPage()) throw ParquetFaults.UnequalRows(file, Leaf.Path, seen + rows, seen);
            if (!pageLoaded) LoadPage();
            var count = Math.Min(rows, pageLeft);
            var defined = count;
            if (pageDefined)
            {
                Levels.AddDefined(count);
            }
            else
            {
                var levels = Levels.AddDefinitions(count);
                definitions.Read(Pages.Body, levels);
                defined = LevelBuffer.CountEqual(levels, Leaf.MaxDefinition);
            }

            if (defined > 0) Decode(defined, Every(defined));
            pageLeft -= count;
            rows -= count;
        }
    }

    /// <summary>Reads some of the next rows of a page and passes over the others.</summary>
    /// <param name="wanted">The rows, ascending; there is one at least.</param>
    /// <param name="first">The number of the next row.</param>
    /// <param name="count">Rows to go on by.</param>
    private void ReadSomeOfPage(ReadOnlySpan<int> wanted, int first, int count)
    {
        if (!pageLoaded) LoadPage();
        if (places.Length < wanted.Length) places = new int[Math.Max(wanted.Length, Window)];
        var defined = count;
        var found = wanted.Length;
        if (pageDefined)
        {
            Levels.AddDefined(found);
            for (var i = 0; i < wanted.Length; i++) places[i] = wanted[i] - first;
        }
        else
        {
            // A value's place is the number of those before it that are not NULL.
            var levels = LevelsOfPage(count);
            var levelsOfWanted = Levels.AddDefinitions(wanted.Length);
            (defined, found) = (0, 0);
            for (int row = 0, i = 0; row < levels.Length; row++)
            {
                var isDefined = levels[row] == Leaf.MaxDefinition;
                if (i < wanted.Length && wanted[i] == first + row)
                {
                    levelsOfWanted[i++] = levels[row];
                    if (isDefined) places[found++] = defined;
                }

                if (isDefined) defined++;
            }
        }

        if (defined > 0) Decode(defined, places.AsSpan(0, found));
        pageLeft -= count;
    }

    private Span<byte> LevelsOfPage(int count)
    {
        if (levelsOfPage.Length < count) levelsOfPage = new byte[Math.Max(count, Window)];
        var levels = levelsOfPage.AsSpan(0, count);
        definitions.Read(Pages.Body, levels);
        return levels;
    }

    private void SkipFlat(int rows)
    {
        while (rows > 0)
        {
            if (pageLeft == 0 && !NextPage()) throw ParquetFaults.UnequalRows(file, Leaf.Path, seen + rows, seen);
            var count = Math.Min(rows, pageLeft);
            if (count < pageLeft || pageLoaded)
            {
                if (!pageLoaded) LoadPage();
                var defined = pageDefined ? count : LevelBuffer.CountEqual(LevelsOfPage(count), Leaf.MaxDefinition);
                if (defined > 0) Decode(defined, []);
            }

            pageLeft -= count;
            rows -= count;
        }
    }

    private void ReadRepeated(int rows)
    {
        var begun = 0;
        while (true)
        {
            if (windowAt == windowCount && !FillWindow())
            {
                if (begun < rows) throw new BrokenDataException($"it ends {rows - begun} rows too early");
                if (seen != chunkValues) throw ParquetFaults.UnequalRows(file, Leaf.Path, chunkValues, seen);
                return;
            }

            var repetition = windowRepetitions.AsSpan(windowAt, windowCount - windowAt);
            var count = 0;
            var full = false;
            for (; count < repetition.Length; count++)
            {
                if (repetition[count] != 0)
                {
                    if (begun == 0) throw new BrokenDataException("it begins in the middle of a row");
                    continue;
                }

                if (begun == rows)
                {
                    full = true;
                    break;
                }

                begun++;
            }

            var definition = windowDefinitions.AsSpan(windowAt, count);
            Levels.Add(definition, repetition[..count]);
            var defined = LevelBuffer.CountEqual(definition, Leaf.MaxDefinition);
            if (defined > 0) Decode(defined, Every(defined));
            windowAt += count;
            if (full) return;
        }
    }

    private bool FillWindow()
    {
        if (pageLeft == 0 && !NextPage()) return false;
        if (!pageLoaded) LoadPage();
        windowAt = 0;
        windowCount = Math.Min(Window, pageLeft);
        var body = Pages.Body;
        repetitions.Read(body, windowRepetitions.AsSpan(0, windowCount));
        definitions.Read(body, windowDefinitions.AsSpan(0, windowCount));
        pageLeft -= windowCount;
        return true;
    }

    /// <summary>Goes to the next data page that has entries; loads dictionaries on the way.</summary>
    private bool NextPage()
    {
        while (Pages.Next())
        {
            pageLoaded = false;
            ref var header = ref Pages.Header;
            if (header.Kind == PageKind.Index) continue;
            if (header.Kind == PageKind.Dictionary)
            {
                if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary)) throw UnsupportedEncoding();
                if (seen > 0) throw new BrokenDataException("a dictionary after the first values");
                Pages.Load();
                StartDictionary();
                continue;
            }

            if (header.ValueCount == 0) continue;
            if (header.ValueCount > chunkValues - seen)
                throw new BrokenDataException($"{header.ValueCount} values where {chunkValues - seen} are left");
            pageLeft = header.ValueCount;
            seen += header.ValueCount;
            return true;
        }

        return false;
    }

    private void LoadPage()
    {
        Pages.Load();
        pageLoaded = true;
        ref var header = ref Pages.Header;
        var start = 0;
        if (header.Kind == PageKind.DataV2)
        {
            // Version 2 names both sizes; levels that cannot differ from 0 take none.
            repetitions = LevelReader.OfVersion2(Leaf.MaxRepetition, header.RepetitionBytes, ref start);
            definitions = LevelReader.OfVersion2(Leaf.MaxDefinition, header.DefinitionBytes, ref start);
        }
        else
        {
            if (Leaf.MaxRepetition > 0) repetitions = LevelReader.OfVersion1(Pages, header.RepetitionEncoding, Leaf.MaxRepetition, ref start);
            if (Leaf.MaxDefinition > 0) definitions = LevelReader.OfVersion1(Pages, header.DefinitionEncoding, Leaf.MaxDefinition, ref start);
        }

        if (start > Pages.BodyLength) throw new BrokenDataException("the levels end too early");
        pageDefined = Leaf.MaxDefinition == 0 || definitions.AllHighest(Pages.Body, pageLeft);
        StartPage(start, header.Encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary);
    }
}
