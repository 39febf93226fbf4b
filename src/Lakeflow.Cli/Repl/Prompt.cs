using Lakeflow.Compiler.Syntax;
using Lakeflow.Pipelines;

namespace Lakeflow.Cli.Repl;

/// <summary>Reads lines, puts statements together, runs them: for a person until Ctrl-D, as a filter until the input or the first mistake ends.</summary>
internal sealed class Prompt : IDisposable
{
    private const string First = "lakeflow> ";
    private const string Next = "     ...> ";

    private readonly Terminal terminal;
    private readonly Func<string, Project?> open;
    private readonly LineEditor? editor;
    private ReplSession session;
    private PromptCommands commands;

    /// <param name="terminal">Where to read and write.</param>
    /// <param name="project">The project, or null.</param>
    /// <param name="open">Opens the project of a folder, for <c>.open</c>; null if there is none.</param>
    /// <param name="mode">How rows are written.</param>
    /// <param name="editor">The keys of a person; null reads <see cref="Terminal.In"/> as a filter.</param>
    public Prompt(Terminal terminal, Project? project, Func<string, Project?> open, string mode, LineEditor? editor)
    {
        this.terminal = terminal;
        this.open = open;
        this.editor = editor;
        session = new ReplSession(terminal, project) { Mode = mode, IsTimed = editor is not null };
        commands = new PromptCommands(session, RunText);
    }

    public int Run()
    {
        var text = "";
        while (true)
        {
            var line = editor is null ? Waiting.For(terminal.In.ReadLine, terminal.Stop) : editor.Read(text.Length == 0 ? First : Next, Words);
            if (terminal.Stop.IsCancellationRequested) return ExitCode.Stopped;
            if (line is null) return editor is not null || string.IsNullOrWhiteSpace(text) ? ExitCode.Done : session.Run(text);
            if (ReferenceEquals(line, LineEditor.Canceled))
            {
                text = "";
                continue;
            }

            if (editor is not null) session.Terminal = terminal with { Width = editor.Width };
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

            if (editor is null && exit != ExitCode.Done) return exit;
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
        var (mode, timed) = (session.Mode, session.IsTimed);
        var opened = new ReplSession(session.Terminal, open(folder)) { Mode = mode, IsTimed = timed };
        session.Dispose();
        session = opened;
        commands = new PromptCommands(session, RunText);
        return ExitCode.Done;
    });

    /// <summary>What Tab may offer.</summary>
    private IEnumerable<string> Words() => [.. PromptCommands.Names, .. Completion.Keywords, .. Completion.Functions, .. session.Tables.Select(t => t.Name), .. session.Columns()];
}
