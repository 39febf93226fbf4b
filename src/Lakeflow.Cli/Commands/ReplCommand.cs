using System.CommandLine;
using Lakeflow.Cli.Repl;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

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
    public static int Run(ProjectOptions projects, ParseResult parsed, string? mode) => Door.Run(projects.Terminal, "reading statements", () =>
    {
        var terminal = projects.Terminal;
        // Workers of several flows want threads at once; the pool would add them half a second apart.
        ThreadPool.SetMinThreads(Math.Max(8, Environment.ProcessorCount * 4), 4);
        using var keys = terminal.IsInteractive ? new Keys() : null;
        var person = keys is null ? null : At(terminal, keys);
        if (person is not null || terminal.IsPlain) terminal.Out.WriteLine("Lakeflow. A query ends with ';'. '.help' lists commands, Ctrl-D ends.");
        using var prompt = new Prompt(terminal, projects.OpenIfAny(parsed), projects.OpenFolder, mode ?? (person is null ? "table" : "box"), person);
        return prompt.Run();
    });

    private static Person At(Terminal terminal, Keys keys)
    {
        var history = new History(History.DefaultFile());
        // Once the prompt stands, a person types for a while: Roslyn and the front end load meanwhile.
        var warm = new Lazy<Task>(() => Task.Run(WarmUp));
        var editor = new LineEditor(NextKey, Typing, new LineView(terminal.Out, Size, terminal.UseColor), history, terminal.Folder, Suspension.IsPossible ? Suspension.Suspend : null);
        return new Person(editor, new Pager(keys.Next, Typing, terminal.Out, Size), Size);

        // A terminal that does not know its size says 0; one that is smaller than any must not end the prompt.
        static (int Width, int Height) Size() =>
            (Console.WindowWidth is var columns and > 0 ? Math.Max(12, columns) : 80, Console.WindowHeight is var rows and > 0 ? Math.Max(4, rows) : 24);

        ConsoleKeyInfo? NextKey()
        {
            _ = warm.Value;
            return keys.Next(terminal.Stop);
        }

        // Ctrl-C is a key while a line is typed; while a statement runs it is a signal, which ends the statement.
        void Typing(bool isTyping)
        {
            Console.TreatControlCAsInput = isTyping;
            if (isTyping) terminal.Interrupts.AwaitLine();
        }
    }

    /// <summary>First what every query needs, for whoever types fast, then what many need.</summary>
    private static void WarmUp()
    {
        var session = Session.WithoutProject(Directory.GetCurrentDirectory());
        string[] queries = ["SELECT 1 AS one", "SELECT k, count(*) AS n, sum(v) AS total FROM VALUES ('a', 1.5), ('b', 2.5) AS t(k, v) WHERE v > 0 AND k LIKE 'a%' GROUP BY k ORDER BY n DESC"];
        foreach (var query in queries)
        {
            var compiled = session.CheckQuery(query);
            if (!compiled.HasErrors) RoslynCompiler.Compile(compiled.Code);
        }
    }
}
