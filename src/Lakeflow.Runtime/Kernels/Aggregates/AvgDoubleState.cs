using System.Runtime.CompilerServices;

namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>avg</c> of FLOAT and DOUBLE.</summary>
public struct AvgDoubleState
{
    private double sum;
    private long count;

    public readonly bool HasValue => count != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value, int site)
    {
        sum += value;
        count++;
    }

    public void Merge(in AvgDoubleState other, int site)
    {
        sum += other.sum;
        count += other.count;
    }

    public readonly double Result(int site) => sum / count;
}
