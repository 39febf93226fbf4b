using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>A path prefix of another world and the folder that stands for it here.</summary>
/// <param name="Prefix"><c>/Volumes/main/raw</c>, <c>s3://bucket/landing</c>.</param>
/// <param name="Folder">Absolute folder or file on this machine.</param>
public sealed record Mount(string Prefix, string Folder);

/// <summary>Turns paths as queries write them into paths on this machine.</summary>
/// <param name="Root">The project's folder: relative paths start here.</param>
/// <param name="Mounts">The longest matching prefix wins.</param>
public sealed record PathMap(string Root, ImmutableArray<Mount> Mounts)
{
    private static readonly string[] ForeignRoots = ["/Volumes/", "/mnt/", "/dbfs/", "/databricks-datasets/"];

    /// <summary>The path here, or null if it lies in a cloud or volume that no mount maps.</summary>
    public string? ToLocal(string path)
    {
        var wanted = Normal(path);
        var best = Mounts
            .Where(m => IsBelow(wanted, Normal(m.Prefix)))
            .MaxBy(m => Normal(m.Prefix).Length);
        if (best is not null) return Join(best.Folder, wanted[Normal(best.Prefix).Length..].TrimStart('/'));
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) return FromFileUri(path);
        if (IsForeign(path)) return null;
        return Path.IsPathRooted(path) ? path : Join(Root, path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path);
    }

    /// <summary>The prefix that a mount for this path would have: the bucket, or volume, or first two folders.</summary>
    public static string SuggestedPrefix(string path)
    {
        var parts = path.Split('/');
        var fixedParts = parts.TakeWhile(p => p.IndexOfAny(['*', '?', '[', '{']) < 0).ToArray();
        var count = path.Contains("://", StringComparison.Ordinal) ? 4 : path.StartsWith("/Volumes/", StringComparison.OrdinalIgnoreCase) ? 5 : 3;
        return string.Join('/', fixedParts.Take(Math.Min(count, fixedParts.Length)));
    }

    /// <summary>True for what can only be reached through a mount.</summary>
    public static bool IsForeign(string path) =>
        path.Contains("://", StringComparison.Ordinal)
        || path.StartsWith("dbfs:", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(ForeignRoots, r => path.StartsWith(r, StringComparison.OrdinalIgnoreCase));

    private static string FromFileUri(string path)
    {
        var local = Uri.TryCreate(path, UriKind.Absolute, out var uri) ? uri.LocalPath : path["file:".Length..];
        return local;
    }

    private static bool IsBelow(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/');

    /// <summary>Volumes have two spellings; both are the same place.</summary>
    private static string Normal(string path)
    {
        var text = path.TrimEnd('/');
        return text.StartsWith("dbfs:/Volumes/", StringComparison.OrdinalIgnoreCase) ? text["dbfs:".Length..] : text;
    }

    private static string Join(string folder, string rest) =>
        rest.Length == 0 ? folder : folder.TrimEnd('/') + "/" + rest;
}
