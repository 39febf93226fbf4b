using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Connect.Files;

/// <summary>Finds the files of a scan.</summary>
public static class FileListing
{
    /// <summary>The files that a spec names, ordered by path (ordinal), each once.</summary>
    /// <remarks>
    /// A folder is read with all folders beneath it. Names that begin with <c>_</c> or <c>.</c> are left out beneath the
    /// path, as are <c>k=v</c> folders never: they become <see cref="FileEntry.Partitions"/>. A path that does not exist
    /// raises LF7011; an existing folder without files is an empty list.
    /// </remarks>
    public static ImmutableArray<FileEntry> List(FileScanSpec spec)
    {
        if (spec.Path.Contains('\0', StringComparison.Ordinal)) throw FileErrors.BadGlob(spec.VisiblePath, "no file's name has a character of code 0");
        var filter = new Filter(spec);
        var found = new SortedDictionary<string, FileEntry>(StringComparer.Ordinal);
        var (path, visible) = (Unified(spec.Path), Unified(spec.VisiblePath));
        try
        {
            // A file may well be called data[1].csv: what exists under the very name is not a glob.
            if (!GlobPattern.IsGlob(path) || File.Exists(path) || Directory.Exists(path))
            {
                if (!AddRoot(path, visible, spec, filter, found)) throw FileErrors.NothingFound(spec.VisiblePath, isGlob: false);
            }
            else
            {
                AddGlob(path, visible, spec, filter, found);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(spec.VisiblePath, fault);
        }

        return [.. found.Values];
    }

    /// <summary>The format of a spec: as given, else told from the names of its files.</summary>
    public static FileFormat FormatOf(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        if (spec.Format is { } given) return given;
        foreach (var file in files)
        {
            if (FromName(file.Name) is { } format) return format;
        }

        return FromName(spec.Path) ?? throw FileErrors.FormatUnknown(spec.VisiblePath);
    }

    private static FileFormat? FromName(string name)
    {
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" => FileFormat.Csv,
            ".json" or ".jsonl" or ".ndjson" or ".geojson" => FileFormat.Json,
            ".parquet" => FileFormat.Parquet,
            ".txt" or ".log" => FileFormat.Text,
            _ => null,
        };
    }

    private static void AddGlob(string path, string visible, FileScanSpec spec, Filter filter, SortedDictionary<string, FileEntry> found)
    {
        var (matched, isPlace) = (false, false);
        var visibleChoices = GlobPattern.IsGlob(visible) ? GlobPattern.Expand(visible).ToArray() : [visible];
        var choices = GlobPattern.Expand(path).ToArray();
        for (var c = 0; c < choices.Length; c++)
        {
            var parts = choices[c].Split('/');
            var fixedParts = parts.TakeWhile(p => !GlobPattern.IsGlob(p)).Count();
            var root = string.Join('/', parts.Take(fixedParts).Select(GlobPattern.Literal));
            if (fixedParts > 0 && root.Length == 0) root = "/";
            if (fixedParts == parts.Length)
            {
                matched |= AddRoot(root, VisibleOf(root, visibleChoices, c), spec, filter, found);
                continue;
            }

            isPlace |= Directory.Exists(root.Length == 0 ? "." : root);
            // What lies before the first wildcard differs by the mount alone; from there on the names are the same.
            var visibleParts = visibleChoices[Math.Min(c, visibleChoices.Length - 1)].Split('/');
            var visibleRoot = string.Join('/', visibleParts.TakeWhile(p => !GlobPattern.IsGlob(p)).Select(GlobPattern.Literal));
            foreach (var below in Match(root.Length == 0 ? "." : root, "", parts.AsMemory(fixedParts)))
            {
                matched |= AddRoot(Join(root, below), Join(visibleRoot, below), spec, filter, found);
            }
        }

        // A stream of known columns waits for its first file, but not for the folder that it is to come to.
        if (!matched && !(spec.IsStream && spec.Declared is not null && isPlace)) throw FileErrors.NothingFound(spec.VisiblePath, isGlob: true);
    }

    private static string VisibleOf(string root, string[] visibleChoices, int choice) =>
        choice < visibleChoices.Length ? GlobPattern.Literal(visibleChoices[choice]) : root;

    /// <summary>Paths below <paramref name="root"/> that match the parts, in order of name.</summary>
    private static IEnumerable<string> Match(string root, string below, ReadOnlyMemory<string> parts)
    {
        var folder = Join(root, below);
        if (!Directory.Exists(folder)) yield break;
        var part = parts.Span[0];
        var rest = parts[1..];
        if (!GlobPattern.IsGlob(part))
        {
            var next = Join(below, GlobPattern.Literal(part));
            if (rest.Length > 0)
            {
                foreach (var deeper in Match(root, next, rest)) yield return deeper;
            }
            else if (Path.Exists(Join(root, next)))
            {
                yield return next;
            }

            yield break;
        }

        var names = Directory.EnumerateFileSystemEntries(folder).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal).ToArray();
        foreach (var name in names)
        {
            if (IsHidden(name) || !GlobPattern.Matches(part, name)) continue;
            var next = Join(below, name);
            if (rest.Length == 0)
            {
                yield return next;
            }
            else
            {
                foreach (var deeper in Match(root, next, rest)) yield return deeper;
            }
        }
    }

    private static bool AddRoot(string path, string visible, FileScanSpec spec, Filter filter, SortedDictionary<string, FileEntry> found)
    {
        if (File.Exists(path))
        {
            filter.Add(new FileInfo(path), visible, PartitionsIn(visible, spec), found);
            return true;
        }

        var folder = new DirectoryInfo(path);
        if (!folder.Exists) return false;
        AddFolder(folder, visible.Length > 1 ? visible.TrimEnd('/') : visible, PartitionsIn(visible + "/", spec), [RealPath(folder)], spec, filter, found);
        return true;
    }

    /// <param name="way">The folders from the root down to this one: a link back to one of them would give its files again under endless names.</param>
    private static void AddFolder(
        DirectoryInfo folder, string visible, ImmutableArray<KeyValuePair<string, string?>> partitions, ImmutableArray<string> way, FileScanSpec spec, Filter filter,
        SortedDictionary<string, FileEntry> found)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (IsHidden(entry.Name)) continue;
            var name = Join(visible, entry.Name);
            if (entry is FileInfo file)
            {
                filter.Add(file, name, partitions, found);
                continue;
            }

            var real = entry.LinkTarget is null ? Path.Combine(way[^1], entry.Name) : RealPath((DirectoryInfo)entry);
            if (way.Contains(real)) continue;
            AddFolder((DirectoryInfo)entry, name, HivePartitions.Extend(partitions, entry.Name, spec), way.Add(real), spec, filter, found);
        }
    }

    private static string RealPath(DirectoryInfo folder) =>
        Path.TrimEndingDirectorySeparator((folder.LinkTarget is null ? folder : folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName);

    private static ImmutableArray<KeyValuePair<string, string?>> PartitionsIn(string visible, FileScanSpec spec)
    {
        // Folders that a glob passed through count too: data/year=*/x.csv has a column year.
        ImmutableArray<KeyValuePair<string, string?>> partitions = [];
        var parts = visible.Split('/');
        foreach (var part in parts[..^1]) partitions = HivePartitions.Extend(partitions, part, spec);
        return partitions;
    }

    private static bool IsHidden(string name) => name.StartsWith('.') || (name.StartsWith('_') && !name.Contains('='));

    private static string Join(string folder, string name) =>
        folder.Length == 0 ? name : name.Length == 0 ? folder : folder.EndsWith('/') ? folder + name : folder + "/" + name;

    private static string Unified(string path) => OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;

    /// <summary>The conditions of the options on one file.</summary>
    private sealed class Filter(FileScanSpec spec)
    {
        private readonly string[] names = spec.Options.TextOrNull("pathGlobFilter") is { } glob ? [.. GlobPattern.Expand(glob)] : [];
        private readonly long after = spec.Options.Int64OrNull("modifiedAfter") ?? long.MinValue;
        private readonly long before = spec.Options.Int64OrNull("modifiedBefore") ?? long.MaxValue;

        public void Add(FileInfo file, string visible, ImmutableArray<KeyValuePair<string, string?>> partitions, SortedDictionary<string, FileEntry> found)
        {
            if (names.Length > 0 && !Array.Exists(names, n => GlobPattern.Matches(n, file.Name))) return;
            if (file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: false } target)
            {
                if (spec.Options.Boolean("ignoreMissingFiles")) return;
                throw FileErrors.DeadLink(visible, target.FullName);
            }

            var modified = (file.LastWriteTimeUtc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
            if (modified <= after || modified >= before) return;
            found[visible] = new FileEntry(file.FullName, visible, file.Length, modified, partitions);
        }
    }
}
