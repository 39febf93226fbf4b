using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lakeflow.Connect.Files;

/// <summary>The bytes of a text file as UTF-8 without a byte order mark: unpacked if it is gzip, transcoded if it is of another encoding.</summary>
internal sealed class TextInput : IDisposable
{
    private readonly SafeFileHandle? handle;
    private readonly Stream? stream;

    private TextInput(string name, SafeFileHandle? handle, Stream? stream, long position)
    {
        Name = name;
        this.handle = handle;
        this.stream = stream;
        Position = position;
    }

    /// <summary>The file, as the user knows it.</summary>
    public string Name { get; }

    /// <summary>Bytes from the beginning of the decoded file; a byte order mark counts where the file is read in place.</summary>
    public long Position { get; private set; }

    /// <summary>True if a reader may begin anywhere in the file: it is UTF-8 and not packed.</summary>
    public static bool IsPlain(FileEntry file, Encoding encoding)
    {
        if (encoding.CodePage != Encoding.UTF8.CodePage || IsNamedGzip(file)) return false;
        using var handle = OpenHandle(file);
        Span<byte> head = stackalloc byte[4];
        return EncodingOf(head[..ReadAll(handle, head)], encoding).CodePage == Encoding.UTF8.CodePage && !IsGzip(head);
    }

    /// <summary>Opens a file from <paramref name="start"/> on; anything but 0 only where <see cref="IsPlain"/>.</summary>
    public static TextInput Open(FileEntry file, Encoding encoding, long start)
    {
        var handle = OpenHandle(file);
        try
        {
            Span<byte> head = stackalloc byte[4];
            head = head[..ReadAll(handle, head)];
            var actual = EncodingOf(head, encoding);
            if (!IsGzip(head) && IsNamedGzip(file)) throw new InvalidDataException("its name ends in .gz, but what it holds is not gzip");
            if (!IsGzip(head) && actual.CodePage == Encoding.UTF8.CodePage)
            {
                if (start == 0 && head.StartsWith(Encoding.UTF8.Preamble)) start = 3;
                return new TextInput(file.VisiblePath, handle, null, start);
            }

            Stream stream = new FileStream(handle, FileAccess.Read, bufferSize: 1 << 16);
            if (IsGzip(head))
            {
                stream = new UnpackedStream(stream);
                var first = new byte[4];
                var read = stream.ReadAtLeast(first, 4, throwOnEndOfStream: false);
                actual = EncodingOf(first.AsSpan(0, read), encoding);
                stream = new PrefixedStream(first.AsMemory(0, read), stream);
            }

            if (actual.CodePage != Encoding.UTF8.CodePage) stream = Encoding.CreateTranscodingStream(stream, actual, new UTF8Encoding(false));
            return new TextInput(file.VisiblePath, null, WithoutMark(stream), 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads at least one byte unless the file is at its end.</summary>
    public int Read(Span<byte> target)
    {
        var read = handle is not null ? RandomAccess.Read(handle, target, Position) : stream!.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        Position += read;
        return read;
    }

    public void Dispose()
    {
        handle?.Dispose();
        stream?.Dispose();
    }

    /// <summary>The encoding of an option's name.</summary>
    public static Encoding EncodingNamed(string name) => name.ToUpperInvariant() switch
    {
        "UTF-8" or "UTF8" or "US-ASCII" or "ASCII" => Encoding.UTF8,
        "UTF-16" or "UTF-16BE" => Encoding.BigEndianUnicode,
        "UTF-16LE" => Encoding.Unicode,
        "UTF-32" or "UTF-32BE" => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        "UTF-32LE" => Encoding.UTF32,
        "ISO-8859-1" or "LATIN1" or "ISO8859-1" => Encoding.Latin1,
        _ => throw FileErrors.UnknownEncoding(name),
    };

    private static SafeFileHandle OpenHandle(FileEntry file)
    {
        try
        {
            return File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileErrors.FileVanished(file.VisiblePath);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(file.VisiblePath, fault);
        }
    }

    private static int ReadAll(SafeFileHandle handle, Span<byte> target)
    {
        var read = 0;
        while (read < target.Length && RandomAccess.Read(handle, target[read..], read) is > 0 and var more) read += more;
        return read;
    }

    private static bool IsNamedGzip(FileEntry file) => file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsGzip(ReadOnlySpan<byte> head) => head.Length >= 2 && head[0] == 0x1F && head[1] == 0x8B;

    /// <summary>A byte order mark knows better than the option.</summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> head, Encoding asked)
    {
        if (head.StartsWith(Encoding.UTF8.Preamble)) return Encoding.UTF8;
        if (head.StartsWith(Encoding.UTF32.Preamble)) return Encoding.UTF32;
        if (head.StartsWith(Encoding.Unicode.Preamble)) return Encoding.Unicode;
        return head.StartsWith(Encoding.BigEndianUnicode.Preamble) ? Encoding.BigEndianUnicode : asked;
    }

    private static PrefixedStream WithoutMark(Stream stream)
    {
        var head = new byte[3];
        var read = stream.ReadAtLeast(head, 3, throwOnEndOfStream: false);
        var kept = head.AsMemory(0, read);
        return new PrefixedStream(kept.Span.StartsWith(Encoding.UTF8.Preamble) ? default : kept, stream);
    }

    /// <summary>A few bytes that were looked at, then the rest.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> prefix = prefix;

        public override int Read(Span<byte> buffer)
        {
            if (prefix.IsEmpty) return rest.Read(buffer);
            var count = Math.Min(prefix.Length, buffer.Length);
            prefix.Span[..count].CopyTo(buffer);
            prefix = prefix[count..];
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
