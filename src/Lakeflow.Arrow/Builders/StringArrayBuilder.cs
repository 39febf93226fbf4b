using System.Text;

namespace Lakeflow.Arrow;

/// <summary>Gathers STRING or BINARY values.</summary>
public sealed class StringArrayBuilder(DataType type, int capacity = 0) : ArrayBuilder(type)
{
    private ArrowBuffer offsets = ArrowBuffer.Rent((Math.Max(capacity, 16) + 1) * sizeof(int));
    private ArrowBuffer data = ArrowBuffer.Rent(Math.Max(capacity, 16) * 16);
    private int used;

    public void Append(ReadOnlySpan<byte> value)
    {
        Add(value);
        Count(valid: true);
    }

    public void Append(string value) => Append(Encoding.UTF8.GetBytes(value));

    protected override void AddDefault() => Add([]);

    protected override void AddObject(object value) => Add(value is string text ? Encoding.UTF8.GetBytes(text) : (byte[])value);

    protected override void AddFrom(ArrowArray source, int index) => Add(((StringArray)source)[index]);

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nullCount)
    {
        var at = offsets.As<int>();
        if (length == 0) at[0] = 0;
        var array = new StringArray(Type, length, offsets, data.Resized(used), validity, nullCount);
        offsets = ArrowBuffer.Rent((Math.Max(length, 16) + 1) * sizeof(int));
        data = ArrowBuffer.Rent(Math.Max(used, 256));
        used = 0;
        return array;
    }

    private void Add(ReadOnlySpan<byte> value)
    {
        var at = offsets.As<int>();
        if (Length + 1 >= at.Length)
        {
            offsets = Grown(offsets, offsets.Length * 2);
            at = offsets.As<int>();
        }

        if (Length == 0) at[0] = 0;
        if (used + value.Length > data.Length) data = Grown(data, checked((int)Math.Max((long)data.Length * 2, (long)used + value.Length)));
        value.CopyTo(data.Bytes[used..]);
        used += value.Length;
        at[Length + 1] = used;
    }

    private static ArrowBuffer Grown(ArrowBuffer buffer, int bytes)
    {
        var larger = ArrowBuffer.Rent(bytes);
        buffer.Bytes.CopyTo(larger.Bytes);
        buffer.Release();
        return larger;
    }
}
