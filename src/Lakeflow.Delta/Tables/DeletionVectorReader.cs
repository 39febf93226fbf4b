using System.Buffers.Binary;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;

namespace Lakeflow.Delta;

/// <summary>Finds the bytes of a deletion vector: inline, in a file of the table, or in a file elsewhere.</summary>
internal static class DeletionVectorReader
{
    private const int EncodedUuidLength = 20;

    /// <summary>The deleted rows of a data file of <paramref name="rows"/> rows.</summary>
    public static RowSet Read(IObjectStore store, AddFile file, DeletionVector vector, long rows)
    {
        try
        {
            var deleted = RoaringBitmap.Read(Bytes(store, vector), rows);
            return deleted.Count == vector.Cardinality
                ? deleted
                : throw new FormatException($"it holds {deleted.Count} rows where the log says {vector.Cardinality}");
        }
        catch (Exception e) when (e is FormatException or ArgumentException or EndOfStreamException or OverflowException or IndexOutOfRangeException)
        {
            throw DeltaFaults.BrokenDeletionVector(file.Path, e.Message);
        }
    }

    /// <summary>The store's path of the file that holds a vector; null if it is inline.</summary>
    public static string? FileOf(DeletionVector vector)
    {
        if (vector.StorageType == "p") return FilePath.ToStore(vector.PathOrInline);
        if (vector.StorageType != "u" || vector.PathOrInline.Length < EncodedUuidLength) return null;
        var prefix = vector.PathOrInline[..^EncodedUuidLength];
        var uuid = new Guid(Base85.Decode(vector.PathOrInline[^EncodedUuidLength..]), bigEndian: true);
        return $"{(prefix.Length == 0 ? "" : prefix + "/")}deletion_vector_{uuid}.bin";
    }

    private static byte[] Bytes(IObjectStore store, DeletionVector vector)
    {
        if (vector.StorageType == "i") return Base85.Decode(vector.PathOrInline)[..vector.Size];
        return FromFile(store, FileOf(vector) ?? throw new FormatException($"its storage type is '{vector.StorageType}'"), vector);
    }

    /// <summary>A size, the vector, and its CRC-32, the numbers big-endian.</summary>
    private static byte[] FromFile(IObjectStore store, string path, DeletionVector vector)
    {
        using var file = store.OpenRead(path);
        var offset = vector.Offset ?? 0;
        var framed = new byte[checked(vector.Size + 8)];
        file.Read(offset, framed);
        if (BinaryPrimitives.ReadInt32BigEndian(framed) != vector.Size) throw new FormatException($"{path} has another size at byte {offset}");
        var content = framed[4..^4];
        if (Crc32.Of(content) != BinaryPrimitives.ReadUInt32BigEndian(framed.AsSpan(framed.Length - 4))) throw new FormatException($"{path} fails its checksum");
        return content;
    }
}
