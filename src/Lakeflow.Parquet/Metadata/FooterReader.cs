using Lakeflow.Parquet.Thrift;

namespace Lakeflow.Parquet.Metadata;

/// <summary>Footer bytes → <see cref="Footer"/>. Field numbers are those of parquet.thrift; unknown fields are passed over.</summary>
internal static class FooterReader
{
    public static Footer Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new CompactReader(bytes);
        IReadOnlyList<SchemaElement>? schema = null;
        IReadOnlyList<FooterRowGroup> groups = [];
        var keyValues = new Dictionary<string, string>();
        long? rows = null;
        string? createdBy = null;
        var encrypted = false;
        var id = 0;
        reader.Enter(CompactType.Struct);
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 2: schema = ReadSchema(ref reader, type); break;
                case 3: rows = reader.Long(type); break;
                case 4: groups = ReadRowGroups(ref reader, type); break;
                case 5: ReadKeyValues(ref reader, type, keyValues); break;
                case 6: createdBy = reader.Text(type); break;
                case 8:
                    encrypted = true;
                    reader.Skip(type);
                    break;
                default: reader.Skip(type); break;
            }
        }

        return new Footer
        {
            Schema = schema ?? throw new BrokenDataException("it has no schema"),
            RowCount = rows ?? throw new BrokenDataException("it has no row count"),
            RowGroups = groups,
            KeyValueMetadata = keyValues,
            CreatedBy = createdBy,
            Encrypted = encrypted,
        };
    }

    private static List<SchemaElement> ReadSchema(ref CompactReader reader, CompactType type)
    {
        var count = reader.List(type, out var element);
        var elements = new List<SchemaElement>();
        for (var i = 0; i < count; i++) elements.Add(ReadElement(ref reader, element));
        return elements;
    }

    private static SchemaElement ReadElement(ref CompactReader reader, CompactType type)
    {
        var element = new SchemaElement();
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: element = element with { Type = Known<PhysicalType>(reader.Int(field), 7, "physical type") }; break;
                case 2: element = element with { TypeLength = reader.Int(field) }; break;
                case 3: element = element with { Repetition = Known<Repetition>(reader.Int(field), 2, "repetition") }; break;
                case 4: element = element with { Name = reader.Text(field) }; break;
                case 5: element = element with { ChildCount = reader.Int(field) }; break;
                case 6: element = element with { Converted = (ConvertedType)reader.Int(field) }; break;
                case 7: element = element with { Scale = reader.Int(field) }; break;
                case 8: element = element with { Precision = reader.Int(field) }; break;
                case 9: element = element with { FieldId = reader.Int(field) }; break;
                case 10: element = element with { Logical = ReadLogical(ref reader, field) }; break;
                default: reader.Skip(field); break;
            }
        }

        return element;
    }

    private static LogicalType? ReadLogical(ref CompactReader reader, CompactType type)
    {
        LogicalType? logical = null;
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var member))
        {
            logical = new LogicalType((LogicalKind)id);
            var inner = 0;
            reader.Enter(member);
            while (reader.NextField(ref inner, out var field))
            {
                logical = (logical.Kind, inner) switch
                {
                    (LogicalKind.Decimal, 1) => logical with { Scale = reader.Int(field) },
                    (LogicalKind.Decimal, 2) => logical with { Precision = reader.Int(field) },
                    (LogicalKind.Time or LogicalKind.Timestamp, 1) => logical with { AdjustedToUtc = reader.Bool(field) },
                    (LogicalKind.Time or LogicalKind.Timestamp, 2) => logical with { Unit = ReadUnit(ref reader, field) },
                    (LogicalKind.Integer, 1) => logical with { BitWidth = reader.Int(field) },
                    (LogicalKind.Integer, 2) => logical with { Signed = reader.Bool(field) },
                    _ => Skipped(ref reader, field, logical),
                };
            }
        }

        return logical;
    }

    private static LogicalType Skipped(ref CompactReader reader, CompactType type, LogicalType logical)
    {
        reader.Skip(type);
        return logical;
    }

    private static TimeUnit ReadUnit(ref CompactReader reader, CompactType type)
    {
        var unit = 0;
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var member))
        {
            unit = id;
            reader.Skip(member);
        }

        return unit is >= 1 and <= 3 ? (TimeUnit)unit : throw new BrokenDataException($"unknown unit of time {unit}");
    }

    private static List<FooterRowGroup> ReadRowGroups(ref CompactReader reader, CompactType type)
    {
        var count = reader.List(type, out var element);
        var groups = new List<FooterRowGroup>();
        for (var i = 0; i < count; i++)
        {
            var chunks = new List<FooterChunk>();
            long rows = 0, bytes = 0;
            var id = 0;
            reader.Enter(element);
            while (reader.NextField(ref id, out var field))
            {
                switch (id)
                {
                    case 1:
                        var columns = reader.List(field, out var column);
                        for (var c = 0; c < columns; c++) chunks.Add(ReadChunk(ref reader, column));
                        break;
                    case 2: bytes = reader.Long(field); break;
                    case 3: rows = reader.Long(field); break;
                    default: reader.Skip(field); break;
                }
            }

            groups.Add(new FooterRowGroup(chunks, rows, bytes));
        }

        return groups;
    }

    private static FooterChunk ReadChunk(ref CompactReader reader, CompactType type)
    {
        string? path = null;
        FooterChunk? chunk = null;
        var encrypted = false;
        long? indexOffset = null;
        int? indexLength = null;
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: path = reader.Text(field); break;
                case 3: chunk = ReadChunkMetadata(ref reader, field); break;
                case 4: indexOffset = reader.Long(field); break;
                case 5: indexLength = reader.Int(field); break;
                case 8 or 9:
                    encrypted = true;
                    reader.Skip(field);
                    break;
                default: reader.Skip(field); break;
            }
        }

        if (chunk is null && !encrypted) throw new BrokenDataException("a column chunk without metadata");
        return (chunk ?? new FooterChunk()) with { FilePath = path, Encrypted = encrypted, IndexOffset = indexOffset, IndexLength = indexLength };
    }

    private static FooterChunk ReadChunkMetadata(ref CompactReader reader, CompactType type)
    {
        var chunk = new FooterChunk();
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: chunk = chunk with { Type = Known<PhysicalType>(reader.Int(field), 7, "physical type") }; break;
                case 3:
                    var count = reader.List(field, out var element);
                    var path = new List<string>();
                    for (var i = 0; i < count; i++) path.Add(reader.Text(element));
                    chunk = chunk with { Path = path };
                    break;
                case 4: chunk = chunk with { Codec = (Codec)reader.Int(field) }; break;
                case 5: chunk = chunk with { ValueCount = reader.Long(field) }; break;
                case 6: chunk = chunk with { UncompressedSize = reader.Long(field) }; break;
                case 7: chunk = chunk with { CompressedSize = reader.Long(field) }; break;
                case 9: chunk = chunk with { DataPageOffset = reader.Long(field) }; break;
                case 11: chunk = chunk with { DictionaryPageOffset = reader.Long(field) }; break;
                case 12: chunk = chunk with { Statistics = ReadStatistics(ref reader, field) }; break;
                case 14: chunk = chunk with { BloomOffset = reader.Long(field) }; break;
                case 15: chunk = chunk with { BloomLength = reader.Int(field) }; break;
                default: reader.Skip(field); break;
            }
        }

        return chunk;
    }

    private static FooterStatistics ReadStatistics(ref CompactReader reader, CompactType type)
    {
        var statistics = new FooterStatistics();
        var id = 0;
        reader.Enter(type);
        while (reader.NextField(ref id, out var field))
        {
            switch (id)
            {
                case 1: statistics = statistics with { DeprecatedMax = reader.Binary(field).ToArray() }; break;
                case 2: statistics = statistics with { DeprecatedMin = reader.Binary(field).ToArray() }; break;
                case 3: statistics = statistics with { NullCount = reader.Long(field) }; break;
                case 5: statistics = statistics with { Max = reader.Binary(field).ToArray() }; break;
                case 6: statistics = statistics with { Min = reader.Binary(field).ToArray() }; break;
                case 7: statistics = statistics with { MaxExact = reader.Bool(field) }; break;
                case 8: statistics = statistics with { MinExact = reader.Bool(field) }; break;
                default: reader.Skip(field); break;
            }
        }

        return statistics;
    }

    private static void ReadKeyValues(ref CompactReader reader, CompactType type, Dictionary<string, string> into)
    {
        var count = reader.List(type, out var element);
        for (var i = 0; i < count; i++)
        {
            string key = "", value = "";
            var id = 0;
            reader.Enter(element);
            while (reader.NextField(ref id, out var field))
            {
                switch (id)
                {
                    case 1: key = reader.Text(field); break;
                    case 2: value = reader.Text(field); break;
                    default: reader.Skip(field); break;
                }
            }

            into[key] = value;
        }
    }

    private static T Known<T>(int number, int last, string what)
        where T : struct, Enum =>
        number >= 0 && number <= last ? (T)Enum.ToObject(typeof(T), number) : throw new BrokenDataException($"unknown {what} {number}");
}
