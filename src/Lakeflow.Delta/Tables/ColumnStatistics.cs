using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>One column's NULLs, smallest and largest value, over batch after batch; a struct's are its fields'.</summary>
internal sealed class ColumnStatistics
{
    /// <summary>Longest bound of a text, in code points: Delta's default.</summary>
    private const int BoundLength = 32;

    private readonly Field field;
    private readonly ImmutableArray<ColumnStatistics> children;
    private long nulls;
    private long values;
    private bool hasNaN;
    private Int128 minWhole = Int128.MaxValue;
    private Int128 maxWhole = Int128.MinValue;
    private double minReal = double.PositiveInfinity;
    private double maxReal = double.NegativeInfinity;
    private byte[]? minText;
    private byte[]? maxText;

    private ColumnStatistics(Field field, ImmutableArray<ColumnStatistics> children)
    {
        this.field = field;
        this.children = children;
    }

    /// <summary>Statistics for the first columns; <paramref name="left"/> counts down leaf columns to zero.</summary>
    public static ImmutableArray<ColumnStatistics> For(ImmutableArray<Field> fields, ref int left)
    {
        var columns = ImmutableArray.CreateBuilder<ColumnStatistics>();
        foreach (var field in fields)
        {
            if (left <= 0) break;
            if (field.Type is StructType s)
            {
                columns.Add(new ColumnStatistics(field, For(s.Fields, ref left)));
                continue;
            }

            left--;
            columns.Add(new ColumnStatistics(field, default));
        }

        return columns.ToImmutable();
    }

    /// <param name="array">The column's values.</param>
    /// <param name="present">One byte a row, 0 where a struct around it is NULL; null if there is none such.</param>
    public void Add(ArrowArray array, byte[]? present)
    {
        if (!children.IsDefault)
        {
            var inside = present;
            if (array.NullCount > 0)
            {
                inside = new byte[array.Length];
                for (var i = 0; i < inside.Length; i++) inside[i] = array.IsValid(i) && (present is null || present[i] != 0) ? (byte)1 : (byte)0;
            }

            var structs = (StructArray)array;
            for (var c = 0; c < children.Length; c++) children[c].Add(structs.Children[c], inside);
            return;
        }

        if (present is null && array is DictionaryArray encoded)
        {
            AddEncoded(encoded);
            return;
        }

        if (present is null)
        {
            nulls += array.NullCount;
            values += array.Length - array.NullCount;
            if (array.NullCount == 0 && AddAll(array)) return;
        }

        for (var i = 0; i < array.Length; i++)
        {
            var valid = array.IsValid(i) && (present is null || present[i] != 0);
            if (present is not null)
            {
                if (valid) values++;
                else nulls++;
            }

            if (valid) AddOne(array, i);
        }
    }

    public void WriteNullCount(Utf8JsonWriter json)
    {
        if (children.IsDefault)
        {
            json.WriteNumber(field.Name, nulls);
            return;
        }

        json.WriteStartObject(field.Name);
        foreach (var child in children) child.WriteNullCount(json);
        json.WriteEndObject();
    }

    public void WriteBound(Utf8JsonWriter json, bool smallest)
    {
        if (!children.IsDefault)
        {
            json.WriteStartObject(field.Name);
            foreach (var child in children) child.WriteBound(json, smallest);
            json.WriteEndObject();
            return;
        }

        if (values == 0 || !HasBounds(field.Type)) return;
        switch (field.Type)
        {
            case StringType when smallest && Shortest(minText!) is { } text:
                json.WriteString(field.Name, text);
                break;
            case StringType when !smallest && Longest(maxText!) is { } text:
                json.WriteString(field.Name, text);
                break;
            case StringType:
                break;
            case FloatType or DoubleType when hasNaN || !double.IsFinite(smallest ? minReal : maxReal):
                break;
            case FloatType:
                json.WriteNumber(field.Name, (float)(smallest ? minReal : maxReal));
                break;
            case DoubleType:
                json.WriteNumber(field.Name, smallest ? minReal : maxReal);
                break;
            case DateType:
                json.WriteString(field.Name, Literal.Date((int)(smallest ? minWhole : maxWhole)));
                break;
            case TimestampType t:
                // Milliseconds, rounded outwards.
                var micros = (long)(smallest ? minWhole : maxWhole);
                var millis = smallest || micros > long.MaxValue - 1000 ? Literal.FloorDiv(micros, 1000) : Literal.FloorDiv(micros + 999, 1000);
                json.WriteString(field.Name, Literal.Timestamp(millis * 1000, 'T', 3) + (t.Zoned ? "Z" : ""));
                break;
            case DecimalType d:
                json.WritePropertyName(field.Name);
                json.WriteRawValue(Literal.Decimal(smallest ? minWhole : maxWhole, d.Scale));
                break;
            default:
                json.WriteNumber(field.Name, (long)(smallest ? minWhole : maxWhole));
                break;
        }
    }

    private static bool HasBounds(DataType type) => type.IsNumeric || type is DateType or TimestampType or StringType;

    private void AddEncoded(DictionaryArray array)
    {
        nulls += array.NullCount;
        values += array.Length - array.NullCount;
        var used = new bool[array.Dictionary.Length];
        var codes = array.Codes;
        for (var i = 0; i < codes.Length; i++)
        {
            if (array.NullCount == 0 || array.IsValid(i)) used[codes[i]] = true;
        }

        for (var code = 0; code < used.Length; code++)
        {
            if (used[code]) AddOne(array.Dictionary, code);
        }
    }

    /// <summary>A whole column without NULLs of a type that has a fast way.</summary>
    private bool AddAll(ArrowArray array)
    {
        switch (array)
        {
            case PrimitiveArray<long> longs: Spread(longs.Values); return true;
            case PrimitiveArray<int> ints: Spread(ints.Values); return true;
            case PrimitiveArray<short> shorts: Spread(shorts.Values); return true;
            case PrimitiveArray<sbyte> bytes: Spread(bytes.Values); return true;
            default: return !HasBounds(field.Type);
        }
    }

    private void Spread<T>(ReadOnlySpan<T> span)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (span.IsEmpty) return;
        var (min, max) = (span[0], span[0]);
        var i = 0;
        if (Vector.IsHardwareAccelerated && span.Length >= 2 * Vector<T>.Count)
        {
            var low = new Vector<T>(span);
            var high = low;
            for (; i <= span.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var next = new Vector<T>(span[i..]);
                low = Vector.Min(low, next);
                high = Vector.Max(high, next);
            }

            for (var lane = 0; lane < Vector<T>.Count; lane++) (min, max) = (T.Min(min, low[lane]), T.Max(max, high[lane]));
        }

        for (; i < span.Length; i++) (min, max) = (T.Min(min, span[i]), T.Max(max, span[i]));
        AddWhole(Int128.CreateChecked(min));
        AddWhole(Int128.CreateChecked(max));
    }

    private void AddOne(ArrowArray array, int row)
    {
        switch (array)
        {
            case DictionaryArray encoded: AddOne(encoded.Dictionary, encoded.Codes[row]); break;
            case StringArray texts when field.Type is StringType: AddText(texts[row]); break;
            case PrimitiveArray<long> longs: AddWhole(longs.Values[row]); break;
            case PrimitiveArray<int> ints: AddWhole(ints.Values[row]); break;
            case PrimitiveArray<Int128> wide: AddWhole(wide.Values[row]); break;
            case PrimitiveArray<double> doubles: AddReal(doubles.Values[row]); break;
            case PrimitiveArray<float> floats: AddReal(floats.Values[row]); break;
            case PrimitiveArray<short> shorts: AddWhole(shorts.Values[row]); break;
            case PrimitiveArray<sbyte> bytes: AddWhole(bytes.Values[row]); break;
        }
    }

    private void AddWhole(Int128 value)
    {
        if (value < minWhole) minWhole = value;
        if (value > maxWhole) maxWhole = value;
    }

    private void AddReal(double value)
    {
        // NaN has no JSON, and engines disagree where it sorts: a column with one has no bounds.
        if (double.IsNaN(value)) hasNaN = true;
        if (value < minReal) minReal = value;
        if (value > maxReal) maxReal = value;
    }

    private void AddText(ReadOnlySpan<byte> value)
    {
        if (minText is null || value.SequenceCompareTo(minText) < 0) minText = value.ToArray();
        if (maxText is null || value.SequenceCompareTo(maxText) > 0) maxText = value.ToArray();
    }

    private static string Shortest(byte[] text) => Encoding.UTF8.GetString(text.AsSpan(0, Prefix(text, BoundLength)));

    /// <summary>A text not below this one: it, or its beginning and the last code point of Unicode. Null if none is short.</summary>
    private static string? Longest(byte[] text)
    {
        if (Prefix(text, BoundLength) == text.Length) return Encoding.UTF8.GetString(text);
        for (var n = BoundLength; n < 2 * BoundLength; n++)
        {
            var bound = Encoding.UTF8.GetString(text.AsSpan(0, Prefix(text, n))) + "\U0010FFFF";
            if (Encoding.UTF8.GetBytes(bound).AsSpan().SequenceCompareTo(text) >= 0) return bound;
        }

        return null;
    }

    /// <summary>Bytes of the first <paramref name="count"/> code points.</summary>
    private static int Prefix(ReadOnlySpan<byte> text, int count)
    {
        var at = 0;
        for (; at < text.Length; at++)
        {
            // A byte that continues a code point does not count.
            if ((text[at] & 0xC0) != 0x80 && count-- == 0) break;
        }

        return at;
    }
}
