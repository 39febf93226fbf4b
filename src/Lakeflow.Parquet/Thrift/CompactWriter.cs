using System.Text;
using Lakeflow.Parquet.Writing;

namespace Lakeflow.Parquet.Thrift;

/// <summary>Writes Thrift's compact protocol. Fields are written in ascending order of their numbers.</summary>
internal sealed class CompactWriter(ByteSink sink)
{
    private readonly Stack<int> outer = [];
    private int last;

    /// <summary>Begins a struct that is no field: the whole message, or an element of a list.</summary>
    public void Begin()
    {
        outer.Push(last);
        last = 0;
    }

    /// <summary>Begins a struct as a field.</summary>
    public void Begin(int id)
    {
        Head(id, CompactType.Struct);
        Begin();
    }

    public void End()
    {
        sink.Add((byte)CompactType.Stop);
        last = outer.Pop();
    }

    public void Bool(int id, bool value) => Head(id, value ? CompactType.True : CompactType.False);

    public void Byte(int id, sbyte value)
    {
        Head(id, CompactType.Byte);
        sink.Add((byte)value);
    }

    public void Int(int id, int value)
    {
        Head(id, CompactType.I32);
        ZigZag(value);
    }

    public void Long(int id, long value)
    {
        Head(id, CompactType.I64);
        ZigZag(value);
    }

    public void Binary(int id, ReadOnlySpan<byte> value)
    {
        Head(id, CompactType.Binary);
        Element(value);
    }

    public void Text(int id, string value) => Binary(id, Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a list as a field; its elements follow.</summary>
    public void List(int id, CompactType element, int count)
    {
        Head(id, CompactType.List);
        if (count < 15)
        {
            sink.Add((byte)((count << 4) | (int)element));
        }
        else
        {
            sink.Add((byte)(0xF0 | (int)element));
            sink.AddVarInt((ulong)count);
        }
    }

    public void Element(ReadOnlySpan<byte> value)
    {
        sink.AddVarInt((ulong)value.Length);
        sink.Add(value);
    }

    public void Element(int value) => ZigZag(value);

    private void Head(int id, CompactType type)
    {
        var step = id - last;
        last = id;
        if (step is > 0 and < 16)
        {
            sink.Add((byte)((step << 4) | (int)type));
        }
        else
        {
            sink.Add((byte)type);
            ZigZag(id);
        }
    }

    private void ZigZag(long value) => sink.AddVarInt((ulong)((value << 1) ^ (value >> 63)));
}
