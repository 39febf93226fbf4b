using System.Buffers.Binary;
using System.Text;

namespace Lakeflow.Delivery.Tests;

/// <summary>Gives a variable of an executable another initial value: System V ABI, chapters 4 (sections, symbols) and 5 (segments), 64 bits, little-endian.</summary>
internal static class ElfSymbol
{
    private const int SymbolTable = 2;
    private const int Loaded = 1;

    /// <param name="file">The executable.</param>
    /// <param name="name">A symbol of its table.</param>
    /// <param name="value">For the 32 bits at its place.</param>
    public static void Write(string file, string name, int value)
    {
        var image = File.ReadAllBytes(file);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan((int)PlaceOf(image, AddressOf(image, name))), value);
        File.WriteAllBytes(file, image);
    }

    private static long AddressOf(byte[] image, string name)
    {
        var (sections, size, count) = (Long(image, 0x28), Short(image, 0x3A), Short(image, 0x3C));
        var table = Enumerable.Range(0, count).Select(i => sections + (i * size)).Single(s => Int(image, s + 4) == SymbolTable);
        var names = Long(image, sections + (Int(image, table + 0x28) * size) + 0x18);
        var (start, length, each) = (Long(image, table + 0x18), Long(image, table + 0x20), Long(image, table + 0x38));
        for (var symbol = start; symbol < start + length; symbol += each)
        {
            var at = image.AsSpan((int)(names + Int(image, symbol)));
            if (Encoding.ASCII.GetString(at[..at.IndexOf((byte)0)]) == name) return Long(image, symbol + 8);
        }

        throw new InvalidOperationException($"There is no symbol {name}.");
    }

    /// <summary>Where in the file an address is loaded from.</summary>
    private static long PlaceOf(byte[] image, long address)
    {
        var (segments, size, count) = (Long(image, 0x20), Short(image, 0x36), Short(image, 0x38));
        var segment = Enumerable.Range(0, count).Select(i => segments + (i * size))
            .Single(s => Int(image, s) == Loaded && address >= Long(image, s + 0x10) && address < Long(image, s + 0x10) + Long(image, s + 0x20));
        return address - Long(image, segment + 0x10) + Long(image, segment + 8);
    }

    private static int Short(byte[] image, long at) => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan((int)at));

    private static int Int(byte[] image, long at) => BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan((int)at));

    private static long Long(byte[] image, long at) => BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan((int)at));
}
