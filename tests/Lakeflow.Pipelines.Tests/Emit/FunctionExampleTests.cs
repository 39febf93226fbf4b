using Lakeflow.Compiler.Functions;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Every example of every function's declaration, compiled and run without folding: the kernel is called, and says what the example says.</summary>
public class FunctionExampleTests
{
    private const int PerQuery = 40;

    /// <summary>Written in a form of their own, which the parser and the binder turn into other calls; their tests look at that.</summary>
    private static readonly string[] OwnSyntax = ["date_part", "trim", ":"];

    [Fact]
    public void Every_example_of_a_scalar_function_holds_in_generated_code()
    {
        var wrong = new List<string>();
        foreach (var examples in Examples().Where(e => HasKernels(e.Sql, wrong)).ToList().Chunk(PerQuery))
        {
            var query = "SELECT " + string.Join(", ", examples.Select((e, i) => $"({e.Sql}) AS a{i}, ({e.Result}) AS b{i}"));
            var row = Running.Rows(Sql.Plan(query, optimize: false), [])[0];
            for (var i = 0; i < examples.Length; i++)
            {
                var (got, want) = (Show(row[2 * i]), Show(row[(2 * i) + 1]));
                if (got != want) wrong.Add($"{examples[i].Sql} = {got}, not {want}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Show(object? value) => value is double d ? d.ToString("G12", System.Globalization.CultureInfo.InvariantCulture) : Running.Text([[value]])[0];

    private static bool HasKernels(string sql, List<string> wrong)
    {
        var calls = ((Lakeflow.Compiler.Plans.Project)Sql.Plan("SELECT " + sql, optimize: false)).Items.SelectMany(i => i.Value.All()).OfType<Lakeflow.Compiler.Plans.Call>();
        var missing = calls.FirstOrDefault(c => c.Overload is { Kernel: null, WideKernel: null } && c.Arguments.Length != 1);
        if (missing is not null) wrong.Add($"{missing.Function.Name} is left without a kernel");
        return missing is null;
    }

    private static IEnumerable<(string Sql, string Result)> Examples() =>
        FunctionTable.All.Where(f => f.Kind == FunctionKind.Scalar && f.IsDeterministic && !OwnSyntax.Contains(f.Name)).SelectMany(f => f.Examples);
}
