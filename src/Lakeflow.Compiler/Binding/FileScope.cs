using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>What <c>USE</c> and <c>SET</c> have made true at one point of a file.</summary>
/// <param name="Source">The file.</param>
/// <param name="Catalog">Of names without a catalog.</param>
/// <param name="Schema">Of names without a schema.</param>
/// <param name="Settings">Configuration, overlaid by the <c>SET</c>s so far.</param>
internal sealed record FileScope(SourceText Source, string Catalog, string Schema, ImmutableSortedDictionary<string, string> Settings)
{
    /// <summary>The full name; of more than three parts the first ones are dropped, which <see cref="DatasetBinder"/> reports.</summary>
    public QualifiedName Qualify(NameSyntax name) => name.Parts switch
    {
        [var table] => new(Catalog, Schema, table.Text),
        [var schema, var table] => new(Catalog, schema.Text, table.Text),
        [.., var catalog, var schema, var table] => new(catalog.Text, schema.Text, table.Text),
        _ => new(Catalog, Schema, ""),
    };

    /// <summary>The name as this file may write it: without the catalog and schema that hold here anyway.</summary>
    public string Shortest(QualifiedName name) =>
        !Same(name.Catalog, Catalog) ? name.ToString()
        : !Same(name.Schema, Schema) ? $"{name.Schema}.{name.Name}"
        : name.Name;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
