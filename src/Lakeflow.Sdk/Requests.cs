namespace Lakeflow.Sdk;

/// <summary>What a task may ask the working process for: a verb, then lines, then an empty line.</summary>
internal static class Requests
{
    /// <summary>Getting the C# compiler ready beside other work: the folder of the C#, then options and references. The only one without an answer.</summary>
    public const string Prepare = "prepare";

    /// <summary>Compiling parts: of each its assembly, how many files it has, and the files.</summary>
    public const string Parts = "parts";

    /// <summary>SQL to C#: <c>name=value</c> for each property of the task, again for each further value.</summary>
    public const string Compile = "compile";

    /// <summary>The schemas of all sources to the lock file, told as for <see cref="Compile"/>.</summary>
    public const string Snapshot = "snapshot";
}
