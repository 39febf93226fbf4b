using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lakeflow.Cli.Output;

/// <summary>Standard output for many rows: buffered, and with an end when whoever reads goes away.</summary>
internal static class StandardOutput
{
    private const int Buffer = 1 << 16;

    /// <summary>Opens it.</summary>
    /// <returns>Its writes throw <see cref="ClosedPipe"/> once nobody reads, and a <see cref="CommandStop"/> (LF0003) where there is no room.</returns>
    /// <remarks>The console's own stream takes writes to a closed pipe as done; on Windows that is what we have, and a query runs to its end.</remarks>
    public static TextWriter Open()
    {
        if (!StandardStreams.HasOutput) return TextWriter.Null;
        var stream = OperatingSystem.IsWindows() || !Console.IsOutputRedirected ? OfConsole() : OfHandle();
        var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Buffer);
        // A program gets what is in the data; a terminal would obey it.
        return Console.IsOutputRedirected ? writer : new TamedWriter(writer);
    }

    /// <summary>For pipes alone: in a file a stream of its own would not move the position that other processes go on from.</summary>
    private static Stream OfHandle()
    {
        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? OfConsole() : new RowStream(stream, e => new ClosedPipe(e));
    }

    private static RowStream OfConsole() => new(Console.OpenStandardOutput(), e => new CommandStop(ExitCode.Environment, ToolErrors.OutputLost(e.Message)));

    /// <param name="to">Takes the bytes.</param>
    /// <param name="failed">What a write that fails is told as.</param>
    private sealed class RowStream(Stream to, Func<IOException, Exception> failed) : Stream
    {
        private bool isClosed;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            // The writer that is being closed tries again with what it still holds.
            if (isClosed) return;
            try
            {
                to.Write(buffer);
            }
            catch (IOException e)
            {
                isClosed = true;
                throw failed(e);
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>Nobody reads what is written.</summary>
internal sealed class ClosedPipe(IOException cause) : Exception("The reader of the output has gone.", cause);
