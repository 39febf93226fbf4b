using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Csv;

/// <summary>Reads a part of a csv file: tokenizes a thousand records at a time, then converts column by column.</summary>
internal sealed class CsvReader : MorselReader
{
    private const int BlockFields = 16 * 1024;

    private readonly CsvOptions options;
    private readonly SourceCounts counts;
    private readonly CsvLayout layout;
    private readonly ByteWindow window;
    private readonly CsvTokenizer tokenizer;
    private readonly CsvBlock block;
    private readonly CsvColumn[] converted;
    private readonly CsvColumn?[] outputs;
    private readonly List<(string Name, int Field)> unknown;
    private readonly List<CsvMisfit> misfits = [];
    private readonly TextSink? rescued;
    private readonly TextSink? corrupt;
    private readonly RescuedData rescuer;
    private readonly CsvText text;
    private bool ended;

    public CsvReader(FileColumns columns, FileMorsel morsel, FileScanSpec spec, CsvOptions options, Encoding encoding, TextFormats formats, SourceCounts counts)
        : base(columns, morsel)
    {
        this.options = options;
        this.counts = counts;
        layout = CsvLayout.Read(File, options, encoding);
        var map = layout.Map(columns.Data, options, spec.Declared is null, out unknown, out var fields);
        unknown.RemoveAll(u => columns.Knows(u.Name));
        columns.CheckUnknown(File, [.. unknown.Select(u => u.Name)]);
        converted = [.. columns.Converted.Select(c => CsvColumn.Create(c, map[columns.Data.IndexOf(c)], options, formats))];
        outputs = [.. columns.Output.Fields.Select(f => Array.Find(converted, c => c.Name == f.Name))];
        rescued = columns.WantsRescued ? new TextSink(DataType.String) : null;
        corrupt = columns.WantsCorrupt ? new TextSink(DataType.String) : null;
        rescuer = new RescuedData(File);
        text = new CsvText(options);
        tokenizer = new CsvTokenizer(options, fields, File.VisiblePath);
        block = new CsvBlock(fields, Math.Clamp(BlockFields / (fields + 1), 16, 1024));

        var start = Math.Max(morsel.Start, layout.DataStart);
        var inside = morsel.Start > layout.DataStart;
        // Inside a file the first line begins behind a line end; one may stand just before the part.
        if (inside) start -= options.LineEnd?.Length ?? 1;
        window = new ByteWindow(TextInput.Open(File, encoding, morsel.End == long.MaxValue ? 0 : start), ChunkBytes(morsel));
        if (inside)
        {
            ended = !tokenizer.SkipLine(window);
            if (!ended) tokenizer.Line = (int)Morsel.Lines!.LineAt(morsel.Index, window.Offset + window.Start);
        }
        else
        {
            while (window.Offset + window.Start < layout.DataStart)
            {
                if (window.Start == window.End && !window.Fill()) break;
                window.Start += (int)Math.Min(window.End - window.Start, layout.DataStart - window.Offset - window.Start);
            }

            tokenizer.Line = layout.DataLine;
        }
    }

    public override RecordBatch? Read(long ordinal)
    {
        if (ended) return null;
        var lines = new int[BatchRows];
        var rows = 0;
        while (rows < BatchRows)
        {
            block.Limit = Math.Min(block.Capacity, BatchRows - rows);
            if (!tokenizer.Read(window, block, Morsel.End))
            {
                ended = true;
                Morsel.Lines?.Tell(Morsel.Index + 1, window.Offset + window.Start, tokenizer.Line);
                break;
            }

            Convert();
            block.Lines.AsSpan(0, block.Rows).CopyTo(lines.AsSpan(rows));
            rows += block.Rows;
        }

        if (rows == 0) return null;
        counts.Add(rows: rows);
        foreach (var column in converted)
        {
            // Columns that were only checked are not handed on.
            if (Array.IndexOf(outputs, column) < 0) column.Sink.Truncate(0);
        }

        // Line numbers stand for record numbers: exact unless lines are blank, comments or parts of a record.
        return Batch(ordinal, rows, new RowOrigin(File.VisiblePath, lines[0] - layout.DataLine) { Lines = lines }, Own);
    }

    public override void Dispose()
    {
        window.Dispose();
        base.Dispose();
    }

    private static int ChunkBytes(FileMorsel morsel) => (int)Math.Clamp(Math.Max(morsel.Length, morsel.File.Size - morsel.Start), 1 << 12, 1 << 19);

    private ArrowArray Own(int column) => Columns.Origins[column] switch
    {
        ColumnOrigin.Rescued => rescued!.Build(),
        ColumnOrigin.Corrupt => corrupt!.Build(),
        _ => outputs[column]!.Sink.Build(),
    };

    private void Convert()
    {
        var before = converted.Length == 0 ? 0 : converted[0].Sink.Length;
        misfits.Clear();
        foreach (var column in converted) column.Convert(block, misfits);
        if (options.MaxFieldBytes >= 0) CheckFieldLengths();
        if (block.Misshapen == 0 && misfits.Count == 0 && (unknown.Count == 0 || rescued is null))
        {
            rescued?.AppendNulls(block.Rows);
            corrupt?.AppendNulls(block.Rows);
            return;
        }

        var malformed = Malformed();
        if (malformed.Count > 0)
        {
            if (Columns.Mode == "FAILFAST") throw Failure(malformed.Min());
            counts.Add(malformed: malformed.Count);
            if (Columns.Mode == "DROPMALFORMED")
            {
                counts.Add(dropped: malformed.Count);
                foreach (var column in converted) column.Sink.Truncate(before);
                block.Remove(malformed);
                malformed.Clear();
                misfits.Clear();
                foreach (var column in converted) column.Convert(block, misfits);
            }
        }

        Corrupt(malformed);
        Rescue();
    }

    /// <summary>Records with another number of fields than they should have, and where nothing rescues them, values that do not fit.</summary>
    private HashSet<int> Malformed()
    {
        var rows = new HashSet<int>();
        if (block.Misshapen > 0)
        {
            for (var row = 0; row < block.Rows; row++)
            {
                if (block.FieldCounts[row] != block.Fields) rows.Add(row);
            }
        }

        if (!Columns.HasRescued)
        {
            foreach (var misfit in misfits) rows.Add(misfit.Row);
        }

        return rows;
    }

    private Lakeflow.Runtime.Diagnostics.RuntimeError Failure(int row)
    {
        var count = block.FieldCounts[row];
        var misfit = misfits.Find(m => m.Row == row);
        var why = count != block.Fields
            ? $"the record has {count} fields instead of {block.Fields}"
            : $"{misfit.Column.Name} cannot be {misfit.Column.Sink.Type}";
        return FileErrors.Malformed($"{File.VisiblePath}:{block.Lines[row]}", why, Encoding.UTF8.GetString(block.Record(row)));
    }

    private void Corrupt(HashSet<int> malformed)
    {
        if (corrupt is null) return;
        corrupt.Reserve(block.Rows);
        for (var row = 0; row < block.Rows; row++)
        {
            if (malformed.Contains(row)) corrupt.Append(Encoding.UTF8.GetString(block.Record(row)));
            else corrupt.AppendNull();
        }
    }

    private void Rescue()
    {
        if (rescued is null) return;
        rescued.Reserve(block.Rows);
        var byRow = misfits.ToLookup(m => m.Row, m => m.Column);
        for (var row = 0; row < block.Rows; row++)
        {
            foreach (var column in byRow[row]) AddField(row, column.Field, column.Name);
            foreach (var (name, field) in unknown) AddField(row, field, name);
            if (block.FieldCounts[row] > block.Fields) AddSurplus(row);
            if (rescuer.Flush(rescued)) counts.Add(rescued: 1);
        }
    }

    private void AddField(int row, int field, string name)
    {
        var at = (row * block.Stride) + field;
        var start = block.Ends[at] + options.Separator.Length;
        var length = block.Ends[at + 1] - start;
        if (length <= 0) return;
        var value = text.Clean(block.Buffer.AsSpan(start, length), out var isNull);
        if (!isNull) rescuer.AddText(name, value);
    }

    /// <summary>Fields behind the last that a record should have, named by their place.</summary>
    private void AddSurplus(int row)
    {
        var count = block.FieldCounts[row];
        var one = new CsvBlock(count, 1);
        using var again = ByteWindow.Over(block.Record(row));
        if (!new CsvTokenizer(options, count, File.VisiblePath).Read(again, one, long.MaxValue)) return;
        for (var field = block.Fields; field < one.FieldCounts[0] && field < count; field++)
        {
            var start = one.Ends[field] + options.Separator.Length;
            var length = one.Ends[field + 1] - start;
            rescuer.AddText($"_c{field}", length <= 0 ? [] : text.Clean(one.Buffer.AsSpan(start, length), out _));
        }
    }

    private void CheckFieldLengths()
    {
        for (var row = 0; row < block.Rows; row++)
        {
            for (var at = row * block.Stride; at < ((row + 1) * block.Stride) - 1; at++)
            {
                if (block.Ends[at + 1] - block.Ends[at] - options.Separator.Length > options.MaxFieldBytes)
                {
                    throw FileErrors.FieldTooLong($"{File.VisiblePath}:{block.Lines[row]}", options.MaxFieldBytes);
                }
            }
        }
    }
}
