using Lakeflow.Pipelines;

namespace Lakeflow.Cli.Repl;

/// <summary>Reads lines, puts statements together, runs them: for a person until Ctrl-D, as a filter until the input or the first mistake ends.</summary>
internal sealed class Prompt : IDisposable
{
    private readonly Terminal terminal;
    private readonly Func<string, Project?> open;
    private readonly Person? person;

    /// <summary>Files that are being read, one by the other.</summary>
    private readonly Stack<string> reading = [];
    private ReplSession session;
    private PromptCommands commands;

    /// <param name="terminal">Where to read and write.</param>
    /// <param name="project">The project, or null.</param>
    /// <param name="open">Opens the project of a folder, for <c>.open</c>; null if there is none.</param>
    /// <param name="mode">How rows are written.</param>
    /// <param name="person">Who types; null reads <see cref="Terminal.In"/> as a filter, or line by line at a plain terminal.</param>
    public Prompt(Terminal terminal, Project? project, Func<string, Project?> open, string mode, Person? person)
    {
        this.terminal = terminal;
        this.open = open;
        this.person = person;
        session = new ReplSession(terminal, project) { Mode = mode, IsTimed = person is not null, Person = person };
        commands = new PromptCommands(session, RunFile, Open);
    }

    /// <summary>True if there was not a line to read.</summary>
    public bool IsEmpty { get; private set; } = true;

    private bool IsFilter => person is null && !terminal.IsPlain;

    /// <summary>What a filter's mistakes stand in; a person sees where.</summary>
    private string? InputName => IsFilter ? "standard input" : null;

    public int Run()
    {
        var text = "";
        var lines = 0;
        while (true)
        {
            var line = ReadLine(text.Length == 0);
            if (terminal.Stop.IsCancellationRequested) return ExitCode.Stopped;
            if (line is null)
            {
                var last = RunAll(text.Length == 0 ? [] : [Last(text, lines - text.AsSpan().Count('\n'))], InputName);
                return IsFilter ? last : ExitCode.Done;
            }

            IsEmpty = false;
            lines++;
            if (ReferenceEquals(line, LineEditor.Canceled)) continue;
            if (person is not null) session.Terminal = terminal with { Width = person.Size().Width };
            // What is open stays so without a semicolon.
            var isOpen = text.Length > 0 && !line.Contains(';', StringComparison.Ordinal);
            var whole = text.Length == 0 ? line : text + "\n" + line;
            var before = lines - 1 - whole.AsSpan().Count('\n');
            (var entries, text) = isOpen ? ([], whole) : Entries.Cut(whole);
            var exit = RunAll([.. entries.Select(e => e with { Line = before + e.Line })], InputName);
            if (commands.IsDone) return ExitCode.Done;
            if (IsFilter && exit != ExitCode.Done) return exit;
        }
    }

    public void Dispose() => session.Dispose();

    private string? ReadLine(bool isFirst)
    {
        // Tables are listed and opened for the first Tab of a statement only.
        var words = new Lazy<string[]>(() => [.. Words()]);
        if (person is not null) return person.Editor.Read(text => Entries.Cut(text).Open.Length == 0, source => source is null ? words.Value : session.ColumnsOf(source).Select(Completion.Written));
        if (terminal.IsPlain)
        {
            terminal.Out.Write(isFirst ? LineView.First : LineView.Next);
            terminal.Out.Flush();
        }

        return Waiting.For(terminal.In.ReadLine, terminal.Stop);
    }

    /// <summary>Runs what was typed, or a file's text, up to the first that goes wrong.</summary>
    private int RunAll(IReadOnlyList<Entry> entries, string? file)
    {
        for (var n = 0; n < entries.Count; n++)
        {
            var entry = entries[n];
            var exit = entry.IsCommand ? commands.Run(entry.Text) : session.Run(entry.Text);
            if (commands.IsDone) return exit;
            if (exit == ExitCode.Done) continue;
            if (file is not null) terminal.Error.WriteLine($"  in {file}, line {entry.Line}");
            else if (!IsFilter && n < entries.Count - 1) terminal.Error.WriteLine(n == entries.Count - 2 ? "What stands behind it was not run." : $"The {entries.Count - 1 - n} that stand behind it were not run.");
            return exit;
        }

        return ExitCode.Done;
    }

    private int RunFile(string path)
    {
        var full = Path.GetFullPath(path, terminal.Folder);
        if (reading.Contains(full)) throw new CommandStop(ExitCode.Usage, ToolErrors.UnusableFile($"The file {path} is being read already, and would read itself without end."));
        var text = TextFile.Read(path, terminal.Folder);
        var (entries, rest) = Entries.Cut(text);
        reading.Push(full);
        try
        {
            return RunAll(rest.Length == 0 ? entries : [.. entries, Last(rest, 1 + text.AsSpan(0, text.Length - rest.Length).Count('\n'))], path);
        }
        finally
        {
            reading.Pop();
        }
    }

    /// <summary>A statement that the end of the text ends.</summary>
    /// <param name="rest">What is left of the text.</param>
    /// <param name="line">Where that begins; blank lines come first.</param>
    private static Entry Last(string rest, int line) => new(rest.Trim(), line + rest.AsSpan(0, rest.Length - rest.TrimStart().Length).Count('\n'), IsCommand: false);

    private int Open(string folder)
    {
        var project = open(folder);
        var opened = new ReplSession(session.Terminal, project) { Mode = session.Mode, IsTimed = session.IsTimed, IsPaged = session.IsPaged, Person = person };
        session.Dispose();
        session = opened;
        commands = new PromptCommands(session, RunFile, Open);
        terminal.Error.WriteLine($"Opened {project?.Root ?? folder}");
        if (project is not null && !IsFilter) terminal.Error.Write(ProjectMistakes.Of(project, session.Terminal));
        return ExitCode.Done;
    }

    /// <summary>What Tab may offer.</summary>
    private IEnumerable<string> Words() =>
    [
        .. PromptCommands.Names, .. Completion.Keywords, .. Completion.Functions,
        .. session.Tables.SelectMany(t => new[] { t.Name, t.Schema, t.Catalog }).Concat(session.Columns()).Distinct().Select(Completion.Written),
    ];
}
