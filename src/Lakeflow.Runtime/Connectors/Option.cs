using System.Collections.Immutable;

namespace Lakeflow.Runtime.Connectors;

/// <summary>What the text of an option's value must look like, and the C# type it becomes.</summary>
public enum OptionKind
{
    /// <summary>Any text: <see cref="string"/>.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>: <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>A whole number: <see cref="long"/>.</summary>
    Integer,

    /// <summary>A number of bytes, with a unit if wanted (<c>10g</c>, <c>512mb</c>): <see cref="long"/>.</summary>
    Bytes,

    /// <summary>A date or a time of a date (UTC unless it names a zone): microseconds since the epoch, <see cref="long"/>.</summary>
    Timestamp,

    /// <summary>One of <see cref="Option.Choices"/>, in any case: <see cref="string"/>, as declared.</summary>
    Choice,
}

/// <summary>What happens with an option that is given.</summary>
public enum OptionStanding
{
    Used,

    /// <summary>Accepted, because it changes nothing here; the user is told why.</summary>
    Ignored,

    /// <summary>Refused by name, because leaving it out would change the answer.</summary>
    Refused,
}

/// <summary>One option of a connector: the only declaration, from which checks and reference pages come.</summary>
/// <param name="Name">As documented; names match in any case.</param>
/// <param name="Kind">What its value looks like.</param>
/// <param name="Default">The value where it is not given, in the C# type of <paramref name="Kind"/>; null if there is none.</param>
/// <param name="Doc">One or two sentences for the reference page; for an ignored or refused option, the reason.</param>
public sealed record Option(string Name, OptionKind Kind, object? Default, string Doc)
{
    /// <summary>Other names of the same option.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The values of a <see cref="OptionKind.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>Smallest value of an <see cref="OptionKind.Integer"/> or <see cref="OptionKind.Bytes"/>.</summary>
    public long Min { get; init; } = long.MinValue;

    public OptionStanding Standing { get; init; }

    public static Option Text(string name, string? @default, string doc, params ReadOnlySpan<string> aliases) =>
        new(name, OptionKind.Text, @default, doc) { Aliases = [.. aliases] };

    public static Option Boolean(string name, bool? @default, string doc, params ReadOnlySpan<string> aliases) =>
        new(name, OptionKind.Boolean, @default, doc) { Aliases = [.. aliases] };

    public static Option Int64(string name, long? @default, string doc, long min = long.MinValue) =>
        new(name, OptionKind.Integer, @default, doc) { Min = min };

    public static Option Bytes(string name, long? @default, string doc) =>
        new(name, OptionKind.Bytes, @default, doc) { Min = 1 };

    public static Option Timestamp(string name, string doc) => new(name, OptionKind.Timestamp, null, doc);

    public static Option OneOf(string name, string? @default, string doc, params ReadOnlySpan<string> choices) =>
        new(name, OptionKind.Choice, @default, doc) { Choices = [.. choices] };

    /// <summary>An option that means nothing here.</summary>
    public static Option Ignored(string name, string reason) =>
        new(name, OptionKind.Text, null, reason) { Standing = OptionStanding.Ignored };

    /// <summary>An option that we do not have.</summary>
    public static Option Refused(string name, string reason) =>
        new(name, OptionKind.Text, null, reason) { Standing = OptionStanding.Refused };
}
