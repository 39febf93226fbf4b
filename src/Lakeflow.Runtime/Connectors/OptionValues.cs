using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Connectors;

/// <summary>A value that was given.</summary>
/// <param name="Value">In the C# type of the option's <see cref="OptionKind"/>.</param>
/// <param name="At">Where it was written.</param>
public sealed record OptionValue(object Value, SourceSpan At);

/// <summary>The options of one call: what was given, and defaults for the rest.</summary>
public sealed class OptionValues
{
    private readonly OptionSet set;
    private readonly Dictionary<string, OptionValue> given;

    internal OptionValues(OptionSet set, Dictionary<string, OptionValue> given)
    {
        this.set = set;
        this.given = given;
    }

    /// <summary>What was given, by the option's own name; for fingerprints and EXPLAIN.</summary>
    public IEnumerable<KeyValuePair<string, OptionValue>> Given => given.OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All defaults.</summary>
    public static OptionValues DefaultsOf(OptionSet set) => new(set, []);

    public bool IsGiven(string name) => given.ContainsKey(name);

    /// <summary>Where an option was written; <see cref="SourceSpan.None"/> if it was not.</summary>
    public SourceSpan At(string name) => given.TryGetValue(name, out var value) ? value.At : SourceSpan.None;

    public string Text(string name) => (string)Required(name);

    public string? TextOrNull(string name) => (string?)Find(name);

    public bool Boolean(string name) => (bool)Required(name);

    public bool? BooleanOrNull(string name) => (bool?)Find(name);

    public long Int64(string name) => (long)Required(name);

    public long? Int64OrNull(string name) => (long?)Find(name);

    private object Required(string name) => Find(name) ?? throw new InvalidOperationException($"the option '{name}' has no default");

    private object? Find(string name)
    {
        if (given.TryGetValue(name, out var value)) return value.Value;
        var option = set.Find(name) ?? throw new InvalidOperationException($"no option '{name}' is declared");
        return option.Default;
    }
}
