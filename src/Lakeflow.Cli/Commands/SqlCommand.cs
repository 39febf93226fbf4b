using System.CommandLine;
using Lakeflow.Cli.Output;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow sql "SELECT …"</c>: a query over the project's tables, or over plain files without a project.</summary>
internal static class SqlCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var query = new Argument<string?>("query") { Description = "The query", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string>("--file", "-f") { Description = "Read the query from a file", HelpName = "FILE" };
        var output = RowWriter.Option();
        var command = new Command("sql", "Run a query over tables of the project, or over files: SELECT * FROM 'x.parquet'") { query, file, output };
        command.SetAction(parsed => Door.Run(projects.Terminal, "running the query", () =>
        {
            var text = parsed.GetValue(query);
            if (parsed.GetValue(file) is { } path) text = TextFile.Read(path, projects.Terminal.Folder);
            if (string.IsNullOrWhiteSpace(text)) throw new CommandStop(ExitCode.Usage, ToolErrors.Usage("There is no query.", "sql"));
            return Run(projects.Terminal, projects.OpenIfAny(parsed), projects.Sets(parsed), text, parsed.GetValue(output)!);
        }));
        return command;
    }

    private static int Run(Terminal terminal, Project? project, IReadOnlyDictionary<string, string> sets, string sql, string output)
    {
        var session = project is null ? Session.WithoutProject(terminal.Folder, sets) : Session.Of(project);
        var prepared = session.PrepareQuery(sql);
        terminal.Tell(prepared.Diagnostics.Where(d => d.Severity != Severity.Info), prepared.Sources);
        if (prepared.HasErrors)
        {
            TellUnmade(terminal, session, prepared);
            return ExitCode.Usage;
        }

        try
        {
            if (output == "table")
            {
                using var result = session.Query(prepared, terminal.Time, RowWriter.MostRows, terminal.Stop);
                RowWriter.Write(terminal, result, output, session.Zone);
                return ExitCode.Done;
            }

            terminal.WriteRows(to => session.Stream(
                prepared, columns => RowWriter.Begin(to, columns, output), rows => RowWriter.Write(to, rows, output, session.Zone), terminal.Time, terminal.Stop));
            return ExitCode.Done;
        }
        catch (ClosedPipe)
        {
            // Whoever reads has what it wanted: head, grep -m, a pager that was left.
            return ExitCode.Done;
        }
        catch (RuntimeError error) when (!error.At.IsNone)
        {
            terminal.Tell([error.ToDiagnostic()], prepared.Sources);
            return ExitCode.Failed;
        }
    }

    /// <summary>A table that the project declares and no run has made is missed like any other; this says what to do.</summary>
    internal static void TellUnmade(Terminal terminal, Session session, PreparedPipeline prepared)
    {
        foreach (var table in session.Unmade(prepared)) terminal.Error.WriteLine($"The project declares {ScreenText.Tame(table)}, and no run has made it yet: 'lakeflow run' does.");
    }
}
