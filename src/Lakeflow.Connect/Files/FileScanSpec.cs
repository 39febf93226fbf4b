using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Connect.Files;

/// <summary>What to read: where, in which format, with which options and, if the user said so, with which columns.</summary>
/// <param name="Path">A file, folder or glob on this machine, after mounts were applied; <c>/</c> between folders.</param>
/// <param name="VisiblePath">The same as the user wrote it.</param>
public sealed record FileScanSpec(string Path, string VisiblePath)
{
    /// <summary>Null: told from the names of the files.</summary>
    public FileFormat? Format { get; init; }

    public OptionValues Options { get; init; } = OptionValues.DefaultsOf(ReadFilesOptions.Set);

    /// <summary>The columns that the user declared (option <c>schema</c>), or null to infer them.</summary>
    public Schema? Declared { get; init; }

    /// <summary>Types of single columns (option <c>schemaHints</c>); a name with dots reaches into structs.</summary>
    public Schema? Hints { get; init; }

    /// <summary>True for <c>cloud_files</c>, whose columns are STRING unless asked otherwise.</summary>
    public bool IsCloudFiles { get; init; }

    /// <summary>True under STREAM: a folder without files is then no error where the columns are known.</summary>
    public bool IsStream { get; init; }

    /// <summary>Columns that come from k=v folders, as <see cref="FileSchema.PartitionNames"/> found them when the schema was inferred. Null: those of the files at hand.</summary>
    /// <remarks>A stream sets this: the files of one step may lie beside the folders that the columns are named after.</remarks>
    public ImmutableArray<string>? Partitions { get; init; }

    /// <summary>True where whoever runs the scan can compile the pipeline anew: a column that files have gained then ends the run, which begins again with it.</summary>
    public bool MayEvolve { get; init; }

    /// <summary>Zone of timestamps that name none, unless the option <c>timeZone</c> says another.</summary>
    public SessionZone Zone { get; init; } = SessionZone.Utc;

    /// <summary>Checks what no single option shows: that the format is one we read and that options go together.</summary>
    /// <param name="path">After mounts.</param>
    /// <param name="visiblePath">As written.</param>
    /// <param name="options">Parsed by <see cref="ReadFilesOptions.Set"/>.</param>
    /// <param name="declared">The schema option, parsed by the caller.</param>
    /// <param name="at">The call, for diagnostics that belong to no option.</param>
    /// <param name="bag">Takes LF7006 and LF7010.</param>
    public static FileScanSpec Create(string path, string visiblePath, OptionValues options, Schema? declared, SourceSpan at, DiagnosticBag bag)
    {
        var spec = new FileScanSpec(path, visiblePath) { Options = options, Declared = declared };
        if (options.TextOrNull("format") is { } name)
        {
            if (Enum.TryParse<FileFormat>(name, ignoreCase: true, out var format)) spec = spec with { Format = format };
            else bag.Add(FileErrors.FormatNotRead(name, options.At("format")));
        }

        var evolution = options.TextOrNull("schemaEvolutionMode");
        if (declared is not null && evolution is not null && evolution.StartsWith("addNewColumns", StringComparison.Ordinal))
        {
            bag.Add(ConnectorErrors.OptionsContradict("schema", "schemaEvolutionMode", "a declared schema gains no columns by itself", options.At("schemaEvolutionMode")));
        }

        if (spec.Format == FileFormat.Csv && options.Text("sep").Length == 0)
        {
            bag.Add(ConnectorErrors.BadOptionValue(ReadFilesOptions.Set.Find("sep")!, "", at));
        }

        return spec;
    }

    /// <summary>What happens when a file has a column that the schema has not.</summary>
    public string EvolutionMode => Options.TextOrNull("schemaEvolutionMode") ?? (Declared is null ? "addNewColumns" : "none");

    /// <summary>Name of the column for what did not fit; null for none.</summary>
    public string? RescuedColumn
    {
        get
        {
            var asked = Options.TextOrNull("rescuedDataColumn");
            if (asked is not null) return asked.Length == 0 ? null : asked;
            return Declared is null && EvolutionMode != "none" ? "_rescued_data" : null;
        }
    }

    /// <summary>True where the values of csv and json columns decide their types.</summary>
    public bool InfersTypes => Options.BooleanOrNull("inferColumnTypes") ?? Options.BooleanOrNull("inferSchema") ?? !IsCloudFiles;
}
