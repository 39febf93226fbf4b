using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Pipelines.Testing;

/// <summary>What a step of a test gave that was not expected.</summary>
/// <param name="Line">The step's line in its file.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Expected">Lines that were expected; empty where there is nothing to compare.</param>
/// <param name="Actual">Lines that came.</param>
public sealed record TestFailure(int Line, string Message, ImmutableArray<string> Expected, ImmutableArray<string> Actual);

/// <summary>Runs a pipeline test in a folder of its own. Each update opens the project anew, as a new process would.</summary>
public sealed class PipelineTestRun
{
    private readonly Project project;
    private readonly PipelineTest test;
    private readonly TimeProvider time;
    private readonly CancellationToken stop;
    private readonly List<TestFailure> failures = [];
    private readonly List<string[]?> filled = [];
    private Dictionary<QualifiedName, long> versionsBefore = [];

    private readonly Func<Project, Update, UpdateAnswer> update;

    private PipelineTestRun(Project project, PipelineTest test, TimeProvider time, Func<Project, Update, UpdateAnswer>? update, CancellationToken stop)
    {
        this.update = update ?? InProcess;
        this.project = project;
        this.test = test;
        this.time = time;
        this.stop = stop;
    }

    /// <summary>Runs a test to its end, or to the first step after which nothing later means anything.</summary>
    /// <param name="project">The project that the test is about; only read.</param>
    /// <param name="test">The test.</param>
    /// <param name="fill">True writes what came into the file as what is expected, instead of comparing.</param>
    /// <param name="time">The clock of the updates.</param>
    /// <param name="stop">Ends the run with <see cref="OperationCanceledException"/>.</param>
    /// <param name="update">Brings the tables of the project in the test's own folder up to date, if not this process does; it may look at them then.</param>
    /// <returns>What was not as expected; empty is a pass.</returns>
    public static ImmutableArray<TestFailure> Run(
        Project project, PipelineTest test, bool fill, TimeProvider time, CancellationToken stop, Func<Project, Update, UpdateAnswer>? update = null)
    {
        var run = new PipelineTestRun(project, test, time, update, stop);
        run.Steps(fill);
        if (fill && run.failures.Count == 0) test.Text.Fill(run.filled);
        return [.. run.failures];
    }

    private void Steps(bool fill)
    {
        var bag = new DiagnosticBag();
        var sources = project.LoadSources(bag);
        if (bag.HasErrors)
        {
            Fail(test.Steps[0], "the pipeline's files cannot be read", bag.ToImmutable().Select(d => d.ToString()));
            return;
        }

        using var folder = new TestFolder(project, sources);
        foreach (var step in test.Steps)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                if (!Step(folder, step, fill)) return;
            }
            catch (RuntimeError error)
            {
                Fail(step, error.ToDiagnostic().ToString());
                return;
            }
        }
    }

    /// <returns>False if what follows would only repeat the trouble.</returns>
    private bool Step(TestFolder folder, TestStep step, bool fill)
    {
        string[]? actual = null;
        switch (step)
        {
            case WriteFile file: folder.Write(file.Path, string.Join('\n', file.Block.Body) + "\n"); break;
            case CopyFile copy: folder.Copy(copy.From, copy.To); break;
            case RemoveFile remove: folder.Remove(remove.Path); break;
            case SetConfiguration set: folder.Set(set.Setting); break;
            case Update update:
                actual = Update(folder, update);
                if (actual is null) return false;
                break;
            case Query query: actual = Query(folder, query); break;
            case Changes changes: actual = Changes(folder, changes); break;
        }

        filled.Add(step.Block.Expected is null && step is Testing.Update ? null : actual);
        if (actual is null || fill || step.Block.Expected is not { } expected) return true;
        if (step is Testing.Update)
        {
            expected = [.. expected.Select(SingleSpaced)];
            actual = OnlyNamed(expected, actual);
        }

        if (step is Query { Sorted: true }) expected = [.. expected.Order(StringComparer.Ordinal)];
        if (!expected.SequenceEqual(actual)) failures.Add(new TestFailure(step.Block.Line, "the answer differs", [.. expected], [.. actual]));
        return true;
    }

    /// <returns>Null if it did not end as the step says.</returns>
    private string[]? Update(TestFolder folder, Update step)
    {
        versionsBefore = Versions(folder);
        var answer = update(folder.Project, step);
        return answer.Errors.IsEmpty && step.Error is null ? [.. answer.Flows] : Ended(step, answer.Errors);
    }

    private UpdateAnswer InProcess(Project folder, Update step) => UpdateAnswer.InProcess(folder, step, time, stop);

    /// <summary>Compares how an update failed with how it was to fail.</summary>
    private string[]? Ended(Update step, ImmutableArray<UpdateFailure> errors)
    {
        if (step.Error is not null && errors.Any(e => Is(e.Code, e.Class, step.Error))) return [];
        Fail(step, step.Error is null ? "the update failed" : $"the update was to fail with {step.Error}, and {(errors.IsEmpty ? "did not fail" : "failed otherwise")}", errors.Select(e => e.Text));
        return null;
    }

    /// <summary>Whether an error is the one meant: by code, by error class, or by the class without its subclass.</summary>
    private static bool Is(string code, string? errorClass, string wanted) =>
        code == wanted || errorClass == wanted || (errorClass?.StartsWith(wanted + ".", StringComparison.Ordinal) ?? false);

    /// <summary>The lines of the flows that the test has something to say of.</summary>
    private static string[] OnlyNamed(string[] expected, string[] actual) =>
        [.. expected.Select(e => Array.Find(actual, a => First(a) == First(e)) ?? $"{First(e)}  (no such flow)")];

    /// <summary>A line of an update without the blanks that align it with others.</summary>
    private static string SingleSpaced(string line) => string.Join("  ", line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string First(string line) => line.Split("  ", 2)[0];

    private string[] Query(TestFolder folder, Query step)
    {
        var session = Session.Of(folder.Project);
        var compiled = session.PrepareQuery(step.Block.Text);
        if (compiled.HasErrors) return Failed(step, compiled.Diagnostics.Where(d => d.IsError).Select(d => (d.Code, (string?)null, d.ToString())));
        try
        {
            using var rows = session.Query(compiled, time, long.MaxValue, stop);
            if (step.Error is not null) return Failed(step, []);
            var lines = RowLine.Of(rows.Columns, rows.Batches, session.Zone);
            return [.. step.Sorted ? lines.Order(StringComparer.Ordinal) : lines];
        }
        catch (RuntimeError error)
        {
            return Failed(step, [(error.Code, error.ErrorClass, error.ToDiagnostic().ToString())]);
        }
    }

    private string[] Failed(Query step, IEnumerable<(string Code, string? Class, string Text)> errors)
    {
        var all = errors.ToList();
        if (step.Error is null || !all.Exists(e => Is(e.Code, e.Class, step.Error)))
        {
            Fail(step, step.Error is null ? "the query failed" : $"the query was to fail with {step.Error}, and {(all.Count == 0 ? "did not" : "failed otherwise")}", all.Select(e => e.Text));
        }

        return step.Block.Expected ?? [];
    }

    /// <summary>Rows before and after the last update, compared as bags.</summary>
    private string[] Changes(TestFolder folder, Changes step)
    {
        var tables = LakehouseTables.List(folder.Project.Settings.Lakehouse).Where(t => t.Name.Equals(step.Table, StringComparison.OrdinalIgnoreCase)).ToList();
        if (tables.Count == 0) throw TestErrors.NoSuchTable(step.Table);
        var table = tables[0];
        var store = folder.Project.OpenLakehouse().Table(table);
        var zone = Session.Of(folder.Project).Zone;
        var before = versionsBefore.TryGetValue(table, out var version) ? Rows(Snapshot.Open(store, version), zone) : [];
        var after = Rows(Snapshot.Open(store), zone);
        var counts = after.Select(r => (Row: r, By: 1)).Concat(before.Select(r => (Row: r, By: -1))).GroupBy(r => r.Row, r => r.By).Select(g => (Row: g.Key, By: g.Sum()));
        return [.. counts.Where(c => c.By != 0).OrderBy(c => c.Row, StringComparer.Ordinal).SelectMany(c => Enumerable.Repeat($"{(c.By < 0 ? '-' : '+')} {c.Row}", Math.Abs(c.By)))];
    }

    private static List<string> Rows(Snapshot snapshot, SessionZone zone)
    {
        using var scan = new DeltaScan(snapshot);
        using var reader = scan.Open(0, 1);
        var rows = new List<string>();
        while (reader.Read() is { } batch)
        {
            using (batch) rows.AddRange(RowLine.Of(snapshot.Schema, [batch], zone));
        }

        return rows;
    }

    private static Dictionary<QualifiedName, long> Versions(TestFolder folder)
    {
        var lakehouse = folder.Project.OpenLakehouse();
        return LakehouseTables.List(folder.Project.Settings.Lakehouse).ToDictionary(t => t, t => Snapshot.Open(lakehouse.Table(t)).Version);
    }

    private void Fail(TestStep step, string message, IEnumerable<string>? details = null) =>
        failures.Add(new TestFailure(step.Block.Line, message, [], [.. details ?? []]));
}
