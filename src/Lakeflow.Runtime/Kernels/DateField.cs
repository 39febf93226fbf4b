namespace Lakeflow.Runtime.Kernels;

/// <summary>A field of <c>extract(field FROM x)</c> and <c>date_part</c>, from its name in any case.</summary>
public sealed class DateField : ICompiledText<DateField>
{
    private DateField(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>One name for all spellings; empty if there is no such field.</summary>
    public string Name { get; }

    public string Text { get; }

    public static DateField Compile(string text) => new(NameOf(text), text);

    /// <summary>True for the field that has a fraction: its type is DECIMAL(8,6), that of all others INT.</summary>
    public static bool IsSecond(string text) => NameOf(text) == "SECOND";

    private static string NameOf(string text) => text.Trim().ToUpperInvariant() switch
    {
        "YEAR" or "Y" or "YEARS" or "YR" or "YRS" => "YEAR",
        "YEAROFWEEK" => "YEAROFWEEK",
        "QUARTER" or "QTR" => "QUARTER",
        "MONTH" or "MON" or "MONS" or "MONTHS" => "MONTH",
        "WEEK" or "W" or "WEEKS" => "WEEK",
        "DAY" or "D" or "DAYS" => "DAY",
        "DAYOFWEEK" or "DOW" => "DAYOFWEEK",
        "DAYOFWEEK_ISO" or "DOW_ISO" => "DAYOFWEEK_ISO",
        "DOY" => "DOY",
        "HOUR" or "H" or "HOURS" or "HR" or "HRS" => "HOUR",
        "MINUTE" or "M" or "MIN" or "MINS" or "MINUTES" => "MINUTE",
        "SECOND" or "S" or "SEC" or "SECONDS" or "SECS" => "SECOND",
        _ => "",
    };
}
