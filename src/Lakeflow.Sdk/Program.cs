using System.Runtime.Loader;

namespace Lakeflow.Sdk;

/// <summary>The task's assembly as a program: <c>dotnet exec Lakeflow.Sdk.dll COMPILER FOLDER</c> compiles parts with the C# compiler in a folder; what is to be done comes from the input.</summary>
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
        // Paths are in UTF-8 on both ways, whatever a terminal would like to see.
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = new StreamWriter(Console.OpenStandardOutput());
        return PartCompiler.Run(input, output, arguments[1]);
    }
}
