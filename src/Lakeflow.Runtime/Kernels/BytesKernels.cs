namespace Lakeflow.Runtime.Kernels;

/// <summary>BINARY values, counted in bytes.</summary>
public static class BytesKernels
{
    public static Utf8 PadLeft(Utf8 bytes, int n, Utf8 pad, scoped ref TextArena scratch) => Pad(bytes, n, pad, left: true, ref scratch);

    public static Utf8 PadRight(Utf8 bytes, int n, Utf8 pad, scoped ref TextArena scratch) => Pad(bytes, n, pad, left: false, ref scratch);

    public static Utf8 PadLeftZero(Utf8 bytes, int n, scoped ref TextArena scratch) => Pad(bytes, n, new Utf8("\0"u8), left: true, ref scratch);

    public static Utf8 PadRightZero(Utf8 bytes, int n, scoped ref TextArena scratch) => Pad(bytes, n, new Utf8("\0"u8), left: false, ref scratch);

    private static Utf8 Pad(Utf8 bytes, int n, Utf8 pad, bool left, scoped ref TextArena scratch)
    {
        if (n <= 0) return Utf8.Empty;
        if (bytes.Length >= n) return bytes.Slice(0, n);
        if (pad.IsEmpty) return bytes;
        var to = scratch.Take(n);
        var missing = n - bytes.Length;
        bytes.Bytes.CopyTo(to[(left ? missing : 0)..]);
        var fill = to.Slice(left ? 0 : bytes.Length, missing);
        for (var i = 0; i < fill.Length; i++) fill[i] = pad.Bytes[i % pad.Length];
        return new Utf8(to);
    }
}
