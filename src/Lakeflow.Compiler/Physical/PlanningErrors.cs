using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Physical;

/// <summary>LF4xxx – what the planner has to say.</summary>
internal static class PlanningErrors
{
    public static Diagnostic MapKey(SourceSpan at, string where, string type) => new(
        "LF4001", Severity.Error, at, $"{where} on a value of type {type} is not possible: maps have no order.",
        "Use its entries, sorted, as the key: array_sort(map_entries(…)).");

    public static Diagnostic WindowFunction(SourceSpan at, string name) => new(
        "LF4004", Severity.Error, at, $"{name} is not supported with OVER here.", "Compute it with GROUP BY and join it back.");
}
