using Lakeflow.Compiler.Functions;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Every example of every function's declaration, compiled and run without folding: the kernel is called, and says what the example says.</summary>
public class FunctionExampleTests
{
    private const int PerQuery = 40;

    [Fact]
    public void Every_example_of_a_scalar_function_holds_in_generated_code()
    {
        var wrong = new List<string>();
        foreach (var examples in Examples().Chunk(PerQuery))
        {
            var query = "SELECT " + string.Join(", ", examples.Select((e, i) => $"({e.Sql}) AS a{i}, ({e.Result}) AS b{i}"));
            var row = Running.Rows(Sql.Plan(query, optimize: false), [])[0];
            for (var i = 0; i < examples.Length; i++)
            {
                var (got, want) = (Running.Text([[row[2 * i]]])[0], Running.Text([[row[(2 * i) + 1]]])[0]);
                if (got != want) wrong.Add($"{examples[i].Sql} = {got}, not {want}");
            }
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<(string Sql, string Result)> Examples() =>
        FunctionTable.All.Where(f => f.Kind == FunctionKind.Scalar && f.IsDeterministic && f.Name != "date_part").SelectMany(f => f.Examples);
}
