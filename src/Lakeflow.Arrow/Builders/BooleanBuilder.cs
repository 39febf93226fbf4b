namespace Lakeflow.Arrow;

/// <summary>Gathers BOOLEAN values.</summary>
public sealed class BooleanBuilder(int capacity = 0) : ArrayBuilder(DataType.Boolean)
{
    private byte[] flags = new byte[Math.Max(capacity, 64)];

    public void Append(bool value)
    {
        Add(value);
        Count(valid: true);
    }

    protected override void AddDefault() => Add(false);

    protected override void AddObject(object value) => Add((bool)value);

    protected override void AddFrom(ArrowArray source, int index) => Add(((BooleanArray)source)[index]);

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nullCount)
    {
        var bits = ArrowBuffer.Rent(Bitmap.ByteCount(length));
        Bitmap.Pack(flags.AsSpan(0, length), bits.Bytes);
        return new BooleanArray(length, bits, validity, nullCount);
    }

    private void Add(bool value)
    {
        if (Length >= flags.Length) Array.Resize(ref flags, flags.Length * 2);
        flags[Length] = value ? (byte)1 : (byte)0;
    }
}
