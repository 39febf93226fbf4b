using System.Text;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Tests.Syntax;

public class ConformanceTests
{
    /// <summary>How many of Spark's queries must parse, of those that Spark parses.</summary>
    private const int Floor = 7384;

    [Fact]
    public void Queries_that_Spark_parses_parse()
    {
        // The reference answers stand beside the repository and not in it; without them there is nothing to count.
        if (!Directory.Exists(SparkQueries.Folder)) return;

        var (parsed, refused, report) = (0, 0, new StringBuilder());
        foreach (var query in SparkQueries.All())
        {
            var bag = new DiagnosticBag();
            var script = Parser.ParseScript(new SourceText(query.File, query.Text), ParseOptions.Default, bag);
            if (query.IsParseError)
            {
                if (!bag.HasErrors) report.AppendLine($"PARSED {query.File} #{query.Number}: {query.Text}");
                continue;
            }

            if (!bag.HasErrors && script.Statements.Length == 1)
            {
                parsed++;
                continue;
            }

            refused++;
            report.AppendLine($"{query.File} #{query.Number}: {bag.ToImmutable().FirstOrDefault()}\n{query.Text}\n");
        }

        if (Environment.GetEnvironmentVariable("LAKEFLOW_REPORT") is { } path) File.WriteAllText(path, $"{parsed} parsed, {refused} not\n{report}");
        Assert.True(parsed >= Floor, $"{parsed} of {parsed + refused} parse\n{report}");
    }
}
