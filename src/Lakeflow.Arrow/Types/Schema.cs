using System.Collections.Immutable;

namespace Lakeflow.Arrow;

/// <summary>The columns of a batch, a file or a table, in order.</summary>
public sealed record Schema(ImmutableArray<Field> Fields)
{
    private const string Between = ", ";

    public static readonly Schema Empty = new(ImmutableArray<Field>.Empty);

    public Schema(params ReadOnlySpan<Field> fields)
        : this(ImmutableArray.Create(fields))
    {
    }

    /// <summary>The reverse of <see cref="ToString"/>, for columns that are not nested and have plain names: <c>id BIGINT NOT NULL, net DECIMAL(12,2)</c>.</summary>
    /// <exception cref="FormatException">It is not such a text.</exception>
    public static Schema Of(string columns) => new(ImmutableArray.CreateRange(columns.Split(Between).Select(Field.Of)));

    /// <summary>True if <see cref="Of"/> gives it back from its text.</summary>
    public bool IsPlain => Count > 0 && Fields.All(f => f.IsPlain);

    public int Count => Fields.Length;

    public Field this[int index] => Fields[index];

    /// <summary>The place of a column by name, in any case; -1 if there is none.</summary>
    public int IndexOf(string name) => Field.IndexOf(Fields, name);

    public Field? Find(string name) => IndexOf(name) is >= 0 and var i ? Fields[i] : null;

    public bool Equals(Schema? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

    public override int GetHashCode() => Field.HashOf(Fields);

    public override string ToString() => string.Join(Between, Fields);
}
