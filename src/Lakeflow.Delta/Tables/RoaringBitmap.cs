using System.Buffers.Binary;
using System.Numerics;

namespace Lakeflow.Delta;

/// <summary>Row sets as bytes: a RoaringBitmapArray in the portable format, 32-bit Roaring bitmaps by the high half of the row number.</summary>
/// <remarks>Source: Delta protocol, "Deletion Vector Format"; the public specification of the Roaring format. Numbers are little-endian.</remarks>
internal static class RoaringBitmap
{
    private const int Magic = 1_681_511_377;
    private const int CookieWithoutRuns = 12_346;
    private const int CookieWithRuns = 12_347;
    private const int LongestArray = 4096;
    private const int BitsetBytes = 8192;
    private const int WordsInContainer = 1024;
    private const int ContainersInBitmap = 65_536;

    /// <param name="bytes">The serialized vector.</param>
    /// <param name="rows">Rows of the file: a number beyond it is an error.</param>
    public static RowSet Read(ReadOnlySpan<byte> bytes, long rows)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes) != Magic) throw new FormatException("its magic number is unknown");
        var result = new RowSet();
        var bitmaps = BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]);
        bytes = bytes[12..];
        for (long i = 0; i < bitmaps; i++)
        {
            var high = (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 32;
            bytes = ReadBitmap(result, bytes[4..], high, rows);
        }

        return result;
    }

    /// <summary>The set's bytes. Sparse blocks of 65,536 rows are lists, full ones bitsets; runs are never written.</summary>
    public static byte[] Write(RowSet rows)
    {
        // Containers by their number: the row number without its low 16 bits.
        var containers = new List<(int Number, int Count)>();
        for (var number = 0; number * WordsInContainer < rows.WordCount; number++)
        {
            var count = 0;
            for (var w = 0; w < WordsInContainer; w++) count += BitOperations.PopCount(rows.Word((number * WordsInContainer) + w));
            if (count > 0) containers.Add((number, count));
        }

        var bitmaps = containers.GroupBy(c => c.Number / ContainersInBitmap).Select(bitmap => (High: (uint)bitmap.Key, Containers: bitmap.ToList())).ToList();
        var bytes = new byte[12 + bitmaps.Sum(bitmap => 4 + SizeOf(bitmap.Containers))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), bitmaps.Count);
        var at = 12;
        foreach (var bitmap in bitmaps)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), bitmap.High);
            WriteBitmap(bytes.AsSpan(at + 4), rows, bitmap.Containers);
            at += 4 + SizeOf(bitmap.Containers);
        }

        return bytes;
    }

    /// <summary>Bytes of a bitmap: a head, and of each container its number and count, its offset and its rows.</summary>
    private static int SizeOf(List<(int Number, int Count)> containers) => checked(8 + containers.Sum(c => 8 + SizeOf(c.Count)));

    private static int SizeOf(int count) => count <= LongestArray ? count * sizeof(ushort) : BitsetBytes;

    private static void WriteBitmap(Span<byte> bytes, RowSet rows, List<(int Number, int Count)> containers)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, CookieWithoutRuns);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], containers.Count);
        var heads = bytes[8..];
        var offsets = heads[(4 * containers.Count)..];
        // Offsets count from the cookie.
        var offset = 8 + (containers.Count * 8);
        for (var c = 0; c < containers.Count; c++)
        {
            var (number, count) = containers[c];
            BinaryPrimitives.WriteUInt16LittleEndian(heads[(4 * c)..], (ushort)number);
            BinaryPrimitives.WriteUInt16LittleEndian(heads[((4 * c) + 2)..], (ushort)(count - 1));
            BinaryPrimitives.WriteInt32LittleEndian(offsets[(4 * c)..], offset);
            WriteContainer(bytes.Slice(offset, SizeOf(count)), rows, number * WordsInContainer, count > LongestArray);
            offset += SizeOf(count);
        }
    }

    private static void WriteContainer(Span<byte> bytes, RowSet rows, int firstWord, bool asBits)
    {
        var at = 0;
        for (var w = 0; w < WordsInContainer; w++)
        {
            var word = rows.Word(firstWord + w);
            if (asBits)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[(w * sizeof(ulong))..], word);
                continue;
            }

            for (; word != 0; word &= word - 1, at += sizeof(ushort))
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[at..], (ushort)((w << 6) + BitOperations.TrailingZeroCount(word)));
        }
    }

    private static ReadOnlySpan<byte> ReadBitmap(RowSet set, ReadOnlySpan<byte> bytes, long high, long rows)
    {
        var cookie = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var at = 4;
        int containers;
        ReadOnlySpan<byte> runs = default;
        if ((cookie & 0xFFFF) == CookieWithRuns)
        {
            containers = (cookie >>> 16) + 1;
            runs = bytes.Slice(at, (containers + 7) / 8);
            at += runs.Length;
        }
        else if (cookie == CookieWithoutRuns)
        {
            containers = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            at += 4;
            if (containers is < 0 or > ContainersInBitmap) throw new FormatException("its number of containers is out of range");
        }
        else
        {
            throw new FormatException("it holds no Roaring bitmap");
        }

        var header = bytes.Slice(at, containers * 4);
        at += header.Length;
        // Offsets of the containers follow, which a reader from front to back does not need.
        if (runs.IsEmpty || containers >= 4) at += containers * 4;
        for (var c = 0; c < containers; c++)
        {
            var first = high | ((long)BinaryPrimitives.ReadUInt16LittleEndian(header[(c * 4)..]) << 16);
            var cardinality = BinaryPrimitives.ReadUInt16LittleEndian(header[((c * 4) + 2)..]) + 1;
            var isRun = !runs.IsEmpty && ((runs[c / 8] >> (c % 8)) & 1) != 0;
            at += isRun ? AddRuns(set, bytes[at..], first, rows) : cardinality <= LongestArray ? AddArray(set, bytes[at..], first, cardinality, rows) : AddBits(set, bytes[at..], first, rows);
        }

        return bytes[at..];
    }

    private static int AddRuns(RowSet set, ReadOnlySpan<byte> bytes, long first, long rows)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        for (var r = 0; r < count; r++)
        {
            var start = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 + (r * 4))..]);
            var more = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(4 + (r * 4))..]);
            for (var i = 0; i <= more; i++) Add(set, first + start + i, rows);
        }

        return 2 + (count * 4);
    }

    private static int AddArray(RowSet set, ReadOnlySpan<byte> bytes, long first, int cardinality, long rows)
    {
        for (var i = 0; i < cardinality; i++) Add(set, first + BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]), rows);
        return cardinality * 2;
    }

    private static int AddBits(RowSet set, ReadOnlySpan<byte> bytes, long first, long rows)
    {
        for (var i = 0; i < WordsInContainer; i++)
        {
            var bits = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
            if (bits == 0) continue;
            var last = first + (i * 64) + 63 - BitOperations.LeadingZeroCount(bits);
            if (last >= rows) throw Beyond(last, rows);
            set.AddWord(checked((int)((first >> 6) + i)), bits);
        }

        return BitsetBytes;
    }

    private static void Add(RowSet set, long row, long rows)
    {
        if (row >= rows) throw Beyond(row, rows);
        set.Add(row);
    }

    private static FormatException Beyond(long row, long rows) => new($"it names row {row} of a file with {rows}");
}
