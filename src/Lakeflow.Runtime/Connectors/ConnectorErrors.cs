using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Connectors;

/// <summary>LF7001–LF7009: what can be wrong with the options of any connector.</summary>
public static class ConnectorErrors
{
    public static Diagnostic UnknownOption(string name, string? nearest, SourceSpan at) => new(
        "LF7001", Severity.Error, at, $"There is no option '{name}' here.", nearest is null ? null : $"Did you mean '{nearest}'?");

    public static Diagnostic BadOptionValue(Option option, string text, SourceSpan at, string? wanted = null)
    {
        var expected = wanted ?? option.Kind switch
        {
            OptionKind.Boolean => "true or false",
            OptionKind.Integer when option.Min > long.MinValue => $"a whole number of at least {option.Min}",
            OptionKind.Integer => "a whole number",
            OptionKind.Bytes => "a number of bytes such as 10g or 512mb",
            OptionKind.Timestamp => "a date or timestamp such as 2026-01-31 or 2026-01-31T12:00:00Z",
            OptionKind.Choice => "one of " + string.Join(", ", option.Choices),
            _ => "text",
        };
        return new("LF7002", Severity.Error, at, $"'{text}' is no value for the option '{option.Name}'.", $"It takes {expected}.");
    }

    public static Diagnostic RefusedOption(Option option, SourceSpan at) => new(
        "LF7003", Severity.Error, at, $"The option '{option.Name}' is not supported.", option.Doc);

    public static Diagnostic IgnoredOption(Option option, SourceSpan at) => new(
        "LF7004", Severity.Info, at, $"The option '{option.Name}' has no effect here.", option.Doc);

    public static Diagnostic OptionTwice(string name, SourceSpan first, SourceSpan at) => new(
        "LF7005", Severity.Error, at, $"The option '{name}' is given twice.", "Keep one of them.")
    {
        Also = first,
    };

    public static Diagnostic OptionsContradict(string one, string other, string why, SourceSpan at) => new(
        "LF7006", Severity.Error, at, $"The options '{one}' and '{other}' do not go together: {why}.");
}
