using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Cli.Output;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Cli.Repl;

/// <summary>Rows as a box that fits the terminal: names, types below them, values cut where they must be, and a count.</summary>
internal static class BoxWriter
{
    /// <summary>A column narrower than this says nothing; rather whole columns are left out.</summary>
    private const int Narrowest = 4;

    public static void Write(Terminal terminal, QueryResult rows, SessionZone zone)
    {
        var fields = rows.Columns.Fields;
        var cells = new List<string[]>();
        long count = 0;
        foreach (var batch in rows.Batches)
        {
            count += batch.Length;
            for (var i = 0; i < batch.Length && cells.Count < RowWriter.MostRows; i++)
            {
                cells.Add([.. batch.Columns.Select((c, n) => RowWriter.Cell(fields[n].Type, c.GetValue(i), zone))]);
            }
        }

        var shown = Widths(terminal.Width, fields, cells, out var widths);
        var frame = terminal.UseUnicode ? "┌─┬┐│├┼┤└┴┘…" : "+-++|++++++~";
        var cut = frame[11];
        Line(terminal, frame[0], frame[2], frame[3], frame[1], widths);
        Row(fields.Take(shown).Select(f => f.Name), n => fields[n].Type.IsNumeric);
        Row(fields.Take(shown).Select(f => f.Type.ToString()!), n => fields[n].Type.IsNumeric);
        Line(terminal, frame[5], frame[6], frame[7], frame[1], widths);
        foreach (var row in cells) Row(row.Take(shown), n => fields[n].Type.IsNumeric);
        Line(terminal, frame[8], frame[9], frame[10], frame[1], widths);
        var more = count > cells.Count ? string.Create(CultureInfo.InvariantCulture, $", the first {cells.Count:N0} shown") : "";
        var columns = shown < fields.Length ? string.Create(CultureInfo.InvariantCulture, $", {shown} of {fields.Length} columns shown") : "";
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} row{(count == 1 ? "" : "s")}{more}{columns}"));

        void Row(IEnumerable<string> values, Func<int, bool> isRight)
        {
            var parts = values.Select((v, n) =>
            {
                var text = v.Length <= widths[n] ? v : v[..(widths[n] - 1)] + cut;
                text = isRight(n) ? text.PadLeft(widths[n]) : text.PadRight(widths[n]);
                return v == "NULL" && terminal.UseColor ? $"\u001b[2m{text}\u001b[0m" : text;
            });
            terminal.Out.WriteLine($"{frame[4]} {string.Join($" {frame[4]} ", parts)} {frame[4]}");
        }
    }

    /// <summary>How many columns fit, and how wide each is: the widest give way first, then the last are left out.</summary>
    private static int Widths(int width, IReadOnlyList<Field> fields, List<string[]> cells, out int[] widths)
    {
        widths = [.. fields.Select((f, n) => cells.Select(r => r[n].Length).Append(f.Name.Length).Append(f.Type.ToString()!.Length).Max())];
        var shown = fields.Count;
        while (shown > 1 && Least(widths, shown) > width) shown--;
        widths = widths[..shown];
        for (var over = widths.Sum(w => w + 3) + 1 - width; over > 0; over--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest) break;
            widths[widest]--;
        }

        return shown;
    }

    private static int Least(int[] widths, int shown) => widths.Take(shown).Sum(w => Math.Min(w, Narrowest) + 3) + 1;

    private static void Line(Terminal terminal, char left, char middle, char right, char line, int[] widths) =>
        terminal.Out.WriteLine(left + string.Join(middle, widths.Select(w => new string(line, w + 2))) + right);
}
