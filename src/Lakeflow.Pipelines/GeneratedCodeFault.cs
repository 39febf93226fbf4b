using System.Collections.Immutable;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>LF0001: the generated C# does not compile. A bug in Lakeflow, never the user's fault.</summary>
public sealed class GeneratedCodeFault(ImmutableArray<Diagnostic> diagnostics)
    : Exception("This is a bug in Lakeflow: the generated code does not compile.\n" + string.Join('\n', diagnostics))
{
    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;
}
