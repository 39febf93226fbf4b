using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>Gathers the texts of an output column, in row order.</summary>
public sealed class TextWriter(DataType type)
{
    private ArrowBuffer offsets = ArrowBuffer.Empty;
    private ArrowBuffer data = ArrowBuffer.Empty;
    private int used;
    private int rows;

    /// <summary>Makes room for <paramref name="capacity"/> rows and forgets the rows before.</summary>
    public void Begin(int capacity)
    {
        if (offsets.Length < (capacity + 1) * sizeof(int))
        {
            offsets.Release();
            offsets = ArrowBuffer.Rent((capacity + 1) * sizeof(int));
        }

        if (data.Length == 0) data = ArrowBuffer.Rent(Math.Max(4096, capacity * 16));
        offsets.As<int>()[0] = 0;
        used = 0;
        rows = 0;
    }

    public void Append(Utf8 value)
    {
        var bytes = value.Bytes;
        if (used + bytes.Length > data.Length) Grow(bytes.Length);
        bytes.CopyTo(data.Bytes[used..]);
        used += bytes.Length;
        EndRow();
    }

    /// <summary>An empty stretch; the row's validity is the business of <see cref="BatchWriter.Valid"/>.</summary>
    public void AppendNull() => EndRow();

    /// <summary>The column of the rows appended.</summary>
    internal StringArray Build(ArrowBuffer? validity, int nulls)
    {
        var array = new StringArray(type, rows, offsets.Resized((rows + 1) * sizeof(int)), data.Resized(used), validity, nulls);
        offsets = ArrowBuffer.Empty;
        data = ArrowBuffer.Empty;
        return array;
    }

    private void EndRow()
    {
        var at = offsets.As<int>();
        if (rows + 1 >= at.Length)
        {
            var larger = ArrowBuffer.Rent(checked(offsets.Length * 2));
            offsets.Bytes.CopyTo(larger.Bytes);
            offsets.Release();
            offsets = larger;
            at = offsets.As<int>();
        }

        at[++rows] = used;
    }

    private void Grow(int more)
    {
        var size = Math.Min(Math.Max((long)data.Length * 2, (long)used + more), Array.MaxLength - 64);
        if (size < (long)used + more) throw Gather.TooMuchText();
        var larger = ArrowBuffer.Rent((int)size);
        data.Bytes[..used].CopyTo(larger.Bytes);
        data.Release();
        data = larger;
    }
}
