using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Runtime.Flows;

/// <summary>
/// Columns, and fields of structs in them, by their paths: <c>address.street</c>, and within arrays and maps <c>items.element.price</c>,
/// <c>rates.key.code</c>, <c>rates.value.price</c>. Names compare without regard to case.
/// </summary>
public static class FieldPath
{
    public static string Of(string parent, string name) => parent.Length == 0 ? name : $"{parent}.{name}";

    /// <summary>What a type is made of, by the names that stand in paths: a struct's fields, an array's element, a map's key and value.</summary>
    public static ImmutableArray<Field> Parts(DataType type) => type switch
    {
        StructType s => s.Fields,
        ListType list => [list.Element],
        MapType map => [map.Key, map.Value],
        _ => [],
    };

    /// <summary>The type with each of its parts changed.</summary>
    public static DataType WithParts(DataType type, Func<Field, Field> change) => type switch
    {
        StructType s => new StructType([.. s.Fields.Select(change)]),
        ListType list => new ListType(change(list.Element)),
        MapType map => new MapType(change(map.Key), change(map.Value)),
        _ => type,
    };

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
            if (path.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase)
                && Find(Parts(field.Type), path[(name.Length + 1)..], Of(parent, field.Name), nameOf) is { } rest) return [field, .. rest];
        }

        return null;
    }
}
