using System.CommandLine;
using System.Globalization;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow validate [project]</c>: finds every mistake in all files at once, and runs nothing.</summary>
internal static class ValidateCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var project = new Argument<string?>("project") { Description = "The project's folder", Arity = ArgumentArity.ZeroOrOne };
        var live = new Option<bool>("--live") { Description = $"Look at files and tables themselves, although {LockFile.Name} has their schemas" };
        var command = new Command("validate", "Find every mistake in all files; runs nothing") { project, live };
        command.Aliases.Add("dry-run");
        command.SetAction(parsed => Door.Run(projects.Terminal, "checking the pipeline",
            () => Run(projects.Terminal, projects.Open(parsed, parsed.GetValue(project)), parsed.GetValue(live))));
        return command;
    }

    private static int Run(Terminal terminal, Project project, bool live)
    {
        var bag = new DiagnosticBag();
        var locked = live ? null : SchemaLock.Of(project, bag);
        if (bag.HasErrors) throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
        var compiled = Session.Of(project).Check(toCode: true, locked is null ? null : new LockedCatalog(locked));
        terminal.Tell(compiled.Diagnostics, compiled.Sources);
        var errors = compiled.Diagnostics.Count(d => d.IsError);
        var warnings = compiled.Diagnostics.Count(d => d.Severity == Runtime.Diagnostics.Severity.Warning);
        var graph = compiled.Result?.Graph;
        terminal.Out.WriteLine(errors > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{errors} error(s), {warnings} warning(s).")
            : string.Create(CultureInfo.InvariantCulture, $"No mistakes: {graph!.Datasets.Length} datasets, {graph.Flows.Length} flows, {warnings} warning(s)."));
        return errors > 0 ? ExitCode.Usage : ExitCode.Done;
    }
}
