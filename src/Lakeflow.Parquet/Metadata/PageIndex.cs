using Lakeflow.Parquet.Thrift;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Metadata;

/// <summary>Where the data pages of a chunk lie (parquet.thrift: OffsetIndex), so that some can be read without the others. A dictionary is not among them.</summary>
internal sealed class PageIndex
{
    private readonly List<PagePlace> pages = [];

    /// <summary>Rows of the chunk.</summary>
    private readonly long rows;

    /// <param name="rows">Rows of the chunk.</param>
    public PageIndex(long rows) => this.rows = rows;

    public int Count => pages.Count;

    public PagePlace this[int page] => pages[page];

    public void Add(PagePlace page) => pages.Add(page);

    /// <summary>Rows of a page.</summary>
    public long RowsOf(int page) => (page + 1 < pages.Count ? pages[page + 1].FirstRow : rows) - pages[page].FirstRow;

    public void Write(ByteSink sink)
    {
        var writer = new CompactWriter(sink);
        writer.Begin();
        writer.List(1, CompactType.Struct, pages.Count);
        foreach (var page in pages)
        {
            writer.Begin();
            writer.Long(1, page.Offset);
            writer.Int(2, page.Size);
            writer.Long(3, page.FirstRow);
            writer.End();
        }

        writer.End();
    }

    /// <summary>Reads an index; null if it does not fit the chunk, for an index only saves reading.</summary>
    /// <param name="bytes">The index.</param>
    /// <param name="rows">Rows of the chunk.</param>
    /// <param name="start">Where the chunk begins.</param>
    /// <param name="end">Where it ends.</param>
    public static PageIndex? Read(ReadOnlySpan<byte> bytes, long rows, long start, long end)
    {
        try
        {
            var index = new PageIndex(rows);
            var reader = new CompactReader(bytes);
            var id = 0;
            reader.Enter(CompactType.Struct);
            while (reader.NextField(ref id, out var type))
            {
                if (id != 1)
                {
                    reader.Skip(type);
                    continue;
                }

                var count = reader.List(type, out var element);
                for (var i = 0; i < count; i++) index.Add(ReadPlace(ref reader, element));
            }

            return index.Fits(start, end) ? index : null;
        }
        catch (BrokenDataException)
        {
            return null;
        }
    }

    private static PagePlace ReadPlace(ref CompactReader reader, CompactType type)
    {
        var (offset, size, first) = (-1L, -1, -1L);
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: offset = reader.Long(field); break;
                case 2: size = reader.Int(field); break;
                case 3: first = reader.Long(field); break;
                default: reader.Skip(field); break;
            }
        }

        return new PagePlace(offset, size, first);
    }

    /// <summary>True if each page lies in the chunk behind the one before, and has rows.</summary>
    private bool Fits(long start, long end)
    {
        if (pages.Count == 0 || pages[0].FirstRow != 0) return false;
        for (var p = 0; p < pages.Count; p++)
        {
            var (offset, size, _) = pages[p];
            if (offset < start || size <= 0 || size > end - offset || RowsOf(p) is <= 0 or > int.MaxValue) return false;
            start = offset + size;
        }

        return true;
    }
}

/// <summary>parquet.thrift: PageLocation.</summary>
/// <param name="Offset">Where in the file the page's header begins.</param>
/// <param name="Size">Bytes of header and body.</param>
/// <param name="FirstRow">The row of the row group that the page begins with.</param>
internal readonly record struct PagePlace(long Offset, int Size, long FirstRow);
