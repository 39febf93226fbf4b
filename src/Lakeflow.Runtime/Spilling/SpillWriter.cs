using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lakeflow.Runtime.Spilling;

/// <summary>Puts values one behind another into a block of bytes, in the machine's own order: this process alone reads them.</summary>
public sealed class SpillWriter
{
    private byte[] block = new byte[4096];
    private int used;

    /// <summary>What was put.</summary>
    public ReadOnlySpan<byte> Block => block.AsSpan(0, used);

    public int Length => used;

    /// <summary>Begins an empty block.</summary>
    public void Clear() => used = 0;

    public void Put<T>(in T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref Room(Unsafe.SizeOf<T>())[0], value);

    public void Put<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (bytes.Length > 0) bytes.CopyTo(Room(bytes.Length));
    }

    /// <summary>Bytes with their number before them.</summary>
    public void PutBytes(ReadOnlySpan<byte> bytes)
    {
        Put(bytes.Length);
        Put(bytes);
    }

    /// <summary>A value in the form of <see cref="Arrow.ArrowArray.GetValue"/>.</summary>
    public void PutValue(object? value)
    {
        switch (value)
        {
            case null: Put((byte)ValueKind.Null); break;
            case bool v: Put((byte)ValueKind.Boolean); Put(v); break;
            case sbyte v: Put((byte)ValueKind.Int8); Put(v); break;
            case short v: Put((byte)ValueKind.Int16); Put(v); break;
            case int v: Put((byte)ValueKind.Int32); Put(v); break;
            case long v: Put((byte)ValueKind.Int64); Put(v); break;
            case float v: Put((byte)ValueKind.Float); Put(v); break;
            case double v: Put((byte)ValueKind.Double); Put(v); break;
            case Int128 v: Put((byte)ValueKind.Int128); Put(v); break;
            case string v: Put((byte)ValueKind.Text); PutBytes(Encoding.UTF8.GetBytes(v)); break;
            case byte[] v: Put((byte)ValueKind.Bytes); PutBytes(v); break;
            case object?[] items:
                Put((byte)ValueKind.Items);
                Put(items.Length);
                foreach (var item in items) PutValue(item);
                break;
            case KeyValuePair<object, object?>[] pairs:
                Put((byte)ValueKind.Pairs);
                Put(pairs.Length);
                foreach (var (key, of) in pairs)
                {
                    PutValue(key);
                    PutValue(of);
                }

                break;
            default: throw new System.Diagnostics.UnreachableException(value.GetType().Name);
        }
    }

    /// <summary>Values with their number before them.</summary>
    public void PutValues<T>(IReadOnlyCollection<T> values)
    {
        Put(values.Count);
        foreach (var value in values) PutValue(value);
    }

    private Span<byte> Room(int bytes)
    {
        if (block.Length - used < bytes) Array.Resize(ref block, (int)Math.Min(Array.MaxLength, Math.Max(used + (long)bytes, block.Length * 2L)));
        var room = block.AsSpan(used, bytes);
        used += bytes;
        return room;
    }
}

internal enum ValueKind : byte
{
    Null,
    Boolean,
    Int8,
    Int16,
    Int32,
    Int64,
    Float,
    Double,
    Int128,
    Text,
    Bytes,
    Items,
    Pairs,
}
