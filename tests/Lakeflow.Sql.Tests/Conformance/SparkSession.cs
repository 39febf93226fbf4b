using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>What a file's statements change: views, tables, the zone. Queries are left to the caller.</summary>
internal sealed partial class SparkSession
{
    public const string DefaultZone = "America/Los_Angeles";

    private bool foreignMode;
    private bool schemas;

    public SqlEngine Engine { get; } = new(DefaultZone) { Tables = SparkTables.All };

    /// <summary>Handles a statement of the session; null if it is a query, to be judged.</summary>
    public Judgement? Statement(GoldenQuery statement)
    {
        var sql = Comment().Replace(statement.Sql, "").Trim().TrimEnd(';');
        if (statement.Error is null && Setting(sql)) return new Judgement(statement, Verdict.Session);
        if (statement.Error is not null && !IsQuery().IsMatch(sql)) return new Judgement(statement, Verdict.Session, "a statement that Spark refuses");
        schemas |= sql.StartsWith("create database", StringComparison.OrdinalIgnoreCase);
        if (schemas && IsQuery().IsMatch(sql)) return new Judgement(statement, Verdict.NotHere, "tables in several schemas");
        if (statement.Schema.EndsWith(":interval>", StringComparison.Ordinal)) return new Judgement(statement, Verdict.NotHere, "intervals of the calendar, a legacy setting");
        if (foreignMode && IsQuery().IsMatch(sql)) return new Judgement(statement, Verdict.NotHere, "ANSI mode off, or another setting of Spark's own");
        try
        {
            if (View().Match(sql) is { Success: true } view) return Done(Define(view.Groups["name"].Value, view.Groups["columns"].Value, view.Groups["query"].Value));
            if (CreateTable().Match(sql) is { Success: true } table)
            {
                return Done(table.Groups["query"].Success
                    ? Define(table.Groups["name"].Value, "", table.Groups["query"].Value)
                    : Define(table.Groups["name"].Value, "", $"SELECT {string.Join(", ", Columns(table.Groups["columns"].Value))} WHERE false"));
            }

            if (Insert().Match(sql) is { Success: true } insert) return Done(Append(insert.Groups["name"].Value, insert.Groups["query"].Value));
            if (Truncate().Match(sql) is { Success: true } truncate && Engine.Tables[Last(truncate.Groups["name"].Value)] is { } full)
            {
                Engine.Tables = Engine.Tables.With(Last(truncate.Groups["name"].Value), full with { Rows = [] });
                return Done(null);
            }

            if (Drop().Match(sql) is { Success: true } drop)
            {
                Engine.Tables = Engine.Tables.Without(Last(drop.Groups["name"].Value));
                return Done(null);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Done(e.Message);
        }

        return IsQuery().IsMatch(sql) ? null : Done("not a statement of pipelines");

        Judgement Done(string? problem) => new(statement, Verdict.Session, problem ?? "");
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..].Trim('`');

    private bool Setting(string sql)
    {
        if (Zone().Match(sql) is { Success: true } zone)
        {
            if (Runtime.Kernels.SessionZone.Find(zone.Groups[1].Value) is null) return false;
            Engine.Zone = zone.Groups[1].Value;
            return true;
        }

        if (Changes().Match(sql) is not { Success: true } change) return false;
        foreignMode = change.Groups["value"].Success && !change.Groups["value"].Value.Trim().Equals(change.Groups["usual"].Success ? "true" : "false", StringComparison.OrdinalIgnoreCase);
        return true;
    }

    /// <summary>The rows of a view, found now; says why not, where the text is refused.</summary>
    private string? Define(string name, string columns, string query)
    {
        // A view that cannot be made must not leave an older one to be read in its place.
        Engine.Tables = Engine.Tables.Without(Last(name));
        var names = columns.Length == 0 ? [] : columns.Trim('(', ')').Split(',').Select(c => c.Trim()).ToArray();
        var result = Engine.Compile(query, optimize: false);
        if (result.HasErrors) return result.Diagnostics.First(d => d.IsError).ToString();
        var plan = result.Graph.Flows[0].Plan;
        var fields = plan.Columns.Select((c, i) => new Field(i < names.Length ? names[i] : c.Name, c.Type));
        Engine.Tables = Engine.Tables.With(Last(name), new TestTable(new Schema(fields.ToImmutableArray()), Engine.Interpret(plan)));
        return null;
    }

    private string? Append(string name, string query)
    {
        if (Engine.Tables[Last(name)] is not { } table) return "no such table";
        var columns = string.Join(", ", table.Schema.Fields.Select((f, i) => $"CAST(c{i} AS {f.Type}) AS `{f.Name}`"));
        var result = Engine.Compile($"SELECT {columns} FROM ({query}) AS t({string.Join(", ", table.Schema.Fields.Select((_, i) => $"c{i}"))})", optimize: false);
        if (result.HasErrors) return result.Diagnostics.First(d => d.IsError).ToString();
        Engine.Tables = Engine.Tables.With(Last(name), table with { Rows = [.. table.Rows, .. Engine.Interpret(result.Graph.Flows[0].Plan)] });
        return null;
    }

    /// <summary><c>a INT, b ARRAY&lt;INT&gt; NOT NULL</c> as items of a SELECT list.</summary>
    private static IEnumerable<string> Columns(string text)
    {
        var (depth, from) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is '<' or '(') depth++;
            if (i < text.Length && text[i] is '>' or ')') depth--;
            if (i < text.Length && (text[i] != ',' || depth > 0)) continue;
            var parts = text[from..i].Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
            yield return $"CAST(NULL AS {Constraint().Replace(parts[1], "")}) AS {parts[0]}";
            from = i + 1;
        }
    }

    [GeneratedRegex(@"^\s*--.*$|/\*(?!\+)(.|\n)*?\*/", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[\s(]*(select|with|values|table|from|map|reduce)\b", RegexOptions.IgnoreCase)]
    private static partial Regex IsQuery();

    [GeneratedRegex(@"^create\s+(or\s+replace\s+)?(global\s+)?(temp(orary)?\s+)?view\s+(if\s+not\s+exists\s+)?(?<name>[\w.`]+)\s*(?<columns>\([^)]*\))?\s*as\b(?<query>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex View();

    [GeneratedRegex(@"^create\s+table\s+(if\s+not\s+exists\s+)?(?<name>[\w.`]+)\s*(\((?<columns>.*)\))?\s*(using\s+\w+)?\s*(as\b(?<query>.*)|;?)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex CreateTable();

    [GeneratedRegex(@"^insert\s+into\s+(table\s+)?(?<name>[\w.`]+)\s*(?<query>(values|select)\b.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Insert();

    [GeneratedRegex(@"^drop\s+(table|view)\s+(if\s+exists\s+)?(?<name>[\w.`]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Drop();

    [GeneratedRegex(@"^truncate\s+table\s+(?<name>[\w.`]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Truncate();

    [GeneratedRegex(@"^set\s+time\s+zone\s+'([^']*)'|^set\s+spark\.sql\.session\.timeZone\s*=\s*(\S+)", RegexOptions.IgnoreCase)]
    private static partial Regex Zone();

    /// <summary>Settings that change answers. Those of Spark's optimizer do not.</summary>
    [GeneratedRegex(@"^(set|reset)\s+spark\.sql\.((?<usual>ansi\.enabled|groupByAliases)|legacy\.[\w.]+|optimizer\.\w*Legacy\w*\.enabled|function\.eltOutputAsString|ansi\.\w+)\s*(=\s*(?<value>\S+))?", RegexOptions.IgnoreCase)]
    private static partial Regex Changes();

    [GeneratedRegex(@"\s+not\s+null|\s+default\s+.*$|\s+comment\s+'[^']*'", RegexOptions.IgnoreCase)]
    private static partial Regex Constraint();
}
