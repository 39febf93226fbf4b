using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines.Testing;

/// <summary>Rows as lines of a test: columns two spaces apart, values as <c>CAST(… AS STRING)</c> gives them.</summary>
public static class RowLine
{
    /// <summary>The rows of batches, in order.</summary>
    public static IEnumerable<string> Of(Schema schema, IEnumerable<RecordBatch> batches, SessionZone zone)
    {
        var types = schema.Fields.Select(f => f.Type).ToArray();
        return batches.SelectMany(b => Enumerable.Range(0, b.Length).Select(row => Of([.. b.Columns.Select(c => c.GetValue(row))], types, zone)));
    }

    /// <param name="values">In the form of <see cref="ArrowArray.GetValue"/>.</param>
    /// <param name="types">Their types.</param>
    /// <param name="zone">Where TIMESTAMP is shown.</param>
    public static string Of(IReadOnlyList<object?> values, IReadOnlyList<DataType> types, SessionZone zone) =>
        string.Join("  ", values.Select((v, i) => v is null ? "NULL" : Visible(BoxedCasts.Text(v, types[i], zone))));

    /// <summary>A value's text with what a reader could not see made visible: <c>(empty)</c>, and dots for blanks at its ends or in a row.</summary>
    public static string Visible(string text)
    {
        if (text.Length == 0) return "(empty)";
        text = text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("  ", "··", StringComparison.Ordinal);
        if (text[0] == ' ') text = "·" + text[1..];
        return text[^1] == ' ' ? text[..^1] + "·" : text;
    }
}
