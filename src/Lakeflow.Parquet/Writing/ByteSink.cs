using System.Buffers;
using System.Runtime.InteropServices;

namespace Lakeflow.Parquet.Writing;

/// <summary>Bytes that are gathered and thrown away again; the memory stays, and goes back to the pool with <see cref="Release"/>.</summary>
internal sealed class ByteSink
{
    private byte[] bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Gives the memory back. What was there is gone, but for its length.</summary>
    public void Release()
    {
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    /// <summary>Room for at least <paramref name="count"/> bytes behind what is there. What was written to it counts after <see cref="Advance"/>.</summary>
    public Span<byte> Room(int count)
    {
        var needed = (long)Length + count;
        if (needed > bytes.Length)
        {
            if (needed > Array.MaxLength) throw new InvalidOperationException("A row group of more than 2 GB: write smaller row groups.");
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(256, bytes.Length * 2L))));
            Bytes.CopyTo(larger);
            Release();
            bytes = larger;
        }

        return bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Add(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Add(ReadOnlySpan<byte> values)
    {
        values.CopyTo(Room(values.Length));
        Length += values.Length;
    }

    public void AddInt(int value)
    {
        MemoryMarshal.Write(Room(sizeof(int)), value);
        Length += sizeof(int);
    }

    /// <summary>Writes over four bytes that were added before.</summary>
    public void SetInt(int at, int value) => MemoryMarshal.Write(bytes.AsSpan(at, sizeof(int)), value);

    /// <summary>A number in groups of seven bits, least first.</summary>
    public void AddVarInt(ulong value)
    {
        var room = Room(10);
        var count = 0;
        for (; value >= 0x80; value >>= 7) room[count++] = (byte)(value | 0x80);
        room[count++] = (byte)value;
        Length += count;
    }
}
