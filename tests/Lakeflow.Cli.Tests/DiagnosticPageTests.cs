using System.Text.RegularExpressions;

namespace Lakeflow.Cli.Tests;

/// <summary>The example of a page produces the diagnostic of the page. LF2xxx and LF3xxx have the like beside the binder.</summary>
public sealed partial class DiagnosticPageTests : IDisposable
{
    /// <summary>What the examples read.</summary>
    private const string Tables = """
        CREATE MATERIALIZED VIEW people AS SELECT 'ann' AS name, 'red' AS team, named_struct('city', 'Oslo', 'zip', 1) AS address;
        CREATE MATERIALIZED VIEW sales AS SELECT 1.5 AS amount, DATE'2026-01-01' AS day;
        CREATE MATERIALIZED VIEW shops AS SELECT 'corner' AS name;
        CREATE MATERIALIZED VIEW prices AS SELECT 'bread' AS item, price FROM VALUES (1), (2) AS t(price);
        CREATE STREAMING TABLE orders_raw;
        CREATE FLOW f AS INSERT INTO ONCE orders_raw BY NAME SELECT CAST(NULL AS BIGINT) AS id;
        """;

    private readonly CliRig rig = new();

    /// <summary>Pages whose block shows what was done elsewhere, not what produces the code here.</summary>
    private static readonly string[] NotExamples =
    [
        "LF0052", // needs a lock file; CatalogCommandTests hold it
        "LF0055", // of a program that reads the table; CellTests hold it
        "LF1006", "LF1008", // cut short in the page, resp. needs a setting; tests of the parser hold them
        "LF4004", // every aggregate has a window form today
        "LF5013", // of a method in a C# project; UserMethodUpdateTests hold it
        "LF5020", "LF5024", // need a setting; tests of the command line hold them
        "LF5052", // what another engine ran
        "LF5057", // needs --full-refresh
        "LF5072", "LF5073", // need a run of another kind before; tests/pipelines/cdc-more holds them
        "LF5074", // needs an edit between two runs; tests/pipelines/windows holds it
        "LF6071", // a plain engine's statement
    ];

    [GeneratedRegex("```(?<lang>lfsql|sql|yaml)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example { get; }

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Folder, "LF*.md")
        .Where(f => Path.GetFileName(f) is var n && !n.StartsWith("LF2", StringComparison.Ordinal) && !n.StartsWith("LF3", StringComparison.Ordinal))
        .Where(f => Example.IsMatch(File.ReadAllText(f).ReplaceLineEndings("\n")))
        .Select(f => Path.GetFileNameWithoutExtension(f)!).Except(NotExamples).Order()];

    private static string Folder
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Lakeflow.sln"))) folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "docs", "diagnostics");
        }
    }

    public void Dispose() => rig.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_example_produces_its_diagnostic(string code)
    {
        var example = Example.Match(File.ReadAllText(Path.Combine(Folder, code + ".md")).ReplaceLineEndings("\n"));
        var text = example.Groups["text"].Value;
        rig.Write("p/example.lfsql", "CREATE MATERIALIZED VIEW x AS SELECT 1 AS a;\n");
        rig.Write("p/lakeflow.yml", "name: shop\nlibraries: ['*.lfsql']\nmounts:\n  /data: ./data\n");
        Directory.CreateDirectory(Path.Combine(rig.Folder, "p/data/in"));
        var command = new[] { "validate", "p" };
        switch (example.Groups["lang"].Value)
        {
            case "yaml":
                rig.Write(code == "LF0019" ? "p/spark-pipeline.yml" : "p/lakeflow.yml", text.StartsWith("name:", StringComparison.Ordinal) || code is "LF0014" ? text : "name: shop\n" + text);
                if (code == "LF0019") File.Delete(Path.Combine(rig.Folder, "p/lakeflow.yml"));
                break;
            case "sql":
                WithTables();
                command = ["sql", "-C", "p", text];
                break;
            default:
                if (code.StartsWith("LF5", StringComparison.Ordinal))
                {
                    WithTables();
                    command = ["run", "p"];
                }

                rig.Write("p/example.lfsql", text);
                break;
        }

        var (_, _, error) = rig.Run(command);

        Assert.Contains($" {code}: ", error, StringComparison.Ordinal);
        Assert.Contains($"docs/diagnostics/{code}.md", error, StringComparison.Ordinal);
    }

    private void WithTables()
    {
        rig.Write("p/example.lfsql", Tables);
        Assert.Equal((0, ""), (rig.Run("run", "p") is var (exit, _, error) ? exit : -1, error));
    }
}
