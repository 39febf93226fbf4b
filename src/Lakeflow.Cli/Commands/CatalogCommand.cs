using System.CommandLine;
using System.Globalization;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow catalog snapshot</c> and <c>lakeflow catalog check</c>: the schemas that builds know of, and whether they still hold.</summary>
internal static class CatalogCommand
{
    public static Command Make(ProjectOptions projects)
    {
        var command = new Command("catalog", $"Keep the schemas of files and tables outside of the project in {LockFile.Name}")
        {
            Make(projects, "snapshot", $"Write {LockFile.Name} from what is there now", Snapshot),
            Make(projects, "check", $"Say which columns are no longer as in {LockFile.Name}, and which datasets break", Check),
        };
        return command;
    }

    private static Command Make(ProjectOptions projects, string name, string description, Func<Terminal, Project, int> run)
    {
        var project = new Argument<string?>("project") { Description = "The project's folder", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(name, description) { project };
        command.SetAction(parsed => Door.Run(projects.Terminal, "looking at the sources", () => run(projects.Terminal, projects.Open(parsed, parsed.GetValue(project)))));
        return command;
    }

    private static int Snapshot(Terminal terminal, Project project)
    {
        var schemas = SchemaLock.Take(Session.Of(project), out var compiled);
        terminal.Tell(compiled.Diagnostics.Where(d => d.Severity != Severity.Info), compiled.Sources);
        if (schemas is null) return ExitCode.Usage;
        var isNew = LockFile.Save(project, schemas);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(isNew ? "Wrote" : "Nothing changed in")} {LockFile.PathOf(project)}: {schemas.Sources.Length} source(s)."));
        return compiled.HasErrors ? ExitCode.Usage : ExitCode.Done;
    }

    private static int Check(Terminal terminal, Project project)
    {
        var bag = new DiagnosticBag();
        if (SchemaLock.Of(project, bag) is not { } locked)
        {
            if (!bag.HasErrors) bag.Add(LockErrors.NoLockFile());
            throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
        }

        var found = SchemaComparison.Of(Session.Of(project), locked, bag);
        terminal.Tell(bag.ToImmutable(), project.LoadSources(new DiagnosticBag()));
        foreach (var change in found.Changes)
        {
            terminal.Out.WriteLine($"{change.Source.Name}");
            foreach (var line in change.Lines) terminal.Out.WriteLine($"  {line}");
        }

        if (!found.Broken.IsEmpty) terminal.Out.WriteLine();
        foreach (var dataset in found.Broken) terminal.Out.WriteLine($"{(dataset.StopsReaders ? "breaks" : "changes")}  {dataset.Name.Name}: {dataset.Why}");
        if (found.Changes.IsEmpty && !bag.HasErrors)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"All {locked.Sources.Length} source(s) are as in {LockFile.Name}."));
            return ExitCode.Done;
        }

        return ExitCode.Failed;
    }
}
