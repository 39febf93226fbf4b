using System.Globalization;
using System.Text;

namespace Lakeflow.Delta;

/// <summary>Paths as the log writes them (URL-escaped, relative or absolute) and as the store takes them.</summary>
internal static class FilePath
{
    // What RFC 3986 lets stand in a path segment, and '/'.
    private const string Plain = "-._~!$&'()*+,;=:@/";

    /// <summary>The store's path of a file that the log names.</summary>
    public static string ToStore(string logged)
    {
        var path = Uri.UnescapeDataString(logged);
        if (!path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) return path;
        // file:/a, file:///a and file://localhost/a are one file.
        path = path["file:".Length..];
        if (path.StartsWith("//", StringComparison.Ordinal)) path = path.IndexOf('/', 2) is >= 0 and var slash ? path[slash..] : "/";
        return path is ['/', var drive, ':', ..] && char.IsAsciiLetter(drive) ? path[1..] : path;
    }

    /// <summary>How the log names a file of the store.</summary>
    public static string ToLog(string path)
    {
        var text = new StringBuilder(path.Length + 8);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || Plain.Contains((char)b)) text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return text.ToString();
    }
}
