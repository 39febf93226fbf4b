namespace Lakeflow.Compiler.Functions;

/// <summary><c>extract(field FROM x)</c> and <c>date_part</c>: the function that gives a field.</summary>
public static class DateFields
{
    /// <summary>The function's name for a field in any case; null if there is no such field.</summary>
    public static string? FunctionFor(string field) => field.ToUpperInvariant() switch
    {
        "YEAR" or "Y" or "YEARS" or "YR" or "YRS" => "year",
        "YEAROFWEEK" => "yearofweek",
        "QUARTER" or "QTR" => "quarter",
        "MONTH" or "MON" or "MONS" or "MONTHS" => "month",
        "WEEK" or "W" or "WEEKS" => "weekofyear",
        "DAY" or "D" or "DAYS" => "day",
        "DAYOFWEEK" or "DOW" => "dayofweek",
        "DAYOFWEEK_ISO" or "DOW_ISO" => "dayofweek_iso",
        "DOY" => "dayofyear",
        "HOUR" or "H" or "HOURS" or "HR" or "HRS" => "hour",
        "MINUTE" or "M" or "MIN" or "MINS" or "MINUTES" => "minute",
        "SECOND" or "S" or "SEC" or "SECONDS" or "SECS" => "second_with_fraction",
        _ => null,
    };
}
