using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Compiler.Tests.Binding;
using Lakeflow.Oracle;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Tests.Functions;

/// <summary>Every example of every function: parsed, bound, evaluated row by row, and equal to the literal beside it.</summary>
public class FunctionExamplesTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (sql, result) in FunctionTable.All.SelectMany(f => f.Examples)) data.Add(sql, result);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_true(string sql, string result)
    {
        var options = new CompileOptions(new ProjectDefaults("examples")) { IsQuery = true, Optimize = false };
        var compiled = Compilation.Compile([new SourceText("example.lfsql", $"SELECT ({sql}) <=> ({result}) AS same, ({sql}) AS value;")], new TestCatalog(), options);
        Assert.True(!compiled.Diagnostics.Any(d => d.IsError), string.Join("\n", compiled.Diagnostics));
        var interpreter = new Interpreter(new RunConstants(0, SessionZone.Utc), _ => []);
        var row = Assert.Single(interpreter.Run(compiled.Graph.Flows.Single().Plan));
        Assert.True(row[0] is true, $"{sql} is {row[1]}, not {result}");
    }
}
