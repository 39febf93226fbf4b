namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary><c>bit_xor</c> of all values.</summary>
public struct BitXorState
{
    private long bits;
    private bool seen;

    public readonly bool HasValue => seen;

    public void Add(long value, int site)
    {
        bits = seen ? bits ^ value : value;
        seen = true;
    }

    public void Merge(in BitXorState other, int site)
    {
        if (other.seen) Add(other.bits, site);
    }

    public readonly long Result(int site) => bits;
}
