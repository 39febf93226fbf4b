using System.Runtime.Loader;
using Lakeflow.Connect.Files;
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
            case ["updates", var folder, var code]:
                Updates(folder, code);
                return 0;
            case ["commands", ..]:
                return Commands();
            default:
                return 2;
        }
    }

    /// <summary>Says <c>ready</c>, and from then on answers each line with an update, until it is killed or has no more input.</summary>
    /// <param name="folder">The project.</param>
    /// <param name="code">Its compiled pipeline: a process that is about to be killed need not compile it anew.</param>
    private static void Updates(string folder, string code)
    {
        var project = Project.Open(folder, null, [], new DiagnosticBag())!;
        var entry = AssemblyLoadContext.Default.LoadFromAssemblyPath(code).GetTypes().Single(t => t.IsAssignableTo(typeof(IPipeline)) && !t.IsAbstract);
        var pipeline = (IPipeline)Activator.CreateInstance(entry)!;
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(Update(pipeline, project));
        }
    }

    /// <summary>One update in a line: how it ended, and the codes of what went wrong.</summary>
    private static string Update(IPipeline pipeline, Project project)
    {
        try
        {
            var result = UpdateRunner.Run(pipeline, project.OpenLakehouse(), new FileSources(project.Paths), project.Paths, new UpdateOptions { Workers = 2 });
            return string.Join(' ', result.Flows.Select(f => f.Error?.Code ?? f.Unexpected?.GetType().Name).OfType<string>().Prepend(result.State.ToString()));
        }
        catch (RuntimeError error)
        {
            return $"Failed {error.Code}";
        }
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
