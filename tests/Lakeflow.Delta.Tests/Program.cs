using System.Globalization;
using System.Text;
using Lakeflow.Delta;

namespace Lakeflow.Delta.Tests;

/// <summary>The test assembly as a program of its own: a writer that races others for versions of a log.</summary>
internal static class Program
{
    /// <summary>Arguments: folder, name, number of versions. Begins at a line on standard input; prints the versions it won.</summary>
    private static int Main(string[] args)
    {
        var store = new LocalStore(args[0]);
        var name = Encoding.UTF8.GetBytes(args[1]);
        var versions = int.Parse(args[2], CultureInfo.InvariantCulture);
        Console.WriteLine("ready");
        Console.ReadLine();
        for (var version = 0; version < versions; version++)
        {
            if (store.PutIfAbsent(string.Create(CultureInfo.InvariantCulture, $"_delta_log/{version:D20}.json"), name)) Console.WriteLine(version);
        }

        return 0;
    }
}
