using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>Columns, and fields of struct columns, by their paths: <c>address.street</c>. Names compare without regard to case.</summary>
internal static class FieldPath
{
    public static string Of(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    /// <summary>The fields on the way to a path's end, that included; null if there is no such.</summary>
    /// <param name="fields">The columns.</param>
    /// <param name="path">In terms of the names that <paramref name="nameOf"/> gives.</param>
    /// <param name="nameOf">Of a field, by its own name and the path, in own names, of the struct that it lies in.</param>
    public static ImmutableArray<Field>? Find(ImmutableArray<Field> fields, string path, Func<string, Field, string> nameOf) => Find(fields, path, "", nameOf);

    private static ImmutableArray<Field>? Find(ImmutableArray<Field> fields, string path, string parent, Func<string, Field, string> nameOf)
    {
        foreach (var field in fields)
        {
            var name = nameOf(parent, field);
            if (path.Equals(name, StringComparison.OrdinalIgnoreCase)) return [field];
            if (field.Type is StructType inner && path.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase)
                && Find(inner.Fields, path[(name.Length + 1)..], Of(parent, field.Name), nameOf) is { } rest) return [field, .. rest];
        }

        return null;
    }
}
