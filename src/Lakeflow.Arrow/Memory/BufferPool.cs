using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lakeflow.Arrow;

/// <summary>Keeps released blocks by size class, so that batches do not fault in fresh pages.</summary>
/// <remarks>Size classes are powers of two from 256 bytes; blocks over 256 MB are not kept. Thread-safe.</remarks>
internal static class BufferPool
{
    private const int SmallestClass = 8;
    private const int LargestClass = 28;
    private const long KeptBytesPerClass = 256L << 20;

    private static readonly ConcurrentStack<byte[]>[] Free =
        [.. Enumerable.Range(0, LargestClass + 1).Select(_ => new ConcurrentStack<byte[]>())];

    private static readonly long[] KeptBytes = new long[LargestClass + 1];

    public static byte[] Rent(int bytes)
    {
        var sizeClass = Math.Max(SmallestClass, BitOperations.Log2((uint)bytes - 1) + 1);
        if (sizeClass <= LargestClass && Free[sizeClass].TryPop(out var block))
        {
            Interlocked.Add(ref KeptBytes[sizeClass], -block.Length);
            return block;
        }

        var size = sizeClass <= LargestClass ? 1L << sizeClass : bytes;
        return GC.AllocateUninitializedArray<byte>(checked((int)size + ArrowBuffer.Alignment), pinned: true);
    }

    public static void Return(byte[] block)
    {
        var sizeClass = BitOperations.Log2((uint)(block.Length - ArrowBuffer.Alignment));
        if (sizeClass > LargestClass) return;
        if (Interlocked.Add(ref KeptBytes[sizeClass], block.Length) > KeptBytesPerClass)
        {
            Interlocked.Add(ref KeptBytes[sizeClass], -block.Length);
            return;
        }

        Free[sizeClass].Push(block);
    }

    public static unsafe int AlignedStart(byte[] block)
    {
        var address = (nint)Unsafe.AsPointer(ref block[0]);
        return (int)(-address & (ArrowBuffer.Alignment - 1));
    }

    public static int UsableBytes(byte[] block) => block.Length - ArrowBuffer.Alignment;
}
