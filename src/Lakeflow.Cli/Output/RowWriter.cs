using System.CommandLine;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;
using RowJson = Lakeflow.Runtime.Segments.RowJson;

namespace Lakeflow.Cli.Output;

/// <summary>Rows for people and programs: an aligned table, JSON lines, CSV.</summary>
internal static class RowWriter
{
    /// <summary>A table on a screen ends being readable; <c>--output csv</c> and <c>json</c> print all.</summary>
    public const int MostRows = 1000;

    public static Option<string> Option() =>
        new Option<string>("--output", "-o") { Description = "table, json or csv", DefaultValueFactory = _ => "table" }.AcceptOnlyFromAmong("table", "json", "csv");

    /// <param name="terminal">Where to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="format">One of <see cref="Option"/>.</param>
    /// <param name="zone">Where TIMESTAMP is shown; JSON has it in UTC.</param>
    public static void Write(Terminal terminal, QueryResult rows, string format, SessionZone zone)
    {
        switch (format)
        {
            case "json" or "csv":
                Begin(terminal.Out, rows.Columns, format);
                foreach (var batch in rows.Batches) Write(terminal.Out, batch, format, zone);
                break;
            default: WriteTable(terminal, rows, zone); break;
        }
    }

    /// <summary>What stands before the first row: the header of CSV.</summary>
    internal static void Begin(TextWriter to, Schema columns, string format)
    {
        if (format == "csv") to.WriteLine(string.Join(",", columns.Fields.Select(f => Quoted(f.Name))));
        to.Flush();
    }

    /// <summary>The rows of a batch, as JSON lines or CSV.</summary>
    internal static void Write(TextWriter to, RecordBatch batch, string format, SessionZone zone)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            to.WriteLine(format == "json"
                ? RowJson.Whole(batch, i)
                : string.Join(",", batch.Columns.Select((c, n) => c.GetValue(i) is { } value ? Quoted(Text(batch.Schema[n].Type, value, zone)) : "")));
        }

        to.Flush();
    }

    /// <summary>A value on one line, with nothing in it that a terminal would obey.</summary>
    internal static string Cell(DataType type, object? value, SessionZone zone) => value is null ? "NULL" : OneLine(Text(type, value, zone));

    private static string Quoted(string text) =>
        text.Length == 0 || text.IndexOfAny([',', '"', '\n', '\r']) >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static void WriteTable(Terminal terminal, QueryResult rows, SessionZone zone)
    {
        var columns = rows.Columns.Fields;
        var cells = new List<string[]>();
        foreach (var batch in rows.Batches)
        {
            for (var i = 0; i < batch.Length && cells.Count < MostRows; i++)
            {
                cells.Add([.. batch.Columns.Select((c, n) => Cell(columns[n].Type, c.GetValue(i), zone))]);
            }
        }

        var most = columns.Length <= 1 ? int.MaxValue : Math.Max(12, terminal.Width / 2);
        var widths = columns.Select((c, n) => Math.Min(most, cells.Select(r => ScreenText.Width(r[n])).Append(ScreenText.Width(c.Name)).Max())).ToArray();
        var line = terminal.UseUnicode ? '─' : '-';
        terminal.Out.WriteLine(Row([.. columns.Select(c => ScreenText.Tame(c.Name))], columns, widths));
        terminal.Out.WriteLine(string.Join("  ", widths.Select(w => new string(line, w))));
        foreach (var row in cells) terminal.Out.WriteLine(Row(row, columns, widths));
        var more = rows.Rows > cells.Count ? string.Create(CultureInfo.InvariantCulture, $", the first {cells.Count} shown") : "";
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"({rows.Rows} row{(rows.Rows == 1 ? "" : "s")}{more})"));
    }

    private static string Row(string[] cells, IReadOnlyList<Field> columns, int[] widths) =>
        string.Join("  ", cells.Select((cell, n) =>
        {
            var text = ScreenText.Cut(cell, widths[n], '…');
            var space = new string(' ', widths[n] - ScreenText.Width(text));
            return columns[n].Type.IsNumeric ? space + text : text + space;
        })).TrimEnd();

    /// <summary>A value as <c>CAST(… AS STRING)</c> gives it; BINARY, which may be no text, as base64.</summary>
    private static string Text(DataType type, object value, SessionZone zone) => value is byte[] bytes ? Convert.ToBase64String(bytes) : BoxedCasts.Text(value, type, zone);

    private static string OneLine(string text) => ScreenText.Tame(text.ReplaceLineEndings("\\n").Replace("\t", "\\t", StringComparison.Ordinal));
}
