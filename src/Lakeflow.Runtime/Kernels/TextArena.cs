using System.Text;

namespace Lakeflow.Runtime.Kernels;

/// <summary>Scratch memory for the texts that a batch makes. Hands out spans; <see cref="Reset"/> between batches frees them all at once.</summary>
/// <remarks>A span stays good until Reset: when a block is full a new one is begun, and the old one lives as long as a span points into it.</remarks>
public struct TextArena
{
    private const int FirstBlock = 4096;

    private byte[]? block;
    private int used;

    /// <summary>Fresh bytes, content arbitrary.</summary>
    public Span<byte> Take(int length)
    {
        if (block is null || block.Length - used < length) Grow(length);
        var span = block.AsSpan(used, length);
        used += length;
        return span;
    }

    /// <summary>Gives back the end of the last span taken: <paramref name="unused"/> bytes of it were not needed.</summary>
    public void GiveBack(int unused) => used -= unused;

    public Utf8 Copy(scoped ReadOnlySpan<byte> bytes)
    {
        var span = Take(bytes.Length);
        bytes.CopyTo(span);
        return new Utf8(span);
    }

    public Utf8 Copy(scoped ReadOnlySpan<char> text)
    {
        var span = Take(Encoding.UTF8.GetMaxByteCount(text.Length));
        var count = Encoding.UTF8.GetBytes(text, span);
        GiveBack(span.Length - count);
        return new Utf8(span[..count]);
    }

    /// <summary>Everything handed out is given up.</summary>
    public void Reset() => used = 0;

    private void Grow(int length)
    {
        block = new byte[Math.Max(Math.Max(FirstBlock, length), (block?.Length ?? 0) * 2)];
        used = 0;
    }
}
