using System.CommandLine;
using System.Globalization;
using Lakeflow.Cli.Output;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow build [project] -o DIR</c>: the pipeline as one native executable.</summary>
internal static class BuildCommand
{
    public static Command Make(ProjectOptions projects)
    {
        var project = new Argument<string?>("project") { Description = "The project's folder", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string>("--output", "-o") { Description = "The folder for the executable", HelpName = "DIR", DefaultValueFactory = _ => "bin" };
        var cpu = new Option<string?>("--cpu")
        {
            Description = "portable (any processor, slower), x86-64-v3 (Intel and AMD from about 2013 on, the default) or native (as this machine)",
        }.AcceptOnlyFromAmong("portable", "x86-64-v3", "native");
        var framework = new Option<string?>("--framework") { Description = "net9.0 (the default) or net10.0" }.AcceptOnlyFromAmong("net9.0", "net10.0");
        var closure = new Option<string?>("--closure") { Description = "The folder 'src' of a checkout of Lakeflow, to build against instead of its packages", HelpName = "DIR" };
        var command = new Command("build", "Make one native executable of the pipeline; needs the .NET SDK and a C compiler") { project, output, cpu, framework, closure };
        command.SetAction(parsed => Door.Run(projects.Terminal, "building the binary", () =>
        {
            var (terminal, source) = (projects.Terminal, parsed.GetValue(closure));
            var build = new NativeBuild(
                Path.GetFullPath(parsed.GetRequiredValue(output), terminal.Folder), source is null ? null : Path.GetFullPath(source, terminal.Folder),
                parsed.GetValue(cpu), parsed.GetValue(framework));
            return Run(terminal, projects.Open(parsed, parsed.GetValue(project)), build);
        }));
        return command;
    }

    private static int Run(Terminal terminal, Project project, NativeBuild build)
    {
        var started = terminal.Time.GetTimestamp();
        var compiled = Session.Of(project).Check(toCode: true);
        terminal.Tell(compiled.Diagnostics.Where(d => d.Severity != Severity.Info), compiled.Sources);
        if (compiled.HasErrors) return ExitCode.Usage;
        var bag = new DiagnosticBag();
        void Tell(string line) => terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{terminal.Time.GetElapsedTime(started).TotalSeconds,6:0.0} s  {line}"));
        Tell(string.Create(CultureInfo.InvariantCulture, $"Checked {project.Settings.Name}: {compiled.Physical!.Flows.Length} flows; building takes a minute or two"));
        var made = build.Run(project, compiled, bag, Tell, terminal.Stop);
        terminal.Tell(bag.ToImmutable(), []);
        if (made is null) return ExitCode.Environment;
        Tell(string.Create(CultureInfo.InvariantCulture, $"Made {made} ({new FileInfo(made).Length / 1e6:0.0} MB)"));
        terminal.Out.WriteLine($"Try:  {ShellWord.Of(Shown(terminal, made))} --help");
        return ExitCode.Done;
    }

    private static string Shown(Terminal terminal, string path)
    {
        var relative = Path.GetRelativePath(terminal.Folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? path : Path.Combine(".", relative);
    }
}
