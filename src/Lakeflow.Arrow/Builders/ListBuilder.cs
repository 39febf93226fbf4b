namespace Lakeflow.Arrow;

/// <summary>Gathers ARRAY or MAP values: append the elements to <see cref="Child"/>, then close the row with <see cref="CloseRow"/>.</summary>
public sealed class ListBuilder : ArrayBuilder
{
    private ArrowBuffer offsets;

    public ListBuilder(DataType type, int capacity = 0)
        : base(type)
    {
        Child = Create(type is ListType list ? list.Element.Type : ((MapType)type).Entries, capacity);
        offsets = ArrowBuffer.Rent((Math.Max(capacity, 16) + 1) * sizeof(int));
    }

    /// <summary>Builder of the elements; for a map a <see cref="StructBuilder"/> of key and value.</summary>
    public ArrayBuilder Child { get; }

    /// <summary>Ends a row whose elements were appended to <see cref="Child"/>.</summary>
    public void CloseRow()
    {
        Mark();
        Count(valid: true);
    }

    protected override void AddDefault() => Mark();

    protected override void AddObject(object value)
    {
        if (value is object?[] items)
        {
            foreach (var item in items) Child.AppendValue(item);
        }
        else
        {
            foreach (var (key, item) in (KeyValuePair<object, object?>[])value) Child.AppendValue(new[] { key, item });
        }

        Mark();
    }

    protected override void AddFrom(ArrowArray source, int index)
    {
        var list = (ListArray)source;
        var (from, to) = (list.Offsets[index], list.Offsets[index + 1]);
        for (var i = from; i < to; i++) Child.AppendFrom(list.Child, i);
        Mark();
    }

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nullCount)
    {
        if (length == 0) offsets.As<int>()[0] = 0;
        var array = new ListArray(Type, length, offsets, Child.Build(), validity, nullCount);
        offsets = ArrowBuffer.Rent((Math.Max(length, 16) + 1) * sizeof(int));
        return array;
    }

    private void Mark()
    {
        var at = offsets.As<int>();
        if (Length + 1 >= at.Length)
        {
            var larger = ArrowBuffer.Rent(offsets.Length * 2);
            offsets.Bytes.CopyTo(larger.Bytes);
            offsets.Release();
            offsets = larger;
            at = offsets.As<int>();
        }

        if (Length == 0) at[0] = 0;
        at[Length + 1] = Child.Length;
    }
}
