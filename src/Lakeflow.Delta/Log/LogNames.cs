using System.Globalization;

namespace Lakeflow.Delta;

/// <summary>What a file of <c>_delta_log</c> is, by its name.</summary>
internal enum LogFileKind
{
    Commit,
    ClassicCheckpoint,
    MultiPartCheckpoint,
    UuidCheckpoint,
}

/// <summary>A file of <c>_delta_log</c>.</summary>
/// <param name="Part">1-based, of <paramref name="Parts"/>; 1 of 1 where there are no parts.</param>
internal sealed record LogFile(LogFileKind Kind, long Version, int Part, int Parts, ObjectInfo Info);

/// <summary>Names in <c>_delta_log</c>. Delta protocol, "Delta Log Entries" and "Checkpoints".</summary>
internal static class LogNames
{
    public const string Folder = "_delta_log/";
    public const string SidecarFolder = "_delta_log/_sidecars/";
    public const string LastCheckpoint = "_delta_log/_last_checkpoint";

    public static string Commit(long version) => Folder + Digits(version) + ".json";

    public static string Checkpoint(long version) => Folder + Digits(version) + ".checkpoint.parquet";

    /// <summary>A path that sorts before every file of a version and after those of the versions before.</summary>
    public static string Before(long version) => Folder + Digits(version);

    /// <summary>Reads a name; null for files that are no part of the log's state (checksums, compactions, other folders).</summary>
    public static LogFile? Parse(ObjectInfo info)
    {
        if (info.Path.LastIndexOf('/') != Folder.Length - 1) return null;
        var parts = info.Name.Split('.');
        if (parts[0].Length != 20 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return null;
        return parts switch
        {
            [_, "json"] => new(LogFileKind.Commit, version, 1, 1, info),
            [_, "checkpoint", "parquet"] => new(LogFileKind.ClassicCheckpoint, version, 1, 1, info),
            [_, "checkpoint", var part, var of, "parquet"] when Number(part) is { } p && Number(of) is { } n && p <= n =>
                new(LogFileKind.MultiPartCheckpoint, version, p, n, info),
            [_, "checkpoint", _, "json" or "parquet"] => new(LogFileKind.UuidCheckpoint, version, 1, 1, info),
            _ => null,
        };
    }

    private static int? Number(string text) =>
        text.Length == 10 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;

    private static string Digits(long version) => version.ToString("D20", CultureInfo.InvariantCulture);
}
