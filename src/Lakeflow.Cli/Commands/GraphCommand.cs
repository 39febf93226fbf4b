using System.CommandLine;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow graph</c>: the datasets and what each reads.</summary>
internal static class GraphCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var format = new Option<string>("--format") { Description = "text, mermaid or json", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "mermaid", "json");
        var command = new Command("graph", "Show the datasets and what each reads") { format };
        command.SetAction(parsed => Door.Run(projects.Terminal, "drawing the graph", () =>
        {
            var compiled = Session.Of(projects.Open(parsed)).Check();
            projects.Terminal.Tell(compiled.Diagnostics.Where(d => d.Severity != Severity.Info), compiled.Sources);
            if (compiled.HasErrors || compiled.Result is null) return ExitCode.Usage;
            var graph = compiled.Result.Graph;
            projects.Terminal.Out.Write(parsed.GetValue(format) switch
            {
                "mermaid" => GraphText.ToMermaid(graph),
                "json" => GraphText.ToJson(graph),
                _ => GraphText.ToText(graph),
            });
            return ExitCode.Done;
        }));
        return command;
    }
}
