using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Connect.Files;
using Lakeflow.Delta;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>Answers the binder from what is there now: tables of the lakehouse, Delta folders, files.</summary>
/// <param name="lakehouse">The tables, or null where there are none.</param>
/// <param name="folders">Where the tables' folders are listed.</param>
/// <param name="paths">Mounts and the folder that relative paths start from.</param>
public sealed class LiveCatalog(Lakehouse? lakehouse, ImmutableArray<string> folders, PathMap paths) : ICatalog
{
    /// <summary>File systems keep times in steps of up to two seconds (FAT).</summary>
    private static readonly TimeSpan ClockTick = TimeSpan.FromSeconds(2);

    private readonly Lazy<ImmutableArray<QualifiedName>> tables = new(() => [.. folders.SelectMany(f => LakehouseTables.List(f)).Distinct()]);

    public IEnumerable<QualifiedName> Tables => tables.Value;

    public string? UnknownFunctionHint => Directory.EnumerateFiles(paths.Root, "*.csproj").Any() ? ProjectErrors.FunctionsOfBuild : null;

    public Schema? FindTable(QualifiedName name) => Open(name)?.Schema;

    public Schema? FindTableAsOf(QualifiedName name, long? version, long? micros)
    {
        if (lakehouse is null) return null;
        try
        {
            var table = lakehouse.Table(name);
            return (micros is { } time ? Snapshot.OpenAt(table, DateTimeOffset.UnixEpoch.AddMicroseconds(time)) : Snapshot.Open(table, version)).Schema;
        }
        catch (DataFault)
        {
            // The run says what is wrong with that version.
            return null;
        }
    }

    public Schema? FindPathTable(string path) => Open(path)?.Schema;

    public long? SizeOfTable(QualifiedName name) => ClassOf(Open(name)?.ByteSize);

    public long? SizeOfPathTable(string path) => ClassOf(Open(path)?.ByteSize);

    public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag) => SpecOf(request, bag) is { } spec ? Look(request, spec, bag) : null;

    /// <summary>
    /// The files of a source by path, size and time of change, as one text; equal texts mean equal content. Null where that cannot be told:
    /// a file that changed a moment ago may change again within the same tick of the file system's clock.
    /// </summary>
    public string? IdentityOf(FileRequest request)
    {
        // Read before the listing: what changes from here on has a later time.
        var settled = (DateTime.UtcNow - DateTime.UnixEpoch - ClockTick).Ticks / TimeSpan.TicksPerMicrosecond;
        return List(request) is { } files && files.All(f => f.ModifiedTime < settled)
            ? PlanCache.KeyOf(files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Path}\n{f.VisiblePath}\n{f.Size}\n{f.ModifiedTime}")))
            : null;
    }

    /// <summary>The files of a source; null where they cannot be listed.</summary>
    public ImmutableArray<FileEntry>? List(FileRequest request)
    {
        if (SpecOf(request, new DiagnosticBag()) is not { } spec) return null;
        try
        {
            return FileListing.List(spec);
        }
        catch (Exception fault) when (RunErrors.Wrap(fault) is not null)
        {
            return null;
        }
    }

    /// <summary>The place of a path on this machine; null if no mount leads there.</summary>
    public string? ToLocal(string path) => paths.ToLocal(path);

    private FileScanSpec? SpecOf(FileRequest request, DiagnosticBag bag)
    {
        if (paths.ToLocal(request.Path) is not { } local)
        {
            bag.Add(ProjectErrors.UnmappedPath(request.At, request.Path, PathMap.SuggestedPrefix(request.Path)));
            return null;
        }

        var found = new DiagnosticBag();
        var given = new (string, string?, SourceSpan)[request.Options.Length + (request.Format is null ? 0 : 1)];
        for (var i = 0; i < request.Options.Length; i++) given[i] = (request.Options[i].Name, request.Options[i].Value, request.Options[i].At);
        if (request.Format is { } format) given[^1] = ("format", format, request.At);
        var spec = FileScanSpec.Create(local, request.Path, ReadFilesOptions.Set.Parse(given, found), request.Schema, request.At, found) with
        {
            Hints = request.SchemaHints,
            IsCloudFiles = request.Function == "cloud_files",
            IsStream = request.Streaming,
        };
        bag.AddRange(found.ToImmutable());
        // With a declared schema the columns are known all the same, and mistakes with them can be told in the same run.
        return found.HasErrors && request.Schema is null ? null : spec;
    }

    /// <summary>A size as the power of 16 below it: a plan, and with it the plan cache, changes only when a table becomes another kind of large.</summary>
    internal static long? ClassOf(long? bytes) => bytes is > 0 and var size ? 1L << (BitOperations.Log2((ulong)size) / 4 * 4) : bytes;

    private Snapshot? Open(QualifiedName name) =>
        lakehouse is not null && Snapshot.TryOpen(lakehouse.Table(name), out var snapshot) ? snapshot : null;

    /// <summary>The table in a folder; of what no folder can be called there is none.</summary>
    private Snapshot? Open(string path) =>
        !path.Contains('\0', StringComparison.Ordinal) && paths.ToLocal(path) is { } local && Snapshot.TryOpen(Lakehouse.FolderTable(local), out var snapshot) ? snapshot : null;

    /// <summary>Lists the files and learns their columns; trouble with them has the place of the path.</summary>
    private static ResolvedFiles? Look(FileRequest request, FileScanSpec spec, DiagnosticBag bag)
    {
        try
        {
            var files = FileListing.List(spec);
            var columns = FileSchema.Infer(spec, files);
            var format = FileListing.FormatOf(spec, files);
            return new ResolvedFiles(format.ToString().ToLowerInvariant(), columns, OptionsOf(spec)) { Size = files.Sum(f => f.Size) };
        }
        catch (Exception fault) when (RunErrors.Wrap(fault) is { } error)
        {
            bag.Add(error.ToDiagnostic() with { At = request.At });
            return null;
        }
    }

    /// <summary>The options as a run needs them, with what inference has decided written down, so that a run decides nothing anew.</summary>
    private static ImmutableSortedDictionary<string, string> OptionsOf(FileScanSpec spec)
    {
        var options = spec.Options.Given.ToImmutableSortedDictionary(
            o => o.Key.ToLowerInvariant(), o => TextOf(o.Value.Value), StringComparer.Ordinal);
        if (spec.Declared is not null) return options.SetItem(FileSources.DeclaredOption, "true");
        return spec.Hints is null ? options : options.SetItem(FileSources.HintedOption, string.Join(',', spec.Hints.Fields.Select(f => f.Name.Split('.')[0])));
    }

    private static string TextOf(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
