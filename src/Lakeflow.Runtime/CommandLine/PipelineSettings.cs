using System.Collections.Immutable;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>What the project said when a program with its pipeline was built.</summary>
/// <param name="TimeZone">The session time zone's name.</param>
public sealed record PipelineSettings(string TimeZone)
{
    /// <summary>The project's configuration.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether an update goes on until it is stopped, unless the command line says otherwise.</summary>
    public bool Continuous { get; init; }

    /// <summary>The folder of the tables, as for <see cref="FolderOf"/>.</summary>
    public string Lakehouse { get; init; } = "lakehouse";

    /// <summary>Folders by the prefix that they stand for, written in the same way.</summary>
    public IReadOnlyDictionary<string, string> Mounts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Of the pipeline's source texts: the first 16 hex digits of a SHA-256; empty if the build did not tell.</summary>
    public string SourceHash { get; init; } = "";

    /// <summary>What <c>explain</c> prints, made when it is asked for.</summary>
    public Func<IReadOnlyList<Explanation>> Explanations { get; init; } = () => [];

    /// <summary>Where a query's paths lead.</summary>
    /// <param name="root">Where relative paths start.</param>
    /// <param name="mounts">Further mounts; they win over the project's.</param>
    public PathMap PathsFrom(string root, IEnumerable<Mount>? mounts = null)
    {
        var all = Mounts.ToDictionary(m => m.Key, m => FolderOf(m.Value, root), StringComparer.Ordinal);
        foreach (var mount in mounts ?? []) all[mount.Prefix] = mount.Folder;
        return new PathMap(root.Replace('\\', '/'), [.. all.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new Mount(m.Key, m.Value))]);
    }

    /// <summary>The folder that a project file means.</summary>
    /// <param name="written">Absolute, below the user's own folder (<c>~/</c>), or relative.</param>
    /// <param name="root">Where relative paths start.</param>
    public static string FolderOf(string written, string root) => written.StartsWith("~/", StringComparison.Ordinal)
        ? Path.GetFullPath(written[2..], Environment.GetFolderPath(Environment.SpecialFolder.UserProfile))
        : Path.GetFullPath(written, root);

    /// <summary>Options of an update with what belongs to the pipeline: its time zone and its configuration.</summary>
    public UpdateOptions ApplyTo(UpdateOptions options) => options with
    {
        Configuration = Configuration.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
        KeepSamples = options.KeepSamples && Configuration.GetValueOrDefault("lakeflow.samples") != "false",
        Zone = SessionZone.Find(TimeZone) ?? SessionZone.Utc,
    };

    /// <summary>Tries after the first, as configured (<c>pipelines.maxFlowRetryAttempts</c>) or by default.</summary>
    public int MaxRetries =>
        int.TryParse(Configuration.GetValueOrDefault("pipelines.maxFlowRetryAttempts"), out var retries) ? retries : new UpdateOptions().MaxRetries;
}
