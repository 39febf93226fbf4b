using System.Text;
using System.Text.RegularExpressions;

namespace Lakeflow.Pipelines;

/// <summary>Finds source files by a pattern: <c>orders.lfsql</c>, <c>bronze/**</c>, <c>**/*.lfsql</c>, <c>silver</c> (a folder means all below it).</summary>
internal static class SourceGlob
{
    private static readonly string[] Extensions = [".lfsql", ".sql"];

    /// <param name="root">The project's folder.</param>
    /// <param name="pattern">Relative to it, '/' between folders.</param>
    /// <param name="except">A folder to leave out: the lakehouse.</param>
    public static IEnumerable<string> Find(string root, string pattern, string except)
    {
        pattern = pattern.Replace('\\', '/');
        if (pattern.StartsWith("./", StringComparison.Ordinal)) pattern = pattern[2..];
        var fixedParts = pattern.Split('/').TakeWhile(p => p.IndexOfAny(['*', '?']) < 0).ToArray();
        var start = Path.GetFullPath(Path.Combine([root, .. fixedParts]));
        if (File.Exists(start)) return [start];
        if (!Directory.Exists(start)) return [];
        if (fixedParts.Length == pattern.Split('/').Length) pattern += "/**";
        var wanted = new Regex(ToRegex(pattern), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return Below(start, except)
            .Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant()))
            .Where(f => wanted.IsMatch(Path.GetRelativePath(root, f).Replace('\\', '/')));
    }

    /// <summary>Files below a folder; hidden folders, build output and the lakehouse are no place for sources.</summary>
    public static IEnumerable<string> Below(string folder, string except)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(child);
            if (name.StartsWith('.') || name.StartsWith('_') || name is "bin" or "obj" or "node_modules" || child == except) continue;
            foreach (var file in Below(child, except)) yield return file;
        }
    }

    private static string ToRegex(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern.AsSpan(i).StartsWith("**/", StringComparison.Ordinal))
            {
                text.Append("(.*/)?");
                i += 2;
            }
            else if (pattern.AsSpan(i).StartsWith("**", StringComparison.Ordinal))
            {
                text.Append(".*");
                i++;
            }
            else
            {
                text.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        return text.Append('$').ToString();
    }
}
