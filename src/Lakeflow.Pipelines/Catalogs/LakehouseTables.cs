using System.Collections.Immutable;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>The tables in a lakehouse's folder.</summary>
public static class LakehouseTables
{
    /// <summary>All folders <c>catalog/schema/table</c> that hold a Delta log, by name.</summary>
    public static ImmutableArray<QualifiedName> List(string lakehouse)
    {
        if (!Directory.Exists(lakehouse)) return [];
        var found =
            from catalog in Below(lakehouse)
            from schema in Below(catalog)
            from table in Below(schema)
            where Directory.Exists(Path.Combine(table, "_delta_log"))
            select new QualifiedName(NameOf(catalog), NameOf(schema), NameOf(table));
        return [.. found.Order()];
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateDirectories(folder).Where(d => Path.GetFileName(d) is var name && name[0] != '_' && name[0] != '.');

    /// <summary>The lakehouse percent-encodes what a file system could misread.</summary>
    private static string NameOf(string folder) => Uri.UnescapeDataString(Path.GetFileName(folder));
}
