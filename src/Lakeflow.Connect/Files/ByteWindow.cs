using System.Buffers;
using System.Diagnostics;

namespace Lakeflow.Connect.Files;

/// <summary>A stretch of a text file in memory that moves forward: parsers read it in place and keep what is incomplete for the next fill.</summary>
/// <remarks>Behind <see cref="End"/> stand <see cref="Slack"/> zero bytes, so that a vector may be loaded at the last byte.</remarks>
internal sealed class ByteWindow : IDisposable
{
    public const int Slack = 64;

    /// <summary>The longest record, in bytes.</summary>
    public const int MaxRecordBytes = 1 << 30;

    private readonly TextInput? input;
    private readonly int chunk;
    private byte[] buffer;

    public ByteWindow(TextInput input, int chunk)
    {
        this.input = input;
        this.chunk = chunk;
        buffer = ArrayPool<byte>.Shared.Rent(chunk + Slack);
        Offset = input.Position;
    }

    private ByteWindow(ReadOnlySpan<byte> text)
    {
        buffer = ArrayPool<byte>.Shared.Rent(text.Length + Slack);
        text.CopyTo(buffer);
        buffer.AsSpan(text.Length, Slack).Clear();
        End = text.Length;
        AtEnd = true;
    }

    public byte[] Buffer => buffer;

    /// <summary>First byte that is not consumed.</summary>
    public int Start { get; set; }

    /// <summary>Behind the last byte that was read.</summary>
    public int End { get; private set; }

    /// <summary>True once <see cref="End"/> is the end of the file.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Where the first byte of <see cref="Buffer"/> stands in the (decoded) file.</summary>
    public long Offset { get; private set; }

    /// <summary>A window that has all of a text from the start.</summary>
    public static ByteWindow Over(ReadOnlySpan<byte> text) => new(text);

    public ReadOnlySpan<byte> Unread => buffer.AsSpan(Start, End - Start);

    /// <summary>Moves what is not consumed to the front and reads more behind it; positions in the buffer change.</summary>
    /// <returns>False if there was nothing more.</returns>
    public bool Fill()
    {
        if (AtEnd) return false;
        var kept = End - Start;
        var room = buffer.Length - Slack;
        if (kept > room - Math.Min(chunk, room) / 2)
        {
            if (kept >= MaxRecordBytes) throw FileErrors.RecordTooLong(input!.Name, MaxRecordBytes);
            var larger = ArrayPool<byte>.Shared.Rent(checked((room * 2) + Slack));
            buffer.AsSpan(Start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        else
        {
            buffer.AsSpan(Start, kept).CopyTo(buffer);
        }

        Offset += Start;
        Start = 0;
        End = kept;
        var space = Math.Min(buffer.Length - Slack - kept, Math.Max(chunk, kept));
        Debug.Assert(space > 0, "a fill has room");
        var read = input!.Read(buffer.AsSpan(kept, space));
        End += read;
        AtEnd = read == 0;
        buffer.AsSpan(End, Slack).Clear();
        return read > 0;
    }

    public void Dispose()
    {
        input?.Dispose();
        if (buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Start = End = 0;
    }
}
