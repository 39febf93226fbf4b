namespace Lakeflow.Runtime.Kernels.Aggregates;

/// <summary>A sum of 128 bits in two halves: an <see cref="Int128"/> would have to begin at a multiple of 16 bytes.</summary>
internal struct ExactSum
{
    private ulong low;
    private ulong high;

    public readonly Int128 Value => new(high, low);

    public void Add(Int128 value)
    {
        var sum = Value + value;
        (low, high) = ((ulong)sum, (ulong)(sum >> 64));
    }
}
