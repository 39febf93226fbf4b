using System.Text;
using System.Text.RegularExpressions;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Sql.Tests.Status;

/// <summary>Writes what works and what is refused, as the compiler itself has it: no list of wishes.</summary>
public sealed class StatusTests
{
    [Fact]
    public void Statements_are_as_the_status_page_says() => StatusPage.Check("statements", Table(StatusStatements.All, query: false));

    [Fact]
    public void Query_forms_are_as_the_status_page_says() => StatusPage.Check("queries", Table(StatusQueries.All, query: true));

    [Fact]
    public void Answer_files_are_as_the_status_page_says()
    {
        var text = new StringBuilder("| file | what | queries | errors |\n| --- | --- | --- | --- |\n");
        foreach (var path in SltFiles())
        {
            var file = SltFile.Read(path);
            var errors = file.Blocks.Count(b => b is SltRefusal or SltQuery { Error: not null });
            var name = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "sql"), path).Replace('\\', '/');
            text.Append($"| [{name}](../tests/sql/{name}) | {file.Name} | {file.Blocks.Count(b => b is SltQuery { Error: null })} | {errors} |\n");
        }

        StatusPage.Check("answers", text.ToString());
    }

    [Fact]
    public void Functions_are_as_the_status_page_says()
    {
        var slt = string.Join('\n', SltFiles().Select(File.ReadAllText));
        var text = new StringBuilder();
        foreach (var kind in FunctionTable.All.GroupBy(f => f.Kind).OrderBy(g => g.Key))
        {
            var tested = kind.Where(f => f.Examples.Length > 0 || InFiles(f)).Select(f => $"`{f.Name}`").ToList();
            var bare = kind.Where(f => f.Examples.Length == 0 && !InFiles(f)).Select(f => $"`{f.Name}`").ToList();
            text.Append($"**{kind.Key}**, {tested.Count} with examples or answers that are tests: {string.Join(' ', tested)}\n\n");
            if (bare.Count > 0) text.Append($"Declared, and without a test of their own ({bare.Count}): {string.Join(' ', bare)}\n\n");
        }

        StatusPage.Check("functions", text.ToString());

        bool InFiles(SqlFunction function) => function.Aliases.Prepend(function.Name).Any(n => char.IsLetter(n[0])
            ? Regex.IsMatch(slt, $@"\b{Regex.Escape(n)}\s*\(", RegexOptions.IgnoreCase)
            : slt.Contains($" {n} ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> SltFiles() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "sql"), "*.slt", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string Table(IEnumerable<(string Feature, string Text)> features, bool query)
    {
        var text = new StringBuilder("| feature | compiles |\n| --- | --- |\n");
        foreach (var (feature, sql) in features) text.Append($"| {feature} | {Verdict(sql, query)} |\n");
        return text.ToString();
    }

    /// <summary>Through every phase up to C#. What the C# does is for the answers' and the runtime's tests.</summary>
    private static string Verdict(string sql, bool query)
    {
        var engine = new SqlEngine();
        engine.AddTable("orders", "SELECT * FROM VALUES (1, 'NO', 2.5D, TIMESTAMP'2024-01-01 00:00:00', array(1, 2), '{\"a\": 1}', FALSE) AS t(id, country, amount, at, tags, doc, gone)");
        engine.AddTable("customers", "SELECT * FROM VALUES (1, 'Kari', map('a', 1)) AS t(id, name, extra)");
        var result = Compilation.Compile([new SourceText("status.lfsql", sql)], engine.Tables, new CompileOptions(new ProjectDefaults("status", "main", "test")) { IsQuery = query });
        var bag = new DiagnosticBag();
        if (!result.HasErrors) CSharpEmitter.Emit(PhysicalPlanner.Plan(result.Improved!, null, "UTC", bag));
        var error = result.Diagnostics.Concat(bag.ToImmutable()).FirstOrDefault(d => d.IsError);
        return error is null ? "yes" : $"[{error.Code}](diagnostics/{error.Code}.md): {error.Message}";
    }
}
