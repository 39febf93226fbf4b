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
                bag.Add(ConnectorErrors.UnknownOption(name, Nearest(name), at));
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

    /// <summary>The known name with the fewest edits, if they are few for its length.</summary>
    private string? Nearest(string name)
    {
        if (Prefix is not null && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) name = name[Prefix.Length..];
        var best = byName.Keys
            .Select(known => (Known: known, Edits: Edits(known.ToLowerInvariant(), name.ToLowerInvariant())))
            .OrderBy(k => k.Edits).ThenBy(k => k.Known, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Known is not null && best.Edits <= Math.Max(2, name.Length / 3) ? best.Known : null;
    }

    private static int Edits(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
