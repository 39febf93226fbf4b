using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Kernels.Aggregates;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Streams;

/// <summary>Makes one row of the rows that hold parts of one group.</summary>
internal static class MergedParts
{
    /// <summary>The groups in order of appearance; null if a sum does not fit its column, which is for the end to say.</summary>
    /// <param name="rows">Parts, the older ones first.</param>
    public static RecordBatch? Of(RecordBatch rows, ImmutableArray<PartInfo> parts)
    {
        var texts = RowKeys.Of([.. Enumerable.Range(0, parts.Length).Where(c => parts[c].Kind == PartKind.Key).Select(c => rows.Columns[c])], rows.Length);
        var keys = new KeyTable([DataType.Binary], rows.Length);
        var numbers = keys.Add([texts]);
        texts.Release();
        var columns = new List<ArrowArray>(parts.Length);
        foreach (var (kind, by) in parts)
        {
            var column = rows.Columns[columns.Count];
            var merged = kind switch
            {
                PartKind.Key => Gather.Take(column, Chosen(numbers, keys.Count, null, 0)),
                PartKind.Least => Gather.Take(column, Chosen(numbers, keys.Count, column, -1)),
                PartKind.Greatest => Gather.Take(column, Chosen(numbers, keys.Count, column, 1)),
                PartKind.ByLeast => Gather.Take(column, Chosen(numbers, keys.Count, rows.Columns[by], -1)),
                PartKind.ByGreatest => Gather.Take(column, Chosen(numbers, keys.Count, rows.Columns[by], 1)),
                PartKind.Sketch => Sketches(column, numbers, keys.Count),
                _ => Combined(kind, column, numbers, keys.Count),
            };
            if (merged is null)
            {
                foreach (var done in columns) done.Release();
                return null;
            }

            columns.Add(merged);
        }

        return new RecordBatch(rows.Schema, [.. columns], keys.Count);
    }

    /// <summary>By group the first row, or the first with the least (−1) or greatest (1) value; −1 where there is none.</summary>
    private static int[] Chosen(int[] numbers, int groups, ArrowArray? values, int sign)
    {
        var chosen = new int[groups];
        Array.Fill(chosen, -1);
        for (var row = 0; row < numbers.Length; row++)
        {
            ref var best = ref chosen[numbers[row]];
            if (values is null ? best < 0 : values.IsValid(row) && (best < 0 || BoxedValues.Compare(values.GetValue(row), values.GetValue(best)) * sign > 0)) best = row;
        }

        return chosen;
    }

    private static ArrowArray? Combined(PartKind kind, ArrowArray column, int[] numbers, int groups)
    {
        var values = new object?[groups];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (column.IsNull(row)) continue;
            var (known, next) = (values[numbers[row]], column.GetValue(row)!);
            var value = known is null ? next : Combine(kind, known, next);
            if (value is null || !Fits(value, column.Type)) return null;
            values[numbers[row]] = value;
        }

        return Build(column.Type, values);
    }

    private static ArrowArray Sketches(ArrowArray column, int[] numbers, int groups)
    {
        var seen = new ApproxCountDistinctAggregate?[groups];
        for (var row = 0; row < numbers.Length; row++)
        {
            if (column.IsValid(row)) (seen[numbers[row]] ??= new ApproxCountDistinctAggregate()).Add((byte[])column.GetValue(row)!);
        }

        return Build(column.Type, [.. seen.Select(s => (object?)s?.Sketch())]);
    }

    private static ArrowArray Build(DataType type, object?[] values)
    {
        var builder = ArrayBuilder.Create(type, values.Length);
        foreach (var value in values)
        {
            if (value is null) builder.AppendNull();
            else builder.AppendValue(value);
        }

        return builder.Build();
    }

    /// <summary>Null if the sum is beyond the type of its values.</summary>
    private static object? Combine(PartKind kind, object a, object b)
    {
        if (kind != PartKind.Sum)
        {
            var (x, y) = (Convert.ToInt64(a, CultureInfo.InvariantCulture), Convert.ToInt64(b, CultureInfo.InvariantCulture));
            var bits = kind switch { PartKind.BitAnd => x & y, PartKind.BitOr => x | y, PartKind.BitXor => x ^ y, _ => throw new UnreachableException() };
            return a switch { sbyte => (object)(sbyte)bits, short => (short)bits, int => (int)bits, _ => bits };
        }

        switch (a, b)
        {
            case (long x, long y):
                var sum = unchecked(x + y);
                return ((x ^ sum) & (y ^ sum)) < 0 ? null : sum;
            case (Int128 x, Int128 y):
                var wide = unchecked(x + y);
                return ((x ^ wide) & (y ^ wide)) < 0 ? null : wide;
            case (double x, double y):
                return x + y;
            default:
                throw new UnreachableException(a.GetType().Name);
        }
    }

    private static bool Fits(object sum, DataType type) => type is not DecimalType number || sum switch
    {
        long x => Int128.Abs(x) < PowerOfTen(number.Precision),
        Int128 x => Int128.Abs(x) < PowerOfTen(number.Precision),
        _ => true,
    };

    private static Int128 PowerOfTen(int digits)
    {
        Int128 power = 1;
        for (var i = 0; i < digits; i++) power *= 10;
        return power;
    }
}
