using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Connectors;

/// <summary>How a stream reads a Delta table: <c>STREAM t WITH (…)</c>, <c>read_stream('t', …)</c>. Names and defaults are Delta's.</summary>
/// <param name="SkipChangeCommits">Pass over a commit that takes rows away or changes them, with all that it adds.</param>
/// <param name="ReadChangeFeed">Read row-level changes instead of rows, with three more columns.</param>
/// <param name="StartingVersion">The first version to read, with no look at the rows before it; null to begin with the table as it is.</param>
/// <param name="StartsAtLatest">True: only what comes after the first start.</param>
/// <param name="StartingTimestamp">Begin with the first version committed at this time or later, microseconds UTC; or null.</param>
/// <param name="MaxFiles">Files of one step.</param>
/// <param name="MaxBytes">Bytes of one step's files; a step takes at least one file.</param>
public sealed record TableStreamOptions(
    bool SkipChangeCommits, bool ReadChangeFeed, long? StartingVersion, bool StartsAtLatest, long? StartingTimestamp, long MaxFiles, long MaxBytes)
{
    private const string Latest = "latest";
    private const string ChangesReason = "A stream would give rows again that it gave before. Read the change feed (readChangeFeed), or pass such commits over (skipChangeCommits).";

    public static readonly TableStreamOptions Default = Of(ImmutableSortedDictionary<string, string>.Empty);

    public static OptionSet Set { get; } =
    [
        Option.Boolean("skipChangeCommits", false, "Pass over commits that update or delete rows, with all that they add."),
        Option.Boolean("readChangeFeed", false, "Read row-level changes, with the columns _change_type, _commit_version and _commit_timestamp.", "readChangeData"),
        Option.Text("startingVersion", null, "The first version to read, or 'latest' for what comes after the first start. Counts at the first start only."),
        Option.Timestamp("startingTimestamp", "Begin with the first version committed at this time or later. Counts at the first start only."),
        Option.Int64("maxFilesPerTrigger", 1000, "Files per step.", min: 1),
        Option.Bytes("maxBytesPerTrigger", null, "Bytes per step; a step takes at least one file."),
        Option.Refused("ignoreChanges", ChangesReason),
        Option.Refused("ignoreDeletes", ChangesReason),
        Option.Refused("withEventTimeOrder", "The first rows of a table come in the order of its files."),
    ];

    /// <summary>True if the options say where to begin, so that the place found at the first start is kept even before there are rows.</summary>
    public bool HasStart => StartsAtLatest || StartingVersion is not null || StartingTimestamp is not null;

    /// <summary>Checks options as written.</summary>
    /// <param name="given">Name, value and place; a name without a value is a flag that is set.</param>
    /// <param name="bag">Takes LF7001 to LF7006.</param>
    /// <returns>Those that were given and are good, as <see cref="Of"/> reads them: names in lower case.</returns>
    public static ImmutableSortedDictionary<string, string> Check(IEnumerable<(string Name, string? Value, SourceSpan At)> given, DiagnosticBag bag)
    {
        var values = Set.Parse(given.Select(g => (g.Name, (string?)(g.Value ?? "true"), g.At)), bag);
        if (values.TextOrNull("startingVersion") is { } text && !IsLatest(text) && !TryVersion(text, out _))
        {
            bag.Add(ConnectorErrors.BadOptionValue(Set.Find("startingVersion")!, text, values.At("startingVersion"), "a version, a whole number from 0, or 'latest'"));
        }

        if (values.IsGiven("startingVersion") && values.IsGiven("startingTimestamp"))
        {
            bag.Add(ConnectorErrors.OptionsContradict("startingVersion", "startingTimestamp", "each says where to begin", values.At("startingTimestamp")));
        }

        if (values.BooleanOrNull("skipChangeCommits") == true && values.BooleanOrNull("readChangeFeed") == true)
        {
            bag.Add(ConnectorErrors.OptionsContradict("skipChangeCommits", "readChangeFeed", "one passes changed rows over, the other gives them", values.At("readChangeFeed")));
        }

        return values.Given.ToImmutableSortedDictionary(g => g.Key.ToLowerInvariant(), g => TextOf(g.Value.Value), StringComparer.Ordinal);
    }

    /// <summary>Reads what <see cref="Check"/> gave.</summary>
    public static TableStreamOptions Of(ImmutableSortedDictionary<string, string> texts)
    {
        var start = texts.GetValueOrDefault("startingversion");
        return new(
            texts.GetValueOrDefault("skipchangecommits") == "true",
            texts.GetValueOrDefault("readchangefeed") == "true",
            start is not null && TryVersion(start, out var version) ? version : null,
            start is not null && IsLatest(start),
            Number("startingtimestamp"),
            Number("maxfilespertrigger") ?? 1000,
            Number("maxbytespertrigger") ?? long.MaxValue);

        long? Number(string name) => texts.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : null;
    }

    private static bool IsLatest(string text) => text.Equals(Latest, StringComparison.OrdinalIgnoreCase);

    private static bool TryVersion(string text, out long version) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);

    private static string TextOf(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
