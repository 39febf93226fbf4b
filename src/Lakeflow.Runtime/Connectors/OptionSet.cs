using System.Collections;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Connectors;

/// <summary>The options that a connector knows. Parsed where the query is bound, so that a wrong option has a place in the text.</summary>
public sealed class OptionSet : IEnumerable<Option>
{
    private readonly List<Option> options = [];
    private readonly Dictionary<string, Option> byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="prefix">A prefix that may stand before every name and means nothing (<c>cloudFiles.</c>), or null.</param>
    public OptionSet(string? prefix = null) => Prefix = prefix;

    public string? Prefix { get; }

    public void Add(Option option)
    {
        options.Add(option);
        byName.Add(option.Name, option);
        foreach (var alias in option.Aliases) byName.Add(alias, option);
    }

    /// <summary>The option of a name or alias, in any case, with or without the prefix; null if there is none.</summary>
    public Option? Find(string name)
    {
        if (byName.GetValueOrDefault(name) is { } found) return found;
        return Prefix is not null && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? byName.GetValueOrDefault(name[Prefix.Length..]) : null;
    }

    /// <summary>Checks the options of one call.</summary>
    /// <param name="given">Name, value (null for SQL NULL, which means "not given") and place of each.</param>
    /// <param name="bag">Takes LF7001 (unknown), LF7002 (bad value), LF7003 (refused), LF7004 (ignored, a note) and LF7005 (twice).</param>
    /// <returns>The values that are good, defaults for the rest.</returns>
    public OptionValues Parse(IEnumerable<(string Name, string? Value, SourceSpan At)> given, DiagnosticBag bag)
    {
        var values = new Dictionary<string, OptionValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text, at) in given)
        {
            if (Find(name) is not { } option)
            {
                bag.Add(ConnectorErrors.UnknownOption(name, Near(name), at));
                continue;
            }

            switch (option.Standing)
            {
                case OptionStanding.Refused:
                    bag.Add(ConnectorErrors.RefusedOption(option, at));
                    continue;
                case OptionStanding.Ignored:
                    bag.Add(ConnectorErrors.IgnoredOption(option, at));
                    continue;
            }

            if (text is null) continue;
            if (!OptionText.TryParse(option, text, out var value))
            {
                bag.Add(ConnectorErrors.BadOptionValue(option, text, at));
                continue;
            }

            if (!values.TryAdd(option.Name, new OptionValue(value, at))) bag.Add(ConnectorErrors.OptionTwice(option.Name, values[option.Name].At, at));
        }

        return new OptionValues(this, values);
    }

    public IEnumerator<Option> GetEnumerator() => options.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string? Near(string name) =>
        Nearest.To(Prefix is not null && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name, byName.Keys);
}
