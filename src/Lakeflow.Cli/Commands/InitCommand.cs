using System.CommandLine;
using Lakeflow.Cli.Output;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow init &lt;name&gt;</c>: a project that runs at once.</summary>
internal static class InitCommand
{
    public static Command Make(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The project's name, and the folder to make" };
        var command = new Command("init", "Make a project that runs at once: sample data, three datasets, two expectations") { name };
        command.SetAction(parsed => Door.Run(terminal, "making a project", () => Run(terminal, parsed.GetRequiredValue(name))));
        return command;
    }

    private static int Run(Terminal terminal, string name)
    {
        var folder = Path.GetFullPath(name, terminal.Folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new CommandStop(ExitCode.Usage, ToolErrors.FolderInUse(folder));
        foreach (var (path, text) in ProjectTemplate.Files(Path.GetFileName(folder)))
        {
            var file = Path.Combine([folder, .. path.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text.ReplaceLineEndings("\n"));
        }

        terminal.Out.WriteLine($"Made {folder}");
        terminal.Out.WriteLine($"Try:  lakeflow run {ShellWord.Of(name)}");
        return ExitCode.Done;
    }
}
