using System.CommandLine;
using System.Globalization;
using Lakeflow.Pipelines;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Cli.Commands;

/// <summary><c>lakeflow test [project]</c>: runs the project's <c>.test</c> files, each in a folder and a lakehouse of its own.</summary>
internal static class TestCommand
{
    public static Command Make(Terminal terminal, ProjectOptions projects)
    {
        var project = new Argument<string?>("project") { Description = "The project's folder", Arity = ArgumentArity.ZeroOrOne };
        var only = new Option<string>("--only") { Description = "Run the tests whose file or name contains this", HelpName = "TEXT" };
        var fill = new Option<bool>("--fill") { Description = "Write what comes into the files as what is expected; read the difference before you commit it" };
        var command = new Command("test", "Run the project's tests (*.test files), each with files and tables of its own") { project, only, fill };
        command.SetAction(parsed => Door.Run(projects.Terminal, "testing the pipeline",
            () => Run(projects.Terminal, projects.Open(parsed, parsed.GetValue(project)), parsed.GetValue(only), parsed.GetValue(fill))));
        return command;
    }

    private static int Run(Terminal terminal, Project project, string? only, bool fill)
    {
        var bag = new DiagnosticBag();
        var tests = PipelineTest.Find(project, bag);
        if (bag.HasErrors) throw new CommandStop(ExitCode.Usage, bag.ToImmutable());
        if (tests.IsEmpty) throw new CommandStop(ExitCode.Usage, ToolErrors.NothingToRead("test (*.test)", "docs/how-to/test-a-pipeline.md shows how to write one."));
        var chosen = tests.Where(t => only is null || Shown(project, t).Contains(only, StringComparison.OrdinalIgnoreCase) || t.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
        if (chosen.Count == 0) throw new CommandStop(ExitCode.Usage, ToolErrors.UnknownTest(only!, tests.Select(t => t.Name)));
        var failed = 0;
        foreach (var test in chosen)
        {
            var start = terminal.Time.GetTimestamp();
            var failures = PipelineTestRun.Run(project, test, fill, terminal.Time, terminal.Stop);
            var seconds = terminal.Time.GetElapsedTime(start).TotalSeconds;
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(failures.IsEmpty ? fill ? "filled" : "passed" : "FAILED")}  {test.Name} ({seconds:0.0} s)"));
            foreach (var failure in failures) Write(terminal.Out, Shown(project, test), failure);
            failed += failures.IsEmpty ? 0 : 1;
        }

        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chosen.Count - failed} passed, {failed} failed"));
        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Shown(Project project, PipelineTest test) => Path.GetRelativePath(project.Root, test.Path).Replace('\\', '/');

    /// <summary>Where it failed, and the lines that differ: <c>-</c> was expected, <c>+</c> came.</summary>
    private static void Write(TextWriter to, string file, TestFailure failure)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {file}({failure.Line}): {failure.Message}"));
        if (failure.Expected.IsEmpty)
        {
            foreach (var line in failure.Actual) to.WriteLine($"    {line}");
            return;
        }

        foreach (var line in failure.Expected.Except(failure.Actual)) to.WriteLine($"    - {line}");
        foreach (var line in failure.Actual.Except(failure.Expected)) to.WriteLine($"    + {line}");
        if (failure.Expected.Order().SequenceEqual(failure.Actual.Order())) to.WriteLine("    the same rows in another order (query rowsort compares without order)");
    }
}
