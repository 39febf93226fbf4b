using Lakeflow.Compiler.Syntax;
using Lakeflow.Pipelines;

namespace Lakeflow.Cli.Repl;

/// <summary>Reads lines, puts statements together, runs them: for a person until Ctrl-D, as a filter until the input or the first mistake ends.</summary>
internal sealed class Prompt : IDisposable
{
    private readonly Terminal terminal;
    private readonly Func<string, Project?> open;
    private readonly Person? person;
    private ReplSession session;
    private PromptCommands commands;

    /// <param name="terminal">Where to read and write.</param>
    /// <param name="project">The project, or null.</param>
    /// <param name="open">Opens the project of a folder, for <c>.open</c>; null if there is none.</param>
    /// <param name="mode">How rows are written.</param>
    /// <param name="person">Who types; null reads <see cref="Terminal.In"/> as a filter.</param>
    public Prompt(Terminal terminal, Project? project, Func<string, Project?> open, string mode, Person? person)
    {
        this.terminal = terminal;
        this.open = open;
        this.person = person;
        session = new ReplSession(terminal, project) { Mode = mode, IsTimed = person is not null, Pager = person?.Pager };
        commands = new PromptCommands(session, RunText);
    }

    public int Run()
    {
        var text = "";
        while (true)
        {
            // Tables are listed and opened for the first Tab of a statement only.
            var words = new Lazy<string[]>(() => [.. Words()]);
            var line = person is null ? Waiting.For(terminal.In.ReadLine, terminal.Stop) : person.Editor.Read(IsWhole, () => words.Value);
            if (terminal.Stop.IsCancellationRequested) return ExitCode.Stopped;
            if (line is null) return person is not null || string.IsNullOrWhiteSpace(text) ? ExitCode.Done : session.Run(text);
            if (ReferenceEquals(line, LineEditor.Canceled)) continue;
            if (person is not null) session.Terminal = terminal with { Width = person.Size().Width };
            var exit = ExitCode.Done;
            if (text.Length == 0 && line.TrimStart().StartsWith('.'))
            {
                exit = commands.Run(line);
                if (commands.IsDone) return ExitCode.Done;
                if (exit == ExitCode.Done && commands.ToOpen is { } folder) exit = Open(folder);
            }
            else
            {
                var (statements, rest) = Parser.Cut(text.Length == 0 ? line : text + "\n" + line);
                text = string.IsNullOrWhiteSpace(rest) ? "" : rest;
                exit = RunAll(statements);
            }

            if (person is null && exit != ExitCode.Done) return exit;
        }
    }

    public void Dispose() => session.Dispose();

    private int RunText(string text)
    {
        var (statements, rest) = Parser.Cut(text);
        return RunAll([.. statements, rest]);
    }

    /// <summary>Runs statements up to the first that goes wrong.</summary>
    private int RunAll(IEnumerable<string> statements) => statements.Select(session.Run).FirstOrDefault(exit => exit != ExitCode.Done);

    private int Open(string folder) => Door.Run(terminal, "opening a project", () =>
    {
        var project = open(folder);
        var opened = new ReplSession(session.Terminal, project) { Mode = session.Mode, IsTimed = session.IsTimed, IsPaged = session.IsPaged, Pager = session.Pager };
        session.Dispose();
        session = opened;
        commands = new PromptCommands(session, RunText);
        terminal.Error.WriteLine($"Opened {project?.Root ?? folder}");
        return ExitCode.Done;
    });

    /// <summary>True if Enter ends what was typed: a command, or statements with nothing behind the last semicolon.</summary>
    private static bool IsWhole(string text) =>
        string.IsNullOrWhiteSpace(text) || text.TrimStart().StartsWith('.') || Parser.Cut(text) is ({ Length: > 0 }, var rest) && string.IsNullOrWhiteSpace(rest);

    /// <summary>What Tab may offer.</summary>
    private IEnumerable<string> Words() => [.. PromptCommands.Names, .. Completion.Keywords, .. Completion.Functions, .. session.Tables.Select(t => t.Name), .. session.Columns()];
}
