using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Whether two rows are equal in some columns. NULLs are equal, so are NaNs, and −0.0 and 0.0.</summary>
internal sealed class RowEquality
{
    private readonly Test[] tests;

    public RowEquality(IEnumerable<ArrowArray> columns) =>
        // Numbers first: they are the cheaper to look at, and rows that differ mostly differ in several columns.
        tests = [.. columns.Where(c => c is not NullArray).Select(TestOf).OrderBy(t => t.Cost)];

    public bool Same(int a, int b)
    {
        foreach (var test in tests)
        {
            if (!test.Same(a, b)) return false;
        }

        return true;
    }

    private static Test TestOf(ArrowArray column) => column switch
    {
        PrimitiveArray<sbyte> c => new Words<sbyte>(c),
        PrimitiveArray<short> c => new Words<short>(c),
        PrimitiveArray<int> c => new Words<int>(c),
        PrimitiveArray<long> c => new Words<long>(c),
        PrimitiveArray<Int128> c => new Words<Int128>(c),
        PrimitiveArray<double> c => new Doubles(c),
        { Type: StringType or BinaryType } => new Texts(column),
        _ => new Any(column),
    };

    private abstract class Test(ArrowArray column, int cost)
    {
        private readonly bool hasNulls = column.NullCount > 0;

        public int Cost => cost;

        protected ArrowArray Column => column;

        public bool Same(int a, int b)
        {
            if (hasNulls)
            {
                var isNull = column.IsNull(a);
                if (isNull || column.IsNull(b)) return isNull && column.IsNull(b);
            }

            return SameValue(a, b);
        }

        protected abstract bool SameValue(int a, int b);
    }

    private sealed class Words<T>(PrimitiveArray<T> column) : Test(column, 0)
        where T : unmanaged, IEquatable<T>
    {
        protected override bool SameValue(int a, int b)
        {
            var values = column.Values;
            return values[a].Equals(values[b]);
        }
    }

    private sealed class Doubles(PrimitiveArray<double> column) : Test(column, 0)
    {
        protected override bool SameValue(int a, int b)
        {
            var values = column.Values;
            return KeyHash.Canonical(values[a]).Equals(KeyHash.Canonical(values[b]));
        }
    }

    private sealed class Texts(ArrowArray column) : Test(column, 1)
    {
        protected override bool SameValue(int a, int b)
        {
            var texts = TextColumn.Of(Column);
            return texts[a].Bytes.SequenceEqual(texts[b].Bytes);
        }
    }

    private sealed class Any(ArrowArray column) : Test(column, 2)
    {
        protected override bool SameValue(int a, int b) => BoxedValues.Compare(Column.GetValue(a), Column.GetValue(b)) == 0;
    }
}
