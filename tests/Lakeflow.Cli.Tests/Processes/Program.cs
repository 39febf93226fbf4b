using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>The test assembly as a program of its own, for tests that need whole processes to race or to die.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["updates", var folder]:
                return Updates(folder);
            case ["commands", ..]:
                return Commands();
            default:
                return 2;
        }
    }

    /// <summary>Compiles a project, says <c>ready</c>, and from then on answers each line with an update, until it is killed or has no more input.</summary>
    private static int Updates(string folder)
    {
        var session = Session.Of(Project.Open(folder, null, [], new DiagnosticBag())!);
        var compiled = session.Check(toCode: true);
        if (compiled.HasErrors) return 2;
        using var pipeline = new RoslynCompiler(PlanCache.Open()).Load(compiled.Code);
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            var result = UpdateRunner.Run(
                pipeline.Pipeline, session.Lakehouse, new Connect.Files.FileSources(session.Project!.Paths), session.Project.Paths, new UpdateOptions { Workers = 2 });
            Console.WriteLine(result.State);
        }

        return 0;
    }

    /// <summary>Runs each line of standard input as a command of the tool, its words apart by tabs; answers with the exit code and one line of errors.</summary>
    private static int Commands()
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            using var error = new StringWriter { NewLine = "\n" };
            var exit = CommandLine.Run(line.Split('\t'), new Terminal(TextReader.Null, TextWriter.Null, error, Directory.GetCurrentDirectory(), default));
            Console.WriteLine($"{exit} {error.ToString().ReplaceLineEndings(" ")}");
        }

        return 0;
    }
}
