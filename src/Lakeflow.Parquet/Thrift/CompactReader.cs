using System.Runtime.CompilerServices;
using System.Text;

namespace Lakeflow.Parquet.Thrift;

/// <summary>Reads Thrift's compact protocol from bytes that nobody has vouched for.</summary>
/// <remarks>Every length is compared with the bytes that are left, and nesting is bounded, before anything is allocated or entered.</remarks>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int depth;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Goes into a struct; its fields follow by <see cref="NextField"/> until that returns false.</summary>
    public void Enter(CompactType type)
    {
        Expect(type, CompactType.Struct);
        if (++depth > MaxDepth) throw new BrokenDataException("structures nested too deeply");
    }

    /// <summary>The next field of the struct entered last; at its end, leaves the struct.</summary>
    /// <param name="id">The previous field's number, 0 at first; becomes this one's.</param>
    /// <param name="type">The field's wire type.</param>
    public bool NextField(ref int id, out CompactType type)
    {
        var head = Byte();
        type = (CompactType)(head & 15);
        if (type == CompactType.Stop)
        {
            depth--;
            return false;
        }

        var step = head >> 4;
        id = step == 0 ? (int)ZigZag() : id + step;
        return true;
    }

    public bool Bool(CompactType type)
    {
        if (type is CompactType.True or CompactType.False) return type == CompactType.True;
        throw new BrokenDataException($"a {type} where a truth value belongs");
    }

    /// <summary>An integer of at most 32 bits.</summary>
    public int Int(CompactType type)
    {
        if (type == CompactType.Byte) return (sbyte)Byte();
        if (type is not (CompactType.I16 or CompactType.I32)) throw new BrokenDataException($"a {type} where an integer belongs");
        var value = ZigZag();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new BrokenDataException($"{value} is no 32-bit integer");
    }

    public long Long(CompactType type) =>
        type == CompactType.I64 ? ZigZag() : Int(type);

    public ReadOnlySpan<byte> Binary(CompactType type)
    {
        Expect(type, CompactType.Binary);
        return Take(Length());
    }

    public string Text(CompactType type) => Encoding.UTF8.GetString(Binary(type));

    /// <summary>The head of a list: how many elements follow, and of which type.</summary>
    public int List(CompactType type, out CompactType element)
    {
        if (type is not (CompactType.List or CompactType.Set)) throw new BrokenDataException($"a {type} where a list belongs");
        var head = Byte();
        element = (CompactType)(head & 15);
        var count = head >> 4;
        if (count == 15) count = Length();
        // Every element takes at least one byte, an empty struct included.
        if (count > bytes.Length - Position) throw new BrokenDataException($"a list of {count} elements in {bytes.Length - Position} bytes");
        return count;
    }

    public void Skip(CompactType type)
    {
        switch (type)
        {
            case CompactType.True or CompactType.False:
                break;
            case CompactType.Byte:
                Take(1);
                break;
            case CompactType.I16 or CompactType.I32 or CompactType.I64:
                ZigZag();
                break;
            case CompactType.Double:
                Take(8);
                break;
            case CompactType.Binary:
                Take(Length());
                break;
            case CompactType.List or CompactType.Set:
                SkipList(type);
                break;
            case CompactType.Map:
                SkipMap();
                break;
            case CompactType.Struct:
                Enter(type);
                var id = 0;
                while (NextField(ref id, out var field)) Skip(field);
                break;
            default:
                throw new BrokenDataException($"unknown wire type {(int)type}");
        }
    }

    private void SkipList(CompactType type)
    {
        if (++depth > MaxDepth) throw new BrokenDataException("lists nested too deeply");
        var count = List(type, out var element);
        for (var i = 0; i < count; i++) SkipElement(element);
        depth--;
    }

    private void SkipMap()
    {
        if (++depth > MaxDepth) throw new BrokenDataException("maps nested too deeply");
        var count = Length();
        if (count > 0)
        {
            var types = Byte();
            if (count > bytes.Length - Position) throw new BrokenDataException($"a map of {count} entries in {bytes.Length - Position} bytes");
            for (var i = 0; i < count; i++)
            {
                SkipElement((CompactType)(types >> 4));
                SkipElement((CompactType)(types & 15));
            }
        }

        depth--;
    }

    // Inside a list or map a truth value takes a byte of its own.
    private void SkipElement(CompactType type)
    {
        if (type is CompactType.True or CompactType.False) Take(1);
        else Skip(type);
    }

    private int Length()
    {
        var length = VarInt();
        if (length > (ulong)(bytes.Length - Position)) throw new BrokenDataException($"a length of {length} with {bytes.Length - Position} bytes left");
        return (int)length;
    }

    private long ZigZag()
    {
        var value = VarInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong VarInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new BrokenDataException("an integer of more than 64 bits");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Byte()
    {
        var at = Position;
        if ((uint)at >= (uint)bytes.Length) throw Cut();
        Position = at + 1;
        return bytes[at];
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - Position) throw Cut();
        var taken = bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    private static BrokenDataException Cut() => new("it ends too early");

    private static void Expect(CompactType actual, CompactType wanted)
    {
        if (actual != wanted) throw new BrokenDataException($"a {actual} where a {wanted} belongs");
    }
}
