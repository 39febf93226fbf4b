using System.Collections.Immutable;

namespace Lakeflow.Arrow;

/// <summary>The columns of a batch, a file or a table, in order.</summary>
public sealed record Schema(ImmutableArray<Field> Fields)
{
    public static readonly Schema Empty = new(ImmutableArray<Field>.Empty);

    public Schema(params ReadOnlySpan<Field> fields)
        : this(ImmutableArray.Create(fields))
    {
    }

    public int Count => Fields.Length;

    public Field this[int index] => Fields[index];

    /// <summary>The place of a column by name, in any case; -1 if there is none.</summary>
    public int IndexOf(string name) => Field.IndexOf(Fields, name);

    public Field? Find(string name) => IndexOf(name) is >= 0 and var i ? Fields[i] : null;

    public bool Equals(Schema? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    public override int GetHashCode() => Field.HashOf(Fields);

    public override string ToString() => string.Join(", ", Fields);
}
