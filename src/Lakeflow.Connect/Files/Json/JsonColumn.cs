using System.Buffers;
using System.Buffers.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Json;

/// <summary>Turns JSON values into rows of one type. Each call appends exactly one row, whatever the value is.</summary>
/// <remarks>Source: Spark's JacksonParser: which tokens a type takes. What it does not take becomes NULL and is reported.</remarks>
internal abstract class JsonColumn
{
    /// <summary>Appends a value of validated text.</summary>
    /// <returns>False if the value, or a part of it, did not fit and became NULL.</returns>
    public abstract bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target);

    public static JsonColumn Create(Field column, JsonOptions options, TextFormats formats) => column.Type switch
    {
        NullType => new JsonNullColumn(),
        BooleanType => new JsonBooleanColumn(),
        Int8Type => new JsonNumberColumn<sbyte, Int8Parser>(default, JsonTexts.None),
        Int16Type => new JsonNumberColumn<short, Int16Parser>(default, JsonTexts.None),
        Int32Type => new JsonNumberColumn<int, Int32Parser>(default, JsonTexts.None),
        Int64Type => new JsonNumberColumn<long, Int64Parser>(default, JsonTexts.None),
        DoubleType => new JsonNumberColumn<double, DoubleParser>(Doubles, JsonTexts.Words),
        FloatType => new JsonNumberColumn<float, FloatParser>(new FloatParser(Doubles), JsonTexts.Words),
        DecimalType { Is64: true } type => new JsonNumberColumn<long, Decimal64Parser>(new Decimal64Parser(type), JsonTexts.All),
        DecimalType type => new JsonNumberColumn<Int128, Decimal128Parser>(new Decimal128Parser(type), JsonTexts.All),
        DateType => new JsonTimeColumn<int, DateParser>(new DateParser(formats)),
        TimestampType { Zoned: true } => new JsonTimeColumn<long, TimestampParser>(new TimestampParser(formats)) { SecondsToo = true },
        TimestampType => new JsonTimeColumn<long, TimestampNtzParser>(new TimestampNtzParser(formats)),
        StringType => new JsonStringColumn(),
        BinaryType => new JsonBinaryColumn(),
        StructType type => new JsonStructColumn(type, options, formats),
        ListType type => new JsonListColumn(Create(type.Element, options, formats), options),
        MapType { Key.Type: StringType } type => new JsonMapColumn(Create(type.Value, options, formats), options),
        _ => throw FileErrors.TypeNotInFormat("json", column.Name, column.Type.ToString()),
    };

    private static DoubleParser Doubles => new("+INF"u8.ToArray(), "INF"u8.ToArray(), "-INF"u8.ToArray());

    protected static bool Misfit(ArrayBuilder target)
    {
        target.AppendNull();
        return false;
    }

    /// <summary>The content of a string's raw text, quotes taken off.</summary>
    protected static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> value) => value[1..^1];
}

/// <summary>Which strings a column of numbers takes.</summary>
internal enum JsonTexts
{
    None,

    /// <summary>NaN, Infinity and the like.</summary>
    Words,
    All,
}

internal sealed class JsonNullColumn : JsonColumn
{
    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        target.AppendNull();
        return kind <= JsonKind.Null;
    }
}

internal sealed class JsonBooleanColumn : JsonColumn
{
    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind is not (JsonKind.True or JsonKind.False))
        {
            target.AppendNull();
            return kind <= JsonKind.Null;
        }

        ((BooleanBuilder)target).Append(kind == JsonKind.True);
        return true;
    }
}

internal sealed class JsonNumberColumn<T, TParser>(TParser parser, JsonTexts texts) : JsonColumn
    where T : unmanaged
    where TParser : struct, IValueParser<T>
{
    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null)
        {
            target.AppendNull();
            return true;
        }

        switch (kind)
        {
            case JsonKind.Number:
                break;
            case JsonKind.NonNumber when texts != JsonTexts.None:
                break;
            case JsonKind.String when texts != JsonTexts.None:
                value = Content(value);
                if (texts == JsonTexts.Words && (value.IsEmpty || value[^1] is >= (byte)'0' and <= (byte)'9')) return Misfit(target);
                break;
            default:
                return Misfit(target);
        }

        if (value.StartsWith("+I"u8)) value = value[1..];
        if (!parser.TryParse(value, out var number)) return Misfit(target);
        ((PrimitiveBuilder<T>)target).Append(number);
        return true;
    }
}

internal sealed class JsonTimeColumn<T, TParser>(TParser parser) : JsonColumn
    where T : unmanaged
    where TParser : struct, IValueParser<T>
{
    private readonly JsonText text = new();

    /// <summary>True if a whole number is read as seconds since the epoch.</summary>
    public bool SecondsToo { get; init; }

    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null)
        {
            target.AppendNull();
            return true;
        }

        if (kind == JsonKind.Number && SecondsToo && FastNumbers.TryInt64(value, out var seconds) && Int128.Abs(seconds) < long.MaxValue / 1_000_000)
        {
            ((PrimitiveBuilder<long>)target).Append(seconds * 1_000_000);
            return true;
        }

        if (kind != JsonKind.String || !parser.TryParse(text.Unescape(Content(value)), out var time)) return Misfit(target);
        ((PrimitiveBuilder<T>)target).Append(time);
        return true;
    }
}

/// <summary>STRING: the content of a string; any other value as its JSON text.</summary>
internal sealed class JsonStringColumn : JsonColumn
{
    private readonly JsonText text = new();

    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null) target.AppendNull();
        else if (kind == JsonKind.String) ((StringArrayBuilder)target).Append(text.Unescape(Content(value)));
        else ((StringArrayBuilder)target).Append(text.Compact(value));
        return true;
    }
}

/// <summary>BINARY: a string of base64.</summary>
internal sealed class JsonBinaryColumn : JsonColumn
{
    private readonly JsonText text = new();

    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null)
        {
            target.AppendNull();
            return true;
        }

        if (kind != JsonKind.String) return Misfit(target);
        var content = text.Unescape(Content(value));
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(content.Length)];
        if (Base64.DecodeFromUtf8(content, bytes, out _, out var written) != OperationStatus.Done) return Misfit(target);
        ((StringArrayBuilder)target).Append(bytes.AsSpan(0, written));
        return true;
    }
}

/// <summary>STRUCT: an object. Fields that the type does not name make it a misfit, for the rescued column to keep.</summary>
internal sealed class JsonStructColumn : JsonColumn
{
    private readonly JsonOptions options;
    private readonly JsonFields fields;
    private readonly JsonColumn[] children;

    public JsonStructColumn(StructType type, JsonOptions options, TextFormats formats)
    {
        this.options = options;
        fields = new JsonFields([.. type.Fields.Select(f => f.Name)], options) { ListsUnknown = true };
        children = [.. type.Fields.Select(f => Create(f, options, formats))];
    }

    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null)
        {
            target.AppendNull();
            return true;
        }

        if (kind != JsonKind.Object) return Misfit(target);
        var builder = (StructBuilder)target;
        var scanner = new JsonScanner(value, options);
        if (!fields.Scan(ref scanner)) return Misfit(target);
        var fits = true;
        for (var i = 0; i < children.Length; i++)
        {
            var childKind = fields.Value(i, out var start, out var end);
            fits &= children[i].Append(childKind == JsonKind.None ? default : value[start..end], childKind, builder.Children[i]);
        }

        fits &= fields.Unknown.Count == 0;
        builder.CloseRow();
        return fits;
    }
}

/// <summary>ARRAY: an array.</summary>
internal sealed class JsonListColumn(JsonColumn element, JsonOptions options) : JsonColumn
{
    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null)
        {
            target.AppendNull();
            return true;
        }

        if (kind != JsonKind.Array) return Misfit(target);
        var builder = (ListBuilder)target;
        var scanner = new JsonScanner(value, options) { Position = 1 };
        var fits = true;
        var more = scanner.Peek() != ']';
        while (more && scanner.TrySkip(out var childKind, out var start))
        {
            fits &= element.Append(value[start..scanner.Position], childKind, builder.Child);
            more = scanner.TryNext((byte)']', out _);
        }

        builder.CloseRow();
        return fits;
    }
}

/// <summary>MAP of STRING: an object, all its fields; a name that comes twice keeps its last value.</summary>
internal sealed class JsonMapColumn(JsonColumn item, JsonOptions options) : JsonColumn
{
    private readonly JsonText text = new();

    public override bool Append(ReadOnlySpan<byte> value, JsonKind kind, ArrayBuilder target)
    {
        if (kind <= JsonKind.Null)
        {
            target.AppendNull();
            return true;
        }

        if (kind != JsonKind.Object) return Misfit(target);
        var entries = new List<(byte[] Name, int Start, int End, JsonKind Kind)>();
        var scanner = new JsonScanner(value, options) { Position = 1 };
        var more = scanner.Peek() != '}';
        while (more && scanner.TryName(out var raw, out _) && scanner.TrySkip(out var childKind, out var start))
        {
            var name = text.Unescape(raw).ToArray();
            var entry = (name, start, scanner.Position, childKind);
            var same = entries.FindIndex(e => e.Name.AsSpan().SequenceEqual(name));
            if (same >= 0) entries[same] = entry;
            else entries.Add(entry);
            more = scanner.TryNext((byte)'}', out _);
        }

        var builder = (ListBuilder)target;
        var pairs = (StructBuilder)builder.Child;
        var fits = true;
        foreach (var (name, start, end, childKind) in entries)
        {
            ((StringArrayBuilder)pairs.Children[0]).Append(name);
            fits &= item.Append(value[start..end], childKind, pairs.Children[1]);
            pairs.CloseRow();
        }

        builder.CloseRow();
        return fits;
    }
}
