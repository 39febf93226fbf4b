using Microsoft.Win32.SafeHandles;

namespace Lakeflow.Runtime.Spilling;

/// <summary>A file of blocks, written once each and read back by place; deleted when it is closed.</summary>
/// <remarks>One thread writes; when it is done any thread may read.</remarks>
public sealed class SpillFile : IDisposable
{
    private readonly SpillFolder folder;
    private readonly SafeFileHandle file;
    private bool isClosed;

    internal SpillFile(SpillFolder folder, string path)
    {
        this.folder = folder;
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Puts a block behind the others.</summary>
    /// <returns>Where it stands.</returns>
    /// <exception cref="Diagnostics.RuntimeError">LF5021, LF5022.</exception>
    public SpillPlace Append(ReadOnlySpan<byte> block)
    {
        folder.Take(block.Length);
        try
        {
            RandomAccess.Write(file, block, Length);
        }
        catch (IOException e)
        {
            throw SpillErrors.Failed(folder.Path, e);
        }
        finally
        {
            // What stands there of a block that failed is given back with the file.
            Length += block.Length;
        }

        return new SpillPlace(Length - block.Length, block.Length);
    }

    /// <summary>Reads a block into <paramref name="to"/>, which is as long as the block.</summary>
    public void Read(SpillPlace place, Span<byte> to)
    {
        try
        {
            for (var done = 0; done < place.Length;)
            {
                var read = RandomAccess.Read(file, to[done..place.Length], place.Offset + done);
                if (read == 0) throw new EndOfStreamException("A spilled block is shorter than it was.");
                done += read;
            }
        }
        catch (IOException e)
        {
            throw SpillErrors.Failed(folder.Path, e);
        }
    }

    public void Dispose()
    {
        if (isClosed) return;
        isClosed = true;
        file.Dispose();
        folder.Return(Length);
    }
}

/// <summary>Where a block stands in its file.</summary>
public readonly record struct SpillPlace(long Offset, int Length);
