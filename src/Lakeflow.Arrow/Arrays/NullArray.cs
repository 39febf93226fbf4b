namespace Lakeflow.Arrow;

/// <summary>A column of type VOID: only a length.</summary>
public sealed class NullArray : ArrowArray
{
    public NullArray(int length)
        : base(DataType.Null, length, AllNull(length), length)
    {
    }

    public override ArrowArray Slice(int start, int length) => new NullArray(length);

    protected override object ValueAt(int index) => throw new InvalidOperationException("A VOID column has no values.");

    protected override void ReleaseBuffers()
    {
    }

    private static ArrowBuffer AllNull(int length) => ArrowBuffer.RentCleared(Bitmap.ByteCount(length));
}
