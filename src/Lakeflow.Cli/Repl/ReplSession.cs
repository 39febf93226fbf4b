using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Cli.Commands;
using Lakeflow.Cli.Output;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Cli.Repl;

/// <summary>What a prompt remembers, and what it does with a statement: queries run, definitions are checked and kept, REFRESH fills their tables.</summary>
internal sealed class ReplSession : IDisposable
{
    private static readonly string[] QueryWords = ["SELECT", "WITH", "FROM", "VALUES", "TABLE", "MAP", "REDUCE"];

    /// <summary>A pipeline without tables yet, a table without a flow yet: no mistakes while it is being typed; REFRESH tells them.</summary>
    private static readonly string[] Unfinished = ["LF3018", "LF3004"];

    private readonly Project? project;
    private readonly Lazy<OwnFolder> scratch = new(() => OwnFolder.MakeTemporary("repl"));
    private ImmutableArray<Definition> definitions = [];
    private ImmutableArray<QualifiedName> names = [];
    private ImmutableArray<QualifiedName> tables = [];

    /// <summary>Tables that were defined again since they were filled.</summary>
    private ImmutableHashSet<QualifiedName> stale = [];

    /// <summary>What made the code that ran last.</summary>
    private Func<CompiledSources>? last;

    public ReplSession(Terminal terminal, Project? project)
    {
        Terminal = terminal;
        this.project = project;
    }

    /// <summary>Where results go, as wide as it is now.</summary>
    public Terminal Terminal { get; set; }

    /// <summary><c>box</c>, <c>table</c>, <c>json</c> or <c>csv</c>.</summary>
    public string Mode { get; set; } = "box";

    /// <summary>True tells how long each statement took.</summary>
    public bool IsTimed { get; set; }

    /// <summary>Who can be asked how much more of a long result is wanted; null where there is nobody.</summary>
    public Person? Person { get; init; }

    /// <summary>True shows long results page by page.</summary>
    public bool IsPaged { get; set; } = true;

    /// <summary>What was defined, as it would stand in a file.</summary>
    public string Definitions => string.Concat(definitions.Select(d => d.Text + ";\n\n"));

    /// <summary>The tables that a query may name.</summary>
    public IEnumerable<QualifiedName> Tables => Open().Catalog.Tables.Concat(names).Distinct();

    /// <summary>Names of columns of those tables, for completion.</summary>
    public IEnumerable<string> Columns()
    {
        var catalog = Open().Catalog;
        return catalog.Tables.SelectMany(t => catalog.FindTable(t)?.Fields.Select(f => f.Name) ?? []).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The columns of what FROM names, a table, a view or a file in quotes; none where there is no such thing.</summary>
    public IEnumerable<string> ColumnsOf(string source)
    {
        var compiled = Open().CheckQuery("SELECT * FROM " + source);
        if (!compiled.HasErrors) return compiled.Result!.Graph.Flows[^1].Plan.Columns.Select(c => c.Name);
        return Unfilled.FirstOrDefault(t => IsMeant(t, source)) is { Name.Length: > 0 } table ? ColumnsOfUnfilled(table)!.Fields.Select(f => f.Name) : [];
    }

    /// <summary>A session over what is there now.</summary>
    public Session Open() => Session.Live(project, Terminal.Folder, new LiveDefinitions(scratch.Value.Path, TextsOf(definitions), names));

    /// <summary>Runs one statement; what goes wrong is told, and is no reason to end.</summary>
    /// <param name="statement">As written, without its semicolon.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Run(string statement)
    {
        var words = Words(statement);
        if (words.Length == 0) return ExitCode.Done;
        var started = Stopwatch.GetTimestamp();
        var exit = Terminal.Interrupts.Run(stop =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, Terminal.Stop);
            var terminal = Terminal with { Stop = either.Token };
            return Door.Run(terminal, "running the statement", () => words[0] switch
            {
                "REFRESH" => Refresh(terminal, words),
                "DROP" => Drop(terminal, words),
                "EXPLAIN" => Explain(terminal, Open().CheckQuery(Behind(statement, "EXPLAIN")), code: false),
                _ when words[0].Length == 0 || QueryWords.Contains(words[0]) => Query(terminal, statement),
                _ => Define(terminal, statement),
            });
        });
        if (IsTimed) Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.000} s"));
        return exit;
    }

    /// <summary>Shows the plan of a query, or the C# that runs it.</summary>
    /// <param name="query">The query; empty for what ran last, a query or a REFRESH.</param>
    /// <param name="code">True for the C#.</param>
    public int Explain(string query, bool code) => Explain(Terminal, query.Length > 0 ? Open().CheckQuery(query) : last?.Invoke() ?? throw new CommandStop(ExitCode.Usage, ToolErrors.NothingRan()), code);

    private static int Explain(Terminal terminal, CompiledSources compiled, bool code)
    {
        terminal.Tell(compiled.Diagnostics.Where(d => d.IsError), compiled.Sources);
        if (compiled.HasErrors) return ExitCode.Usage;
        foreach (var text in code ? compiled.Code.Select(c => c.Text) : compiled.Result!.Improved!.Flows.Select(f => Compiler.Plans.PlanText.Of(f.Plan))) terminal.Out.WriteLine(text);
        return ExitCode.Done;
    }

    public void Dispose()
    {
        if (scratch.IsValueCreated) scratch.Value.Dispose();
    }

    private int Query(Terminal terminal, string sql)
    {
        var session = Open();
        last = () => session.CheckQuery(sql);
        using var progress = new Progress(terminal);
        var prepared = session.PrepareQuery(sql, () => Person?.WarmUp.Begin(isIdle: false));
        if (prepared.Diagnostics.Any(d => d.Severity != Severity.Info))
        {
            progress.Hide();
            terminal.Tell(prepared.Diagnostics.Where(d => d.Severity != Severity.Info), prepared.Sources);
            progress.Wait();
        }

        if (prepared.HasErrors)
        {
            foreach (var table in Unfilled.Where(t => prepared.Diagnostics.Any(d => d.Code == "LF2002" && IsMeant(t, d.Message.Split('\'')[1]))))
            {
                terminal.Error.WriteLine($"{table} is defined, and empty until 'REFRESH {table.Name}' fills it.");
            }

            SqlCommand.TellUnmade(terminal, session, prepared);
            return ExitCode.Usage;
        }

        try
        {
            switch (Mode)
            {
                case "box":
                    var box = new BoxRows(terminal, session.Zone, IsPaged ? Person?.Pager : null, progress);
                    box.End(session.Query(prepared, terminal.Time, box.Write, box.MostRows, progress.Watch, terminal.Stop));
                    break;
                case "table":
                    using (var result = session.Query(prepared, terminal.Time, RowWriter.MostRows, terminal.Stop))
                    {
                        progress.Hide();
                        RowWriter.Write(terminal, result, Mode, session.Zone);
                    }

                    break;
                default:
                    terminal.WriteRows(to => WriteAll(terminal, session, prepared, progress, to));
                    break;
            }

            return ExitCode.Done;
        }
        catch (ClosedPipe)
        {
            // Whoever reads has what it wanted.
            return ExitCode.Done;
        }
        catch (RuntimeError error) when (!error.At.IsNone)
        {
            progress.Hide();
            terminal.Tell([error.ToDiagnostic()], prepared.Sources);
            return ExitCode.Failed;
        }
    }

    /// <summary>Writes all rows of a query as they come.</summary>
    private void WriteAll(Terminal terminal, Session session, PreparedPipeline prepared, Progress progress, TextWriter to)
    {
        var isBegun = false;
        var end = session.Query(prepared, terminal.Time, Write, long.MaxValue, progress.Watch, terminal.Stop);
        Begin(end.Columns);

        void Begin(Schema columns)
        {
            progress.Hide();
            if (!isBegun) RowWriter.Begin(to, columns, Mode);
            isBegun = true;
        }

        bool Write(RecordBatch batch)
        {
            Begin(batch.Schema);
            RowWriter.Write(to, batch, Mode, session.Zone);
            return true;
        }
    }

    /// <summary>Keeps a definition if all of them together are right; a second one of the same dataset takes the place of the first.</summary>
    private int Define(Terminal terminal, string statement)
    {
        var text = statement.Trim();
        var alone = Session.Live(project, Terminal.Folder, new LiveDefinitions(scratch.Value.Path, [new SourceText("", text)], [])).Check();
        ImmutableHashSet<QualifiedName> own = [.. alone.Result?.Graph.Datasets.Where(d => d.Info.Origin.File.Length == 0).Select(d => d.Name) ?? []];
        var flows = FlowsOf(text);
        var others = definitions.RemoveAll(d => d.Names.Overlaps(own) || d.Flows.Overlaps(flows));
        var live = new LiveDefinitions(scratch.Value.Path, TextsOf(others).Add(new SourceText("", text)), [.. names.Union(own)]);
        var compiled = Session.Live(project, Terminal.Folder, live).Check();
        var found = compiled.Diagnostics.Where(d => d.Severity != Severity.Info && !Unfinished.Contains(d.Code)).ToList();
        terminal.Tell(found, compiled.Sources);
        if (found.Exists(d => d.IsError)) return ExitCode.Usage;
        stale = stale.Union(definitions.Except(others).SelectMany(d => d.Names));
        definitions = others.Add(new Definition(text, own, flows));
        names = [.. compiled.Result!.Graph.Datasets.Select(d => d.Name)];
        tables = [.. compiled.Result.Graph.Datasets.Where(d => d.ViewPlan is null).Select(d => d.Name)];
        var filled = tables.Where(own.Contains).Select(t => $" 'REFRESH {t.Name}' fills it.");
        terminal.Error.WriteLine(own.IsEmpty ? "Kept." : $"Defined {string.Join(", ", own)}.{string.Concat(filled)}");
        return ExitCode.Done;
    }

    /// <summary>Forgets a definition, and its table's rows, if all that is left is right without it.</summary>
    private int Drop(Terminal terminal, string[] words)
    {
        string[] filler = ["TABLE", "STREAMING", "MATERIALIZED", "VIEW", "TEMPORARY", "FLOW", "IF", "EXISTS"];
        var wanted = words.Skip(1).Where(w => !filler.Contains(w.ToUpperInvariant())).Select(w => w.Replace("`", "", StringComparison.Ordinal)).ToList();
        if (wanted is not [var name]) throw new CommandStop(ExitCode.Usage, ToolErrors.PromptUsage("DROP TABLE|VIEW|FLOW <name>", wanted.Count == 0 ? "" : wanted[^1]));
        var others = definitions.RemoveAll(d => d.Flows.Contains(name) || d.Names.Any(n => IsMeant(n, name)));
        var gone = definitions.Except(others).SelectMany(d => d.Names).ToHashSet();
        if (others.Length == definitions.Length)
        {
            if (words.Contains("EXISTS", StringComparer.OrdinalIgnoreCase)) return ExitCode.Done;
            throw new CommandStop(ExitCode.Usage, ToolErrors.NotDefinedHere(name, names.Select(n => n.Name).Order(StringComparer.Ordinal)));
        }

        // While its rows lie where it was, what reads it still finds a table.
        var rows = gone.Select(FolderOf).Where(Directory.Exists).ToList();
        var aside = Directory.CreateDirectory(Path.Combine(scratch.Value.Path, "_dropped")).FullName;
        foreach (var folder in rows) Directory.Move(folder, Path.Combine(aside, Path.GetFileName(folder)));
        var compiled = Session.Live(project, Terminal.Folder, new LiveDefinitions(scratch.Value.Path, TextsOf(others), names.RemoveAll(gone.Contains))).Check();
        var found = compiled.Diagnostics.Where(d => d.IsError && !Unfinished.Contains(d.Code)).ToList();
        if (found.Count > 0)
        {
            foreach (var folder in rows) Directory.Move(Path.Combine(aside, Path.GetFileName(folder)), folder);
            terminal.Tell(found, compiled.Sources);
            return ExitCode.Usage;
        }

        Directory.Delete(aside, recursive: true);
        // Who comes to have the name reads its sources from the start.
        stale = stale.Union(gone);
        (definitions, names, tables) = (others, names.RemoveAll(gone.Contains), tables.RemoveAll(gone.Contains));
        terminal.Error.WriteLine(gone.Count == 0 ? "Dropped." : $"Dropped {string.Join(", ", gone)}.");
        return ExitCode.Done;
    }

    /// <summary>Fills tables that were defined. Those that they read come first if they never ran.</summary>
    private int Refresh(Terminal terminal, string[] words)
    {
        string[] filler = ["TABLE", "STREAMING", "MATERIALIZED", "VIEW", "ALL", "FULL"];
        var isFull = words[^1].Equals("FULL", StringComparison.OrdinalIgnoreCase);
        var wanted = words.Skip(1).Where(w => !filler.Contains(w.ToUpperInvariant())).Select(w => w.Replace("`", "", StringComparison.Ordinal)).ToList();
        if (names.IsEmpty) throw new CommandStop(ExitCode.Usage, ToolErrors.NothingDefined());
        var session = Open();
        // What was defined again is filled from the start: its old rows are another table's.
        var again = stale.Where(n => tables.Contains(n) && (wanted.Count == 0 || wanted.Exists(w => IsMeant(n, w)))).ToList();
        var never = Unfilled.ToList();
        last = () => session.Check(toCode: true);
        using var progress = new Progress(terminal);
        var prepared = session.Prepare();
        if (prepared.HasErrors) progress.Hide();
        terminal.Tell(prepared.Diagnostics.Where(d => d.IsError), prepared.Sources);
        if (prepared.HasErrors) return ExitCode.Usage;
        // Each table is named once; none named is all.
        var others = wanted.Count == 0
            ? again.Count == 0 || isFull ? [] : tables.Except(again).Select(n => n.ToString())
            : wanted.Where(w => !isFull && !again.Exists(n => IsMeant(n, w))).Concat(never.Where(n => !wanted.Exists(w => IsMeant(n, w))).Select(n => n.ToString()));
        var options = new UpdateOptions
        {
            Refresh = [.. others],
            FullRefresh = isFull ? [.. wanted] : [.. again.Select(n => n.ToString())],
            FullRefreshAll = isFull && wanted.Count == 0,
            LoseRows = true,
        };
        var result = session.Run(prepared, options, progress, terminal.Time, terminal.Stop);
        progress.Hide();
        if (result.State == UpdateState.Completed) stale = stale.Except(again);
        // Whoever names a table does not want to hear of the others.
        Summary.WriteChanges(terminal, session, result with { Flows = result.Flows.RemoveAll(f => f.State == FlowState.Excluded) });
        RunCommand.Report(terminal, prepared, result);
        return result.State switch
        {
            UpdateState.Completed => ExitCode.Done,
            UpdateState.Canceled => ExitCode.Stopped,
            _ => ExitCode.Failed,
        };
    }

    /// <summary>The columns of a table that was defined and never refreshed; null for any other.</summary>
    public Schema? ColumnsOfUnfilled(QualifiedName table) =>
        Unfilled.Contains(table) ? Open().Check().Result?.Graph.Datasets.First(d => d.Name == table).Info.Columns : null;

    /// <summary>Tables that were defined and never refreshed.</summary>
    private IEnumerable<QualifiedName> Unfilled => tables.Where(n => !Directory.Exists(FolderOf(n)));

    private string FolderOf(QualifiedName table) => Path.Combine([scratch.Value.Path, .. Lakehouse.PathOf(table).Split('/')]);

    private static bool IsMeant(QualifiedName table, string written) =>
        table.ToString().Equals(written, StringComparison.OrdinalIgnoreCase) || table.ToString().EndsWith("." + written, StringComparison.OrdinalIgnoreCase);

    private static string Behind(string statement, string word) => statement[(statement.IndexOf(word, StringComparison.OrdinalIgnoreCase) + word.Length)..];

    /// <summary>The texts as sources, numbered: a mistake names the statement, and what is typed last has no number.</summary>
    private static ImmutableArray<SourceText> TextsOf(ImmutableArray<Definition> definitions) =>
        [.. definitions.Select((d, i) => new SourceText(string.Create(CultureInfo.InvariantCulture, $"[{i + 1}]"), d.Text))];

    /// <summary>The words of a statement without comment lines; the first, which says what it is, in upper case and without what clings to it.</summary>
    private static string[] Words(string statement)
    {
        var lines = statement.Split('\n').Where(l => !l.TrimStart().StartsWith("--", StringComparison.Ordinal));
        var words = string.Join(' ', lines).Split([' ', '\t', '\r', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0) words[0] = new string([.. words[0].TakeWhile(char.IsLetter)]).ToUpperInvariant();
        return words;
    }

    /// <summary>The flows that a statement names, by which a second one finds the first.</summary>
    private static ImmutableHashSet<string> FlowsOf(string text) => Parser
        .ParseScript(new SourceText("", text), ParseOptions.Default, new DiagnosticBag())
        .Statements.OfType<CreateFlowSyntax>().Select(f => (f.Name ?? f.Target).Last.Text).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A statement that was kept, and the datasets and flows that it declares.</summary>
    private sealed record Definition(string Text, ImmutableHashSet<QualifiedName> Names, ImmutableHashSet<string> Flows);
}
