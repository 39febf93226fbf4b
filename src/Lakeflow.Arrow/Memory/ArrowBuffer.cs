using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lakeflow.Arrow;

/// <summary>A 64-byte aligned block of memory from the pool, shared by reference count.</summary>
/// <remarks>
/// The block is pinned, so its address is stable and can be handed over through the C Data Interface. It is
/// pinned <em>managed</em> memory: a span over it keeps it alive, so a forgotten <see cref="Release"/> costs a
/// pooled block and nothing else (docs/adr/0003-pinned-pooled-memory.md). Releasing while a span is in use is
/// still a mistake: the block may be handed out again.
/// </remarks>
public sealed class ArrowBuffer
{
    /// <summary>Alignment and padding of every block, in bytes: the Arrow columnar format's recommendation.</summary>
    public const int Alignment = 64;

    /// <summary>A buffer of no bytes; retaining and releasing it does nothing.</summary>
    public static readonly ArrowBuffer Empty = new(new byte[Alignment], 0, 0, pooled: false);

    private readonly byte[] block;
    private readonly int start;
    private readonly bool pooled;
    private int references = 1;

    private ArrowBuffer(byte[] block, int start, int length, bool pooled)
    {
        this.block = block;
        this.start = start;
        this.pooled = pooled;
        Length = length;
    }

    /// <summary>Bytes in use.</summary>
    public int Length { get; }

    /// <summary>Bytes that may be written: <see cref="Length"/> rounded up to the block.</summary>
    public int Capacity => pooled ? BufferPool.UsableBytes(block) : Length;

    public Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => block.AsSpan(start, Length);
    }

    /// <summary>The stable address of the first byte. Valid while this buffer is referenced.</summary>
    public unsafe nint Address => pooled ? (nint)Unsafe.AsPointer(ref block[start]) : 0;

    /// <summary>A block of at least <paramref name="bytes"/> bytes, not cleared.</summary>
    public static ArrowBuffer Rent(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes == 0) return Empty;
        var block = BufferPool.Rent(bytes);
        return new ArrowBuffer(block, BufferPool.AlignedStart(block), bytes, pooled: true);
    }

    /// <summary>A block of <paramref name="bytes"/> zero bytes.</summary>
    public static ArrowBuffer RentCleared(int bytes)
    {
        var buffer = Rent(bytes);
        buffer.Bytes.Clear();
        return buffer;
    }

    /// <summary>A block with a copy of <paramref name="values"/>.</summary>
    public static ArrowBuffer Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var buffer = Rent(bytes.Length);
        bytes.CopyTo(buffer.Bytes);
        return buffer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes);

    /// <summary>The same memory with another number of bytes in use, as its one owner: the receiver is spent.</summary>
    public ArrowBuffer Resized(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Capacity);
        return pooled ? new ArrowBuffer(block, start, bytes, pooled: true) : this;
    }

    public ArrowBuffer Retain()
    {
        if (pooled) Interlocked.Increment(ref references);
        return this;
    }

    public void Release()
    {
        if (pooled && Interlocked.Decrement(ref references) == 0) BufferPool.Return(block);
    }
}
