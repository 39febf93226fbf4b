using System.Numerics;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Reading;

/// <summary>Conditions on flat columns, all of which a wanted row meets: tells of a batch's columns whether it has such a row at all.</summary>
/// <remarks>
/// NULL meets no comparison; NaN is greater than every number and equal to itself, as in Spark. A condition that cannot be
/// told here, because its constant is of another type than the column or the column's texts are not coded, says nothing.
/// </remarks>
internal sealed class RowConditions
{
    private readonly ColumnPredicate[] predicates;

    private RowConditions(ColumnPredicate[] predicates, int[] columns)
    {
        this.predicates = predicates;
        Columns = columns;
    }

    /// <summary>For each condition the place of its column among those that are read.</summary>
    public int[] Columns { get; }

    /// <summary>The conditions on columns that are read; null if there is none.</summary>
    public static RowConditions? On(Schema schema, IReadOnlyList<ColumnPredicate> predicates)
    {
        var (kept, columns) = (new List<ColumnPredicate>(), new List<int>());
        foreach (var predicate in predicates)
        {
            var column = IndexOf(schema, predicate.Column);
            if (column < 0 || schema[column].Type.IsNested) continue;
            kept.Add(predicate);
            columns.Add(column);
        }

        return kept.Count == 0 ? null : new RowConditions([.. kept], [.. columns]);
    }

    /// <summary>True if some row may meet all conditions; <paramref name="arrays"/> has each condition's column at its place.</summary>
    public bool MayHold(ReadOnlySpan<ArrowArray?> arrays, int rows)
    {
        var tests = new List<RowTest>(predicates.Length);
        for (var i = 0; i < predicates.Length; i++)
        {
            if (TestOf(predicates[i], arrays[Columns[i]]!) is { } test) tests.Add(test);
        }

        if (tests.Count == 0) return true;
        // In most batches one of the first rows is wanted: then this was all the work.
        for (var row = 0; row < rows; row += 64)
        {
            var count = Math.Min(64, rows - row);
            var found = ulong.MaxValue;
            for (var i = 0; i < tests.Count && found != 0; i++) found &= tests[i].Meet(row, count);
            if (found != 0) return true;
        }

        return false;
    }

    private static int IndexOf(Schema schema, string name)
    {
        // Some files have names that differ in nothing but case.
        for (var i = 0; i < schema.Count; i++)
        {
            if (schema[i].Name == name) return i;
        }

        return schema.IndexOf(name);
    }

    private static RowTest? TestOf(ColumnPredicate predicate, ArrowArray column)
    {
        if (predicate.Comparison is ColumnComparison.IsNull or ColumnComparison.IsNotNull) return new NullTest(column, predicate.Comparison == ColumnComparison.IsNull);
        return (column, predicate.Value) switch
        {
            (PrimitiveArray<sbyte> a, sbyte v) => IntegerTest<sbyte>.Create(a, predicate.Comparison, v),
            (PrimitiveArray<short> a, short v) => IntegerTest<short>.Create(a, predicate.Comparison, v),
            (PrimitiveArray<int> a, int v) => IntegerTest<int>.Create(a, predicate.Comparison, v),
            (PrimitiveArray<long> a, long v) => IntegerTest<long>.Create(a, predicate.Comparison, v),
            (PrimitiveArray<long> a, Int128 v) when v >= long.MinValue && v <= long.MaxValue => IntegerTest<long>.Create(a, predicate.Comparison, (long)v),
            (PrimitiveArray<Int128> a, Int128 v) => IntegerTest<Int128>.Create(a, predicate.Comparison, v),
            (PrimitiveArray<float> a, float v) when !float.IsNaN(v) => new RealTest<float>(a, predicate.Comparison, v),
            (PrimitiveArray<double> a, double v) when !double.IsNaN(v) => new RealTest<double>(a, predicate.Comparison, v),
            (DictionaryArray { Dictionary: StringArray texts } a, string v) => new CodeTest(a, texts, predicate.Comparison, Encoding.UTF8.GetBytes(v)),
            (DictionaryArray { Dictionary: StringArray texts } a, byte[] v) => new CodeTest(a, texts, predicate.Comparison, v),
            _ => null,
        };
    }

    private static bool Fits(int order, ColumnComparison comparison) => comparison switch
    {
        ColumnComparison.Equal => order == 0,
        ColumnComparison.Less => order < 0,
        ColumnComparison.LessOrEqual => order <= 0,
        ColumnComparison.Greater => order > 0,
        _ => order >= 0,
    };

    /// <summary>One condition over one column.</summary>
    private abstract class RowTest
    {
        /// <summary>One bit for each of at most 64 rows, set where the row meets the condition.</summary>
        public abstract ulong Meet(int start, int count);

        protected static ulong Valid(ArrowArray column, int start, int count)
        {
            if (column.NullCount == 0) return ulong.MaxValue >> (64 - count);
            var bits = 0UL;
            for (var i = 0; i < count; i++) bits |= column.IsValid(start + i) ? 1UL << i : 0;
            return bits;
        }
    }

    private sealed class NullTest(ArrowArray column, bool wantsNull) : RowTest
    {
        public override ulong Meet(int start, int count)
        {
            var valid = Valid(column, start, count);
            return wantsNull ? ~valid & (ulong.MaxValue >> (64 - count)) : valid;
        }
    }

    /// <summary>Whole numbers: each comparison is a range with both ends.</summary>
    private sealed class IntegerTest<T>(PrimitiveArray<T> column, T low, T high) : RowTest
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public static IntegerTest<T> Create(PrimitiveArray<T> column, ColumnComparison comparison, T value)
        {
            var (low, high) = comparison switch
            {
                ColumnComparison.Equal => (value, value),
                // An empty range where nothing is less or greater.
                ColumnComparison.Less => value == T.MinValue ? (T.One, T.Zero) : (T.MinValue, value - T.One),
                ColumnComparison.LessOrEqual => (T.MinValue, value),
                ColumnComparison.Greater => value == T.MaxValue ? (T.One, T.Zero) : (value + T.One, T.MaxValue),
                _ => (value, T.MaxValue),
            };
            return new IntegerTest<T>(column, low, high);
        }

        public override ulong Meet(int start, int count)
        {
            var values = column.Values.Slice(start, count);
            var bits = 0UL;
            for (var i = 0; i < values.Length; i++) bits |= (values[i] >= low & values[i] <= high) ? 1UL << i : 0;
            return bits & Valid(column, start, count);
        }
    }

    private sealed class RealTest<T>(PrimitiveArray<T> column, ColumnComparison comparison, T value) : RowTest
        where T : unmanaged, IFloatingPoint<T>
    {
        public override ulong Meet(int start, int count)
        {
            var values = column.Values.Slice(start, count);
            var bits = 0UL;
            for (var i = 0; i < values.Length; i++) bits |= Fits(T.IsNaN(values[i]) ? 1 : values[i] < value ? -1 : values[i] > value ? 1 : 0, comparison) ? 1UL << i : 0;
            return bits & Valid(column, start, count);
        }
    }

    /// <summary>Coded texts: each entry of the dictionary is compared when its code first comes.</summary>
    private sealed class CodeTest(DictionaryArray column, StringArray texts, ColumnComparison comparison, byte[] value) : RowTest
    {
        private readonly sbyte[] known = new sbyte[texts.Length];

        public override ulong Meet(int start, int count)
        {
            var codes = column.Codes.Slice(start, count);
            var bits = 0UL;
            for (var i = 0; i < codes.Length; i++)
            {
                // NULL may have any code, also in an empty dictionary.
                if ((uint)codes[i] >= (uint)known.Length) continue;
                ref var fits = ref known[codes[i]];
                if (fits == 0) fits = Fits(texts[codes[i]].SequenceCompareTo(value), comparison) ? (sbyte)1 : (sbyte)-1;
                if (fits > 0) bits |= 1UL << i;
            }

            return bits & Valid(column, start, count);
        }
    }
}
