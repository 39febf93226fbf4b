using System.Buffers.Binary;
using Lakeflow.Parquet.Encodings;

namespace Lakeflow.Delta;

/// <summary>Lays deletion vectors down: small ones in the log, the others of one transaction in one file. Delta protocol, "Deletion Vector File Storage Format".</summary>
internal sealed class DeletionVectorWriter(IObjectStore store, Guid id)
{
    /// <summary>Bytes up to which a vector stands in the log itself: about what naming a file takes.</summary>
    private const int LongestInline = 64;

    private const byte FormatVersion = 1;

    private readonly List<byte> bytes = [FormatVersion];

    /// <summary>The store's path of the file, which is there after <see cref="Flush"/> if a vector needed it.</summary>
    public string Path { get; } = $"deletion_vector_{id}.bin";

    /// <summary>Takes a vector; what to name it by in the log.</summary>
    public DeletionVector Add(RowSet rows)
    {
        var vector = RoaringBitmap.Write(rows);
        if (vector.Length <= LongestInline) return new DeletionVector("i", Base85.Encode(vector), null, vector.Length, rows.Count);
        var offset = bytes.Count;
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, vector.Length);
        bytes.AddRange(number);
        bytes.AddRange(vector);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(vector));
        bytes.AddRange(number);
        return new DeletionVector("u", Base85.Encode(id.ToByteArray(bigEndian: true)), offset, vector.Length, rows.Count);
    }

    /// <summary>Makes the file durable.</summary>
    public void Flush()
    {
        if (bytes.Count > 1) store.PutIfAbsent(Path, bytes.ToArray());
    }
}
