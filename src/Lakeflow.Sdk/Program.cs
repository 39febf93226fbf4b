using System.Runtime.Loader;
using System.Text;

namespace Lakeflow.Sdk;

/// <summary>The tasks' assembly as a program, <c>dotnet exec Lakeflow.Sdk.dll COMPILER</c>: does what <see cref="Worker"/> asks for, with the C# compiler in a folder.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        // The SDK's compiler is compiled ahead for the machine it runs on; the package has none.
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            var file = Path.Combine(arguments[0], name.Name + ".dll");
            return File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        };
        // UTF-8 on both ways, whatever a terminal would like to see.
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        Answer(input, output);
        return 0;
    }

    private static void Answer(StreamReader input, StreamWriter output)
    {
        Task<PartCompiler>? compiler = null;
        while (Block(input) is [var verb, .. var lines])
        {
            switch (verb)
            {
                case Requests.Prepare:
                    compiler = Task.Run(() => PartCompiler.Prepare(lines));
                    continue;
                case Requests.Parts:
                    compiler!.GetAwaiter().GetResult().Compile(lines, output);
                    break;
                default:
                    foreach (var found in PipelineWork.Do(verb, lines)) output.WriteLine(found);
                    break;
            }

            output.WriteLine(Finding.End);
            output.Flush();
        }
    }

    /// <summary>The lines up to an empty one or the end.</summary>
    private static string[] Block(StreamReader input)
    {
        var lines = new List<string>();
        while (input.ReadLine() is { Length: > 0 } line) lines.Add(line);
        return [.. lines];
    }
}
