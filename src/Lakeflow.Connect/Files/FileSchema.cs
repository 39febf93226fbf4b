using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Csv;
using Lakeflow.Connect.Files.Json;
using Lakeflow.Connect.Files.Parquet;
using Lakeflow.Connect.Files.Values;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Files;

/// <summary>Finds the columns of a scan.</summary>
public static class FileSchema
{
    /// <summary>Files whose content is looked at; of the others only a csv header.</summary>
    private const int SampledFiles = 1000;

    /// <summary>A larger file is looked at in three stretches of this size: its beginning, its middle and its end.</summary>
    private const long SampleBytes = 4 << 20;

    private static readonly Field[] BinaryFileColumns =
    [
        new("path", DataType.String), new("modificationTime", DataType.Timestamp), new("length", DataType.Int64), new("content", DataType.Binary),
    ];

    /// <summary>The columns that a scan has: declared or inferred, then those of folders, then the rescued column. All may be NULL.</summary>
    /// <param name="spec">The scan.</param>
    /// <param name="files">Its files; LF7012 if there are none to infer from.</param>
    public static Schema Infer(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var partitions = HivePartitions.Columns(spec, files);
        IEnumerable<Field> columns;
        if (spec.Declared is not null)
        {
            columns = spec.Declared.Fields;
        }
        else
        {
            // A value in the path wins over a column of the same name in the file.
            columns = WithHints(Content(spec, files), spec.Hints)
                .Where(c => !partitions.Any(p => Same(p.Name, c.Name)));
        }

        var all = columns.ToList();
        var hints = spec.Declared is null ? spec.Hints : null;
        all.AddRange(partitions.Where(p => !all.Exists(c => Same(c.Name, p.Name))).Select(p => hints?.Find(p.Name) is { } hint ? p with { Type = hint.Type } : p));
        if (spec.RescuedColumn is { } rescued && FormatHasRescued(spec, files) && !all.Exists(c => Same(c.Name, rescued))) all.Add(new Field(rescued, DataType.String));
        return new Schema(all.Select(c => c with { Nullable = true }).ToImmutableArray());
    }

    /// <summary>Names of the columns of a scan that come from folders.</summary>
    public static ImmutableArray<string> PartitionNames(FileScanSpec spec, ImmutableArray<FileEntry> files) =>
        spec.Partitions ?? [.. HivePartitions.Columns(spec, files).Select(f => f.Name)];

    private static bool FormatHasRescued(FileScanSpec spec, ImmutableArray<FileEntry> files) =>
        FileListing.FormatOf(spec, files) is FileFormat.Csv or FileFormat.Json or FileFormat.Parquet;

    private static IEnumerable<Field> Content(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var format = spec.Format ?? (files.IsEmpty ? null : FileListing.FormatOf(spec, files));
        if (format == FileFormat.Text) return [new Field("value", DataType.String)];
        if (format == FileFormat.BinaryFile) return BinaryFileColumns;
        if (files.IsEmpty) throw FileErrors.NoSchema(spec.VisiblePath);
        var fields = format switch
        {
            FileFormat.Csv => OfCsv(spec, files),
            FileFormat.Json => OfJson(spec, files),
            FileFormat.Parquet => OfParquet(spec, files),
            _ => throw FileErrors.FormatUnknown(spec.VisiblePath),
        };
        if (fields.Count == 0) throw FileErrors.NoRows(spec.VisiblePath);
        return fields;
    }

    private static List<Field> OfCsv(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var options = new CsvOptions(spec);
        var encoding = TextInput.EncodingNamed(spec.Options.Text("encoding"));
        var inference = new CsvInference(options, new TextFormats(spec));
        var merges = spec.Options.BooleanOrNull("mergeSchema") ?? true;
        var sampled = Sampled(files).ToHashSet();
        foreach (var file in files.Where(f => f.Size > 0))
        {
            var looks = spec.InfersTypes && sampled.Contains(file);
            Look(spec, file, () =>
            {
                var layout = CsvLayout.Read(file, options, encoding);
                inference.AddNames(layout);
                if (!looks) return;
                foreach (var (from, to) in Samples(spec, file, encoding, options.MultiLine)) inference.Add(file, layout, encoding, from, to);
            });
            if (!merges && inference.Columns().Any()) break;
        }

        return [.. inference.Columns()];
    }

    private static List<Field> OfJson(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var options = new JsonOptions(spec.Options);
        var encoding = TextInput.EncodingNamed(spec.Options.Text("encoding"));
        var inference = new JsonInference(options, new TextFormats(spec));
        foreach (var file in Sampled(files))
        {
            Look(spec, file, () =>
            {
                foreach (var (from, to) in Samples(spec, file, encoding, options.MultiLine)) Add(inference, file, options, encoding, from, to);
            });
        }

        var columns = inference.Columns();
        return [.. spec.InfersTypes ? columns : columns.Select(c => c with { Type = DataType.String })];
    }

    private static void Add(JsonInference inference, FileEntry file, JsonOptions options, Encoding encoding, long from, long to)
    {
        var start = from > 0 ? from - (options.LineEnd?.Length ?? 1) : 0;
        using var window = new ByteWindow(TextInput.Open(file, encoding, start), 1 << 18);
        var lines = new JsonLines(window, to, options);
        if (from > 0 && !lines.SkipPartial()) return;
        JsonRecords records = options.MultiLine ? new JsonDocuments(window, options) : lines;
        // The end of a stretch binds lines only; a document is read to a limit of bytes instead.
        while (window.Offset < Math.Max(to, SampleBytes * 4) && records.TryRead(out var record))
        {
            if (record.Error is null) inference.Add(record.Text);
        }
    }

    /// <summary>Looks into one file; leaves it out where the options say so.</summary>
    private static void Look(FileScanSpec spec, FileEntry file, Action look)
    {
        try
        {
            look();
        }
        catch (RuntimeError fault) when (fault.Code == "LF7015" && spec.Options.Boolean("ignoreMissingFiles"))
        {
            // Told to be no matter.
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException or DataFault)
        {
            if (spec.Options.Boolean("ignoreCorruptFiles")) return;
            if (fault is DataFault) throw;
            throw FileErrors.CannotRead(file.VisiblePath, fault);
        }
    }

    private static List<Field> OfParquet(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var merges = spec.Options.BooleanOrNull("mergeSchema") ?? true;
        var columns = new List<Field>();
        foreach (var file in merges ? Sampled(files) : files.Take(1))
        {
            Look(spec, file, () =>
            {
                using var parquet = ParquetOpening.Open(file);
                ParquetOpening.Merge(columns, parquet.Schema, file.VisiblePath);
            });
        }

        return columns;
    }

    /// <summary>The files whose content is looked at, in their order: of many the oldest half and the newest half, which has the columns that came last.</summary>
    private static IEnumerable<FileEntry> Sampled(ImmutableArray<FileEntry> files)
    {
        ImmutableArray<FileEntry> some = [.. files.Where(f => f.Size > 0)];
        if (some.Length <= SampledFiles) return some;
        var byAge = some.OrderBy(f => f.ModifiedTime).ThenBy(f => f.Path, StringComparer.Ordinal).ToList();
        var chosen = byAge.Take(SampledFiles / 2).Concat(byAge.TakeLast(SampledFiles / 2)).ToHashSet();
        return some.Where(chosen.Contains);
    }

    /// <summary>The stretches of a file to look at: all of it, or three where a reader may begin anywhere.</summary>
    private static IEnumerable<(long From, long To)> Samples(FileScanSpec spec, FileEntry file, Encoding encoding, bool whole)
    {
        var all = spec.Options.TextOrNull("samplingRatio") is { } ratio
            && double.TryParse(ratio, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share >= 1;
        if (all || file.Size <= 3 * SampleBytes) return [(0, long.MaxValue)];
        if (whole || !TextInput.IsPlain(file, encoding)) return [(0, 3 * SampleBytes)];
        return [(0, SampleBytes), (file.Size / 2, (file.Size / 2) + SampleBytes), (file.Size - SampleBytes, long.MaxValue)];
    }

    private static IEnumerable<Field> WithHints(IEnumerable<Field> columns, Schema? hints)
    {
        var all = columns.ToList();
        foreach (var hint in hints?.Fields ?? [])
        {
            var at = all.FindIndex(c => Same(c.Name, hint.Name));
            var dot = hint.Name.IndexOf('.', StringComparison.Ordinal);
            if (at >= 0)
            {
                all[at] = all[at] with { Type = hint.Type };
            }
            else if (dot > 0 && all.FindIndex(c => Same(c.Name, hint.Name[..dot])) is >= 0 and var parent && all[parent].Type is StructType type)
            {
                var inner = new Schema(hint with { Name = hint.Name[(dot + 1)..] });
                all[parent] = all[parent] with { Type = new StructType([.. WithHints(type.Fields, inner)]) };
            }
            else
            {
                all.Add(hint);
            }
        }

        return all;
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
