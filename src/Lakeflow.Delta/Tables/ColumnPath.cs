using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>A column, or a field of a struct in one, in a schema: <c>address.street</c>, and within arrays and maps <c>items.element.price</c>, <c>rates.value.price</c>.</summary>
internal static class ColumnPath
{
    /// <summary>The fields with one of them changed, or left out where <paramref name="change"/> gives null; null if there is no such field.</summary>
    public static ImmutableArray<Field>? Change(ImmutableArray<Field> fields, string path, Func<Field, ImmutableArray<Field>, Field?> change)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            if (string.Equals(field.Name, path, StringComparison.OrdinalIgnoreCase))
            {
                return change(field, fields) is { } changed ? fields.SetItem(i, changed) : fields.RemoveAt(i);
            }

            if (path.StartsWith(field.Name + ".", StringComparison.OrdinalIgnoreCase) && Change(field.Type, path[(field.Name.Length + 1)..], change) is { } inner)
            {
                return fields.SetItem(i, field with { Type = inner });
            }
        }

        return null;
    }

    private static DataType? Change(DataType type, string path, Func<Field, ImmutableArray<Field>, Field?> change) => type switch
    {
        StructType s => Change(s.Fields, path, change) is { } fields ? new StructType(fields) : null,
        ListType list => Within(list.Element, path, change) is { } element ? new ListType(element) : null,
        MapType map => Within(map.Key, path, change) is { } key ? map with { Key = key } : Within(map.Value, path, change) is { } value ? map with { Value = value } : null,
        _ => null,
    };

    /// <summary>What an array or a map is made of has no name of its own to change.</summary>
    private static Field? Within(Field part, string path, Func<Field, ImmutableArray<Field>, Field?> change) =>
        path.StartsWith(part.Name + ".", StringComparison.OrdinalIgnoreCase) && Change(part.Type, path[(part.Name.Length + 1)..], change) is { } type ? part with { Type = type } : null;
}
