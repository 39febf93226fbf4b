namespace Lakeflow.Arrow;

/// <summary>Counts rows of a VOID column.</summary>
public sealed class NullBuilder() : ArrayBuilder(DataType.Null)
{
    protected override void AddDefault()
    {
    }

    protected override void AddObject(object value) => throw new InvalidOperationException("A VOID column has no values.");

    protected override void AddFrom(ArrowArray source, int index)
    {
    }

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nullCount)
    {
        validity?.Release();
        return new NullArray(length);
    }
}
