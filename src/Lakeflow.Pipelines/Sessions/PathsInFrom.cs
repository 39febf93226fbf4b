using System.Text;

namespace Lakeflow.Pipelines;

/// <summary>Lets a query at the prompt name files as text: <c>FROM 'x.parquet'</c> stands for <c>FROM read_files('x.parquet')</c>, or for a Delta folder.</summary>
/// <remarks>Only where a table's name is expected (after FROM and JOIN), where the language has no text literal.</remarks>
internal static class PathsInFrom
{
    /// <param name="sql">The query.</param>
    /// <param name="isDelta">Whether a path is a Delta table's folder.</param>
    public static string Replace(string sql, Func<string, bool> isDelta)
    {
        var result = new StringBuilder(sql.Length);
        var word = "";
        for (var i = 0; i < sql.Length;)
        {
            var end = TokenEnd(sql, i);
            var token = sql[i..end];
            if (token[0] == '\'' && token.Length > 2 && IsTablePlace(word)) result.Append(Source(token, isDelta));
            else result.Append(token);
            if (!char.IsWhiteSpace(token[0]) && !IsComment(token)) word = token;
            i = end;
        }

        return result.ToString();
    }

    private static bool IsTablePlace(string word) =>
        word.Equals("FROM", StringComparison.OrdinalIgnoreCase) || word.Equals("JOIN", StringComparison.OrdinalIgnoreCase);

    private static string Source(string token, Func<string, bool> isDelta)
    {
        var path = token[1..^1].Replace("''", "'", StringComparison.Ordinal);
        if (isDelta(path)) return $"delta.`{path.Replace("`", "``", StringComparison.Ordinal)}`";
        // People expect the first line of a csv file to be its header.
        var header = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ", header => true" : "";
        return $"read_files({token}{header})";
    }

    private static bool IsComment(string token) => token.StartsWith("--", StringComparison.Ordinal) || token.StartsWith("/*", StringComparison.Ordinal);

    /// <summary>The end of the word, blank, comment, quoted text or sign that begins at <paramref name="start"/>.</summary>
    private static int TokenEnd(string sql, int start)
    {
        var c = sql[start];
        if (sql.AsSpan(start).StartsWith("--", StringComparison.Ordinal)) return Until(sql, start, "\n");
        if (sql.AsSpan(start).StartsWith("/*", StringComparison.Ordinal)) return Until(sql, start, "*/");
        if (c is '\'' or '"' or '`') return Until(sql, start + 1, c.ToString());
        var i = start + 1;
        if (char.IsWhiteSpace(c)) while (i < sql.Length && char.IsWhiteSpace(sql[i])) i++;
        else if (char.IsLetterOrDigit(c) || c == '_') while (i < sql.Length && (char.IsLetterOrDigit(sql[i]) || sql[i] == '_')) i++;
        return i;
    }

    private static int Until(string sql, int from, string mark)
    {
        var at = sql.IndexOf(mark, Math.Min(from, sql.Length), StringComparison.Ordinal);
        return at < 0 ? sql.Length : at + mark.Length;
    }
}
