using System.Globalization;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Binding;

/// <summary>What the clauses of a table say, checked.</summary>
internal sealed record TableClauses(ImmutableArray<string> PartitionColumns, string? Comment, ImmutableSortedDictionary<string, string> Properties)
{
    /// <summary>True where the files have names of their own for columns, so that a column may have any name.</summary>
    public bool MapsColumns => Properties.GetValueOrDefault("delta.columnMapping.mode") is { } mode && !string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a property that changes what becomes of rows must be, if it is something else: nobody would notice that it is not followed. Null if it is well.</summary>
    public static string? Expected(string property, string value) => property switch
    {
        "pipelines.reset.allowed" => bool.TryParse(value, out _) ? null : "'true' or 'false'",
        "pipelines.cdc.tombstoneGCThresholdInSeconds" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "a whole number of seconds",
        TriggerInterval.Property => TriggerInterval.TryParse(value, out _) ? null : "a whole number and a unit, like '10 seconds' or '1 hour', at most 30 days",
        _ => null,
    };

    public static readonly TableClauses None = new([], null, ImmutableSortedDictionary<string, string>.Empty);
}
