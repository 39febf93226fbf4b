using System.Collections.Immutable;

namespace Lakeflow.Arrow;

/// <summary>STRUCT values: a bitmap over child columns of the same length. A child's value where the struct is NULL is arbitrary.</summary>
public sealed class StructArray : ArrowArray
{
    public StructArray(DataType type, int length, ImmutableArray<ArrowArray> children, ArrowBuffer? validity = null, int nullCount = 0)
        : base(type, length, validity, nullCount) => Children = children;

    public ImmutableArray<ArrowArray> Children { get; }

    /// <summary>The same structs with other fields, columns of the same length, which the result owns.</summary>
    public StructArray WithChildren(DataType type, ImmutableArray<ArrowArray> children) => new(type, Length, children, ValidityBuffer?.Retain(), NullCount);

    public override ArrowArray Slice(int start, int length)
    {
        var (validity, nulls) = SliceValidity(start, length);
        return new StructArray(Type, length, [.. Children.Select(c => c.Slice(start, length))], validity, nulls);
    }

    protected override object ValueAt(int index)
    {
        var values = new object?[Children.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Children[i].GetValue(index);
        return values;
    }

    protected override void ReleaseBuffers()
    {
        foreach (var child in Children) child.Release();
    }
}
