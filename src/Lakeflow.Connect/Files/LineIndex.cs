namespace Lakeflow.Connect.Files;

/// <summary>Knows on which line each slice of a text file begins, so that messages can name lines although workers begin in the middle.</summary>
/// <remarks>A reader that ends a slice tells where the next one begins; what nobody has read yet is counted when it is asked for.</remarks>
internal sealed class LineIndex
{
    private readonly FileEntry file;
    private readonly long sliceBytes;
    private readonly byte[]? lineEnd;
    private readonly long[] firstLines;
    private readonly long[] starts;

    /// <param name="file">The file.</param>
    /// <param name="sliceBytes">Slice k holds the lines that begin in its bytes k · size … (k + 1) · size.</param>
    /// <param name="slices">Number of slices.</param>
    /// <param name="lineEnd">What ends a line; null for any of \n, \r\n, \r.</param>
    public LineIndex(FileEntry file, long sliceBytes, int slices, byte[]? lineEnd)
    {
        this.file = file;
        this.sliceBytes = sliceBytes;
        this.lineEnd = lineEnd;
        firstLines = new long[slices + 1];
        starts = new long[slices + 1];
    }

    /// <summary>Notes that the first line of a slice begins at <paramref name="start"/> and has this 1-based number.</summary>
    public void Tell(int slice, long start, long line)
    {
        if (slice >= firstLines.Length) return;
        Interlocked.Exchange(ref firstLines[slice], line);
        Interlocked.Exchange(ref starts[slice], start);
    }

    /// <summary>The 1-based number of the line that begins at <paramref name="start"/>, the first of <paramref name="slice"/>.</summary>
    public long LineAt(int slice, long start)
    {
        if (Interlocked.Read(ref starts[slice]) > 0) return Interlocked.Read(ref firstLines[slice]);
        // From the last slice whose first line is known: it stands for the file's beginning.
        var from = slice;
        while (from > 0 && Interlocked.Read(ref starts[from]) == 0) from--;
        var line = from == 0 ? 1 + CountEnds(0, start) : Interlocked.Read(ref firstLines[from]) + CountEnds(Interlocked.Read(ref starts[from]), start);
        Tell(slice, start, line);
        return line;
    }

    /// <summary>Line ends in a text; \r\n is one. A \r at the very end counts.</summary>
    public static int CountEnds(ReadOnlySpan<byte> text, byte[]? lineEnd)
    {
        if (lineEnd is not null) return text.Count(lineEnd);
        var count = text.Count((byte)'\n');
        while (text.IndexOf((byte)'\r') is >= 0 and var at)
        {
            if (at + 1 >= text.Length || text[at + 1] != (byte)'\n') count++;
            text = text[(at + 1)..];
        }

        return count;
    }

    private long CountEnds(long from, long to)
    {
        const int Chunk = 1 << 20;
        using var input = TextInput.Open(file, System.Text.Encoding.UTF8, from);
        using var window = new ByteWindow(input, (int)Math.Min(Chunk, sliceBytes));
        var overlap = (lineEnd?.Length ?? 2) - 1;
        var count = 0L;
        while (window.Offset + window.Start < to)
        {
            if (!window.Fill() && window.Start == window.End) break;
            // The last bytes wait for the next round: a line end may be cut in two.
            var take = window.AtEnd ? window.End - window.Start : Math.Max(0, window.End - window.Start - overlap);
            take = (int)Math.Min(take, to - window.Offset - window.Start);
            var seen = window.Buffer.AsSpan(window.Start, Math.Min(take + overlap, window.End - window.Start));
            count += lineEnd is null ? CountAuto(seen, take) : CountCustom(seen, take);
            window.Start += take;
        }

        return count;
    }

    /// <summary>Line ends that begin (or, for \r\n, end) in the first <paramref name="take"/> bytes.</summary>
    private static long CountAuto(ReadOnlySpan<byte> seen, int take)
    {
        var text = seen[..take];
        long count = text.Count((byte)'\n');
        for (var at = 0; at < take; at++)
        {
            var next = text[at..].IndexOf((byte)'\r');
            if (next < 0) break;
            at += next;
            if (at + 1 >= seen.Length || seen[at + 1] != (byte)'\n') count++;
        }

        return count;
    }

    private long CountCustom(ReadOnlySpan<byte> seen, int take)
    {
        var count = 0L;
        for (var at = 0; at < take;)
        {
            var next = seen[at..].IndexOf(lineEnd);
            if (next < 0 || at + next >= take) break;
            count++;
            at += next + lineEnd!.Length;
        }

        return count;
    }
}
