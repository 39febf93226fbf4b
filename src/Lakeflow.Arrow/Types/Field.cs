using System.Collections.Immutable;

namespace Lakeflow.Arrow;

/// <summary>A named column of a schema, or a child of a nested type.</summary>
/// <param name="Name">As written; names compare without regard to case.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">False only where NULL cannot occur.</param>
public sealed record Field(string Name, DataType Type, bool Nullable = true)
{
    private const string NotNull = " NOT NULL";

    /// <summary>Key of a column's comment in <see cref="Metadata"/>, as in Spark's schemas.</summary>
    public const string CommentKey = "comment";

    /// <summary>Key that keeps CHAR(n) and VARCHAR(n) in <see cref="Metadata"/>, as in Spark's schemas.</summary>
    public const string CharVarcharKey = "__CHAR_VARCHAR_TYPE_STRING";

    /// <summary>Text by key, as Spark keeps it in a schema: comments, column mapping ids, generation expressions. Not part of equality.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string? Comment => Metadata.GetValueOrDefault(CommentKey);

    public bool Equals(Field? other) =>
        other is not null && Name == other.Name && Nullable == other.Nullable && Type.Equals(other.Type);

    public override int GetHashCode() => HashCode.Combine(Name, Type, Nullable);

    public override string ToString() => $"{Name} {Type}{(Nullable ? "" : NotNull)}";

    /// <summary>The reverse of <see cref="ToString"/> for one that <see cref="IsPlain"/>.</summary>
    internal static Field Of(string text)
    {
        var isNullable = !text.EndsWith(NotNull, StringComparison.Ordinal);
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        if (end < 0) throw new FormatException(text);
        return new Field(text[..end], DataType.Plain(isNullable ? text[(end + 1)..] : text[(end + 1)..^NotNull.Length]), isNullable);
    }

    /// <summary>True if its text tells all of it, and where it ends.</summary>
    internal bool IsPlain => Metadata.IsEmpty && !Type.IsNested && Name.Length > 0 && Name.All(c => c == '_' || char.IsLetterOrDigit(c));

    internal static int IndexOf(ImmutableArray<Field> fields, string name)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (string.Equals(fields[i].Name, name, StringComparison.OrdinalIgnoreCase)) return i;
        }

        return -1;
    }

    internal static int HashOf(ImmutableArray<Field> fields)
    {
        var hash = default(HashCode);
        foreach (var field in fields) hash.Add(field);
        return hash.ToHashCode();
    }
}
