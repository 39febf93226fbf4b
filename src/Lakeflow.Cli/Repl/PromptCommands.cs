using System.Collections.Immutable;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Repl;

/// <summary>The lines at a prompt that begin with a dot.</summary>
/// <param name="session">What they work on.</param>
/// <param name="runFile">Runs a file's statements and commands.</param>
/// <param name="open">Goes on with a session over the project of a folder.</param>
internal sealed class PromptCommands(ReplSession session, Func<string, int> runFile, Func<string, int> open)
{
    private static readonly (string Name, string Usage, string Does)[] All =
    [
        (".code", ".code [query]", "the C# of a query, or of what ran last"),
        (".exit", ".exit", "ends (also Ctrl-D)"),
        (".explain", ".explain <query>", "the optimized plan of a query"),
        (".help", ".help", "this list"),
        (".mode", ".mode box|table|json|csv", "how rows are written"),
        (".open", ".open <folder>", "another project; what was defined here is dropped"),
        (".pager", ".pager on|off", "shows long results page by page"),
        (".plan", ".plan", "the plan of what ran last"),
        (".read", ".read <file>", "runs the statements and commands of a file"),
        (".save", ".save <file.lfsql>", "writes what was defined here"),
        (".schema", ".schema <table>", "the columns of a table, or of a 'file'"),
        (".tables", ".tables", "the tables that a query may name"),
        (".timing", ".timing on|off", "tells how long each statement took"),
    ];

    public static IEnumerable<string> Names => All.Select(c => c.Name);

    /// <summary>The words that a command may have behind it, if they are few; else null.</summary>
    public static string[]? ChoicesOf(string command) => Array.Find(All, c => c.Name == command).Usage?.Split(' ') is [_, var words] && words.Contains('|', StringComparison.Ordinal) ? words.Split('|') : null;

    /// <summary>True once <c>.exit</c> was typed.</summary>
    public bool IsDone { get; private set; }

    /// <param name="line">The whole line, the dot included.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Run(string line) => Door.Run(session.Terminal, "running a command of the prompt", () =>
    {
        var parts = line.Trim().TrimEnd(';').Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rest = parts.Length > 1 ? parts[1] : "";
        return Run(parts[0].ToLowerInvariant(), rest);
    });

    private int Run(string name, string rest)
    {
        var terminal = session.Terminal;
        switch (name)
        {
            case ".tables":
                var tables = session.Tables.Order().ToList();
                foreach (var table in tables) terminal.Out.WriteLine(ScreenText.Tame(table.ToString()));
                if (tables.Count == 0) terminal.Error.WriteLine("There are no tables yet. CREATE defines one; a query may also name files: FROM 'x.csv'.");
                return ExitCode.Done;
            case ".schema":
                return Schema(Needed(rest, name));
            case ".explain":
                return session.Explain(Needed(rest, name), code: false);
            case ".plan":
                return session.Explain("", code: false);
            case ".code":
                return session.Explain(rest, code: true);
            case ".pager":
                session.IsPaged = Switched(session.IsPaged, rest, name);
                terminal.Error.WriteLine($"The pager is {(session.IsPaged ? "on" : "off")}.");
                return ExitCode.Done;
            case ".timing":
                session.IsTimed = Switched(session.IsTimed, rest, name);
                terminal.Error.WriteLine($"Timing is {(session.IsTimed ? "on" : "off")}.");
                return ExitCode.Done;
            case ".mode":
                if (rest is not ("box" or "table" or "json" or "csv")) throw Incomplete(name, rest);
                session.Mode = rest;
                return ExitCode.Done;
            case ".open":
                return open(Path.GetFullPath(Unquoted(Needed(rest, name)), terminal.Folder));
            case ".read":
                return runFile(Unquoted(Needed(rest, name)));
            case ".save":
                return Save(Unquoted(Needed(rest, name)));
            case ".help":
                Help(terminal.Out);
                return ExitCode.Done;
            case ".exit" or ".quit":
                IsDone = true;
                return ExitCode.Done;
            default:
                throw new CommandStop(ExitCode.Usage, ToolErrors.UnknownPromptCommand(name, Nearest.To(name, Names)));
        }
    }

    private int Save(string path)
    {
        var file = Path.GetFullPath(path, session.Terminal.Folder);
        if (session.Definitions.Length == 0) throw new CommandStop(ExitCode.Usage, ToolErrors.NothingDefined());
        // What somebody wrote is not ours to lose.
        if (Path.Exists(file)) throw new CommandStop(ExitCode.Usage, ToolErrors.UnusableFile($"There is a file {path} already, and .save overwrites none.", "Choose another name."));
        if (!Directory.Exists(Path.GetDirectoryName(file))) throw new CommandStop(ExitCode.Usage, ToolErrors.UnusableFile($"There is no folder for the file {path}.", "Make the folder first."));
        using (var to = new StreamWriter(new FileStream(file, FileMode.CreateNew), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))) to.Write(session.Definitions);
        session.Terminal.Error.WriteLine($"Wrote {path}");
        return ExitCode.Done;
    }

    /// <summary>On, off, or without a word the other way round.</summary>
    private static bool Switched(bool isOn, string word, string command) => word switch
    {
        "on" => true,
        "off" => false,
        "" => !isOn,
        _ => throw Incomplete(command, word),
    };

    /// <summary>The columns of a table, or of a file in quotes.</summary>
    private int Schema(string wanted)
    {
        QualifiedName? table = wanted[0] == '\'' ? null : Table(wanted.Replace("`", "", StringComparison.Ordinal));
        var declared = table is { } named ? session.ColumnsOfUnfilled(named) : null;
        if ((declared?.Fields ?? ColumnsOf(table is { } t ? $"`{t.Catalog}`.`{t.Schema}`.`{t.Name}`" : wanted)) is not { } fields) return ExitCode.Usage;
        var names = fields.Select(f => ScreenText.Tame(f.Name)).ToList();
        var width = names.Select(n => ScreenText.Width(n)).DefaultIfEmpty(0).Max();
        foreach (var (field, name) in fields.Zip(names)) session.Terminal.Out.WriteLine($"{name}{new string(' ', width - ScreenText.Width(name))}  {ScreenText.Tame(field.Type.ToString()!)}{(field.Nullable ? "" : " NOT NULL")}");
        return ExitCode.Done;
    }

    /// <summary>The columns of what a query may name; null if it may not. A query that is not run knows those of views too.</summary>
    private ImmutableArray<Field>? ColumnsOf(string source)
    {
        var compiled = session.Open().CheckQuery("SELECT * FROM " + source);
        session.Terminal.Tell(compiled.Diagnostics.Where(d => d.IsError), compiled.Sources);
        return compiled.HasErrors ? null : [.. compiled.Result!.Graph.Flows[^1].Plan.Columns.Select(c => new Field(c.Name, c.Type, c.Nullable))];
    }

    private QualifiedName Table(string name)
    {
        var known = session.Tables.ToList();
        var found = known.Where(t => t.ToString().Equals(name, StringComparison.OrdinalIgnoreCase) || t.ToString().EndsWith("." + name, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count > 0
            ? found[0]
            : throw new CommandStop(ExitCode.Usage, ToolErrors.UnknownDataset(name, Nearest.To(name, known.Select(t => t.Name)), known.Select(t => t.Name)));
    }

    private static void Help(TextWriter to)
    {
        to.WriteLine("A query, or a pipeline statement, ends with ';'. CREATE ... defines here, REFRESH <table> fills it.");
        foreach (var (_, usage, does) in All) to.WriteLine($"  {usage,-26} {does}");
    }

    /// <summary>A path may stand in quotes, as in SQL, and begin at the user's folder, as in a shell.</summary>
    private static string Unquoted(string path) => Completion.AtHome(path.Length > 2 && path[0] is '\'' or '"' && path[^1] == path[0] ? path[1..^1] : path);

    private static string Needed(string text, string name) => text.Length > 0 ? text : throw Incomplete(name);

    private static CommandStop Incomplete(string name, string given = "") => new(ExitCode.Usage, ToolErrors.PromptUsage(All.First(c => c.Name == name).Usage, given));
}
