using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Segments;

namespace Lakeflow.Runtime.Changes;

/// <summary>The least that an event can leave out: a column, or a field of a struct column.</summary>
/// <param name="Column">The stored column, by number; −1 if the flow no longer writes it.</param>
/// <param name="Path">Fields from the column inwards; empty for the column itself.</param>
/// <param name="Name"><c>mail</c>, <c>address.city</c>.</param>
internal sealed record Leaf(int Column, ImmutableArray<int> Path, string Name)
{
    /// <summary>True for what the flow no longer writes: stored events have a bit for it.</summary>
    public bool IsGone => Column < 0;

    public static Leaf Gone(string name) => new(-1, [], name);

    /// <summary>The leaves of some columns.</summary>
    public static ImmutableArray<Leaf> Of(Schema stored, IEnumerable<string> columns) =>
        [.. columns.SelectMany(name => Below(stored.IndexOf(name), [], stored.Find(name)!.Name, stored.Find(name)!.Type))];

    private static IEnumerable<Leaf> Below(int column, ImmutableArray<int> path, string name, DataType type) => type is StructType row
        ? row.Fields.SelectMany((f, i) => Below(column, path.Add(i), $"{name}.{f.Name}", f.Type))
        : [new Leaf(column, path, name)];

    /// <summary>The leaf as a column of its own: NULL also where a struct around it is. The caller owns the result.</summary>
    public ArrowArray Values(RecordBatch rows)
    {
        var values = rows.Columns[Column].Retain();
        foreach (var field in Path)
        {
            var inner = Columns.Field(values, field);
            values.Release();
            values = inner;
        }

        return values;
    }
}
