namespace Lakeflow.Compiler.Binding;

/// <summary>What the project file says that gives names and settings their meaning.</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Catalog">Catalog of names without one.</param>
/// <param name="Schema">Schema of names without one.</param>
public sealed record ProjectDefaults(string Name, string Catalog = "main", string Schema = "default")
{
    /// <summary>The <c>configuration</c> map: settings of every flow, and the values of <c>:name</c> markers.</summary>
    public ImmutableSortedDictionary<string, string> Configuration { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The id of the session time zone: UTC unless configured, never the machine's.</summary>
    public string TimeZone { get; init; } = "UTC";
}
