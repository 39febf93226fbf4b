using System.Text;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Thrift;

namespace Lakeflow.Parquet.Writing;

/// <summary><see cref="Footer"/> → bytes. Field numbers are those of parquet.thrift.</summary>
internal static class FooterWriter
{
    public static void Write(Footer footer, int leafCount, ByteSink sink)
    {
        var writer = new CompactWriter(sink);
        writer.Begin();
        // Version 2 says that newer annotations and encodings may occur.
        writer.Int(1, 2);
        writer.List(2, CompactType.Struct, footer.Schema.Count);
        foreach (var element in footer.Schema) Element(writer, element);
        writer.Long(3, footer.RowCount);
        writer.List(4, CompactType.Struct, footer.RowGroups.Count);
        foreach (var group in footer.RowGroups) RowGroup(writer, group);
        if (footer.KeyValueMetadata.Count > 0)
        {
            writer.List(5, CompactType.Struct, footer.KeyValueMetadata.Count);
            foreach (var (key, value) in footer.KeyValueMetadata.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                writer.Begin();
                writer.Text(1, key);
                writer.Text(2, value);
                writer.End();
            }
        }

        if (footer.CreatedBy is not null) writer.Text(6, footer.CreatedBy);
        // All columns in the order of their type; without this min and max mean nothing.
        writer.List(7, CompactType.Struct, leafCount);
        for (var i = 0; i < leafCount; i++)
        {
            writer.Begin();
            writer.Begin(1);
            writer.End();
            writer.End();
        }

        writer.End();
    }

    private static void Element(CompactWriter writer, SchemaElement element)
    {
        writer.Begin();
        if (element.Type is { } type) writer.Int(1, (int)type);
        if (element.TypeLength > 0) writer.Int(2, element.TypeLength);
        writer.Int(3, (int)element.Repetition);
        writer.Text(4, element.Name);
        if (element.Type is null) writer.Int(5, element.ChildCount);
        if (element.Converted is { } converted) writer.Int(6, (int)converted);
        if (element.Converted == ConvertedType.Decimal)
        {
            writer.Int(7, element.Scale);
            writer.Int(8, element.Precision);
        }

        if (element.FieldId is { } id) writer.Int(9, id);
        if (element.Logical is { } logical)
        {
            writer.Begin(10);
            writer.Begin((int)logical.Kind);
            LogicalParameters(writer, logical);
            writer.End();
            writer.End();
        }

        writer.End();
    }

    private static void LogicalParameters(CompactWriter writer, LogicalType logical)
    {
        switch (logical.Kind)
        {
            case LogicalKind.Decimal:
                writer.Int(1, logical.Scale);
                writer.Int(2, logical.Precision);
                break;
            case LogicalKind.Timestamp:
                writer.Bool(1, logical.AdjustedToUtc);
                writer.Begin(2);
                writer.Begin((int)logical.Unit);
                writer.End();
                writer.End();
                break;
            case LogicalKind.Integer:
                writer.Byte(1, (sbyte)logical.BitWidth);
                writer.Bool(2, logical.Signed);
                break;
        }
    }

    private static void RowGroup(CompactWriter writer, FooterRowGroup group)
    {
        writer.Begin();
        writer.List(1, CompactType.Struct, group.Chunks.Count);
        foreach (var chunk in group.Chunks) Chunk(writer, chunk);
        writer.Long(2, group.ByteSize);
        writer.Long(3, group.RowCount);
        if (group.Chunks.Count > 0) writer.Long(5, Start(group.Chunks[0]));
        writer.Long(6, group.Chunks.Sum(c => c.CompressedSize));
        writer.End();
    }

    private static long Start(FooterChunk chunk) => chunk.DictionaryPageOffset ?? chunk.DataPageOffset;

    private static void Chunk(CompactWriter writer, FooterChunk chunk)
    {
        writer.Begin();
        writer.Long(2, Start(chunk));
        writer.Begin(3);
        writer.Int(1, (int)chunk.Type);
        writer.List(2, CompactType.I32, chunk.Encodings.Count);
        foreach (var encoding in chunk.Encodings) writer.Element((int)encoding);
        writer.List(3, CompactType.Binary, chunk.Path.Count);
        foreach (var name in chunk.Path) writer.Element(Encoding.UTF8.GetBytes(name));
        writer.Int(4, (int)chunk.Codec);
        writer.Long(5, chunk.ValueCount);
        writer.Long(6, chunk.UncompressedSize);
        writer.Long(7, chunk.CompressedSize);
        writer.Long(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is { } dictionary) writer.Long(11, dictionary);
        if (chunk.Statistics is { } statistics)
        {
            writer.Begin(12);
            if (statistics.NullCount is { } nulls) writer.Long(3, nulls);
            if (statistics.Max is { } max) writer.Binary(5, max);
            if (statistics.Min is { } min) writer.Binary(6, min);
            if (statistics.MaxExact is { } maxExact) writer.Bool(7, maxExact);
            if (statistics.MinExact is { } minExact) writer.Bool(8, minExact);
            writer.End();
        }

        if (chunk.BloomOffset is { } bloom) writer.Long(14, bloom);
        if (chunk.BloomLength is { } length) writer.Int(15, length);
        writer.End();
        if (chunk.IndexOffset is { } index) writer.Long(4, index);
        if (chunk.IndexLength is { } indexLength) writer.Int(5, indexLength);
        writer.End();
    }
}
