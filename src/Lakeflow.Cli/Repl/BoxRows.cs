using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Cli.Output;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Cli.Repl;

/// <summary>Rows of a query as a box, page by page as they come; without a pager the first ones and a count.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="zone">Where TIMESTAMP is shown.</param>
/// <param name="pager">Asks for more once the screen is full; null shows what there is.</param>
/// <param name="progress">Hidden while something else is shown.</param>
internal sealed class BoxRows(Terminal terminal, SessionZone zone, Pager? pager, Progress progress)
{
    /// <summary>Rows whose widths are looked at: what comes later is cut where it must be.</summary>
    private const int Sample = RowWriter.MostRows;

    private readonly List<string?[]> first = [];
    private IReadOnlyList<Field> fields = [];
    private Box? box;
    private int boxWidth;
    private int room;
    private long shown;

    /// <summary>Rows that a query need hand on: a pager may want all.</summary>
    public long MostRows => pager is null ? RowWriter.MostRows : long.MaxValue;

    /// <summary>True if a person has ended it before its last row.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Takes the next rows; false if no more are wanted.</summary>
    public bool Write(RecordBatch batch)
    {
        fields = batch.Schema.Fields;
        if (box is not null) progress.Hide();
        for (var i = 0; i < batch.Length; i++)
        {
            if (box is null)
            {
                if (first.Count < Sample) first.Add(Cells(batch, i));
                // As many rows as are at hand tell the widths, but none is waited for.
                if (pager is null || first.Count < Sample && (i < batch.Length - 1 || first.Count <= FirstPage)) continue;
                if (!Begin()) return false;
            }
            else if (!Show(Cells(batch, i)))
            {
                return false;
            }
        }

        if (box is not null)
        {
            terminal.Out.Flush();
            progress.Wait();
        }

        return true;
    }

    /// <summary>All rows have come: shows what is left, the lower edge and the count.</summary>
    public void End(QueryResult result)
    {
        progress.Hide();
        fields = result.Columns.Fields;
        if (!IsEnded && box is null)
        {
            Open();
            room = int.MaxValue;
            foreach (var row in first)
            {
                box!.Row(row);
                shown++;
            }
        }

        box!.Bottom();
        var more = IsEnded ? string.Create(CultureInfo.InvariantCulture, $"{shown:N0} rows shown, there are more")
            : result.Rows > shown ? string.Create(CultureInfo.InvariantCulture, $"{result.Rows:N0} rows, the first {shown:N0} shown")
            : string.Create(CultureInfo.InvariantCulture, $"{shown:N0} row{(shown == 1 ? "" : "s")}");
        var columns = box.Shown < fields.Count ? string.Create(CultureInfo.InvariantCulture, $", {box.Shown} of {fields.Count} columns shown") : "";
        terminal.Out.WriteLine(more + columns);
    }

    /// <summary>Rows on the first page: as many as a whole box may have, with its frame, the count, the time and the next prompt below.</summary>
    private int FirstPage => Math.Max(1, pager!.Page - Box.Frame - 2);

    /// <summary>The first page is full.</summary>
    private bool Begin()
    {
        progress.Hide();
        Open();
        room = FirstPage;
        foreach (var row in first)
        {
            if (!Show(row)) return false;
        }

        first.Clear();
        return true;
    }

    private void Open()
    {
        boxWidth = pager?.Width ?? terminal.Width;
        box = new Box(terminal, fields, first, boxWidth);
        box.Top();
    }

    private bool Show(string?[] row)
    {
        if (room == 0)
        {
            progress.Hide();
            terminal.Out.Flush();
            room = pager!.Ask(shown, terminal.Stop);
            if (room == 0)
            {
                IsEnded = true;
                return false;
            }

            if (pager.Width != boxWidth)
            {
                // Another terminal wants another box.
                box!.Bottom();
                Open();
            }
        }

        box!.Row(row);
        room--;
        shown++;
        return true;
    }

    /// <summary>The values as they are shown, null for NULL; a text that reads NULL has quotes, for there may be no colours to tell them apart.</summary>
    private string?[] Cells(RecordBatch batch, int row) =>
        [.. batch.Columns.Select((c, n) => c.GetValue(row) is not { } value ? null : RowWriter.Cell(fields[n].Type, value, zone) is var text and not "NULL" ? text : "'NULL'")];
}
