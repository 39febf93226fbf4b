using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Sql.Tests;

/// <summary>Rows as lines: columns two spaces apart, values as <c>CAST(… AS STRING)</c> gives them.</summary>
internal static class RowText
{
    public static string Of(IReadOnlyList<object?> values, IReadOnlyList<DataType> types) =>
        string.Join("  ", values.Select((v, i) => Value(v, types[i])));

    /// <summary>A text that DuckDB printed, in our spelling of the type.</summary>
    public static string OfDuckDb(IReadOnlyList<string?> values, IReadOnlyList<DataType> types) =>
        string.Join("  ", values.Select((v, i) => v is null ? "NULL" : Visible(types[i] switch
        {
            BooleanType => v is "t" ? "true" : v is "f" ? "false" : v,
            DoubleType or FloatType when double.TryParse(v, out var d) => NumberText.OfDouble(d),
            _ => v,
        })));

    private static string Value(object? value, DataType type) =>
        value is null ? "NULL" : Visible(BoxedCasts.Text(value, type, SessionZone.Utc));

    /// <summary>Blanks that a reader could not see become dots.</summary>
    private static string Visible(string text)
    {
        if (text.Length == 0) return "(empty)";
        text = text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("  ", "··", StringComparison.Ordinal);
        if (text[0] == ' ') text = "·" + text[1..];
        return text[^1] == ' ' ? text[..^1] + "·" : text;
    }
}
