namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>sum</c> of integers from the sums of parts: BIGINT; raises LF5002 where it does not fit at the end.</summary>
public struct SumOfPartsState
{
    private ExactSum sum;
    private bool seen;

    public readonly bool HasValue => seen;

    public void Add(Int128 part, int site)
    {
        sum.Add(part);
        seen = true;
    }

    public void Merge(in SumOfPartsState other, int site)
    {
        sum.Add(other.sum.Value);
        seen |= other.seen;
    }

    public readonly long Result(int site)
    {
        if (!Fits) Throw.Overflow(site, "The sum", sum.Value, "BIGINT");
        return (long)sum.Value;
    }

    internal readonly bool Fits => sum.Value >= long.MinValue && sum.Value <= long.MaxValue;
}
