using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Puts batches one after another into one batch.</summary>
public static class Concatenate
{
    /// <summary>All rows of <paramref name="batches"/>; the caller owns the result, the batches stay whose they are.</summary>
    /// <param name="schema">Of the result.</param>
    /// <param name="batches">What to put together; of one schema.</param>
    /// <param name="workers">How many threads to use, each for whole columns.</param>
    public static RecordBatch Batches(Schema schema, IReadOnlyList<RecordBatch> batches, int workers = 1)
    {
        if (batches.Count == 1) return batches[0].WithSchema(schema);
        var rows = checked((int)batches.Sum(b => (long)b.Length));
        var columns = new ArrowArray[schema.Count];
        WorkerPool.Share(workers, columns.Length, c => columns[c] = Arrays(schema[c].Type, [.. batches.Select(b => b.Columns[c])], rows));
        return new RecordBatch(schema, ImmutableCollectionsMarshal.AsImmutableArray(columns), rows);
    }

    private static ArrowArray Arrays(DataType type, ArrowArray[] parts, int rows)
    {
        if (parts.Length == 0) return ArrayBuilder.Create(type).Build();
        if (Array.TrueForAll(parts, p => p is NullArray)) return new NullArray(rows);
        if (Array.TrueForAll(parts, p => p is DictionaryArray) && Encoded(parts, rows) is { } encoded) return encoded;
        return type switch
        {
            Int8Type => Fixed<sbyte>(type, parts, rows),
            Int16Type => Fixed<short>(type, parts, rows),
            Int32Type or DateType or YearMonthIntervalType => Fixed<int>(type, parts, rows),
            Int64Type or TimestampType or DayTimeIntervalType or DecimalType { Is64: true } => Fixed<long>(type, parts, rows),
            FloatType => Fixed<float>(type, parts, rows),
            DoubleType => Fixed<double>(type, parts, rows),
            DecimalType => Fixed<Int128>(type, parts, rows),
            StringType or BinaryType => Texts(type, parts, rows),
            BooleanType or ListType or MapType or StructType or NullType => OneByOne(type, parts, rows),
            _ => throw new UnreachableException(type.ToString()),
        };
    }

    /// <summary>One dictionary behind the other, codes moved up; null where that is larger than the plain column.</summary>
    private static DictionaryArray? Encoded(ArrowArray[] parts, int rows)
    {
        var distinct = parts.Cast<DictionaryArray>().Select(p => p.Dictionary).Distinct().ToArray();
        if (distinct.Sum(d => (long)d.Length) > Math.Max(1024, rows / 2)) return null;
        var offset = new Dictionary<ArrowArray, int>(ReferenceEqualityComparer.Instance);
        var total = 0;
        foreach (var dictionary in distinct)
        {
            offset.Add(dictionary, total);
            total += dictionary.Length;
        }

        var buffer = ArrowBuffer.Rent(rows * sizeof(int));
        var to = buffer.As<int>();
        var at = 0;
        foreach (DictionaryArray part in parts)
        {
            var move = offset[part.Dictionary];
            foreach (var code in part.Codes) to[at++] = code + move;
        }

        var (validity, nulls) = Validity(parts, rows);
        var codes = new PrimitiveArray<int>(DataType.Int32, rows, buffer, validity, nulls);
        var values = distinct.Length == 1 ? distinct[0].Retain() : Arrays(distinct[0].Type, distinct, total);
        return new DictionaryArray(codes, values);
    }

    private static PrimitiveArray<T> Fixed<T>(DataType type, ArrowArray[] parts, int rows)
        where T : unmanaged
    {
        var buffer = ArrowBuffer.Rent(checked(rows * Unsafe.SizeOf<T>()));
        var to = buffer.As<T>();
        var at = 0;
        foreach (var part in parts)
        {
            switch (part)
            {
                case PrimitiveArray<T> plain:
                    plain.Values.CopyTo(to[at..]);
                    break;
                case DictionaryArray encoded:
                    using (var batch = new RecordBatch(new Schema(new Field("", type)), [encoded.Retain()], encoded.Length))
                    {
                        Columns.Values<T>(batch, 0).CopyTo(to[at..]);
                    }

                    break;
                default:
                    to.Slice(at, part.Length).Clear();
                    break;
            }

            at += part.Length;
        }

        var (validity, nulls) = Validity(parts, rows);
        return new PrimitiveArray<T>(type, rows, buffer, validity, nulls);
    }

    private static StringArray Texts(DataType type, ArrowArray[] parts, int rows)
    {
        long total = 0;
        foreach (var part in parts)
        {
            var text = TextColumn.Of(part);
            if (!text.IsDictionary) total += part.Length == 0 ? 0 : text.Offsets[^1] - text.Offsets[0];
            else for (var i = 0; i < part.Length; i++) total += part.IsValid(i) ? text[i].Length : 0;
        }

        if (total > Array.MaxLength - 64) throw Gather.TooMuchText();
        var offsets = ArrowBuffer.Rent(checked((rows + 1) * sizeof(int)));
        var data = ArrowBuffer.Rent((int)total);
        var at = offsets.As<int>();
        var to = data.Bytes;
        var used = 0;
        var row = 0;
        at[0] = 0;
        foreach (var part in parts)
        {
            var text = TextColumn.Of(part);
            if (!text.IsDictionary && part.Length > 0)
            {
                var ends = text.Offsets;
                var first = ends[0];
                var bytes = text.Data[first..ends[part.Length]];
                bytes.CopyTo(to[used..]);
                for (var i = 1; i <= part.Length; i++) at[++row] = ends[i] - first + used;
                used += bytes.Length;
                continue;
            }

            for (var i = 0; i < part.Length; i++)
            {
                if (!text.IsDictionary || part.IsValid(i))
                {
                    var bytes = text[i].Bytes;
                    bytes.CopyTo(to[used..]);
                    used += bytes.Length;
                }

                at[++row] = used;
            }
        }

        var (validity, nulls) = Validity(parts, rows);
        return new StringArray(type, rows, offsets, data, validity, nulls);
    }

    private static ArrowArray OneByOne(DataType type, ArrowArray[] parts, int rows)
    {
        var builder = ArrayBuilder.Create(type, rows);
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length; i++) builder.AppendFrom(part, i);
        }

        return builder.Build();
    }

    private static (ArrowBuffer? Validity, int Nulls) Validity(ArrowArray[] parts, int rows)
    {
        var nulls = parts.Sum(p => p.NullCount);
        if (nulls == 0) return (null, 0);
        var bits = ArrowBuffer.RentCleared(Bitmap.ByteCount(rows));
        var to = bits.Bytes;
        var at = 0;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length; i++, at++)
            {
                if (part.IsValid(i)) Bitmap.Set(to, at);
            }
        }

        return (bits, nulls);
    }
}
