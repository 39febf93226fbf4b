using System.CommandLine;
using Lakeflow.Cli.Commands;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli;

/// <summary>The tool's commands and how a line of words becomes one of them.</summary>
internal static class CommandLine
{
    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        var debug = new Option<bool>("--debug") { Description = "Show stack traces", Recursive = true };
        var root = new RootCommand("Lakeflow: declarative data pipelines, compiled. A pipeline is a folder of .lfsql files; its tables are Delta tables.") { debug };
        var project = new ProjectOptions(root);
        Command[] commands =
        [
            RunCommand.Make(terminal, project), ValidateCommand.Make(terminal, project), SqlCommand.Make(terminal, project),
            ExplainCommand.Make(terminal, project), GraphCommand.Make(terminal, project), RunsCommand.Make(terminal, project),
            LogsCommand.Make(terminal, project), HistoryCommand.Make(terminal, project), ShowCommand.Make(terminal, project),
            StateCommand.Make(terminal, project), TestCommand.Make(terminal, project), InitCommand.Make(terminal), CompileCommand.Make(project), BuildCommand.Make(project), CatalogCommand.Make(project), CleanCommand.Make(terminal, project),
            ReplCommand.Make(project),
            OptimizeCommand.Make(project), VacuumCommand.Make(project),
        ];
        foreach (var command in commands) root.Add(command);
        root.SetAction(parsed => ReplCommand.Run(project, parsed, null, isAlone: true));

        var parsed = root.Parse(args);
        project.Terminal = terminal with { Debug = terminal.Debug || parsed.GetValue(debug) };
        if (parsed.Errors.Count > 0)
        {
            var command = parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name;
            // A word in a command's place is told as such; the library would report it twice, as an argument and as a missing command.
            IEnumerable<Diagnostic> mistakes = command.Length == 0 && parsed.UnmatchedTokens is [var word, ..] && !word.StartsWith('-')
                ? [ToolErrors.UnknownCommand(word, Nearest.To(word, root.Subcommands.SelectMany(c => c.Aliases.Prepend(c.Name))))]
                : parsed.Errors.Select(e => ToolErrors.Usage(OneLine(e.Message), command));
            terminal.Tell(mistakes, []);
            return ExitCode.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>The library lists what may stand in a place one below the other.</summary>
    private static string OneLine(string message)
    {
        var lines = message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length < 2 ? message : $"{lines[0]} {string.Join(", ", lines[1..])}.";
    }
}
