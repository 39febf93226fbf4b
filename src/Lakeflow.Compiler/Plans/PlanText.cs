using System.Text;

namespace Lakeflow.Compiler.Plans;

/// <summary>Prints a plan as an indented tree.</summary>
public static class PlanText
{
    public static string Of(LogicalPlan plan)
    {
        var text = new StringBuilder();
        Add(text, plan, 0);
        return text.ToString();
    }

    private static void Add(StringBuilder text, LogicalPlan plan, int depth)
    {
        text.Append(' ', depth * 2).Append(plan.Describe()).Append('\n');
        foreach (var input in plan.Inputs) Add(text, input, depth + 1);
    }
}
