using System.Runtime.CompilerServices;

namespace Lakeflow.Arrow;

/// <summary>A column of values in Arrow layout; immutable, shared by reference count.</summary>
/// <remarks>
/// The class says the physical layout (<see cref="PrimitiveArray{T}"/>, <see cref="StringArray"/> …), <see cref="Type"/> the
/// meaning. A slice shares values and copies its bits of the bitmap, so index 0 of every span is row 0.
/// </remarks>
public abstract class ArrowArray
{
    private int references = 1;

    protected ArrowArray(DataType type, int length, ArrowBuffer? validity, int nullCount)
    {
        Type = type;
        Length = length;
        ValidityBuffer = nullCount == 0 ? null : validity;
        NullCount = nullCount;
        if (nullCount == 0) validity?.Release();
    }

    public DataType Type { get; }

    public int Length { get; }

    /// <summary>Rows that are NULL; 0 means there is no bitmap.</summary>
    public int NullCount { get; }

    /// <summary>One bit a row, 1 = valid; empty if nothing is NULL.</summary>
    public ReadOnlySpan<byte> Validity => ValidityBuffer is null ? default : ValidityBuffer.Bytes;

    internal ArrowBuffer? ValidityBuffer { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(int index) => ValidityBuffer is null || Bitmap.Get(ValidityBuffer.Bytes, index);

    public bool IsNull(int index) => !IsValid(index);

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/>; the caller owns the result.</summary>
    public abstract ArrowArray Slice(int start, int length);

    /// <summary>The value of a row as an object: slow, for tests, messages and nested values.</summary>
    /// <returns>
    /// NULL → null; integers, FLOAT, DOUBLE, BOOLEAN → their C# type; DECIMAL → unscaled <see cref="Int128"/>; STRING →
    /// <see cref="string"/>; BINARY → <c>byte[]</c>; DATE → days <see cref="int"/>; TIMESTAMP → microseconds <see cref="long"/>;
    /// ARRAY and STRUCT → <c>object?[]</c>; MAP → <c>KeyValuePair&lt;object, object?&gt;[]</c>.
    /// </returns>
    public object? GetValue(int index) => IsNull(index) ? null : ValueAt(index);

    protected abstract object ValueAt(int index);

    /// <summary>One more owner of this array.</summary>
    public ArrowArray Retain()
    {
        Interlocked.Increment(ref references);
        return this;
    }

    /// <summary>One owner less; the last gives the memory back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0) return;
        ValidityBuffer?.Release();
        ReleaseBuffers();
    }

    protected abstract void ReleaseBuffers();

    /// <summary>The bitmap of a slice, as its own block; null if nothing in it is NULL.</summary>
    protected (ArrowBuffer? Validity, int NullCount) SliceValidity(int start, int length)
    {
        if (ValidityBuffer is null || length == 0) return (null, 0);
        var bits = ArrowBuffer.Rent(Bitmap.ByteCount(length));
        Bitmap.Copy(ValidityBuffer.Bytes, start, bits.Bytes, length);
        var nulls = length - Bitmap.CountOnes(bits.Bytes, length);
        return (bits, nulls);
    }
}
