using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>sum</c> of FLOAT and DOUBLE, added in order.</summary>
public struct SumDoubleState
{
    private double sum;
    private bool seen;

    public readonly bool HasValue => seen;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value, int site)
    {
        sum += value;
        seen = true;
    }

    public void Merge(in SumDoubleState other, int site)
    {
        sum += other.sum;
        seen |= other.seen;
    }

    public readonly double Result(int site) => sum;
}
