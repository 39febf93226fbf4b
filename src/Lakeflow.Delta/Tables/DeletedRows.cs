using System.Buffers.Binary;
using System.Numerics;

namespace Lakeflow.Delta;

/// <summary>The rows of a data file that a deletion vector takes out.</summary>
/// <remarks>Read from a RoaringBitmapArray in the portable format: 32-bit Roaring bitmaps by the high half of the row number.</remarks>
internal sealed class DeletedRows
{
    private const int Magic = 1_681_511_377;
    private const int CookieWithoutRuns = 12_346;
    private const int CookieWithRuns = 12_347;
    private const int LongestArray = 4096;
    private const int BitsetBytes = 8192;

    private readonly ulong[] words;

    private DeletedRows(ulong[] words) => this.words = words;

    public long Count { get; private set; }

    public bool Contains(long row) => row >> 6 < words.Length && ((words[row >> 6] >> (int)(row & 63)) & 1) != 0;

    /// <summary>Deleted rows from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public long CountBetween(long from, long to)
    {
        long count = 0;
        for (var row = from; row < to;)
        {
            if ((row & 63) == 0 && to - row >= 64)
            {
                count += row >> 6 < words.Length ? BitOperations.PopCount(words[row >> 6]) : 0;
                row += 64;
                continue;
            }

            if (Contains(row)) count++;
            row++;
        }

        return count;
    }

    /// <param name="bytes">The serialized vector.</param>
    /// <param name="rows">Rows of the file: a number beyond it is an error.</param>
    public static DeletedRows Parse(ReadOnlySpan<byte> bytes, long rows)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes) != Magic) throw new FormatException("its magic number is unknown");
        var result = new DeletedRows(new ulong[checked((int)((rows + 63) >> 6))]);
        var bitmaps = BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]);
        bytes = bytes[12..];
        for (long i = 0; i < bitmaps; i++)
        {
            var high = (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes) << 32;
            bytes = result.AddBitmap(bytes[4..], high, rows);
        }

        return result;
    }

    private ReadOnlySpan<byte> AddBitmap(ReadOnlySpan<byte> bytes, long high, long rows)
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
            if (containers is < 0 or > 65_536) throw new FormatException("its number of containers is out of range");
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
            at += isRun ? AddRuns(bytes[at..], first, rows) : cardinality <= LongestArray ? AddArray(bytes[at..], first, cardinality, rows) : AddBits(bytes[at..], first, rows);
        }

        return bytes[at..];
    }

    private int AddRuns(ReadOnlySpan<byte> bytes, long first, long rows)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        for (var r = 0; r < count; r++)
        {
            var start = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 + (r * 4))..]);
            var more = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(4 + (r * 4))..]);
            for (var i = 0; i <= more; i++) Add(first + start + i, rows);
        }

        return 2 + (count * 4);
    }

    private int AddArray(ReadOnlySpan<byte> bytes, long first, int cardinality, long rows)
    {
        for (var i = 0; i < cardinality; i++) Add(first + BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]), rows);
        return cardinality * 2;
    }

    private int AddBits(ReadOnlySpan<byte> bytes, long first, long rows)
    {
        for (var i = 0; i < BitsetBytes; i++)
        {
            for (var bits = bytes[i]; bits != 0; bits &= (byte)(bits - 1)) Add(first + (i * 8) + BitOperations.TrailingZeroCount(bits), rows);
        }

        return BitsetBytes;
    }

    private void Add(long row, long rows)
    {
        if (row >= rows) throw new FormatException($"it names row {row} of a file with {rows}");
        var bit = 1UL << (int)(row & 63);
        if ((words[row >> 6] & bit) != 0) return;
        words[row >> 6] |= bit;
        Count++;
    }
}
