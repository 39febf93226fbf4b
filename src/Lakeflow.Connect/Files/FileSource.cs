using System.Collections.Immutable;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Csv;
using Lakeflow.Connect.Files.Json;
using Lakeflow.Connect.Files.Parquet;
using Lakeflow.Connect.Files.Text;
using Lakeflow.Connect.Files.Values;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Files;

/// <summary>Reads the columns of a list of files. The same list, columns and slice size give the same batches for any number of workers.</summary>
public sealed class FileSource : IBatchSource, ISkippingSource
{
    /// <summary>Large text files are cut into parts of this size, so that workers share one file.</summary>
    public const long DefaultSliceBytes = 16 << 20;

    private readonly FileScanSpec spec;
    private readonly ImmutableArray<FileEntry> files;
    private readonly FileColumns columns;
    private readonly ImmutableArray<string> partitions;
    private readonly FileFormat format;
    private readonly Encoding encoding;
    private readonly TextFormats formats;
    private readonly long sliceBytes;
    private readonly Lazy<ImmutableArray<FileMorsel>> morsels;
    private readonly ImmutableArray<ColumnPredicate> predicates;

    /// <param name="spec">The scan.</param>
    /// <param name="table">All its columns: <see cref="FileSchema.Infer"/>.</param>
    /// <param name="files">The files to read, in this order.</param>
    /// <param name="requested">Columns to read, in the order of the result; null for all of <paramref name="table"/>. <c>_metadata</c> may be among them.</param>
    /// <param name="predicates">Hints for leaving out files and row groups.</param>
    /// <param name="sliceBytes">Size of a part of a large text file.</param>
    public FileSource(
        FileScanSpec spec, Schema table, ImmutableArray<FileEntry> files, IReadOnlyList<string>? requested = null,
        ImmutableArray<ColumnPredicate> predicates = default, long sliceBytes = DefaultSliceBytes)
    {
        this.spec = spec;
        this.sliceBytes = sliceBytes;
        this.predicates = predicates.IsDefault ? [] : predicates;
        this.files = files;
        partitions = FileSchema.PartitionNames(spec, files);
        columns = new FileColumns(spec, table, requested, partitions);
        format = files.IsEmpty ? spec.Format ?? FileFormat.Text : FileListing.FormatOf(spec, files);
        encoding = TextInput.EncodingNamed(spec.Options.Text("encoding"));
        formats = new TextFormats(spec);
        morsels = new(Cut);
    }

    public Schema Schema => columns.Output;

    /// <summary>Rows, malformed and rescued records over all readers so far.</summary>
    public SourceCounts Counts { get; } = new();

    public long Skipped => Counts.Dropped;

    public IBatchReader Open(int worker, int workers) => new Reader(this, worker, workers);

    public void Dispose()
    {
    }

    private ImmutableArray<FileMorsel> Cut()
    {
        var mayCut = format is FileFormat.Csv or FileFormat.Json or FileFormat.Text && !spec.Options.Boolean("multiLine") && !spec.Options.Boolean("wholeText");
        var cut = ImmutableArray.CreateBuilder<FileMorsel>();
        foreach (var file in files)
        {
            if (IsRuledOut(file)) continue;
            if (format == FileFormat.Parquet)
            {
                var shared = new SharedParquet(file);
                var groups = RowGroupsOf(shared);
                for (var group = 0; group < groups; group++) cut.Add(new FileMorsel(file, 0, long.MaxValue, group) { Parquet = shared });
                continue;
            }

            if (!mayCut || file.Size <= sliceBytes || !IsPlain(file))
            {
                cut.Add(FileMorsel.Whole(file));
                continue;
            }

            var count = (int)((file.Size + sliceBytes - 1) / sliceBytes);
            var lines = new LineIndex(file, sliceBytes, count, LineEnd);
            for (var i = 0; i < count; i++)
            {
                // The last part is read to the end, should the file have grown.
                cut.Add(new FileMorsel(file, i * sliceBytes, i == count - 1 ? long.MaxValue - 1 : (i + 1) * sliceBytes, i) { Lines = lines });
            }
        }

        return cut.ToImmutable();
    }

    private bool IsRuledOut(FileEntry file) => predicates.Any(p =>
        partitions.Contains(p.Column, StringComparer.OrdinalIgnoreCase) && columns.Table.Find(p.Column) is { } column && HivePartitions.RulesOut(file, column, p));

    private byte[]? LineEnd => LineReader.EndOf(spec.Options);

    /// <summary>None for a file that the options leave out.</summary>
    private int RowGroupsOf(SharedParquet file)
    {
        try
        {
            var groups = file.Take().RowGroups.Count;
            file.Return();
            return groups;
        }
        catch (RuntimeError fault) when (fault.Code == "LF7015" && spec.Options.Boolean("ignoreMissingFiles"))
        {
            return 0;
        }
        catch (DataFault) when (spec.Options.Boolean("ignoreCorruptFiles"))
        {
            return 0;
        }
    }

    private bool IsPlain(FileEntry file)
    {
        try
        {
            return TextInput.IsPlain(file, encoding);
        }
        catch (RuntimeError)
        {
            // The reader will meet the same trouble and say so, or leave the file out if it is told to.
            return false;
        }
    }

    private MorselReader Open(FileMorsel morsel) => format switch
    {
        FileFormat.Csv => new CsvReader(columns, morsel, spec, new CsvOptions(spec), encoding, formats, Counts),
        FileFormat.Json => new JsonReader(columns, morsel, new JsonOptions(spec.Options), encoding, formats, Counts),
        FileFormat.Text => new LinesReader(columns, morsel, spec, LineEnd, encoding, Counts),
        FileFormat.BinaryFile => new BinaryFileReader(columns, morsel, Counts),
        FileFormat.Parquet => new ParquetReader(columns, morsel, spec.Options.Boolean("readerCaseSensitive"), predicates, Counts),
        _ => throw new System.Diagnostics.UnreachableException(format.ToString()),
    };

    /// <summary>One worker's morsels, one after another.</summary>
    private sealed class Reader(FileSource source, int worker, int workers) : IBatchReader
    {
        private int next = worker;
        private int batch;
        private MorselReader? current;
        private SharedParquet? held;

        public RecordBatch? Read()
        {
            var morsels = source.morsels.Value;
            while (current is not null || next < morsels.Length)
            {
                var morsel = morsels[current is null ? next : next - workers];
                try
                {
                    if (current is null)
                    {
                        next += workers;
                        batch = 0;
                        Hold(morsel.Parquet);
                        current = source.Open(morsel);
                    }

                    if (current.Read(((long)(next - workers) << 32) | (uint)batch++) is { } rows) return rows;
                }
                catch (RuntimeError fault) when (IsPassedOver(fault.Code))
                {
                    // The options say that such a file is left out, from here on.
                }
                catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException or DataFault)
                {
                    if (!source.spec.Options.Boolean("ignoreCorruptFiles"))
                    {
                        if (fault is DataFault) throw;
                        throw FileErrors.CannotRead(morsel.File.VisiblePath, fault);
                    }
                }

                current?.Dispose();
                current = null;
            }

            return null;
        }

        public void Dispose()
        {
            current?.Dispose();
            current = null;
            Hold(null);
        }

        /// <summary>Keeps a file open until this worker goes on to another.</summary>
        private void Hold(SharedParquet? next)
        {
            if (ReferenceEquals(next, held)) return;
            held?.Return();
            held = null;
            next?.Take();
            held = next;
        }

        private bool IsPassedOver(string code) =>
            (code == "LF7015" && source.spec.Options.Boolean("ignoreMissingFiles")) || (code == "LF7014" && source.spec.Options.Boolean("ignoreCorruptFiles"));
    }
}
