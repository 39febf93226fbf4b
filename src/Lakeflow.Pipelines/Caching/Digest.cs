using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Lakeflow.Pipelines;

/// <summary>SHA-256, computed here (FIPS 180-4).</summary>
/// <remarks>Not the system's: loading its cryptography costs a tenth of what a cached query may take from the start of the process to its end.</remarks>
internal static class Digest
{
    public const int Bytes = 32;

    private const int BlockBytes = 64;

    private static ReadOnlySpan<uint> Start => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
        0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
        0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
        0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
        0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        Span<uint> state = stackalloc uint[8];
        Start.CopyTo(state);
        var whole = content.Length / BlockBytes * BlockBytes;
        for (var at = 0; at < whole; at += BlockBytes) Add(state, content.Slice(at, BlockBytes));

        // What is left, a one bit, zeros, and the length in bits at the end of a block.
        var left = content[whole..];
        Span<byte> tail = stackalloc byte[2 * BlockBytes];
        tail.Clear();
        left.CopyTo(tail);
        tail[left.Length] = 0x80;
        tail = tail[..(left.Length < BlockBytes - sizeof(ulong) ? BlockBytes : 2 * BlockBytes)];
        BinaryPrimitives.WriteUInt64BigEndian(tail[^sizeof(ulong)..], (ulong)content.Length * 8);
        for (var at = 0; at < tail.Length; at += BlockBytes) Add(state, tail.Slice(at, BlockBytes));

        var digest = new byte[Bytes];
        for (var i = 0; i < state.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        return digest;
    }

    /// <summary>Of some texts: each with its length before it, so that no two lists of texts look alike.</summary>
    public static byte[] Of(IEnumerable<string> texts)
    {
        using var all = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
            all.Write(length);
            all.Write(bytes);
        }

        return Of(all.GetBuffer().AsSpan(0, (int)all.Length));
    }

    private static void Add(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (var i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (var i = 16; i < words.Length; i++)
        {
            var (near, far) = (words[i - 15], words[i - 2]);
            var first = BitOperations.RotateRight(near, 7) ^ BitOperations.RotateRight(near, 18) ^ (near >> 3);
            var second = BitOperations.RotateRight(far, 17) ^ BitOperations.RotateRight(far, 19) ^ (far >> 10);
            words[i] = words[i - 16] + first + words[i - 7] + second;
        }

        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        for (var i = 0; i < words.Length; i++)
        {
            var choice = (e & f) ^ (~e & g);
            var majority = (a & b) ^ (a & c) ^ (b & c);
            var one = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + choice + Rounds[i] + words[i];
            var two = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + majority;
            (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
