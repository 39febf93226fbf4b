using Lakeflow.Arrow;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Segments;

/// <summary>What a batch's failed expectations leave behind: samples, and the error of a rule that must not fail.</summary>
public static class Violations
{
    /// <summary>Rows of a batch that are remembered per rule; one more place takes the rows that are not.</summary>
    public const int Places = FlowCounts.SamplesPerRule + 1;

    /// <summary>LF5010. The text has the shape that users of expectations parse.</summary>
    /// <param name="run">Gives the flow's name.</param>
    /// <param name="rules">Numbers of the FAIL rules that failed, of <see cref="FlowInfo.Expectations"/>.</param>
    /// <param name="output">A violating output row as JSON.</param>
    /// <param name="input">The input row it was made from as JSON, or null where there is no one row.</param>
    public static RuntimeError Failure(FlowRun run, ReadOnlySpan<int> rules, string output, string? input)
    {
        var flow = run.Flow;
        var names = new List<string>();
        foreach (var rule in rules) names.Add(flow.Expectations[rule].Name);
        var name = flow.Name.Contains('.', StringComparison.Ordinal) ? flow.Name : $"{flow.Target.Catalog}.{flow.Target.Schema}.{flow.Name}";
        return new RuntimeError(
            "LF5010",
            $"Flow '{name}' failed to meet the expectation. Violated expectations: '{string.Join(", ", names)}'. "
            + $"Input data: '{input ?? "Input could not be determined from the violating output record."}'. "
            + $"Output record: '{output}'. Missing input data: {(input is null ? "true" : "false")}",
            "Correct the data or the rule; nothing of this step was written.",
            "EXPECTATION_VIOLATION.VERBOSITY_ALL")
        {
            At = flow.Expectations[rules[0]].Origin,
        };
    }

    /// <summary>Room for <paramref name="rows"/> row numbers.</summary>
    public static Span<int> Room(ref int[] numbers, int rows)
    {
        if (numbers.Length < rows) numbers = new int[Math.Max(rows, numbers.Length * 2)];
        return numbers.AsSpan(0, rows);
    }
}
