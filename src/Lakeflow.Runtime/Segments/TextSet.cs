using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>A set of constant texts, looked up by their bytes.</summary>
public sealed class TextSet
{
    private readonly byte[]?[] slots;

    /// <param name="texts">STRING as <see cref="string"/>, BINARY as <c>byte[]</c>.</param>
    public TextSet(params object[] texts)
    {
        var size = 16;
        while (size < texts.Length * 4) size *= 2;
        slots = new byte[]?[size];
        foreach (var text in texts)
        {
            var bytes = text is string s ? System.Text.Encoding.UTF8.GetBytes(s) : (byte[])text;
            var at = SlotOf(bytes);
            while (slots[at] is { } other && !other.AsSpan().SequenceEqual(bytes)) at = (at + 1) & (size - 1);
            slots[at] = bytes;
        }
    }

    public bool Contains(Utf8 text)
    {
        for (var at = SlotOf(text.Bytes); slots[at] is { } other; at = (at + 1) & (slots.Length - 1))
        {
            if (text.Bytes.SequenceEqual(other)) return true;
        }

        return false;
    }

    private int SlotOf(ReadOnlySpan<byte> bytes) => (int)HashKernels.XxHash64(bytes, 0) & (slots.Length - 1);
}
