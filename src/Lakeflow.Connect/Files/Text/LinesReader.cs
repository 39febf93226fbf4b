using System.Text;
using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files.Text;

/// <summary>Reads a part of a text file: one row a line, or one row a file (<c>wholeText</c>).</summary>
internal sealed class LinesReader : MorselReader
{
    private readonly ByteWindow window;
    private readonly LineReader lines;
    private readonly SourceCounts counts;
    private readonly TextSink sink = new(DataType.String);
    private readonly bool whole;
    private bool ended;

    public LinesReader(FileColumns columns, FileMorsel morsel, FileScanSpec spec, byte[]? lineEnd, Encoding encoding, SourceCounts counts)
        : base(columns, morsel)
    {
        foreach (var column in columns.Data)
        {
            if (column.Type is not StringType) throw FileErrors.TypeNotInFormat("text", column.Name, column.Type.ToString());
        }

        this.counts = counts;
        whole = spec.Options.Boolean("wholeText");
        lines = new LineReader(lineEnd);
        var inside = morsel.Start > 0;
        var start = inside ? morsel.Start - (lineEnd?.Length ?? 1) : 0;
        window = new ByteWindow(TextInput.Open(File, encoding, start), (int)Math.Clamp(File.Size - start, 1 << 12, 1 << 19));
        if (!inside) return;
        ended = !lines.SkipPartial(window) || (window.Start == window.End && !window.Fill());
        if (!ended) lines.Line = (int)Morsel.Lines!.LineAt(morsel.Index, window.Offset + window.Start);
    }

    public override RecordBatch? Read(long ordinal)
    {
        if (ended) return null;
        var numbers = new int[BatchRows];
        var rows = 0;
        sink.Reserve(BatchRows);
        if (whole)
        {
            while (window.Fill())
            {
                // A whole file is one value: everything must be in memory.
            }

            Add(window.Unread);
            numbers[rows++] = 1;
            ended = true;
        }

        while (!ended && rows < BatchRows)
        {
            numbers[rows] = lines.Line;
            if (lines.TryRead(window, Morsel.End, out var line))
            {
                Add(line);
                rows++;
            }
            else
            {
                ended = true;
                Morsel.Lines?.Tell(Morsel.Index + 1, window.Offset + window.Start, lines.Line);
            }
        }

        if (rows == 0) return null;
        counts.Add(rows: rows);
        var column = sink.Build();
        var batch = Batch(ordinal, rows, new RowOrigin(File.VisiblePath, numbers[0] - 1) { Lines = numbers }, i =>
            Columns.Output[i].Name.Equals(Columns.Data[0].Name, StringComparison.Ordinal) ? column.Retain() : Nulls(DataType.String, rows));
        column.Release();
        return batch;
    }

    public override void Dispose()
    {
        window.Dispose();
        base.Dispose();
    }

    private void Add(ReadOnlySpan<byte> line)
    {
        if (System.Text.Unicode.Utf8.IsValid(line)) sink.Append(line);
        else sink.Append(Encoding.UTF8.GetString(line));
    }
}
