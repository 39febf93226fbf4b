using System.Collections.Immutable;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.CommandLine;

/// <summary>What the project said when its binary was built.</summary>
/// <param name="TimeZone">The session time zone's name.</param>
public sealed record PipelineSettings(string TimeZone)
{
    /// <summary>The project's configuration.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The settings as options of an update.</summary>
    internal UpdateOptions ToOptions()
    {
        var options = new UpdateOptions
        {
            Configuration = Configuration.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase),
            KeepSamples = Configuration.GetValueOrDefault("lakeflow.samples") != "false",
            Zone = SessionZone.Find(TimeZone) ?? SessionZone.Utc,
        };
        return int.TryParse(Configuration.GetValueOrDefault("pipelines.maxFlowRetryAttempts"), out var retries) ? options with { MaxRetries = retries } : options;
    }
}
