using System.CommandLine;
using System.Runtime.InteropServices;
using Lakeflow.Cli.Repl;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow repl</c>, and <c>lakeflow</c> alone: a prompt for queries and pipeline statements; without a terminal, a filter.</summary>
internal static class ReplCommand
{
    public static Command Make(ProjectOptions projects)
    {
        var output = new Option<string?>("--output", "-o") { Description = "box, table, json or csv (default: box on a terminal, else table)" };
        output.AcceptOnlyFromAmong("box", "table", "json", "csv");
        var command = new Command("repl", "A prompt for queries and pipeline statements; reads standard input where there is no terminal") { output };
        command.SetAction(parsed => Run(projects, parsed, parsed.GetValue(output)));
        return command;
    }

    /// <param name="projects">Finds the project.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="mode">How rows are written, or null.</param>
    /// <param name="isAlone">True for <c>lakeflow</c> without a word.</param>
    public static int Run(ProjectOptions projects, ParseResult parsed, string? mode, bool isAlone = false) => Door.Run(projects.Terminal, "reading statements", () =>
    {
        var terminal = projects.Terminal;
        // Workers of several flows want threads at once; the pool would add them half a second apart.
        ThreadPool.SetMinThreads(Math.Max(8, Environment.ProcessorCount * 4), 4);
        var project = projects.OpenIfAny(parsed);
        using var keys = terminal.IsInteractive ? new Keys() : null;
        // A window that is closed: what is at work ends, and the folder of what was defined goes. (On Windows the console's end is this signal, too.)
        using var hangUp = keys is null ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            terminal.Interrupts.End();
        });
        var news = new News { Posted = keys is null ? null : keys.Wake };
        using var warmUp = new WarmUp(terminal.Time, project is null ? null : () => news.Post(ProjectMistakes.Of(project, terminal)));
        var person = keys is null ? null : At(terminal, keys, warmUp, news);
        if (person is not null || terminal.IsPlain) terminal.Out.WriteLine("Lakeflow. A query ends with ';'. '.help' lists commands, Ctrl-D ends.");
        if (terminal.IsPlain && project is not null) terminal.Error.Write(ProjectMistakes.Of(project, terminal));
        using var prompt = new Prompt(terminal, project, projects.OpenFolder, mode ?? (person is null ? "table" : "box"), person);
        var exit = prompt.Run();
        // Whoever calls it alone where there is no terminal may have meant a prompt, or help.
        if (isAlone && prompt.IsEmpty && person is null && !terminal.IsPlain) terminal.Error.WriteLine("Nothing came from standard input. 'lakeflow --help' lists the commands.");
        return exit;
    });

    private static Person At(Terminal terminal, Keys keys, WarmUp warmUp, News news)
    {
        var history = new History(History.DefaultFile());
        Action? suspend = Suspension.IsPossible ? Suspension.Suspend : null;
        var editor = new LineEditor(NextKey, Typing, new LineView(terminal.Out, Size, terminal.UseColor), history, terminal.Folder, news.Take, suspend);
        return new Person(editor, new Pager(keys.Next, Typing, terminal.Out, Size, suspend), Size, warmUp);

        // A terminal that does not know its size says 0; one that is smaller than any must not end the prompt.
        static (int Width, int Height) Size() =>
            (Console.WindowWidth is var columns and > 0 ? Math.Max(12, columns) : 80, Console.WindowHeight is var rows and > 0 ? Math.Max(4, rows) : 24);

        ConsoleKeyInfo? NextKey()
        {
            warmUp.Begin(isIdle: true);
            return keys.Next(terminal.Stop);
        }

        // Ctrl-C is a key while a line is typed; while a statement runs it is a signal, which ends the statement.
        void Typing(bool isTyping)
        {
            Console.TreatControlCAsInput = isTyping;
            if (!isTyping) warmUp.Leave();
            if (isTyping) terminal.Interrupts.AwaitLine();
        }
    }
}
