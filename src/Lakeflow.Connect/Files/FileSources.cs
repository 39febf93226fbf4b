using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Connect.Files;

/// <summary>Finds and reads files for the runs of a pipeline.</summary>
/// <param name="paths">Mounts and the folder that relative paths start from.</param>
public sealed class FileSources(PathMap paths) : IFileSources
{
    /// <summary>An option that <see cref="SpecOf"/> alone understands: the columns were declared with <c>schema</c>.</summary>
    public const string DeclaredOption = "lakeflow.declared";

    /// <summary>Another such: the columns whose types come from <c>schemaHints</c>, with commas between.</summary>
    public const string HintedOption = "lakeflow.hinted";

    /// <summary>True where whoever runs the pipeline can compile it anew: see <see cref="FileScanSpec.MayEvolve"/>.</summary>
    public bool MayEvolve { get; init; }

    // The folders' columns as the whole listing shows them: the files of one step may lie beside those folders.
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> partitions = new(StringComparer.Ordinal);

    public ImmutableArray<SourceFile> List(FileSourceInfo source)
    {
        var spec = SpecOf(source);
        var files = FileListing.List(spec);
        partitions[source.Key] = FileSchema.PartitionNames(spec, files);
        return [.. files.Select(f => new ListedFile(f))];
    }

    public Schema? Columns(FileSourceInfo source)
    {
        var spec = SpecOf(source);
        if (spec.Declared is not null) return null;
        var hinted = source.Options.GetValueOrDefault(HintedOption, "").Split(',');
        var hints = source.FileColumns.Fields.Where(f => hinted.Contains(f.Name, StringComparer.OrdinalIgnoreCase)).ToImmutableArray();
        var files = FileListing.List(spec);
        // A stream may begin before its first file; whether that is a mistake was decided when it was compiled.
        if (files.IsEmpty) return null;
        return FileSchema.Infer(spec with { Hints = hints.IsEmpty ? null : new Schema(hints) }, files);
    }

    public IBatchSource Open(FileSourceInfo source, ImmutableArray<SourceFile> files)
    {
        var requested = source.Columns.Fields.Select(f => f.Name).ToArray();
        return new FileSource(
            SpecOf(source) with { Partitions = partitions.TryGetValue(source.Key, out var names) ? names : null }, source.FileColumns, [.. files.Select(f => ((ListedFile)f).Entry)], requested, source.Predicates);
    }

    private FileScanSpec SpecOf(FileSourceInfo source)
    {
        var local = paths.ToLocal(source.Path) ?? throw RunErrors.UnmappedPath(source.Path);
        var bag = new DiagnosticBag();
        var given = source.Options.Where(o => o.Key is not (DeclaredOption or HintedOption)).Select(o => (o.Key, (string?)o.Value, source.Origin));
        var declared = source.Options.ContainsKey(DeclaredOption) ? source.FileColumns : null;
        var spec = FileScanSpec.Create(local, source.Path, ReadFilesOptions.Set.Parse(given, bag), declared, source.Origin, bag);
        if (bag.ToImmutable().FirstOrDefault(d => d.IsError) is { } error)
        {
            throw new RuntimeError(error.Code, error.Message, error.Hint) { At = error.At };
        }

        return spec with
        {
            Format = Enum.TryParse<FileFormat>(source.Format, ignoreCase: true, out var format) ? format : spec.Format,
            IsStream = source.Streaming,
            MayEvolve = MayEvolve,
        };
    }

    private sealed record ListedFile(FileEntry Entry) : SourceFile(Entry.VisiblePath, Entry.Size, Entry.ModifiedTime);
}
