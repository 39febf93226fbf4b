using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

/// <summary>Code points are counted in vectors: of whatever bytes and length, as one by one.</summary>
public class Utf8Tests
{
    [Fact]
    public void Code_points_and_where_they_begin_are_those_that_a_walk_over_the_bytes_finds() => Prop.ForAll<int>(seed =>
    {
        var random = new System.Random(seed);
        var bytes = Bytes(random);
        var starts = Enumerable.Range(0, bytes.Length).Where(i => (bytes[i] & 0xC0) != 0x80).ToArray();
        var text = new Utf8(bytes);
        if (text.CodePoints != starts.Length) return false;
        for (var c = 0; c < starts.Length + 3; c++)
        {
            // Code point 0 begins at 0, also where that byte is malformed.
            if (text.ByteOffset(c) != (c == 0 ? 0 : c < starts.Length ? starts[c] : bytes.Length)) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    private static byte[] Bytes(System.Random random)
    {
        var length = random.Next(0, random.Next(2) == 0 ? 40 : 200);
        if (random.Next(3) == 0)
        {
            var any = new byte[length];
            random.NextBytes(any);
            return any;
        }

        string[] some = random.Next(2) == 0 ? ["a"] : ["a", "b", "c", "é", "€", "😀"];
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, length).Select(_ => some[random.Next(some.Length)])));
    }
}
