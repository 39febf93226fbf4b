using System.IO.Compression;

namespace Lakeflow.Connect.Files;

/// <summary>Unpacks gzip and notices when the packed data end too early, which the framework's stream passes over in silence.</summary>
/// <remarks>
/// A small packed text of our own follows the file. Packed texts may follow one another, so if the file is whole its
/// content comes out with our text behind it; if it was cut, ours is taken for the rest of it and does not come out.
/// </remarks>
internal sealed class UnpackedStream : ReadOnlyStream
{
    private static readonly byte[] Mark = "\0lakeflow: end\0\u0001"u8.ToArray();
    private static readonly byte[] PackedMark = Pack(Mark);

    private readonly GZipStream unpacked;

    // The last bytes that came out; they are handed on only when more come behind them.
    private readonly byte[] held = new byte[1 << 16];
    private int count;
    private bool ended;

    public UnpackedStream(Stream packed) => unpacked = new GZipStream(new WithMark(packed), CompressionMode.Decompress);

    public override int Read(Span<byte> buffer)
    {
        while (!ended && count <= Mark.Length)
        {
            var read = ReadUnpacked();
            count += read;
            if (read > 0) continue;
            ended = true;
            if (count < Mark.Length || !held.AsSpan(count - Mark.Length, Mark.Length).SequenceEqual(Mark)) throw new InvalidDataException("the gzip data end too early");
        }

        var ready = Math.Min(buffer.Length, count - Mark.Length);
        held.AsSpan(0, ready).CopyTo(buffer);
        held.AsSpan(ready, count - ready).CopyTo(held);
        count -= ready;
        return ready;
    }

    /// <summary>What follows data that were cut off is taken for them, and no data at all: what .NET says of it would mislead.</summary>
    private int ReadUnpacked()
    {
        try
        {
            return unpacked.Read(held, count, held.Length - count);
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException("the gzip data are damaged, or end too early", broken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write(text);
        return packed.ToArray();
    }

    /// <summary>The file, then the packed mark.</summary>
    private sealed class WithMark(Stream file) : ReadOnlyStream
    {
        private int marked = -1;

        public override int Read(Span<byte> buffer)
        {
            if (marked < 0)
            {
                var read = file.Read(buffer);
                if (read > 0 || buffer.IsEmpty) return read;
                marked = 0;
            }

            var rest = PackedMark.AsSpan(marked);
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            marked += rest.Length;
            return rest.Length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
