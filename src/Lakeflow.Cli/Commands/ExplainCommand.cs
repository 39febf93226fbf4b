using System.CommandLine;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Project = Lakeflow.Pipelines.Project;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow explain &lt;dataset&gt;</c>: how its rows come about, as plan and as code.</summary>
internal static class ExplainCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var dataset = new Argument<string>("dataset") { Description = "A dataset or flow of the pipeline" };
        var plan = new Option<string>("--plan") { Description = "bound, optimized or physical", DefaultValueFactory = _ => "optimized" }.AcceptOnlyFromAmong("bound", "optimized", "physical");
        var code = new Option<bool>("--code") { Description = "Show the generated C#" };
        var command = new Command("explain", "Show the plan of a dataset, and the C# that runs it") { dataset, plan, code };
        command.SetAction(parsed => Door.Run(projects.Terminal, "explaining a plan", () =>
            Run(projects.Terminal, projects.Open(parsed), parsed.GetRequiredValue(dataset), parsed.GetValue(plan)!, parsed.GetValue(code))));
        return command;
    }

    private static int Run(Terminal terminal, Project project, string name, string plan, bool code)
    {
        var compiled = Session.Of(project).Check(toCode: true);
        DiagnosticText.Write(terminal.Error, compiled.Diagnostics.Where(d => d.Severity != Severity.Info), compiled.Sources, terminal.UseColor);
        if (compiled.HasErrors) return ExitCode.Usage;
        var graph = plan == "bound" ? compiled.Result!.Graph : compiled.Result!.Improved!;
        var flows = graph.Flows.Select((flow, i) => (Flow: flow, Index: i)).Where(f => Names(f.Flow, name)).ToList();
        var view = graph.Datasets.FirstOrDefault(d => Ends(d.Name.ToString(), name) && d.ViewPlan is not null);
        if (flows.Count == 0 && view is null)
        {
            var known = graph.Datasets.Select(d => d.Name.Name).ToList();
            throw new CommandStop(ExitCode.Usage, ToolErrors.UnknownDataset(name, Spelling.Nearest(name, known), known));
        }

        if (view is not null) terminal.Out.WriteLine($"{view.Name} ({GraphText.KindOf(view.Info.Kind)})\n{PlanText.Of(view.ViewPlan!)}");
        foreach (var (flow, index) in flows)
        {
            terminal.Out.WriteLine($"{flow.Name} -> {flow.Target}");
            terminal.Out.WriteLine(plan == "physical" ? PhysicalText.Of(compiled.Physical!.Flows[index]) : PlanText.Of(flow.Plan));
            if (!code) continue;
            terminal.Out.WriteLine(compiled.Code[index].Text);
        }

        return ExitCode.Done;
    }

    private static bool Names(Flow flow, string name) => Ends(flow.Name, name) || Ends(flow.Target.ToString(), name);

    private static bool Ends(string full, string name) =>
        full.Equals(name, StringComparison.OrdinalIgnoreCase) || full.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
}
