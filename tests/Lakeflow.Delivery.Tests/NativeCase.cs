using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Pipelines;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Delivery.Tests;

/// <summary>A pipeline test that was run in this process, and the C# of each of its updates: what a binary needs to do the same.</summary>
internal sealed partial class NativeCase
{
    private readonly Project project;
    private readonly PipelineTest test;
    private readonly List<(string? Pipeline, SortedDictionary<string, List<string>> Tables)> updates = [];

    private NativeCase(Project project, PipelineTest test)
    {
        this.project = project;
        this.test = test;
    }

    /// <summary>The test's file, below the checkout.</summary>
    public string Name => Path.GetRelativePath(Checkout.Root, test.Path).Replace('\\', '/');

    /// <summary>Updates whose text the compiler refuses; all others the binary does.</summary>
    public int Refused => updates.Count(u => u.Pipeline is null);

    /// <summary>All tests of the folders with pipelines, each run once.</summary>
    /// <param name="pipelines">Takes the C# of all pipelines, by a name that is the same for the same text and settings.</param>
    public static ImmutableArray<NativeCase> RunAll(SortedDictionary<string, ImmutableArray<GeneratedFile>> pipelines)
    {
        var cases = ImmutableArray.CreateBuilder<NativeCase>();
        foreach (var folder in new[] { "tests/pipelines", "docs/examples" }.SelectMany(f => Directory.EnumerateDirectories(Path.Combine(Checkout.Root, f))).Order(StringComparer.Ordinal))
        {
            var bag = new DiagnosticBag();
            if (Project.Open(folder, null, [], bag) is not { } project || project.Root != folder) continue;
            foreach (var test in PipelineTest.Find(project, bag))
            {
                var one = new NativeCase(project, test);
                one.Record(pipelines);
                cases.Add(one);
            }
        }

        return cases.ToImmutable();
    }

    /// <summary>The test again, each update by the binary; all that is not as the test says, or not as it was in this process.</summary>
    /// <param name="binary">The executable of all pipelines; its first word chooses one.</param>
    public ImmutableArray<string> Again(string binary)
    {
        var (next, different) = (0, new List<string>());
        var failures = PipelineTestRun.Run(project, test, fill: false, TimeProvider.System, default, (folder, step) =>
        {
            var (pipeline, expected) = updates[next++];
            var answer = pipeline is null ? UpdateAnswer.InProcess(folder, step, TimeProvider.System, default) : Update(binary, pipeline, folder, step);
            var tables = TableRows.Of(folder);
            different.AddRange(tables.Keys.Union(expected.Keys)
                .Where(t => !(tables.TryGetValue(t, out var native) && expected.TryGetValue(t, out var own) && native.SequenceEqual(own)))
                .Select(t => $"{Name}({step.Block.Line}): {t} has other rows than in process"));
            return answer;
        });
        return [.. failures.Select(f => $"{Name}({f.Line}): {f.Message}: {string.Join(" / ", f.Actual)}"), .. different];
    }

    /// <summary>Keeps a pipeline's C#, in a namespace of its own.</summary>
    /// <returns>Its name among all.</returns>
    public static string Keep(SortedDictionary<string, ImmutableArray<GeneratedFile>> pipelines, Project project, CompiledSources compiled)
    {
        var host = project.HostIn("x", compiled) with { Explanations = [] };
        var hash = PlanCache.KeyOf([.. compiled.Code.Select(c => c.Text), host.TimeZone, .. host.Configuration.Select(c => $"{c.Key}={c.Value}"), .. host.Mounts.Select(m => m.Prefix)]);
        var name = $"{CSharpName.Pascal(project.Settings.Name)}_{hash[..8]}";
        if (pipelines.ContainsKey(name)) return name;
        var space = "Lakeflow.Generated." + CSharpName.Pascal(project.Settings.Name);
        pipelines[name] =
        [
            .. compiled.Code.Append(HostEmitter.Emit(compiled.Physical!, host with { Namespace = "Cases." + name }))
                .Select(c => c with { Text = Regex.Replace(c.Text, Regex.Escape(space) + @"(?=[.;])", space + "." + name) }),
        ];
        return name;
    }

    private void Record(SortedDictionary<string, ImmutableArray<GeneratedFile>> pipelines)
    {
        var failures = PipelineTestRun.Run(project, test, fill: false, TimeProvider.System, default, (folder, step) =>
        {
            var compiled = Session.Of(folder, cache: null).Check(toCode: true);
            var pipeline = compiled.HasErrors ? null : Keep(pipelines, folder, compiled);
            var answer = UpdateAnswer.InProcess(folder, step, TimeProvider.System, default);
            updates.Add((pipeline, TableRows.Of(folder)));
            return answer;
        });
        if (failures.Length > 0) throw new InvalidOperationException($"{Name}({failures[0].Line}): {failures[0].Message}");
    }

    private static UpdateAnswer Update(string binary, string pipeline, Project project, Update step)
    {
        List<string> words =
        [
            "case", pipeline, "run", "--output", "json", "--retries", "0", "--root", project.Root, "--lakehouse", project.Settings.Lakehouse,
            .. project.Settings.Mounts.SelectMany(m => new[] { "--mount", $"{m.Prefix}={m.Folder}" }),
        ];
        if (step.FullRefreshAll) words.Add("--full-refresh-all");
        if (step.LoseRows) words.Add("--yes");
        foreach (var (option, names) in new[] { ("--refresh", step.Refresh), ("--full-refresh", step.FullRefresh), ("--reset-flow", step.ResetFlows) })
        {
            if (!names.IsEmpty) words.AddRange([option, string.Join(',', names)]);
        }

        var (exit, output, error) = Tool.Run(project.Root, binary, [.. words]);
        ImmutableArray<UpdateFailure> failures =
            [.. Failure.Matches(error).Select(m => new UpdateFailure(m.Groups["code"].Value, m.Groups["class"].Success ? m.Groups["class"].Value : null, m.Value))];
        Assert.True(exit == 0 == failures.IsEmpty && !error.Contains("LF0001", StringComparison.Ordinal), $"exit {exit}\n{error}");
        var last = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var told = JsonDocument.Parse(line).RootElement;
            if (told.GetProperty("event").GetString() == "flow_progress") last[told.GetProperty("flow").GetString()!] = told;
        }

        return new([.. last.Select(f => Line(f.Key, f.Value))], failures);
    }

    private static string Line(string flow, JsonElement told)
    {
        long Count(string name) => told.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
        return UpdateAnswer.Line(flow, told.GetProperty("state").GetString()!,
        [
            ("read", Count("read")), ("written", Count("written")), ("upserted", Count("upserted")), ("deleted", Count("deleted")), ("dropped", Count("dropped")),
            ("failed", told.GetProperty("expectations").EnumerateArray().Sum(e => e.GetProperty("failed").GetInt64())), ("malformed", Count("skipped")), ("late", Count("late")),
        ]);
    }

    [GeneratedRegex(@"error (?<code>LF\d{4}): (\[(?<class>[A-Z_.]+)\] )?.*")]
    private static partial Regex Failure { get; }
}
