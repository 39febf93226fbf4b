using System.Runtime.CompilerServices;
using Lakeflow.Pipelines.Testing;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests;

/// <summary>Runs every <c>.test</c> file of <c>tests/pipelines</c> and of the examples, as <c>lakeflow test</c> does.</summary>
public sealed class PipelineCaseTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var project in new[] { "tests/pipelines", "docs/examples" }.SelectMany(f => Directory.EnumerateDirectories(Path.Combine(Root(), f))))
        {
            // An example may be a C# solution, whose pipeline lies deeper and has no tests of this kind.
            if (!File.Exists(Path.Combine(project, "lakeflow.yml"))) continue;
            var opened = Open(project);
            foreach (var test in PipelineTest.Find(opened, new DiagnosticBag()))
            {
                cases.Add(Path.GetRelativePath(Root(), project).Replace('\\', '/'), Path.GetRelativePath(opened.Root, test.Path).Replace('\\', '/'));
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pipeline_does_what_its_test_says(string project, string file)
    {
        var opened = Open(Path.Combine(Root(), project));
        var bag = new DiagnosticBag();
        var test = PipelineTest.Read(Path.Combine(opened.Root, file), file, bag);
        Assert.False(bag.HasErrors, string.Join('\n', bag.ToImmutable()));

        var failures = PipelineTestRun.Run(opened, test, fill: false, TimeProvider.System, default);

        Assert.True(failures.IsEmpty, string.Join('\n', failures.Select(f => $"{file}({f.Line}): {f.Message}\n{string.Join('\n', f.Actual)}")));
    }

    [Fact]
    public void A_step_that_nobody_understands_is_refused_at_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
        var path = Path.Combine(folder, "odd.test");
        File.WriteAllText(path, "# name: odd\n\nupdate --everything\n\nwait 5\n");
        var bag = new DiagnosticBag();

        PipelineTest.Read(path, "odd.test", bag);

        Assert.Equal(["LF0040 3", "LF0040 5"], bag.ToImmutable().Select(d => $"{d.Code} {d.At.Line}"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Another_answer_than_the_expected_one_is_a_failure_that_shows_both()
    {
        var failures = Tried("query\nSELECT 1\n----\n2\n");

        var failure = Assert.Single(failures);
        Assert.Equal((1, "2", "1"), (failure.Line, failure.Expected.Single(), failure.Actual.Single()));
    }

    [Fact]
    public void A_file_outside_of_the_tests_folder_is_never_written()
    {
        var outside = Path.Combine(Path.GetTempPath(), "lakeflow-outside.csv");
        var failures = Tried($"file {outside}\na\n");

        Assert.Contains("LF0041", Assert.Single(failures).Message);
        Assert.False(File.Exists(outside));
    }

    private static System.Collections.Immutable.ImmutableArray<TestFailure> Tried(string text)
    {
        var folder = Directory.CreateTempSubdirectory("lakeflow").FullName;
        try
        {
            var path = Path.Combine(folder, "one.test");
            File.WriteAllText(path, text);
            var bag = new DiagnosticBag();
            return PipelineTestRun.Run(Open(Path.Combine(Root(), "tests/pipelines/failing")), PipelineTest.Read(path, "one.test", bag), fill: false, TimeProvider.System, default);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Project Open(string folder)
    {
        var bag = new DiagnosticBag();
        return Project.Open(folder, null, [], bag) ?? throw new InvalidOperationException(string.Join('\n', bag.ToImmutable()));
    }

    private static string Root([CallerFilePath] string test = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(test)!, "../.."));
}
