using System.Collections.Immutable;

namespace Lakeflow.Arrow;

/// <summary>Gathers STRUCT values: append one value to each of <see cref="Children"/>, then close the row with <see cref="CloseRow"/>.</summary>
public sealed class StructBuilder(StructType type, int capacity = 0) : ArrayBuilder(type)
{
    public ImmutableArray<ArrayBuilder> Children { get; } = [.. type.Fields.Select(f => Create(f.Type, capacity))];

    /// <summary>Ends a row whose fields were appended to <see cref="Children"/>.</summary>
    public void CloseRow() => Count(valid: true);

    protected override void AddDefault()
    {
        foreach (var child in Children) child.AppendNull();
    }

    protected override void AddObject(object value)
    {
        var values = (object?[])value;
        for (var i = 0; i < Children.Length; i++) Children[i].AppendValue(values[i]);
    }

    protected override void AddFrom(ArrowArray source, int index)
    {
        var from = (StructArray)source;
        for (var i = 0; i < Children.Length; i++) Children[i].AppendFrom(from.Children[i], index);
    }

    protected override ArrowArray Take(int length, ArrowBuffer? validity, int nullCount) =>
        new StructArray(Type, length, [.. Children.Select(c => c.Build())], validity, nullCount);
}
