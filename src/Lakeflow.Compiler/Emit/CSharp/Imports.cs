using System.Collections.Concurrent;
using System.Numerics;
using System.Reflection;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>The namespaces whose types generated code calls by their short names.</summary>
/// <remarks>They are imported inside of the namespace, where they come before whatever a project around has: a class Schema of its own, a namespace Workers,
/// a global using. Only the pipeline's own classes come before them, and these avoid the names.</remarks>
internal static class Imports
{
    private const string Runtime = "Lakeflow.Runtime.";

    private static readonly (Assembly Assembly, string[] Namespaces)[] Types =
    [
        (typeof(IFlow).Assembly, [.. new[] { "Breakers", "Changes", "Diagnostics", "Flows", "Kernels", "Kernels.Aggregates", "Segments", "Spilling", "Streams" }.Select(n => Runtime + n)]),
        (typeof(Lakeflow.Arrow.RecordBatch).Assembly, ["Lakeflow.Arrow"]),
        (typeof(object).Assembly, ["System", "System.Collections.Generic", "System.Numerics", "System.Runtime.CompilerServices", "System.Threading"]),
        (typeof(Enumerable).Assembly, ["System.Linq"]),
        (typeof(ImmutableArray).Assembly, ["System.Collections.Immutable"]),
        (typeof(BigInteger).Assembly, ["System.Numerics"]),
    ];

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    /// <summary>True for a name that means a type, generic ones apart, which are told from others by their arguments; and for the members of every object.</summary>
    public static bool HaveType(string name) => Known.GetOrAdd(name, static n =>
        n is "System" or "Lakeflow" or "Equals" or "Finalize" or "GetHashCode" or "GetType" or "MemberwiseClone" or "ReferenceEquals" or "ToString"
            || Array.Exists(Types, t => Array.Exists(t.Namespaces, s => t.Assembly.GetType($"{s}.{n}")?.IsVisible == true)));

    /// <summary>A file's namespace and what it imports.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="names">Namespaces.</param>
    public static string In(string space, IEnumerable<string> names) =>
        $"namespace {space};\n\n{string.Concat(names.Select(n => $"using global::{n};\n"))}\n";
}
