using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lakeflow.Runtime.Spilling;

/// <summary>Takes the values of a <see cref="SpillWriter"/> out again, in their order.</summary>
public sealed class SpillReader
{
    private byte[] block = [];
    private int length;
    private int at;

    /// <summary>True after the last value.</summary>
    public bool IsAtEnd => at == length;

    /// <summary>Begins with a block of a file.</summary>
    public void Begin(SpillFile file, SpillPlace place)
    {
        if (block.Length < place.Length) block = GC.AllocateUninitializedArray<byte>(place.Length);
        (length, at) = (place.Length, 0);
        file.Read(place, block.AsSpan(0, length));
    }

    public T Get<T>()
        where T : unmanaged
    {
        var value = Unsafe.ReadUnaligned<T>(ref block.AsSpan(at, Unsafe.SizeOf<T>())[0]);
        at += Unsafe.SizeOf<T>();
        return value;
    }

    /// <summary>As many values as there is room for.</summary>
    public void Get<T>(Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        block.AsSpan(at, bytes.Length).CopyTo(bytes);
        at += bytes.Length;
    }

    /// <summary>Bytes, valid until the next block begins.</summary>
    public ReadOnlySpan<byte> GetBytes()
    {
        var count = Get<int>();
        at += count;
        return block.AsSpan(at - count, count);
    }

    public object? GetValue()
    {
        var kind = (ValueKind)Get<byte>();
        switch (kind)
        {
            case ValueKind.Null: return null;
            case ValueKind.Boolean: return Get<bool>();
            case ValueKind.Int8: return Get<sbyte>();
            case ValueKind.Int16: return Get<short>();
            case ValueKind.Int32: return Get<int>();
            case ValueKind.Int64: return Get<long>();
            case ValueKind.Float: return Get<float>();
            case ValueKind.Double: return Get<double>();
            case ValueKind.Int128: return Get<Int128>();
            case ValueKind.Text: return Encoding.UTF8.GetString(GetBytes());
            case ValueKind.Bytes: return GetBytes().ToArray();
            case ValueKind.Items: return GetValues();
            case ValueKind.Pairs:
                var pairs = new KeyValuePair<object, object?>[Get<int>()];
                for (var i = 0; i < pairs.Length; i++) pairs[i] = new(GetValue()!, GetValue());
                return pairs;
            default: throw new System.Diagnostics.UnreachableException(kind.ToString());
        }
    }

    public object?[] GetValues()
    {
        var values = new object?[Get<int>()];
        for (var i = 0; i < values.Length; i++) values[i] = GetValue();
        return values;
    }
}
