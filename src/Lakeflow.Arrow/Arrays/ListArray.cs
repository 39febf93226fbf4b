namespace Lakeflow.Arrow;

/// <summary>ARRAY or MAP values: int32 offsets into a child column. A map's child is a struct of key and value.</summary>
public sealed class ListArray : ArrowArray
{
    private static readonly int[] NoRows = [0];

    private readonly ArrowBuffer offsets;
    private readonly int start;

    /// <param name="type">A <see cref="ListType"/> or a <see cref="MapType"/>.</param>
    /// <param name="length">Rows.</param>
    /// <param name="offsets"><paramref name="length"/> + 1 ascending int32 positions in <paramref name="child"/>.</param>
    /// <param name="child">The elements of all rows, or the entries (struct of key, value) of all maps.</param>
    /// <param name="validity">One bit a row, or null.</param>
    /// <param name="nullCount">Rows that are NULL; their stretch is empty.</param>
    public ListArray(DataType type, int length, ArrowBuffer offsets, ArrowArray child, ArrowBuffer? validity = null, int nullCount = 0)
        : this(type, length, offsets, 0, child, validity, nullCount)
    {
    }

    private ListArray(DataType type, int length, ArrowBuffer offsets, int start, ArrowArray child, ArrowBuffer? validity, int nullCount)
        : base(type, length, validity, nullCount)
    {
        this.offsets = offsets;
        this.start = start;
        Child = child;
    }

    /// <summary>Length + 1 positions in <see cref="Child"/>. The first is not 0 in a slice.</summary>
    public ReadOnlySpan<int> Offsets => Length == 0 ? NoRows : offsets.As<int>().Slice(start, Length + 1);

    public ArrowArray Child { get; }

    internal (ArrowBuffer Offsets, int StartBytes) OffsetBlock => (offsets, start * sizeof(int));

    /// <summary>The same lists of other elements, a column of the same length as <see cref="Child"/>, which the result owns.</summary>
    public ListArray WithChild(DataType type, ArrowArray child) => new(type, Length, offsets.Retain(), start, child, ValidityBuffer?.Retain(), NullCount);

    public override ArrowArray Slice(int start, int length)
    {
        var (validity, nulls) = SliceValidity(start, length);
        return new ListArray(Type, length, offsets.Retain(), this.start + start, Child.Retain(), validity, nulls);
    }

    protected override object ValueAt(int index)
    {
        var from = Offsets[index];
        var count = Offsets[index + 1] - from;
        if (Type is ListType)
        {
            var items = new object?[count];
            for (var i = 0; i < count; i++) items[i] = Child.GetValue(from + i);
            return items;
        }

        var entries = (StructArray)Child;
        var pairs = new KeyValuePair<object, object?>[count];
        for (var i = 0; i < count; i++) pairs[i] = new(entries.Children[0].GetValue(from + i)!, entries.Children[1].GetValue(from + i));
        return pairs;
    }

    protected override void ReleaseBuffers()
    {
        offsets.Release();
        Child.Release();
    }
}
