using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>What a project file says, targets and command line applied.</summary>
/// <param name="Name">The pipeline's name.</param>
/// <param name="Libraries">Patterns of source files, relative to the project's folder, with their places.</param>
/// <param name="Catalog">Default catalog; <c>main</c> if not given.</param>
/// <param name="Schema">Default schema; <c>default</c> if not given.</param>
/// <param name="Configuration">Settings and parameters (<c>${name}</c>).</param>
/// <param name="Lakehouse">Absolute folder of the tables.</param>
/// <param name="Mounts">Path prefixes and the absolute folders that stand for them.</param>
public sealed record ProjectSettings(
    string Name,
    ImmutableArray<(string Pattern, SourceSpan At)> Libraries,
    string Catalog,
    string Schema,
    ImmutableSortedDictionary<string, string> Configuration,
    string Lakehouse,
    ImmutableArray<Mount> Mounts)
{
    /// <summary>The settings of a project without a project file: all that is in its folder.</summary>
    /// <param name="folder">The project's folder, absolute.</param>
    /// <param name="name">The pipeline's name.</param>
    public static ProjectSettings Default(string folder, string name) => new(
        name, [("**", SourceSpan.None)], "main", "default", ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase),
        Path.Combine(folder, "lakehouse"), []);

    /// <summary>How the project file writes the folders that it names, by their absolute paths.</summary>
    public ImmutableDictionary<string, string> AsWritten { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>True: a run goes on until it is stopped.</summary>
    public bool Continuous { get; init; }
}
