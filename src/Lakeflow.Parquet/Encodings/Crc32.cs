using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Lakeflow.Parquet.Encodings;

/// <summary>The checksum of gzip, over a page as it is stored.</summary>
/// <remarks>By carry-less multiplication or the processor's own instruction where there is one, else eight bytes a step through eight tables.</remarks>
public static class Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        if (Pclmulqdq.IsSupported && bytes.Length >= 64)
        {
            var whole = bytes.Length & ~15;
            crc = Fold(crc, bytes[..whole]);
            bytes = bytes[whole..];
        }
        else if (ArmCrc32.Arm64.IsSupported)
        {
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = ArmCrc32.Arm64.ComputeCrc32(crc, word);
            bytes = bytes[(bytes.Length & ~7)..];
        }

        return ~ByTables(crc, bytes);
    }

    /// <summary>Goes on from a checksum (not yet inverted) over more bytes.</summary>
    internal static uint ByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        var t = Tables;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][(byte)low] ^ t[6][(byte)(low >> 8)] ^ t[5][(byte)(low >> 16)] ^ t[4][low >> 24]
                ^ t[3][(byte)high] ^ t[2][(byte)(high >> 8)] ^ t[1][(byte)(high >> 16)] ^ t[0][high >> 24];
            bytes = bytes[8..];
        }

        foreach (var b in bytes) crc = (crc >> 8) ^ t[0][(byte)(crc ^ b)];
        return crc;
    }

    // Four lanes of 128 bits are folded over the bytes, then into one, then reduced modulo the polynomial. The constants
    // are powers of x modulo the reflected polynomial 0x1DB710641: by 512 and 128 bits, by 64, and its Barrett inverse.
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        var by512 = Vector128.Create(0x154442BD4UL, 0x1C6E41596UL);
        var by128 = Vector128.Create(0x1751997D0UL, 0x0CCAA009EUL);
        var by64 = Vector128.Create(0x163CD6124UL, 0UL);
        var barrett = Vector128.Create(0x1DB710641UL, 0x1F7011641UL);
        var low32 = Vector128.Create(uint.MaxValue, 0U, uint.MaxValue, 0U).AsUInt64();
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var (a, b, c, d) = (blocks[0] ^ Vector128.CreateScalar((ulong)crc), blocks[1], blocks[2], blocks[3]);
        var at = 4;
        for (; at + 4 <= blocks.Length; at += 4)
        {
            a = Over(a, by512) ^ blocks[at];
            b = Over(b, by512) ^ blocks[at + 1];
            c = Over(c, by512) ^ blocks[at + 2];
            d = Over(d, by512) ^ blocks[at + 3];
        }

        a = Over(a, by128) ^ b;
        a = Over(a, by128) ^ c;
        a = Over(a, by128) ^ d;
        for (; at < blocks.Length; at++) a = Over(a, by128) ^ blocks[at];

        a = Sse2.ShiftRightLogical128BitLane(a, 8) ^ Pclmulqdq.CarrylessMultiply(a, by128, 0x10);
        a = Sse2.ShiftRightLogical128BitLane(a, 4) ^ Pclmulqdq.CarrylessMultiply(a & low32, by64, 0x00);
        var quotient = Pclmulqdq.CarrylessMultiply(a & low32, barrett, 0x10) & low32;
        return (a ^ Pclmulqdq.CarrylessMultiply(quotient, barrett, 0x00)).AsUInt32()[1];
    }

    private static Vector128<ulong> Over(Vector128<ulong> lane, Vector128<ulong> powers) =>
        Pclmulqdq.CarrylessMultiply(lane, powers, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, powers, 0x11);

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (var k = 0; k < 8; k++) tables[k] = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320U);
            tables[0][i] = crc;
        }

        for (var k = 1; k < 8; k++)
        {
            for (var i = 0; i < 256; i++) tables[k][i] = (tables[k - 1][i] >> 8) ^ tables[0][(byte)tables[k - 1][i]];
        }

        return tables;
    }
}
