using System.Buffers.Binary;

namespace Lakeflow.Delta;

/// <summary>Bytes as text, four bytes in five characters: the Z85 alphabet of ZeroMQ's RFC 32, as the Delta protocol asks of deletion vectors.</summary>
internal static class Base85
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <summary>The text of some bytes; what is missing to a multiple of four is taken as zeros.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length + 3) / 4 * 5];
        Span<byte> four = stackalloc byte[4];
        for (var group = 0; group < text.Length / 5; group++)
        {
            four.Clear();
            var rest = bytes[(group * 4)..];
            rest[..Math.Min(4, rest.Length)].CopyTo(four);
            var value = BinaryPrimitives.ReadUInt32BigEndian(four);
            for (var i = 4; i >= 0; i--, value /= 85) text[(group * 5) + i] = Alphabet[(int)(value % 85)];
        }

        return new string(text);
    }

    public static byte[] Decode(string text)
    {
        if (text.Length % 5 != 0) throw new FormatException("its base 85 text is cut short");
        var bytes = new byte[text.Length / 5 * 4];
        for (var group = 0; group < text.Length / 5; group++)
        {
            uint value = 0;
            for (var i = 0; i < 5; i++)
            {
                var digit = Alphabet.IndexOf(text[(group * 5) + i], StringComparison.Ordinal);
                if (digit < 0) throw new FormatException("its base 85 text has a foreign character");
                value = unchecked((value * 85) + (uint)digit);
            }

            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(group * 4), value);
        }

        return bytes;
    }
}
