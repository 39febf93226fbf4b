using System.Runtime.Loader;

namespace Lakeflow.Sdk;

/// <summary>The task's assembly as a program: <c>dotnet exec Lakeflow.Sdk.dll FOLDER LIST</c> compiles parts with the C# compiler in a folder.</summary>
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
        return PartCompiler.Run(arguments[1]);
    }
}
