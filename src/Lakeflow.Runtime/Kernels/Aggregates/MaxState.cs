using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>max</c> of a fixed-width type. NaN is above every number.</summary>
public struct MaxState<T>
    where T : unmanaged, IComparable<T>
{
    private T best;
    private bool seen;

    public readonly bool HasValue => seen;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value, int site)
    {
        if (seen && !Order.Less(best, value)) return;
        best = value;
        seen = true;
    }

    public void Merge(in MaxState<T> other, int site)
    {
        if (other.seen) Add(other.best, site);
    }

    public readonly T Result(int site) => best;
}
