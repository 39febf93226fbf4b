using Lakeflow.Parquet.Thrift;

namespace Lakeflow.Parquet.Metadata;

internal enum PageKind
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>What stands before each page (parquet.thrift: PageHeader).</summary>
internal struct PageHeader
{
    public PageKind Kind;
    public int UncompressedSize;
    public int CompressedSize;
    public uint? Crc;

    /// <summary>Entries: values and NULLs, and in repeated columns the marks of empty lists.</summary>
    public int ValueCount;
    public PageEncoding Encoding;
    public PageEncoding DefinitionEncoding;
    public PageEncoding RepetitionEncoding;

    /// <summary>Bytes of levels; version 2 only, where they stand uncompressed before the values.</summary>
    public int DefinitionBytes;
    public int RepetitionBytes;
    public bool Compressed;

    /// <summary>Reads a header from the beginning of <paramref name="bytes"/>.</summary>
    /// <returns>The bytes it takes.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out PageHeader header)
    {
        header = new PageHeader { Kind = (PageKind)(-1), UncompressedSize = -1, CompressedSize = -1, ValueCount = -1, Compressed = true };
        var reader = new CompactReader(bytes);
        var id = 0;
        reader.Enter(CompactType.Struct);
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: header.Kind = (PageKind)reader.Int(type); break;
                case 2: header.UncompressedSize = reader.Int(type); break;
                case 3: header.CompressedSize = reader.Int(type); break;
                case 4: header.Crc = (uint)reader.Int(type); break;
                case 5: ReadData(ref reader, type, ref header); break;
                case 7: ReadDictionary(ref reader, type, ref header); break;
                case 8: ReadDataV2(ref reader, type, ref header); break;
                default: reader.Skip(type); break;
            }
        }

        if (header.Kind is < PageKind.Data or > PageKind.DataV2) throw new BrokenDataException($"unknown kind of page {(int)header.Kind}");
        if (header.CompressedSize < 0 || header.UncompressedSize < 0) throw new BrokenDataException("the header names no size");
        if (header.Kind != PageKind.Index && header.ValueCount < 0) throw new BrokenDataException("the header names no count of values, or a negative one");
        if (header.DefinitionBytes < 0 || header.RepetitionBytes < 0) throw new BrokenDataException("the levels have a negative size");
        return reader.Position;
    }

    private static void ReadData(ref CompactReader reader, CompactType type, ref PageHeader header)
    {
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: header.ValueCount = reader.Int(field); break;
                case 2: header.Encoding = (PageEncoding)reader.Int(field); break;
                case 3: header.DefinitionEncoding = (PageEncoding)reader.Int(field); break;
                case 4: header.RepetitionEncoding = (PageEncoding)reader.Int(field); break;
                default: reader.Skip(field); break;
            }
        }
    }

    private static void ReadDictionary(ref CompactReader reader, CompactType type, ref PageHeader header)
    {
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: header.ValueCount = reader.Int(field); break;
                case 2: header.Encoding = (PageEncoding)reader.Int(field); break;
                default: reader.Skip(field); break;
            }
        }
    }

    private static void ReadDataV2(ref CompactReader reader, CompactType type, ref PageHeader header)
    {
        var id = 0;
        reader.Enter(type);
        header.DefinitionEncoding = header.RepetitionEncoding = PageEncoding.Rle;
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: header.ValueCount = reader.Int(field); break;
                case 4: header.Encoding = (PageEncoding)reader.Int(field); break;
                case 5: header.DefinitionBytes = reader.Int(field); break;
                case 6: header.RepetitionBytes = reader.Int(field); break;
                case 7: header.Compressed = reader.Bool(field); break;
                default: reader.Skip(field); break;
            }
        }
    }
}
