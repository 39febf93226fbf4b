using Lakeflow.Compiler;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.CommandLine;

namespace Lakeflow.Pipelines;

/// <summary>The plans and the C# of a compiled pipeline as text: of its views, then of its flows.</summary>
public static class PlanTexts
{
    /// <param name="compiled">Compiled to code, without errors.</param>
    public static IEnumerable<Explanation> Of(CompiledSources compiled)
    {
        if (compiled.Physical is not { } physical) throw new ArgumentException("The project was not compiled to code.", nameof(compiled));
        var (bound, improved) = (compiled.Result!.Graph!, compiled.Result.Improved!);
        foreach (var view in improved.Datasets)
        {
            if (view.ViewPlan is null) continue;
            var (name, text) = (view.Name.ToString(), PlanText.Of(view.ViewPlan));
            var before = bound.Datasets.First(d => d.Name == view.Name);
            yield return new(name, name, $"{name} ({GraphText.KindOf(view.Info.Kind)})", PlanText.Of(before.ViewPlan!), text, text, "");
        }

        var flows = DeepWork.Map([.. Enumerable.Range(0, improved.Flows.Length)], i => new Explanation(
            improved.Flows[i].Name, improved.Flows[i].Target.ToString(), $"{improved.Flows[i].Name} -> {improved.Flows[i].Target}",
            PlanText.Of(bound.Flows[i].Plan), PlanText.Of(improved.Flows[i].Plan), PhysicalText.Of(physical.Flows[i]), compiled.Code[i].Text));
        foreach (var flow in flows) yield return flow;
    }
}
