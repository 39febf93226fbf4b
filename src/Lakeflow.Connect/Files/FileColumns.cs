using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Connect.Files;

/// <summary>Where a column of a scan comes from.</summary>
internal enum ColumnOrigin
{
    Data,
    Partition,
    Metadata,
    Rescued,
    Corrupt,
}

/// <summary>The columns of a scan: what the table has, what is asked for, and where each comes from.</summary>
internal sealed class FileColumns
{
    private readonly FileScanSpec spec;
    private readonly ConcurrentDictionary<string, ImmutableHashSet<string>> inferred = new(StringComparer.Ordinal);

    public const string MetadataName = "_metadata";

    /// <summary>The hidden column of every file source.</summary>
    public static readonly Field Metadata = new(
        MetadataName,
        new StructType(
        [
            new("file_path", DataType.String, Nullable: false),
            new("file_name", DataType.String, Nullable: false),
            new("file_size", DataType.Int64, Nullable: false),
            new("file_block_start", DataType.Int64, Nullable: false),
            new("file_block_length", DataType.Int64, Nullable: false),
            new("file_modification_time", DataType.Timestamp, Nullable: false),
        ]),
        Nullable: false);

    /// <param name="spec">The scan.</param>
    /// <param name="table">All its columns, as <see cref="FileSchema.Infer"/> gave them.</param>
    /// <param name="requested">Names of the columns to read, in the order of the result; null for all of <paramref name="table"/>.</param>
    /// <param name="partitions">Names of the columns that come from folders.</param>
    public FileColumns(FileScanSpec spec, Schema table, IReadOnlyList<string>? requested, IReadOnlyCollection<string> partitions)
    {
        this.spec = spec;
        Table = table;
        var corrupt = spec.Options.Text("columnNameOfCorruptRecord");
        ColumnOrigin OriginOf(Field field)
        {
            if (Same(field.Name, spec.RescuedColumn)) return ColumnOrigin.Rescued;
            if (Same(field.Name, corrupt)) return ColumnOrigin.Corrupt;
            return partitions.Contains(field.Name, StringComparer.OrdinalIgnoreCase) ? ColumnOrigin.Partition : ColumnOrigin.Data;
        }

        Data = [.. table.Fields.Where(f => OriginOf(f) == ColumnOrigin.Data)];
        HasRescued = table.Fields.Any(f => OriginOf(f) == ColumnOrigin.Rescued);
        var fields = ImmutableArray.CreateBuilder<Field>();
        var origins = ImmutableArray.CreateBuilder<ColumnOrigin>();
        foreach (var name in requested ?? [.. table.Fields.Select(f => f.Name)])
        {
            var field = table.Find(name);
            if (field is null && !Same(name, MetadataName)) throw new ArgumentException($"the scan has no column {name}");
            fields.Add(field ?? Metadata);
            origins.Add(field is null ? ColumnOrigin.Metadata : OriginOf(field));
        }

        Output = new Schema(fields.ToImmutable());
        Origins = origins.ToImmutable();
        WantsRescued = Origins.Contains(ColumnOrigin.Rescued);
        WantsCorrupt = Origins.Contains(ColumnOrigin.Corrupt);
        Mode = spec.Options.Text("mode");
        Evolution = spec.EvolutionMode;
    }

    public Schema Table { get; }

    /// <summary>The columns that the files themselves hold.</summary>
    public ImmutableArray<Field> Data { get; }

    /// <summary>The columns to read, in order.</summary>
    public Schema Output { get; }

    /// <summary>One for each field of <see cref="Output"/>.</summary>
    public ImmutableArray<ColumnOrigin> Origins { get; }

    /// <summary>True if the table has a rescued column, read or not: a value that does not fit is then no error.</summary>
    public bool HasRescued { get; }

    public bool WantsRescued { get; }

    public bool WantsCorrupt { get; }

    /// <summary>PERMISSIVE, DROPMALFORMED or FAILFAST.</summary>
    public string Mode { get; }

    public string Evolution { get; }

    /// <summary>True if every column must be looked at, because the answer depends on whether it fits.</summary>
    public bool ChecksAll => WantsRescued || WantsCorrupt || Mode != "PERMISSIVE";

    /// <summary>The data columns to convert: those asked for, or all of them where each decides.</summary>
    public ImmutableArray<Field> Converted => ChecksAll ? Data : [.. Output.Fields.Where((_, i) => Origins[i] == ColumnOrigin.Data)];

    /// <summary>True if the table has a column of the name; one that comes from the path stands for the file's own.</summary>
    public bool Knows(string name) => Table.IndexOf(name) >= 0;

    /// <summary>True if <see cref="CheckUnknown"/> may object to a column that the table has not.</summary>
    public bool MindsUnknown => Evolution == "failOnNewColumns" || !HasRescued || Evolves;

    /// <summary>True if a file's new columns end the run, so that the next one has them, and are not rescued: Auto Loader's <c>addNewColumns</c>.</summary>
    public bool Evolves => spec.MayEvolve && Evolution.StartsWith("addNewColumns", StringComparison.Ordinal);

    /// <summary>Says what happens to columns that a file has and the table has not; raises LF7021 where they must not be passed over.</summary>
    public void CheckUnknown(FileEntry file, IReadOnlyCollection<string> unknown)
    {
        if (unknown.Count == 0) return;
        if (Evolution == "failOnNewColumns") throw FileErrors.NewColumns(file.VisiblePath, unknown, evolves: false);
        if (Evolves)
        {
            // What inference passes over (a field that is always null, where the options say so) would end each run.
            var learned = inferred.GetOrAdd(file.Path, _ => [.. FileSchema.Infer(spec, [file]).Fields.Select(f => f.Name.ToLowerInvariant())]);
            var names = unknown.Where(n => learned.Contains(n.ToLowerInvariant())).ToList();
            if (names.Count > 0) throw FileErrors.NewColumns(file.VisiblePath, names, evolves: true);
        }

        if (!HasRescued && Evolution != "none") throw FileErrors.NewColumns(file.VisiblePath, unknown, evolves: Evolution.StartsWith("addNewColumns", StringComparison.Ordinal));
    }

    private static bool Same(string a, string? b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
