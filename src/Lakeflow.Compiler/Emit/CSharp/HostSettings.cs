using Lakeflow.Runtime.CommandLine;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>What of a project is built into a program that holds its pipeline.</summary>
/// <param name="Namespace">Of the class that the program sees; empty for none.</param>
/// <param name="TimeZone">The session time zone's name.</param>
/// <param name="Configuration">The project's configuration.</param>
/// <param name="Lakehouse">The folder of the tables, relative to where the program is told that paths start.</param>
/// <param name="Mounts">Prefixes and folders, those relative in the same way.</param>
public sealed record HostSettings(
    string Namespace, string TimeZone, ImmutableSortedDictionary<string, string> Configuration, string Lakehouse, ImmutableArray<Mount> Mounts)
{
    /// <summary>Of the source texts: what <c>--version</c> tells.</summary>
    public string SourceHash { get; init; } = "";

    /// <summary>Whether an update goes on until it is stopped.</summary>
    public bool Continuous { get; init; }

    /// <summary>What the program's <c>explain</c> prints.</summary>
    public ImmutableArray<Explanation> Explanations { get; init; } = [];
}
