using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>A column, or a field of a struct column, in a schema: <c>address.street</c>.</summary>
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

            if (field.Type is StructType s && path.StartsWith(field.Name + ".", StringComparison.OrdinalIgnoreCase)
                && Change(s.Fields, path[(field.Name.Length + 1)..], change) is { } inner)
            {
                return fields.SetItem(i, field with { Type = new StructType(inner) });
            }
        }

        return null;
    }
}
