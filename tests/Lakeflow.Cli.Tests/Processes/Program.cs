using System.Collections.Concurrent;
using System.Runtime.Loader;
using Lakeflow.Connect.Files;
using Lakeflow.Delta;
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
            case ["updates", var folder, var code, var warm]:
                Updates(folder, code, warm);
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
    /// <param name="warm">The same project with other data, of which an update in memory is done before: one whose code is not yet compiled would lose every race.</param>
    private static void Updates(string folder, string code, string warm)
    {
        var project = Project.Open(folder, null, [], new DiagnosticBag())!;
        var entry = AssemblyLoadContext.Default.LoadFromAssemblyPath(code).GetTypes().Single(t => t.IsAssignableTo(typeof(IPipeline)) && !t.IsAbstract);
        var pipeline = (IPipeline)Activator.CreateInstance(entry)!;
        var stores = new ConcurrentDictionary<string, MemoryStore>();
        Update(pipeline, Project.Open(warm, null, [], new DiagnosticBag())!, new Lakehouse("memory:", path => stores.GetOrAdd(path, p => new MemoryStore(null, p))));
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
        {
            Console.WriteLine(Update(pipeline, project, project.OpenLakehouse()));
        }
    }

    /// <summary>One update in a line: how it ended, and the codes of what went wrong.</summary>
    private static string Update(IPipeline pipeline, Project project, Lakehouse lakehouse)
    {
        try
        {
            var result = UpdateRunner.Run(pipeline, lakehouse, new FileSources(project.Paths), project.Paths, new UpdateOptions { Workers = 2 });
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
