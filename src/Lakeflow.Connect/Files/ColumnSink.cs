using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files;

/// <summary>A column under construction that can take back its last rows, for readers that find a record broken when half of it is stored.</summary>
internal abstract class ColumnSink(DataType type)
{
    /// <summary>One byte a row: 1 where the row has a value.</summary>
    protected byte[] Flags { get; private set; } = [];

    public DataType Type { get; } = type;

    public int Length { get; protected set; }

    /// <summary>Makes room for <paramref name="rows"/> more rows.</summary>
    public void Reserve(int rows)
    {
        if (Flags.Length < Length + rows)
        {
            var flags = Flags;
            Array.Resize(ref flags, Math.Max(Length + rows, Flags.Length * 2));
            Flags = flags;
        }

        ReserveValues(Length + rows);
    }

    /// <summary>Appends <paramref name="count"/> NULLs.</summary>
    public void AppendNulls(int count)
    {
        Reserve(count);
        for (; count > 0; count--) AppendNull();
    }

    /// <summary>Takes back all rows from <paramref name="length"/> on.</summary>
    public virtual void Truncate(int length) => Length = length;

    /// <summary>Appends a NULL; room must be reserved.</summary>
    public abstract void AppendNull();

    /// <summary>The column of all rows; the sink is empty again.</summary>
    public ArrowArray Build()
    {
        var length = Length;
        var nulls = length - Flags.AsSpan(0, length).Count((byte)1);
        ArrowBuffer? validity = null;
        if (nulls > 0)
        {
            validity = ArrowBuffer.Rent(Bitmap.ByteCount(length));
            Bitmap.Pack(Flags.AsSpan(0, length), validity.Bytes);
        }

        var array = Take(length, validity, nulls);
        Length = 0;
        return array;
    }

    protected abstract void ReserveValues(int rows);

    protected abstract ArrowArray Take(int length, ArrowBuffer? validity, int nulls);
}

/// <summary>Values of fixed width.</summary>
internal sealed class PrimitiveSink<T>(DataType type) : ColumnSink(type)
    where T : unmanaged
{
    private ArrowBuffer values = ArrowBuffer.Empty;

    /// <summary>Room for values and flags of the next <paramref name="rows"/> rows; write both, then <see cref="Advance"/>.</summary>
    public void Next(int rows, out Span<T> target, out Span<byte> flags)
    {
        Reserve(rows);
        target = values.As<T>().Slice(Length, rows);
        flags = Flags.AsSpan(Length, rows);
    }

    public void Advance(int rows) => Length += rows;

    public override void AppendNull()
    {
        values.As<T>()[Length] = default;
        Flags[Length++] = 0;
    }

    protected override void ReserveValues(int rows)
    {
        var bytes = rows * Unsafe.SizeOf<T>();
        if (values.Length >= bytes) return;
        var larger = ArrowBuffer.Rent(Math.Max(bytes, values.Length * 2));
        values.Bytes[..(Length * Unsafe.SizeOf<T>())].CopyTo(larger.Bytes);
        values.Release();
        values = larger;
    }

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nulls)
    {
        if (Type is BooleanType)
        {
            var bits = ArrowBuffer.Rent(Bitmap.ByteCount(length));
            Bitmap.Pack(MemoryMarshal.AsBytes(values.As<T>()[..length]), bits.Bytes);
            return new BooleanArray(length, bits, validity, nulls);
        }

        var array = new PrimitiveArray<T>(Type, length, values, validity, nulls);
        values = ArrowBuffer.Empty;
        return array;
    }
}

/// <summary>STRING or BINARY values.</summary>
internal sealed class TextSink(DataType type) : ColumnSink(type)
{
    private const int ShortCopy = 32;

    private ArrowBuffer offsets = ArrowBuffer.Empty;
    private ArrowBuffer data = ArrowBuffer.Empty;
    private int used;

    /// <summary>Appends a value; room must be reserved.</summary>
    public void Append(ReadOnlySpan<byte> value)
    {
        EnsureData(value.Length);
        value.CopyTo(data.Bytes[used..]);
        Close(value.Length);
    }

    /// <summary>Appends a value whose next <see cref="ByteWindow.Slack"/> bytes may be read too: a short one is then one wide copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AppendInPlace(ReadOnlySpan<byte> value)
    {
        if (value.Length > ShortCopy || used + ShortCopy > data.Length)
        {
            Append(value);
            return;
        }

        ref var from = ref MemoryMarshal.GetReference(value);
        ref var to = ref MemoryMarshal.GetReference(data.Bytes[used..]);
        Unsafe.WriteUnaligned(ref to, Unsafe.ReadUnaligned<Block32>(ref from));
        Close(value.Length);
    }

    public void Append(string value) => Append(Encoding.UTF8.GetBytes(value));

    public override void AppendNull()
    {
        offsets.As<int>()[Length + 1] = used;
        Flags[Length++] = 0;
    }

    public override void Truncate(int length)
    {
        base.Truncate(length);
        used = offsets.Length == 0 ? 0 : offsets.As<int>()[length];
    }

    protected override void ReserveValues(int rows)
    {
        var bytes = (rows + 1) * sizeof(int);
        if (offsets.Length >= bytes) return;
        var larger = ArrowBuffer.Rent(Math.Max(bytes, offsets.Length * 2));
        if (offsets.Length == 0) larger.As<int>()[0] = 0;
        else offsets.Bytes[..((Length + 1) * sizeof(int))].CopyTo(larger.Bytes);
        offsets.Release();
        offsets = larger;
    }

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nulls)
    {
        if (offsets.Length == 0) ReserveValues(0);
        var array = new StringArray(Type, length, offsets, data.Length == 0 ? data : data.Resized(used), validity, nulls);
        offsets = ArrowBuffer.Empty;
        data = used == 0 ? ArrowBuffer.Empty : ArrowBuffer.Rent(used + (used >> 3) + ShortCopy);
        used = 0;
        return array;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Close(int length)
    {
        used += length;
        offsets.As<int>()[Length + 1] = used;
        Flags[Length++] = 1;
    }

    private void EnsureData(int bytes)
    {
        if (used + bytes <= data.Length) return;
        var larger = ArrowBuffer.Rent(checked((int)Math.Max(Math.Min((long)data.Length * 2, int.MaxValue / 2), Math.Max(4096L, (long)used + bytes + ShortCopy))));
        data.Bytes[..used].CopyTo(larger.Bytes);
        data.Release();
        data = larger;
    }

    [InlineArray(ShortCopy)]
    private struct Block32
    {
        private byte first;
    }
}
