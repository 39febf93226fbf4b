using System.CommandLine;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli;

/// <summary>The options that say which project a command works on; they stand before or after the command's name.</summary>
internal sealed class ProjectOptions
{
    private readonly Option<string> folder = new("--directory", "-C")
    {
        Description = "The project's folder (default: the nearest one with a lakeflow.yml, from here upward)",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string> target = new("--target", "-t") { Description = "Apply a target of the project file", HelpName = "NAME", Recursive = true };

    private readonly Option<string[]> sets = new("--set")
    {
        Description = "Set a configuration value",
        HelpName = "KEY=VALUE",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public ProjectOptions(RootCommand root)
    {
        root.Add(folder);
        root.Add(target);
        root.Add(sets);
    }

    /// <summary>The terminal with what the command line says of it.</summary>
    public Terminal Terminal { get; set; } = null!;

    /// <summary>Opens the project, or ends the command with what is wrong with it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="named">The project as the command's argument, or null.</param>
    public Project Open(ParseResult parsed, string? named = null)
    {
        var bag = new DiagnosticBag();
        var project = TryOpen(parsed, named, bag);
        if (project is null) throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
        Terminal.Tell(bag.ToImmutable(), []);
        return project;
    }

    /// <summary>Opens the project if there is one. A project file with mistakes is one; no project file is none.</summary>
    public Project? OpenIfAny(ParseResult parsed)
    {
        var bag = new DiagnosticBag();
        var project = TryOpen(parsed, null, bag);
        if (project is null && !bag.ToImmutable().All(d => d.Code == "LF0010")) throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
        return project;
    }

    /// <summary>The configuration that the command line sets, for commands without a project.</summary>
    public IReadOnlyDictionary<string, string> Sets(ParseResult parsed)
    {
        var values = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var set in parsed.GetValue(sets) ?? [])
        {
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new CommandStop(ExitCode.Usage, ProjectErrors.BadSetting(set));
            values[set[..equals].Trim()] = set[(equals + 1)..];
        }

        return values;
    }

    /// <summary>Opens the project of a folder, or ends the command with what is wrong with it.</summary>
    public Project OpenFolder(string path)
    {
        var bag = new DiagnosticBag();
        return Project.Open(path, null, [], bag) ?? throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
    }

    /// <summary>Where the project is looked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="named">The project as the command's argument, or null.</param>
    public string Start(ParseResult parsed, string? named)
    {
        var start = Path.GetFullPath(parsed.GetValue(folder) ?? ".", Terminal.Folder);
        return named is null ? start : Path.GetFullPath(named, start);
    }

    private Project? TryOpen(ParseResult parsed, string? named, DiagnosticBag bag) =>
        Project.Open(Start(parsed, named), parsed.GetValue(target), parsed.GetValue(sets) ?? [], bag);
}
