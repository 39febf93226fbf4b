using System.Collections.Immutable;

namespace Lakeflow.Runtime.Diagnostics;

/// <summary>Collects diagnostics while a layer goes on. Not thread-safe.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> found = [];

    public bool HasErrors => found.Exists(d => d.IsError);

    public int Count => found.Count;

    public void Add(Diagnostic diagnostic)
    {
        if (!found.Contains(diagnostic)) found.Add(diagnostic);
    }

    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Add(diagnostic);
    }

    /// <summary>All diagnostics, by file and position, so that the order does not depend on the order of the layers.</summary>
    public ImmutableArray<Diagnostic> ToImmutable() =>
        [.. found.OrderBy(d => d.At.File, StringComparer.Ordinal).ThenBy(d => d.At.Line).ThenBy(d => d.At.Column)];
}
