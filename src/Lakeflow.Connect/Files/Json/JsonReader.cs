using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files.Json;

/// <summary>Reads a part of a json file: one pass finds the wanted fields of a record, a second turns their text into values.</summary>
internal sealed class JsonReader : MorselReader
{
    private readonly JsonOptions options;
    private readonly SourceCounts counts;
    private readonly ByteWindow window;
    private readonly JsonRecords records;
    private readonly JsonFields fields;
    private readonly JsonColumn[] columns;
    private readonly string[] names;
    private readonly ArrayBuilder[] builders;
    private readonly int[] outputs;
    private readonly JsonText text = new();
    private readonly TextSink? rescued;
    private readonly TextSink? corrupt;
    private readonly RescuedData rescuer;
    private readonly List<int> misfits = [];
    private readonly HashSet<int> dropped = [];
    private readonly bool watchesUnknown;
    private long rowsBefore;
    private bool ended;

    public JsonReader(FileColumns scan, FileMorsel morsel, JsonOptions options, Encoding encoding, TextFormats formats, SourceCounts counts)
        : base(scan, morsel)
    {
        this.options = options;
        this.counts = counts;
        var converted = scan.Converted;
        names = [.. converted.Select(c => c.Name)];
        columns = [.. converted.Select(c => JsonColumn.Create(c, options, formats))];
        builders = [.. converted.Select(c => ArrayBuilder.Create(c.Type, BatchRows))];
        outputs = [.. scan.Output.Fields.Select(f => converted.IndexOf(f))];
        // A field that the table has but nobody asks for is skipped, not unknown; so the watch needs all columns.
        watchesUnknown = scan.ChecksAll || scan.Evolution is not "none" && !scan.HasRescued || scan.Evolution == "failOnNewColumns";
        fields = new JsonFields([.. names, .. watchesUnknown ? scan.Table.Fields.Select(f => f.Name).Except(names) : []], options) { ListsUnknown = watchesUnknown };
        rescued = scan.WantsRescued ? new TextSink(DataType.String) : null;
        corrupt = scan.WantsCorrupt ? new TextSink(DataType.String) : null;
        rescuer = new RescuedData(File);

        var inside = morsel.Start > 0;
        var start = inside ? morsel.Start - (options.LineEnd?.Length ?? 1) : 0;
        window = new ByteWindow(TextInput.Open(File, encoding, start), (int)Math.Clamp(File.Size - start, 1 << 12, 1 << 19));
        if (options.MultiLine)
        {
            records = new JsonDocuments(window, options);
            return;
        }

        var lines = new JsonLines(window, morsel.End, options);
        records = lines;
        if (!inside) return;
        ended = !lines.SkipPartial() || window.Start == window.End && !window.Fill();
        if (!ended) records.Line = (int)Morsel.Lines!.LineAt(morsel.Index, window.Offset + window.Start);
    }

    public override RecordBatch? Read(long ordinal)
    {
        if (ended) return null;
        var lines = new int[BatchRows];
        var rows = 0;
        rescued?.Reserve(BatchRows);
        corrupt?.Reserve(BatchRows);
        while (rows < BatchRows)
        {
            if (!records.TryRead(out var record))
            {
                ended = true;
                if (!options.MultiLine) Morsel.Lines?.Tell(Morsel.Index + 1, window.Offset + window.Start, records.Line);
                break;
            }

            lines[rows] = record.Line;
            if (Take(record, rows)) rows++;
        }

        var arrays = Array.ConvertAll(builders, b => b.Build());
        if (dropped.Count > 0) rows = RemoveDropped(arrays, lines, rows);
        if (rows == 0)
        {
            foreach (var array in arrays) array.Release();
            return ended ? null : Read(ordinal);
        }

        counts.Add(rows: rows);
        var origin = new RowOrigin(File.VisiblePath, options.MultiLine ? rowsBefore : lines[0] - 1) { Lines = lines };
        rowsBefore += rows;
        var batch = Batch(ordinal, rows, origin, column => Columns.Origins[column] switch
        {
            ColumnOrigin.Rescued => rescued!.Build(),
            ColumnOrigin.Corrupt => corrupt!.Build(),
            _ => arrays[outputs[column]].Retain(),
        });
        foreach (var array in arrays) array.Release();
        return batch;
    }

    public override void Dispose()
    {
        window.Dispose();
        base.Dispose();
    }

    /// <summary>Appends a record's row; false if the record was left out.</summary>
    private bool Take(JsonRecord record, int row)
    {
        var error = record.Error;
        if (error is null)
        {
            var scanner = new JsonScanner(record.Text, options);
            if (scanner.Peek() != '{' && scanner.Error is null)
            {
                error = scanner.TrySkip(out var kind, out _) && scanner.Peek() == 0 && scanner.Error is null && scanner.Position >= record.Text.Length
                    ? $"the record is {Described(kind)}, not an object"
                    : scanner.Error ?? "text follows the value";
            }
            else if (!fields.Scan(ref scanner))
            {
                error = scanner.Error ?? "an object is expected";
            }
            else if (scanner.Peek() != 0 || scanner.Position < record.Text.Length)
            {
                error = scanner.Error ?? "text follows the record";
            }
        }

        if (error is not null) return Broken(record, error);
        misfits.Clear();
        for (var i = 0; i < columns.Length; i++)
        {
            var kind = fields.Value(i, out var start, out var end);
            if (!columns[i].Append(kind == JsonKind.None ? default : record.Text[start..end], kind, builders[i])) misfits.Add(i);
        }

        if (misfits.Count > 0 || fields.Unknown.Count > 0) return Untidy(record, row);
        rescued?.AppendNull();
        corrupt?.AppendNull();
        return true;
    }

    /// <summary>A record that is JSON, but has fields that nobody knows or values that do not fit.</summary>
    private bool Untidy(JsonRecord record, int row)
    {
        if (fields.Unknown.Count > 0 && Columns.MindsUnknown)
        {
            Columns.CheckUnknown(File, [.. NamesOfUnknown(record.Text)]);
        }

        if (misfits.Count > 0 && !Columns.HasRescued)
        {
            var name = names[misfits[0]];
            if (Columns.Mode == "FAILFAST") throw Failure(record, $"{name} cannot be {builders[misfits[0]].Type}");
            counts.Add(malformed: 1);
            if (Columns.Mode == "DROPMALFORMED")
            {
                counts.Add(dropped: 1);
                dropped.Add(row);
                rescued?.AppendNull();
                corrupt?.AppendNull();
                return true;
            }

            corrupt?.Append(Encoding.UTF8.GetString(record.Text));
            rescued?.AppendNull();
            return true;
        }

        corrupt?.AppendNull();
        if (rescued is null) return true;
        foreach (var misfit in misfits)
        {
            fields.Value(misfit, out var start, out var end);
            rescuer.AddJson(names[misfit], text.Compact(record.Text[start..end]));
        }

        foreach (var (nameStart, nameEnd, start, end) in fields.Unknown)
        {
            var name = Encoding.UTF8.GetString(text.Unescape(record.Text[nameStart..nameEnd]));
            rescuer.AddJson(name, text.Compact(record.Text[start..end]));
        }

        if (rescuer.Flush(rescued)) counts.Add(rescued: 1);
        return true;
    }

    /// <summary>A record that is no JSON object.</summary>
    private bool Broken(JsonRecord record, string error)
    {
        if (Columns.Mode == "FAILFAST") throw Failure(record, error);
        counts.Add(malformed: 1);
        if (Columns.Mode == "DROPMALFORMED")
        {
            counts.Add(dropped: 1);
            return false;
        }

        foreach (var builder in builders) builder.AppendNull();
        corrupt?.Append(Encoding.UTF8.GetString(record.Text));
        if (rescued is null) return true;
        // Without a column of its own the text goes with what else did not fit.
        if (corrupt is null) rescuer.AddText("_corrupt_record", record.Text);
        if (rescuer.Flush(rescued)) counts.Add(rescued: 1);
        return true;
    }

    private Lakeflow.Runtime.Diagnostics.RuntimeError Failure(JsonRecord record, string why) =>
        FileErrors.Malformed($"{File.VisiblePath}:{record.Line}", why, Encoding.UTF8.GetString(record.Text));

    private List<string> NamesOfUnknown(ReadOnlySpan<byte> record)
    {
        var found = new List<string>();
        foreach (var (start, end, _, _) in fields.Unknown) found.Add(Encoding.UTF8.GetString(text.Unescape(record[start..end])));
        return found;
    }

    /// <summary>Takes out rows that were found not to fit when half of them was stored.</summary>
    private int RemoveDropped(ArrowArray[] arrays, int[] lines, int rows)
    {
        for (var i = 0; i < arrays.Length; i++)
        {
            for (var row = 0; row < rows; row++)
            {
                if (!dropped.Contains(row)) builders[i].AppendFrom(arrays[i], row);
            }

            arrays[i].Release();
            arrays[i] = builders[i].Build();
        }

        // In this mode nothing is rescued or kept as corrupt but by rows that stay, so these columns are rebuilt too.
        RemoveDropped(rescued, rows);
        RemoveDropped(corrupt, rows);
        var kept = 0;
        for (var row = 0; row < rows; row++)
        {
            if (!dropped.Contains(row)) lines[kept++] = lines[row];
        }

        dropped.Clear();
        return kept;
    }

    private void RemoveDropped(TextSink? sink, int rows)
    {
        if (sink is null) return;
        var whole = (StringArray)sink.Build();
        sink.Reserve(BatchRows);
        for (var row = 0; row < rows; row++)
        {
            if (dropped.Contains(row)) continue;
            if (whole.IsNull(row)) sink.AppendNull();
            else sink.Append(whole[row]);
        }

        whole.Release();
    }

    private static string Described(JsonKind kind) => kind switch
    {
        JsonKind.String => "a string",
        JsonKind.Number or JsonKind.NonNumber => "a number",
        JsonKind.Array => "an array",
        JsonKind.Null => "null",
        _ => "a boolean",
    };
}
