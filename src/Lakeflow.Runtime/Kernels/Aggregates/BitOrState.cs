namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>bit_or</c> of all values.</summary>
public struct BitOrState
{
    private long bits;
    private bool seen;

    public readonly bool HasValue => seen;

    public void Add(long value, int site)
    {
        bits = seen ? bits | value : value;
        seen = true;
    }

    public void Merge(in BitOrState other, int site)
    {
        if (other.seen) Add(other.bits, site);
    }

    public readonly long Result(int site) => bits;
}
