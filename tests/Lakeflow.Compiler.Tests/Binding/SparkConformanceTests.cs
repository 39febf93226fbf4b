using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Compiler.Tests.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>Spark's own queries: what Spark binds binds here to the same types, or is refused as not supported yet.</summary>
public partial class SparkConformanceTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>Queries bound to Spark's types, of those that Spark runs. Raise it when more do.</summary>
    private const int Floor = 3300;

    private enum Verdict
    {
        Same,
        OtherTypes,
        NotSupported,
        Refused,
        Crashed,
    }

    [Fact]
    public void Types_agree()
    {
        // The reference material is no part of the repository.
        if (!Directory.Exists(SparkQueries.Folder)) return;
        var report = new StringBuilder();
        var counts = new Dictionary<Verdict, int>();
        foreach (var file in SparkQueries.All().GroupBy(q => q.File))
        {
            var views = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            var tables = new TestCatalog();
            foreach (var query in file)
            {
                if (Declare(query.Text, views, tables)) continue;
                if (SchemaOf(query) is not { } schema) continue;
                var (verdict, detail) = Judge(query.Text, views, tables, schema);
                counts[verdict] = counts.GetValueOrDefault(verdict) + 1;
                if (verdict != Verdict.Same) report.Append($"{verdict} {query.File} {query.Number}: {Spaces.Replace(query.Text, " ")}\n    {detail}\n");
            }
        }

        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")));
        if (Environment.GetEnvironmentVariable("LAKEFLOW_REPORT") is { } path) File.WriteAllText(path, report.ToString());
        Assert.True(counts.GetValueOrDefault(Verdict.Same) >= Floor, string.Join(", ", counts));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }

    [GeneratedRegex(@"^\s*CREATE\s+(OR\s+REPLACE\s+)?((GLOBAL\s+)?TEMP(ORARY)?\s+)?VIEW\s+(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex View { get; }

    [GeneratedRegex(@"^\s*CREATE\s+TABLE\s+(IF NOT EXISTS\s+)?(?<name>\w+)\s*\((?<columns>.*?)\)\s*(USING.*|STORED.*)?$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Table { get; }

    private static bool Declare(string text, Dictionary<string, string> views, TestCatalog tables)
    {
        text = string.Join('\n', text.Split('\n').Where(l => !l.StartsWith("--", StringComparison.Ordinal)));
        if (View.Match(text) is { Success: true } view)
        {
            var rest = view.Groups["rest"].Value;
            views[rest.Split([' ', '(', '\n'])[0]] = $"CREATE TEMPORARY VIEW {rest}";
            return true;
        }

        if (Table.Match(text) is not { Success: true } table) return false;
        try
        {
            tables.Table(table.Groups["name"].Value, table.Groups["columns"].Value);
        }
        catch (Exception e) when (e is ArgumentException or NullReferenceException)
        {
            // A type that is not there yet: queries of this table count as refused.
        }

        return true;
    }

    /// <summary>Spark's types for a query that runs; null for one that fails, or yields nothing.</summary>
    private static string? SchemaOf(SparkQueries.Query query) =>
        query.Schema is { } schema && schema.StartsWith("struct<", StringComparison.Ordinal) && schema != "struct<>" ? schema : null;

    private static (Verdict Verdict, string Detail) Judge(string text, Dictionary<string, string> views, TestCatalog tables, string schema)
    {
        var bag = new DiagnosticBag();
        var query = Parser.ParseScript(new SourceText("q.sql", text), ParseOptions.Default, bag);
        if (bag.HasErrors || query.Statements is not [.., QueryStatementSyntax]) return (Verdict.NotSupported, "not a query, or not parsed");
        query = Parser.ParseScript(new SourceText("q.sql", string.Join("\n;\n", [.. Needed(text, views), text])), ParseOptions.Default, new DiagnosticBag());
        PipelineGraph graph;
        try
        {
            graph = Binder.BindQuery(query, tables, Compiled.Defaults, bag);
        }
        catch (Exception e)
        {
            return (Verdict.Crashed, e.ToString());
        }

        if (bag.HasErrors)
        {
            var problems = bag.ToImmutable();
            return (problems.Any(p => p.Code == "LF2900") ? Verdict.NotSupported : Verdict.Refused, string.Join(" | ", problems.Select(p => p.ToString())));
        }

        var types = string.Join(',', graph.Flows.Single(f => f.Kind == FlowKind.Query).Plan.Columns.Select(c => Simple(c.Type)));
        var wanted = TypesOf(schema);
        return types == wanted ? (Verdict.Same, "") : (Verdict.OtherTypes, $"Spark {wanted}\n    here  {types}");
    }

    /// <summary>The views that the text names, and those that they name.</summary>
    private static IEnumerable<string> Needed(string text, Dictionary<string, string> views)
    {
        var needed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var texts = new Queue<string>([text]); texts.TryDequeue(out var now);)
        {
            foreach (var (name, view) in views.Where(v => now.Contains(v.Key, StringComparison.OrdinalIgnoreCase)))
            {
                if (needed.Add(name)) texts.Enqueue(view);
            }
        }

        return needed.Select(n => views[n]);
    }

    private static string TypesOf(string schema)
    {
        // Names may hold anything, even colons and commas: only the types at the ends of fields count, found from the known type words.
        var types = new List<string>();
        var body = schema["struct<".Length..^1];
        var matches = Field.Matches(body);
        foreach (Match match in matches) types.Add(Normal(match.Groups["type"].Value));
        return string.Join(',', types);
    }

    private static string Simple(DataType type) => Normal(type switch
    {
        ListType list => $"array<{Simple(list.Element.Type)}>",
        MapType map => $"map<{Simple(map.Key.Type)},{Simple(map.Value.Type)}>",
        StructType row => $"struct<{string.Join(',', row.Fields.Select(f => $"{f.Name}:{Simple(f.Type)}"))}>",
        _ => type.ToString().ToLowerInvariant(),
    });

    private static string Normal(string type) =>
        type.StartsWith("interval", StringComparison.Ordinal) ? type.Contains("year") || type.Contains("month") ? "interval year to month" : "interval day to second" : type;

    [GeneratedRegex(@":(?<type>(?:boolean|tinyint|smallint|int|bigint|float|double|decimal\(\d+,\d+\)|string|binary|date|timestamp_ntz|timestamp|void|variant|time\(\d\)|interval [a-z ]+|(?:array|map|struct)(?<open><)(?>[^<>]+|(?<open><)|(?<-open>>))*(?(open)(?!)))) *(?=,[^,]*:|$)")]
    private static partial Regex Field { get; }
}
