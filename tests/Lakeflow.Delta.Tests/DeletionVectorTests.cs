using System.Buffers.Binary;
using Lakeflow.Arrow;

namespace Lakeflow.Delta.Tests;

public sealed class DeletionVectorTests
{
    [Fact]
    public void Array_bitset_and_run_containers_are_read()
    {
        var bytes = new List<byte>();
        void U16(int v) => bytes.AddRange(BitConverter.GetBytes((ushort)v));
        void U32(uint v) => bytes.AddRange(BitConverter.GetBytes(v));
        U32(1_681_511_377);
        bytes.AddRange(BitConverter.GetBytes(1L));
        U32(0);
        // Three containers, the last one a run: rows 1 and 5; 5,000 even rows from 65,536 on; rows 131,082 to 131,091.
        U32(12_347 | (2 << 16));
        bytes.Add(0b100);
        U16(0);
        U16(1);
        U16(1);
        U16(4999);
        U16(2);
        U16(9);
        U16(1);
        U16(5);
        var bits = new byte[8192];
        for (var i = 0; i < 5000; i++) bits[i * 2 / 8] |= (byte)(1 << (i * 2 % 8));
        bytes.AddRange(bits);
        U16(1);
        U16(10);
        U16(9);
        var deleted = RoaringBitmap.Read([.. bytes], 200_000);
        Assert.Equal(5012, deleted.Count);
        Assert.Equal([1, 5], Enumerable.Range(0, 65_536).Where(r => deleted.Contains(r)));
        Assert.Equal(5000, deleted.CountBetween(65_536, 131_072));
        Assert.Equal(Enumerable.Range(131_082, 10), Enumerable.Range(131_072, 68_928).Where(r => deleted.Contains(r)));
        Assert.Equal(1, deleted.CountBetween(2, 70));
        Assert.Throws<FormatException>(() => RoaringBitmap.Read([.. bytes], 100));
    }

    [Fact]
    public void Deleted_rows_are_left_out_and_the_others_keep_their_order()
    {
        var store = new MemoryStore();
        var table = Tables.Create(store, Tables.Orders);
        var start = table.Append([Tables.OrdersFrom(0, 20_000)]).Snapshot;
        var file = start.Files[0];
        var (vector, content) = Vector([0, 3, 8191, 8192, 19_999]);
        store.Put("deletion_vector_" + Uuid + ".bin", content);
        var transaction = Transaction.Begin(start);
        transaction.Remove(file);
        transaction.Add(file with { DeletionVector = vector });
        var snapshot = transaction.Commit("DELETE").Snapshot;
        Assert.Single(snapshot.Files);
        Assert.Equal(19_995, snapshot.RowCount);
        Assert.Equal(
            Enumerable.Range(0, 20_000).Where(i => i is not (0 or 3 or 8191 or 8192 or 19_999)).Select(i => (long)i),
            Rows.Of(snapshot, ["id"]).Select(r => (long)r[0]!));
        content[^1] ^= 1;
        store.Put("deletion_vector_" + Uuid + ".bin", content);
        Assert.Equal("LF6061", Assert.Throws<DataFault>(() => Rows.Of(snapshot)).Code);
    }

    // The base 85 text of this UUID is twenty zeros.
    private const string Uuid = "00000000-0000-0000-0000-000000000000";

    private static (DeletionVector Vector, byte[] File) Vector(ushort[] rows)
    {
        var content = new List<byte>();
        content.AddRange(BitConverter.GetBytes(1_681_511_377));
        content.AddRange(BitConverter.GetBytes(1L));
        content.AddRange(BitConverter.GetBytes(0));
        content.AddRange(BitConverter.GetBytes(12_346));
        content.AddRange(BitConverter.GetBytes(1));
        content.AddRange(BitConverter.GetBytes((ushort)0));
        content.AddRange(BitConverter.GetBytes((ushort)(rows.Length - 1)));
        content.AddRange(BitConverter.GetBytes(16));
        foreach (var row in rows) content.AddRange(BitConverter.GetBytes(row));
        var file = new byte[content.Count + 9];
        file[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(1), content.Count);
        content.CopyTo(file, 5);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(file.Length - 4), Crc32(content));
        return (new DeletionVector("u", new string('0', 20), 1, content.Count, rows.Length), file);
    }

    private static uint Crc32(IEnumerable<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }

        return ~crc;
    }
}
