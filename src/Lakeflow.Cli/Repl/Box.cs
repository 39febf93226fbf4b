using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;

namespace Lakeflow.Cli.Repl;

/// <summary>The frame of a table that fits the terminal: names, types below them, values cut where they must be.</summary>
internal sealed class Box
{
    /// <summary>Lines of a box that hold no row: two edges, names, types, the line below them.</summary>
    public const int Frame = 5;

    /// <summary>A column narrower than this says nothing; rather whole columns are left out.</summary>
    private const int Narrowest = 4;

    private readonly Terminal terminal;
    private readonly IReadOnlyList<Field> fields;
    private readonly int[] widths;
    private readonly string frame;

    /// <param name="terminal">Where to.</param>
    /// <param name="fields">Names and types.</param>
    /// <param name="sample">Rows that tell how wide the columns are to be; null is NULL.</param>
    /// <param name="width">Columns of the terminal.</param>
    public Box(Terminal terminal, IReadOnlyList<Field> fields, IReadOnlyList<string?[]> sample, int width)
    {
        this.terminal = terminal;
        this.fields = fields;
        Shown = Widths(width, fields, sample, out widths);
        frame = terminal.UseUnicode ? "┌─┬┐│├┼┤└┴┘…" : "+-++|++++++~";
    }

    /// <summary>How many columns there is room for; those behind them are left out.</summary>
    public int Shown { get; }

    public void Top()
    {
        Edge(frame[0], frame[2], frame[3]);
        Line(fields.Take(Shown).Select(f => ScreenText.Tame(f.Name)), (_, text) => Colored(text, "\u001b[1m"));
        Line(fields.Take(Shown).Select(TypeOf), (_, text) => Colored(text, "\u001b[2m"));
        Edge(frame[5], frame[6], frame[7]);
    }

    /// <param name="cells">The values, null for NULL.</param>
    public void Row(string?[] cells) => Line(cells.Take(Shown).Select(c => c ?? "NULL"), (n, text) => cells[n] is null ? Colored(text, "\u001b[2m") : text);

    public void Bottom() => Edge(frame[8], frame[9], frame[10]);

    /// <summary>The names of a struct's fields may hold anything.</summary>
    private static string TypeOf(Field field) => ScreenText.Tame(field.Type.ToString()!);

    private string Colored(string text, string code) => terminal.UseColor ? $"{code}{text}\u001b[0m" : text;

    private void Line(IEnumerable<string> values, Func<int, string, string> color)
    {
        var parts = values.Select((value, n) =>
        {
            var text = ScreenText.Cut(value, widths[n], frame[11]);
            var space = new string(' ', widths[n] - ScreenText.Width(text));
            return color(n, fields[n].Type.IsNumeric ? space + text : text + space);
        });
        terminal.Out.WriteLine($"{frame[4]} {string.Join($" {frame[4]} ", parts)} {frame[4]}");
    }

    private void Edge(char left, char middle, char right) => terminal.Out.WriteLine(left + string.Join(middle, widths.Select(w => new string(frame[1], w + 2))) + right);

    /// <summary>How many columns fit, and how wide each is: the widest give way first, then the last are left out.</summary>
    private static int Widths(int width, IReadOnlyList<Field> fields, IReadOnlyList<string?[]> sample, out int[] widths)
    {
        // No column is wider than the terminal, however long its texts are.
        widths = new int[fields.Count];
        for (var n = 0; n < widths.Length; n++)
        {
            var most = Math.Max(ScreenText.Width(fields[n].Name), ScreenText.Width(TypeOf(fields[n])));
            foreach (var row in sample) most = Math.Max(most, row[n] is { } cell ? ScreenText.Width(cell) : "NULL".Length);
            widths[n] = Math.Min(width, most);
        }

        var shown = fields.Count;
        while (shown > 1 && Least(widths, shown) > width) shown--;
        widths = widths[..shown];
        for (var over = widths.Sum(w => w + 3) + 1 - width; over > 0; over--)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest && (shown > 1 || widths[widest] <= 1)) break;
            widths[widest]--;
        }

        return shown;
    }

    private static int Least(int[] widths, int shown) => widths.Take(shown).Sum(w => Math.Min(w, Narrowest) + 3) + 1;
}
