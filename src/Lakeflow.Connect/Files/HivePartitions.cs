using System.Collections.Immutable;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Connect.Files.Values;

namespace Lakeflow.Connect.Files;

/// <summary>Columns that are folders: <c>year=2026/month=01/…</c>.</summary>
internal static class HivePartitions
{
    private const string NullValue = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The partitions with one more folder; the same if the folder's name is not <c>k=v</c> or the options exclude it.</summary>
    public static ImmutableArray<KeyValuePair<string, string?>> Extend(ImmutableArray<KeyValuePair<string, string?>> partitions, string folder, FileScanSpec spec)
    {
        var equals = folder.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || spec.Options.Boolean("recursiveFileLookup")) return partitions;
        var name = Uri.UnescapeDataString(folder[..equals]);
        if (Named(spec) is { } named && !named.Contains(name, StringComparer.OrdinalIgnoreCase)) return partitions;
        var text = folder[(equals + 1)..];
        return partitions.Add(new(name, text == NullValue ? null : Uri.UnescapeDataString(text)));
    }

    /// <summary>The partition columns of a list of files; named by the option, else all that any file has, in order of their first appearance.</summary>
    public static ImmutableArray<Field> Columns(FileScanSpec spec, ImmutableArray<FileEntry> files)
    {
        var names = Named(spec)?.ToList() ?? [];
        if (names.Count == 0)
        {
            foreach (var (name, _) in files.SelectMany(f => f.Partitions))
            {
                if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) names.Add(name);
            }
        }

        return [.. names.Select(n => new Field(n, TypeOf(n, files)))];
    }

    /// <summary>Null: all; empty: none.</summary>
    private static string[]? Named(FileScanSpec spec) =>
        spec.Options.TextOrNull("partitionColumns")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static DataType TypeOf(string name, ImmutableArray<FileEntry> files)
    {
        // Spark infers INT, BIGINT, DOUBLE, DATE, TIMESTAMP, else STRING, over all values.
        DataType? type = null;
        foreach (var file in files)
        {
            if (file.PartitionValue(name) is not { } text) continue;
            var one = TextType.Of(Encoding.UTF8.GetBytes(text), preferDate: true);
            if (one is BooleanType) one = DataType.String;
            type = type is null ? one : TextType.Common(type, one);
        }

        return type ?? DataType.String;
    }
}
