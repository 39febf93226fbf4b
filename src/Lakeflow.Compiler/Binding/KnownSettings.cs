using System.Globalization;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Compiler.Binding;

/// <summary>The settings and table properties that we act on. Any other name is allowed, for there are engines that know more and variables of one's own; one that looks misspelt, or stands where nobody reads it, is told.</summary>
public static class KnownSettings
{
    private const string LateRows = "lakeflow.late.table";
    private const string Rename = "lakeflow.rename.";
    private const string Retries = "pipelines.maxFlowRetryAttempts";
    private const string Samples = "lakeflow.samples";
    private const string Resets = "pipelines.reset.allowed";
    private const string Tombstones = "pipelines.cdc.tombstoneGCThresholdInSeconds";
    private const string Zone = "spark.sql.session.timeZone";

    /// <summary>What TBLPROPERTIES take. Their names count letter by letter.</summary>
    private static readonly string[] OfTables = [.. TableProperties.Names, TableProperties.BloomProperty, Resets, Tombstones, TriggerInterval.Property];

    /// <summary>What SET gives to the statements behind it, and the project's configuration to all.</summary>
    private static readonly string[] OfFlows = [TriggerInterval.Property, LateRows];

    /// <summary>What only the configuration of the whole project says.</summary>
    private static readonly string[] OfProject = [MemoryBudget.Setting, MemoryBudget.FolderSetting, MemoryBudget.LimitSetting, Samples, Retries, Zone];

    /// <summary>What is wrong with an item of TBLPROPERTIES, or null.</summary>
    public static Diagnostic? InTable(SourceSpan at, string name, string value)
    {
        if (Expected(name, value) is { } expected) return BindingErrors.PropertyValue(at, name, value, expected);
        if (TableProperties.Problem(name, value) is { } problem) return BindingErrors.PropertyProblem(at, problem);
        if (OfTables.Contains(name, StringComparer.Ordinal) || name.StartsWith(Rename, StringComparison.Ordinal)) return null;
        if (TableProperties.IsNotKept(name)) return BindingErrors.SettingElsewhere(at, name, "no property that is kept", "Leave it out: what a table asks of its readers and writers follows from its columns and its other properties.");
        if (Has(OfFlows, name)) return BindingErrors.SettingElsewhere(at, name, "no table property", $"Write SET {name} = … above the statement.");
        if (Has(OfProject, name)) return BindingErrors.SettingElsewhere(at, name, "no table property", "Write it below 'configuration:' of the project file.");
        return Near(name, OfTables) is { } near ? BindingErrors.UnknownSetting(at, "table property", name, near) : null;
    }

    /// <summary>What is wrong with a SET, or null.</summary>
    public static Diagnostic? InSet(SourceSpan at, string name, string value)
    {
        if (Has(OfFlows, name)) return Expected(name, value) is { } expected ? BindingErrors.PropertyValue(at, name, value, expected) : null;
        if (Has(OfProject, name)) return BindingErrors.SettingElsewhere(at, name, "a setting of the whole project", "Write it below 'configuration:' of the project file, or give it with --set.");
        if (Has(OfTables, name)) return BindingErrors.SettingElsewhere(at, name, "a table property", $"Write TBLPROPERTIES ('{name}' = '{value}').");
        return Near(name, [.. OfFlows, .. OfProject, .. OfTables]) is { } near ? BindingErrors.UnknownSetting(at, "setting", name, near) : null;
    }

    /// <summary>What is wrong with an entry of a project's configuration, or null.</summary>
    public static Diagnostic? InProject(SourceSpan at, string name, string value)
    {
        if (Has(OfFlows, name)) return Expected(name, value) is { } expected ? BindingErrors.PropertyValue(at, name, value, expected) : null;
        if (Has(OfProject, name)) return null;
        if (Has(OfTables, name)) return BindingErrors.SettingElsewhere(at, name, "a table property", "Write it into the TBLPROPERTIES of the table.");
        return Near(name, [.. OfFlows, .. OfProject, .. OfTables]) is { } near ? BindingErrors.UnknownSetting(at, "setting", name, near) : null;
    }

    /// <summary>What a value that changes what becomes of rows must be, if it is something else: nobody would notice that it is not followed. Null if it is well.</summary>
    private static string? Expected(string name, string value) => name.ToLowerInvariant() switch
    {
        "pipelines.reset.allowed" => bool.TryParse(value, out _) ? null : "'true' or 'false'",
        "pipelines.cdc.tombstonegcthresholdinseconds" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "a whole number of seconds",
        TriggerInterval.Property => TriggerInterval.TryParse(value, out _) ? null : "a whole number and a unit, like '10 seconds' or '1 hour', at most 30 days",
        _ => null,
    };

    private static bool Has(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The known name that is meant. Names have their beginning in common, so that only the rest of them counts for how near is near.</summary>
    private static string? Near(string name, string[] names) => Nearest.Within(Math.Max(1, (name.Length - "pipelines.".Length) / 4), name, names);
}
