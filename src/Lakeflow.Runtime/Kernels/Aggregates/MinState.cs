using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>min</c> of a fixed-width type. NaN is above every number.</summary>
public struct MinState<T>
    where T : unmanaged, IComparable<T>
{
    private T best;
    private bool seen;

    public readonly bool HasValue => seen;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value, int site)
    {
        if (seen && !Order.Less(value, best)) return;
        best = value;
        seen = true;
    }

    public void Merge(in MinState<T> other, int site)
    {
        if (other.seen) Add(other.best, site);
    }

    public readonly T Result(int site) => best;
}
