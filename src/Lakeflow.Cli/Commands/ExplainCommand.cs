using System.CommandLine;
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
        var plan = new Option<string>("--plan") { Description = "bound, optimized or physical", DefaultValueFactory = _ => "optimized" }.AcceptOnlyFromAmong(Explanation.Plans);
        var code = new Option<bool>("--code") { Description = "Show the generated C#" };
        var command = new Command("explain", "Show the plan of a dataset, and the C# that runs it") { dataset, plan, code };
        command.SetAction(parsed => Door.Run(projects.Terminal, "explaining a plan", () =>
            Run(projects.Terminal, projects.Open(parsed), parsed.GetRequiredValue(dataset), parsed.GetValue(plan)!, parsed.GetValue(code))));
        return command;
    }

    private static int Run(Terminal terminal, Project project, string name, string plan, bool code)
    {
        var compiled = Session.Of(project).Check(toCode: true);
        terminal.Tell(compiled.Diagnostics.Where(d => d.Severity != Severity.Info), compiled.Sources);
        if (compiled.HasErrors) return ExitCode.Usage;
        var all = PlanTexts.Of(compiled).ToList();
        var wanted = all.Where(e => e.Is(name)).ToList();
        if (wanted.Count == 0)
        {
            var known = compiled.Result!.Graph!.Datasets.Select(d => d.Name.Name).ToList();
            throw new CommandStop(ExitCode.Usage, ToolErrors.UnknownDataset(name, Nearest.To(name, known), known));
        }

        foreach (var explanation in wanted) explanation.Write(terminal.Out, plan, code);
        return ExitCode.Done;
    }
}
