using System.Buffers.Binary;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;
using Lakeflow.Parquet.Thrift;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Bloom;

/// <summary>A set of values that may say "perhaps" of one that it does not hold, never "no" of one that it does: Parquet's split-block bloom filter.</summary>
/// <remarks>
/// Blocks of 256 bits, eight words of 32; a value sets one bit in each word of one block. Made with about one wrong "perhaps" in a
/// hundred. Values are hashed as PLAIN encoding stores them. Source: the Parquet format's BloomFilter.md.
/// </remarks>
public sealed class BloomFilter
{
    private const int BlockBytes = 32;
    private const int LargestBytes = 1 << 20;

    private static readonly uint[] Salt = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    private readonly PhysicalType type;
    private readonly byte[] bits;

    private BloomFilter(PhysicalType type, byte[] bits)
    {
        this.type = type;
        this.bits = bits;
    }

    /// <summary>Bytes of the set.</summary>
    public int Size => bits.Length;

    /// <summary>True if values of a type can be looked for: integers, dates, decimals of up to 18 digits, texts and bytes.</summary>
    /// <remarks>Not times, which files store in several units, and not floating point, whose zeros and NaNs have several forms.</remarks>
    public static bool Knows(DataType type) =>
        type is Int8Type or Int16Type or Int32Type or Int64Type or DateType or StringType or BinaryType or DecimalType { Is64: true };

    /// <summary>False if a value is surely not among those that the filter was made of.</summary>
    /// <param name="value">In the form of <see cref="ArrowArray.GetValue"/>, of the column's type, not null.</param>
    /// <param name="column">The column's type.</param>
    public bool MayContain(object value, DataType column) => HashOf(value, column, type) is not { } hash || Contains(hash);

    /// <summary>How a value is hashed where a column of a type is stored so; null where that is not known for sure.</summary>
    internal static ulong? HashOf(object value, DataType column, PhysicalType stored) => (value, column, stored) switch
    {
        (sbyte v, Int8Type, PhysicalType.Int32) => XxHash64.Of((int)v),
        (short v, Int16Type, PhysicalType.Int32) => XxHash64.Of((int)v),
        (int v, Int32Type or DateType, PhysicalType.Int32) => XxHash64.Of(v),
        (long v, Int64Type, PhysicalType.Int64) => XxHash64.Of(v),
        (Int128 v, DecimalType { Is64: true }, PhysicalType.Int32) => XxHash64.Of((int)v),
        (Int128 v, DecimalType { Is64: true }, PhysicalType.Int64) => XxHash64.Of((long)v),
        (string v, StringType, PhysicalType.ByteArray) => XxHash64.Of(Encoding.UTF8.GetBytes(v)),
        (byte[] v, BinaryType, PhysicalType.ByteArray) => XxHash64.Of(v),
        _ => null,
    };

    /// <summary>A filter of hashes; null if there are too many for one that is worth its bytes.</summary>
    internal static BloomFilter? Of(PhysicalType type, IReadOnlyCollection<ulong> hashes)
    {
        // About ten bits a value: then one look in a hundred says "perhaps" wrongly.
        long bytes = BlockBytes;
        while (bytes * 8 < hashes.Count * 10L) bytes *= 2;
        if (bytes > LargestBytes) return null;
        var filter = new BloomFilter(type, new byte[bytes]);
        foreach (var hash in hashes) filter.Add(hash);
        return filter;
    }

    /// <summary>Reads a filter that stands at an offset of a file; null if it is of a kind that is not known.</summary>
    internal static BloomFilter? Read(IRandomRead input, long offset, PhysicalType type)
    {
        var head = new byte[(int)Math.Min(64, input.Length - offset)];
        input.Read(offset, head);
        var reader = new CompactReader(head);
        var (size, known) = (0, 0);
        var id = 0;
        reader.Enter(CompactType.Struct);
        while (reader.NextField(ref id, out var field))
        {
            if (id == 1)
            {
                size = reader.Int(field);
                continue;
            }

            // Algorithm, hash and compression are unions of one member each: split blocks, XXH64, none.
            var member = 0;
            reader.Enter(field);
            while (reader.NextField(ref member, out var inner))
            {
                if (member == 1) known++;
                reader.Skip(inner);
            }
        }

        if (known != 3 || size <= 0 || size % BlockBytes != 0 || size > input.Length - offset) return null;
        var bits = new byte[size];
        input.Read(offset + reader.Position, bits);
        return new BloomFilter(type, bits);
    }

    /// <summary>Header and bits, as a file has them.</summary>
    internal void Write(ByteSink sink)
    {
        var writer = new CompactWriter(sink);
        writer.Begin();
        writer.Int(1, bits.Length);
        for (var union = 2; union <= 4; union++)
        {
            writer.Begin(union);
            writer.Begin(1);
            writer.End();
            writer.End();
        }

        writer.End();
        sink.Add(bits);
    }

    private void Add(ulong hash)
    {
        var block = Block(hash);
        for (var i = 0; i < Salt.Length; i++)
        {
            var word = block.Slice(i * 4, 4);
            BinaryPrimitives.WriteUInt32LittleEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word) | Bit(hash, i));
        }
    }

    private bool Contains(ulong hash)
    {
        var block = Block(hash);
        for (var i = 0; i < Salt.Length; i++)
        {
            if ((BinaryPrimitives.ReadUInt32LittleEndian(block.Slice(i * 4, 4)) & Bit(hash, i)) == 0) return false;
        }

        return true;
    }

    private Span<byte> Block(ulong hash)
    {
        var blocks = (ulong)(bits.Length / BlockBytes);
        return bits.AsSpan((int)(((hash >> 32) * blocks) >> 32) * BlockBytes, BlockBytes);
    }

    private static uint Bit(ulong hash, int word) => 1u << (int)(unchecked((uint)hash * Salt[word]) >> 27);
}
