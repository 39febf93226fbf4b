namespace Lakeflow.Arrow;

/// <summary>BOOLEAN values, one bit a row.</summary>
public sealed class BooleanArray : ArrowArray
{
    private readonly ArrowBuffer bits;

    public BooleanArray(int length, ArrowBuffer bits, ArrowBuffer? validity = null, int nullCount = 0)
        : base(DataType.Boolean, length, validity, nullCount) => this.bits = bits;

    /// <summary>One bit a row, least significant first.</summary>
    public ReadOnlySpan<byte> Bits => bits.Bytes;

    internal ArrowBuffer BitBlock => bits;

    public bool this[int index] => Bitmap.Get(bits.Bytes, index);

    public override ArrowArray Slice(int start, int length)
    {
        var (validity, nulls) = SliceValidity(start, length);
        var slice = ArrowBuffer.Rent(Bitmap.ByteCount(length));
        Bitmap.Copy(bits.Bytes, start, slice.Bytes, length);
        return new BooleanArray(length, slice, validity, nulls);
    }

    protected override object ValueAt(int index) => this[index];

    protected override void ReleaseBuffers() => bits.Release();
}
