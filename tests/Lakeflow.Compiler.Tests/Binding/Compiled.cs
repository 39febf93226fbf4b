using System.Runtime.CompilerServices;
using System.Text;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Compiler.Tests.Syntax;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Tests.Binding;

/// <summary>Text compiled against <see cref="TestCatalog"/>, and its result as text.</summary>
internal static class Compiled
{
    public static readonly ProjectDefaults Defaults = new("test");

    public static CompilationResult Pipeline(params string[] files) => Compilation.Compile(
        [.. files.Select((text, i) => new SourceText(i == 0 ? "a.lfsql" : $"{(char)('a' + i)}.lfsql", text))], new TestCatalog { Functions = TestCatalog.Refused }, new CompileOptions(Defaults));

    public static CompilationResult Query(string sql) => Compilation.Compile(
        [new SourceText("a.lfsql", sql)], new TestCatalog { Functions = TestCatalog.Refused }, new CompileOptions(Defaults) { IsQuery = true });

    /// <summary>The bound plan of a query.</summary>
    public static string Bound(string sql) => Text(Query(sql), r => r.Graph.Flows[0].Plan.ToString());

    /// <summary>The optimized plan of a query.</summary>
    public static string Improved(string sql) => Text(Query(sql), r => r.Improved!.Flows[0].Plan.ToString());

    /// <summary>Codes and positions: <c>LF2001 at 1:8</c>, one a line.</summary>
    public static string Problems(CompilationResult result) =>
        string.Join('\n', result.Diagnostics.Select(d => $"{d.Code} at {d.At.Line}:{d.At.Column}"));

    public static string Messages(CompilationResult result) => string.Join('\n', result.Diagnostics);

    /// <summary>Datasets and flows with their bound and optimized plans.</summary>
    public static string Describe(CompilationResult result)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in result.Diagnostics) text.Append(diagnostic).Append('\n');
        foreach (var dataset in result.Graph.Datasets)
            text.Append($"{dataset.Info.Kind} {dataset.Name} ({dataset.Info.Columns}){(dataset.Reads.IsEmpty ? "" : $" reads {string.Join(", ", dataset.Reads)}")}\n");
        foreach (var flow in result.Graph.Flows)
        {
            text.Append($"\nflow {flow.Name}{(flow.Kind == FlowKind.Query ? "" : $" into {flow.Target}")}, {flow.Kind}\nbound\n{Indented(flow.Plan.ToString())}");
            var improved = result.Improved?.Flows.First(f => f.Name == flow.Name).Plan.ToString();
            if (improved is not null && improved != flow.Plan.ToString()) text.Append($"improved\n{Indented(improved)}");
        }

        return text.ToString();
    }

    /// <summary>Compares with the approved file of the calling test.</summary>
    public static void Approve(string actual, [CallerMemberName] string name = "", [CallerFilePath] string test = "") => Approved.Verify(actual, name, test);

    private static string Text(CompilationResult result, Func<CompilationResult, string> show) =>
        result.HasErrors ? Messages(result) + "\n" + string.Join('\n', result.Graph.Flows.Select(f => f.Plan)) : show(result);

    private static string Indented(string text) => string.Concat(text.TrimEnd('\n').Split('\n').Select(l => $"  {l}\n"));
}
