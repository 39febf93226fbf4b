using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>One value of a struct column, its fields by name. A field that the file has not is NULL.</summary>
internal readonly struct StructRow(StructArray column, int row)
{
    public string? Text(string field) => Value(field) as string;

    public long? Number(string field) => Value(field) switch
    {
        null => null,
        int i => i,
        long l => l,
        var other => throw new InvalidCastException($"{field} is {other.GetType().Name}, a whole number is wanted"),
    };

    public bool? Flag(string field) => (bool?)Value(field);

    public string Required(string field) => Text(field) ?? throw new FormatException($"{field} is NULL");

    public StructRow? Struct(string field) =>
        Child(field) is StructArray child && child.IsValid(row) ? new StructRow(child, row) : null;

    public ImmutableSortedDictionary<string, string?>? NullableMap(string field) =>
        Value(field) is KeyValuePair<object, object?>[] entries
            ? entries.ToImmutableSortedDictionary(e => (string)e.Key, e => (string?)e.Value, StringComparer.Ordinal)
            : null;

    public ImmutableSortedDictionary<string, string>? Map(string field) =>
        Value(field) is KeyValuePair<object, object?>[] entries
            ? entries.Where(e => e.Value is not null)
                .ToImmutableSortedDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal)
            : null;

    public ImmutableArray<string>? List(string field) => Value(field) is object?[] items ? [.. items.Cast<string>()] : null;

    private object? Value(string field) => Child(field)?.GetValue(row);

    private ArrowArray? Child(string field)
    {
        var at = ((StructType)column.Type).IndexOf(field);
        return at < 0 ? null : column.Children[at];
    }
}
