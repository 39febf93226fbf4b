using System.Runtime.InteropServices;

namespace Lakeflow.Connect.Files.Json;

/// <summary>A field's name as it stands in most records, <c>"name":</c>, made for a quick comparison.</summary>
internal readonly struct JsonName
{
    private readonly byte[] rest;

    /// <param name="name">Raw, as between the quotes.</param>
    public JsonName(ReadOnlySpan<byte> name)
    {
        byte[] quoted = [(byte)'"', .. name, (byte)'"', (byte)':'];
        Length = quoted.Length;
        rest = quoted.Length > sizeof(ulong) ? quoted[sizeof(ulong)..] : [];
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        first.Clear();
        var count = Math.Min(quoted.Length, sizeof(ulong));
        quoted.AsSpan(0, count).CopyTo(first);
        First = MemoryMarshal.Read<ulong>(first);
        first[..count].Fill(byte.MaxValue);
        first[count..].Clear();
        Mask = MemoryMarshal.Read<ulong>(first);
    }

    /// <summary>Bytes with quotes and colon.</summary>
    public int Length { get; }

    /// <summary>The first eight bytes as memory has them; of a shorter name those that <see cref="Mask"/> leaves.</summary>
    public ulong First { get; }

    public ulong Mask { get; }

    /// <summary>The bytes after the eighth.</summary>
    public ReadOnlySpan<byte> Rest => rest;
}
