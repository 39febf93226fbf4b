using System.Text.RegularExpressions;

namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>A statement of Spark's suite with the answer that Spark gives.</summary>
/// <param name="Line">1-based line of the statement in its file.</param>
/// <param name="Sql">The statement, comments included.</param>
/// <param name="Schema"><c>struct&lt;name:type,…&gt;</c>; without columns for a statement or an error.</param>
/// <param name="Output">Rows, or an exception's class and its JSON.</param>
internal sealed partial record GoldenQuery(int Line, string Sql, string Schema, string Output)
{
    /// <summary>Spark's error class, <c>(none)</c> for an exception without one; null if Spark answers with rows.</summary>
    public string? Error => !IsException().IsMatch(Output) ? null : ErrorClass().Match(Output) is { Success: true } m ? m.Groups[1].Value : "(none)";

    /// <summary>True for an error that Spark raises before any row is read.</summary>
    public bool RefusedBySpark => Error is not null && (Output.Contains("AnalysisException", StringComparison.Ordinal) || Output.Contains("ParseException", StringComparison.Ordinal));

    /// <summary>The statements of a file, in order: <c>-- !query</c>, <c>-- !query schema</c>, <c>-- !query output</c>.</summary>
    public static IReadOnlyList<GoldenQuery> Read(string path)
    {
        var found = new List<GoldenQuery>();
        // Not ReplaceLineEndings: a carriage return may be part of an answer.
        var lines = File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var at = Array.IndexOf(lines, "-- !query");
        while (at >= 0 && at < lines.Length)
        {
            var schema = Array.IndexOf(lines, "-- !query schema", at);
            var output = Array.IndexOf(lines, "-- !query output", schema);
            var next = Array.IndexOf(lines, "-- !query", output);
            var end = next < 0 ? lines.Length : next;
            // Two empty lines stand between an answer and the next statement.
            found.Add(new GoldenQuery(at + 2, Text(at + 1, schema), Text(schema + 1, output), Text(output + 1, end).TrimEnd('\n')));
            at = next;
        }

        return found;

        string Text(int from, int to) => string.Join('\n', lines[from..to]);
    }

    [GeneratedRegex(@"^(org|java)\.[\w.]+(Exception|Error)\b")]
    private static partial Regex IsException();

    [GeneratedRegex("\"errorClass\" : \"([^\"]+)\"")]
    private static partial Regex ErrorClass();
}
