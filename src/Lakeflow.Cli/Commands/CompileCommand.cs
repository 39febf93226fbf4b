using System.CommandLine;
using Lakeflow.Cli.Output;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow compile [project] --to DIR</c>: the generated C# with an entry point, ready for <c>dotnet publish</c>.</summary>
internal static class CompileCommand
{
    public static Command Make(ProjectOptions projects)
    {
        var project = new Argument<string?>("project") { Description = "The project's folder", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string>("--to") { Description = "The folder to write into", HelpName = "DIR", DefaultValueFactory = _ => "native" };
        var closure = new Option<string?>("--closure") { Description = "The folder 'src' of a checkout of Lakeflow, to build against instead of its packages", HelpName = "DIR" };
        var command = new Command("compile", "Write the C# of a native binary; dotnet publish builds it") { project, to, closure };
        command.SetAction(parsed => Door.Run(projects.Terminal, "writing the native project", () =>
        {
            var source = parsed.GetValue(closure);
            return Run(
                projects.Terminal, projects.Open(parsed, parsed.GetValue(project)), Path.GetFullPath(parsed.GetRequiredValue(to), projects.Terminal.Folder),
                source is null ? null : Path.GetFullPath(source, projects.Terminal.Folder));
        }));
        return command;
    }

    private static int Run(Terminal terminal, Project project, string folder, string? closure)
    {
        var compiled = Session.Of(project).Check(toCode: true);
        terminal.Tell(compiled.Diagnostics.Where(d => d.Severity != Severity.Info), compiled.Sources);
        if (compiled.HasErrors) return ExitCode.Usage;
        var file = NativeProject.Write(folder, project, compiled, closure);
        terminal.Out.WriteLine($"Wrote {file}");
        var shown = Path.GetRelativePath(terminal.Folder, folder);
        terminal.Out.WriteLine($"Try:  dotnet publish -c Release {ShellWord.Of(shown.StartsWith("..", StringComparison.Ordinal) ? folder : shown)}");
        return ExitCode.Done;
    }
}
