using System.Runtime.CompilerServices;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Breakers;

/// <summary>Holds the long texts of keys, at addresses that do not change. Not thread-safe.</summary>
/// <remarks>
/// A looked-up text is laid down <em>tentatively</em>: <see cref="Keep"/> makes the tentative ones permanent (the key was
/// new), <see cref="Drop"/> gives their space back (it was found). Keys point into this arena, so whoever keeps a key
/// keeps the arena.
/// </remarks>
public sealed unsafe class TextKeyArena
{
    private const int ChunkBytes = 1 << 16;

    private readonly List<byte[]> chunks = [];
    private byte[] chunk = [];
    private int kept;
    private int used;

    /// <summary>The key of a text, until <see cref="Keep"/> or <see cref="Drop"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TextKey Key(Utf8 text) => text.Length <= TextKey.InlineBytes ? TextKey.Inline(text.Bytes) : Long(text.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Keep() => kept = used;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop() => used = kept;

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Lets go of everything: no key may point here any more.</summary>
    public void Clear()
    {
        chunks.Clear();
        chunk = [];
        (kept, used, Bytes) = (0, 0, 0);
    }

    private TextKey Long(ReadOnlySpan<byte> text)
    {
        if (chunk.Length - used < text.Length)
        {
            // The chunk before stays referenced by the list: keys point into it, also tentative ones of this very lookup.
            chunk = GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, text.Length), pinned: true);
            chunks.Add(chunk);
            Bytes += chunk.Length;
            used = 0;
            kept = 0;
        }

        text.CopyTo(chunk.AsSpan(used));
        var address = (byte*)Unsafe.AsPointer(ref chunk[used]);
        used += text.Length;
        return TextKey.At(address, text.Length);
    }
}
