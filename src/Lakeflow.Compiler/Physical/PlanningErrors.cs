using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Physical;

/// <summary>LF4xxx – what the planner has to say.</summary>
internal static class PlanningErrors
{
    public static Diagnostic NestedKey(SourceSpan at, string where, string type) => new(
        "LF4001", Severity.Error, at, $"{where} on a value of type {type} is not supported.",
        "Use its fields, or a text form such as to_json(…), as the key.");

    public static Diagnostic NotInWithCondition(SourceSpan at) => new(
        "LF4002", Severity.Error, at, "NOT IN (subquery) that also compares other columns of the two sides is not supported.",
        "Write NOT EXISTS with the comparison in its WHERE clause; mind that NULLs then count as different.");

    public static Diagnostic RangeFrame(SourceSpan at) => new(
        "LF4003", Severity.Error, at, "A RANGE frame with a distance is not supported.",
        "Use ROWS with a number of rows, or RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW.");

    public static Diagnostic WindowFunction(SourceSpan at, string name) => new(
        "LF4004", Severity.Error, at, $"{name} is not supported with OVER here.", "Compute it with GROUP BY and join it back.");
}
