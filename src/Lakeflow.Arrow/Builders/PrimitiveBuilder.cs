using System.Runtime.CompilerServices;

namespace Lakeflow.Arrow;

/// <summary>Gathers values of fixed width.</summary>
public sealed class PrimitiveBuilder<T>(DataType type, int capacity = 0) : ArrayBuilder(type)
    where T : unmanaged
{
    private ArrowBuffer values = ArrowBuffer.Rent(Math.Max(capacity, 16) * Unsafe.SizeOf<T>());

    public void Append(T value)
    {
        Add(value);
        Count(valid: true);
    }

    protected override void AddDefault() => Add(default);

    protected override void AddObject(object value)
    {
        if (typeof(T) == typeof(long) && value is Int128 unscaled) Add((T)(object)checked((long)unscaled));
        else Add((T)value);
    }

    protected override void AddFrom(ArrowArray source, int index) => Add(((PrimitiveArray<T>)source).Values[index]);

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nullCount)
    {
        var array = new PrimitiveArray<T>(Type, length, values, validity, nullCount);
        values = ArrowBuffer.Rent(Math.Max(length, 16) * Unsafe.SizeOf<T>());
        return array;
    }

    private void Add(T value)
    {
        var span = values.As<T>();
        if (Length >= span.Length)
        {
            var larger = ArrowBuffer.Rent(checked(values.Length * 2));
            values.Bytes.CopyTo(larger.Bytes);
            values.Release();
            values = larger;
            span = values.As<T>();
        }

        span[Length] = value;
    }
}
