using Lakeflow.Arrow;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>Whether two rows are equal in some columns. NULLs are equal, so are NaNs, and −0.0 and 0.0.</summary>
/// <remarks>A column may come in parts, one behind the other: they are not put together to be compared.</remarks>
internal sealed class RowEquality
{
    private readonly int[] starts;
    private readonly Test[] tests;

    /// <param name="columns">The columns, each part by part.</param>
    /// <param name="starts">The row that each part begins with.</param>
    public RowEquality(IEnumerable<ArrowArray[]> columns, int[] starts)
    {
        this.starts = starts;
        // Numbers first: they are the cheaper to look at, and rows that differ mostly differ in several columns.
        tests = [.. columns.Where(parts => !Array.TrueForAll(parts, p => p is NullArray)).Select(TestOf).OrderBy(t => t.Cost)];
    }

    public bool Same(int a, int b)
    {
        var (left, right) = (PartOf(a), PartOf(b));
        (a, b) = (a - starts[left], b - starts[right]);
        foreach (var test in tests)
        {
            if (!test.Same(left, a, right, b)) return false;
        }

        return true;
    }

    private int PartOf(int row)
    {
        var part = 0;
        while (part + 1 < starts.Length && row >= starts[part + 1]) part++;
        return part;
    }

    private static Test TestOf(ArrowArray[] parts)
    {
        if (Array.TrueForAll(parts, p => p is NullArray || p.Type is StringType or BinaryType)) return new Texts(parts);
        return Array.Find(parts, p => p is not NullArray) switch
        {
            PrimitiveArray<sbyte> when AllAre<PrimitiveArray<sbyte>>(parts) => new Words<sbyte>(parts),
            PrimitiveArray<short> when AllAre<PrimitiveArray<short>>(parts) => new Words<short>(parts),
            PrimitiveArray<int> when AllAre<PrimitiveArray<int>>(parts) => new Words<int>(parts),
            PrimitiveArray<long> when AllAre<PrimitiveArray<long>>(parts) => new Words<long>(parts),
            PrimitiveArray<Int128> when AllAre<PrimitiveArray<Int128>>(parts) => new Words<Int128>(parts),
            PrimitiveArray<double> when AllAre<PrimitiveArray<double>>(parts) => new Doubles(parts),
            _ => new Any(parts),
        };
    }

    private static bool AllAre<T>(ArrowArray[] parts) => Array.TrueForAll(parts, p => p is T or NullArray);

    private abstract class Test(ArrowArray[] parts, int cost)
    {
        private readonly ArrowArray[] parts = parts;
        private readonly bool[] hasNulls = Array.ConvertAll(parts, p => p is NullArray || p.NullCount > 0);

        public int Cost => cost;

        public bool Same(int left, int a, int right, int b)
        {
            if (hasNulls[left] || hasNulls[right])
            {
                var isNull = parts[left].IsNull(a);
                if (isNull || parts[right].IsNull(b)) return isNull && parts[right].IsNull(b);
            }

            return SameValue(left, a, right, b);
        }

        protected abstract bool SameValue(int left, int a, int right, int b);
    }

    private sealed class Words<T>(ArrowArray[] parts) : Test(parts, 0)
        where T : unmanaged, IEquatable<T>
    {
        private readonly PrimitiveArray<T>?[] values = Array.ConvertAll(parts, p => p as PrimitiveArray<T>);

        protected override bool SameValue(int left, int a, int right, int b) => values[left]!.Values[a].Equals(values[right]!.Values[b]);
    }

    private sealed class Doubles(ArrowArray[] parts) : Test(parts, 0)
    {
        private readonly PrimitiveArray<double>?[] values = Array.ConvertAll(parts, p => p as PrimitiveArray<double>);

        protected override bool SameValue(int left, int a, int right, int b) =>
            KeyHash.Canonical(values[left]!.Values[a]).Equals(KeyHash.Canonical(values[right]!.Values[b]));
    }

    private sealed class Texts(ArrowArray[] parts) : Test(parts, 1)
    {
        private readonly ArrowArray[] parts = parts;

        protected override bool SameValue(int left, int a, int right, int b) =>
            TextColumn.Of(parts[left])[a].Bytes.SequenceEqual(TextColumn.Of(parts[right])[b].Bytes);
    }

    private sealed class Any(ArrowArray[] parts) : Test(parts, 2)
    {
        private readonly ArrowArray[] parts = parts;

        protected override bool SameValue(int left, int a, int right, int b) => BoxedValues.Compare(parts[left].GetValue(a), parts[right].GetValue(b)) == 0;
    }
}
