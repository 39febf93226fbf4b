namespace Lakeflow.Pipelines;

/// <summary>Keeps compiled assemblies on disk, in the user's cache folder, so that an unchanged plan skips Roslyn.</summary>
/// <remarks>
/// <c>LAKEFLOW_CACHE</c> names the folder (empty: no cache); else <c>$XDG_CACHE_HOME/lakeflow</c>, <c>~/.cache/lakeflow</c>,
/// <c>~/Library/Caches/lakeflow</c> or the local application data of Windows. An entry is code that will be run: the folder is 0700
/// and ours, or it is not used; content that does not match its hash is not used either. A cache that fails is no cache.
/// </remarks>
public sealed class PlanCache
{
    private const long MaxBytes = 256L << 20;

    private readonly string folder;
    private readonly long maxBytes;

    private PlanCache(string folder, long maxBytes) => (this.folder, this.maxBytes) = (folder, maxBytes);

    /// <summary>The user's cache, or null where there is none that can be trusted.</summary>
    /// <param name="lakehouse">A lakehouse's folder: others write there too, so code to be run is never kept in it.</param>
    public static PlanCache? Open(string? lakehouse = null) => Open(Environment.GetEnvironmentVariable("LAKEFLOW_CACHE") ?? DefaultFolder(), lakehouse);

    /// <summary>A cache in that folder, unless it lies in the lakehouse.</summary>
    public static PlanCache? Open(string? root, string? lakehouse) =>
        string.IsNullOrEmpty(root) || (lakehouse is not null && IsBelow(Path.GetFullPath(root), Path.GetFullPath(lakehouse))) ? null : At(root);

    /// <summary>A cache in that folder, which is made if need be; null if it is not ours alone.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="maxBytes">What all entries together may have; some more until they are looked through.</param>
    public static PlanCache? At(string? root, long maxBytes = MaxBytes)
    {
        if (string.IsNullOrEmpty(root)) return null;
        var folder = Path.Combine(root, "plans");
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // Profile folders carry the user's access list; nothing to add.
                Directory.CreateDirectory(folder);
            }
            else
            {
                const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                Directory.CreateDirectory(folder, Private);
                // Only the owner may change the mode: on a folder of somebody else this fails.
                File.SetUnixFileMode(folder, Private);
            }

            return new DirectoryInfo(folder).LinkTarget is null ? new PlanCache(folder, maxBytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A key of anything that decides what the entry holds.</summary>
    public static string KeyOf(IEnumerable<string> parts) => Convert.ToHexStringLower(Digest.Of(parts));

    /// <summary>The bytes kept under a key; null if there are none or they are damaged.</summary>
    public byte[]? Find(string key)
    {
        try
        {
            var path = PathOf(key);
            if (!File.Exists(path)) return null;
            var stored = File.ReadAllBytes(path);
            if (stored.Length <= Digest.Bytes || !Digest.Of(stored.AsSpan(Digest.Bytes)).AsSpan().SequenceEqual(stored.AsSpan(0, Digest.Bytes))) return null;
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return stored[Digest.Bytes..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps bytes under a key; the oldest entries make room.</summary>
    public void Keep(string key, ReadOnlySpan<byte> content)
    {
        // Written aside and renamed: a reader sees all of it or nothing, whoever else writes the same key.
        var aside = Path.Combine(folder, $"{key[..8]}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = File.Create(aside))
            {
                file.Write(Digest.Of(content));
                file.Write(content);
            }

            File.Move(aside, PathOf(key), overwrite: true);
            if (IsTimeToTrim(key)) Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DeleteQuietly(aside);
        }
    }

    /// <summary>One key in 64: a folder with its tens of thousands of entries takes longer to look through than an entry to compile.</summary>
    private static bool IsTimeToTrim(string key) => (Convert.ToInt32(key[..2], 16) & 63) == 0;

    private void Trim()
    {
        var entries = new DirectoryInfo(folder).GetFiles().OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal);
        long kept = 0;
        foreach (var entry in entries)
        {
            kept += entry.Length;
            if (kept > maxBytes) DeleteQuietly(entry.FullName);
        }
    }

    private static bool IsBelow(string folder, string lakehouse) =>
        Path.GetRelativePath(lakehouse, folder) is var way && !Path.IsPathRooted(way) && way.Split(Path.DirectorySeparatorChar)[0] != "..";

    private string PathOf(string key) => Path.Combine(folder, key + ".plan");

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process is at it; the next trim tries again.
            _ = e;
        }
    }

    private static string? DefaultFolder()
    {
        if (OperatingSystem.IsWindows()) return Below(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "Lakeflow", "Cache");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS()) return Below(home, "Library", "Caches", "lakeflow");
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.IsPathFullyQualified(xdg ?? "") ? Path.Combine(xdg!, "lakeflow") : Below(home, ".cache", "lakeflow");
    }

    private static string? Below(string root, params ReadOnlySpan<string> parts) => root.Length == 0 ? null : Path.Combine([root, .. parts]);
}
