using System.Runtime.CompilerServices;
using System.Text;

namespace Lakeflow.Arrow;

/// <summary>STRING or BINARY values: bytes over int32 offsets.</summary>
public sealed class StringArray : ArrowArray
{
    private static readonly int[] NoRows = [0];

    private readonly ArrowBuffer offsets;
    private readonly ArrowBuffer data;
    private readonly int start;

    /// <param name="type">STRING or BINARY.</param>
    /// <param name="length">Rows.</param>
    /// <param name="offsets"><paramref name="length"/> + 1 ascending int32 positions in <paramref name="data"/>.</param>
    /// <param name="data">The bytes of all rows; UTF-8 if STRING.</param>
    /// <param name="validity">One bit a row, or null.</param>
    /// <param name="nullCount">Rows that are NULL; their stretch is empty.</param>
    public StringArray(DataType type, int length, ArrowBuffer offsets, ArrowBuffer data, ArrowBuffer? validity = null, int nullCount = 0)
        : this(type, length, offsets, data, 0, validity, nullCount)
    {
    }

    private StringArray(DataType type, int length, ArrowBuffer offsets, ArrowBuffer data, int start, ArrowBuffer? validity, int nullCount)
        : base(type, length, validity, nullCount)
    {
        this.offsets = offsets;
        this.data = data;
        this.start = start;
    }

    /// <summary>Length + 1 positions in <see cref="Data"/>. The first is not 0 in a slice.</summary>
    public ReadOnlySpan<int> Offsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Length == 0 ? NoRows : offsets.As<int>().Slice(start, Length + 1);
    }

    /// <summary>All bytes that the offsets point into.</summary>
    public ReadOnlySpan<byte> Data => data.Bytes;

    internal (ArrowBuffer Offsets, int StartBytes, ArrowBuffer Data) Blocks => (offsets, start * sizeof(int), data);

    /// <summary>The bytes of a row.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var at = Offsets;
            return data.Bytes[at[index]..at[index + 1]];
        }
    }

    public override ArrowArray Slice(int start, int length)
    {
        var (validity, nulls) = SliceValidity(start, length);
        return new StringArray(Type, length, offsets.Retain(), data.Retain(), this.start + start, validity, nulls);
    }

    protected override object ValueAt(int index) =>
        Type is StringType ? Encoding.UTF8.GetString(this[index]) : this[index].ToArray();

    protected override void ReleaseBuffers()
    {
        offsets.Release();
        data.Release();
    }
}
