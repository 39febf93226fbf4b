using System.Collections.Immutable;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>The schemas of all sources outside of a pipeline: what a build knows of the world.</summary>
/// <remarks>Kept as <c>lakeflow.lock.json</c> beside the project file and checked in, so that a build needs no network and every machine builds the same.</remarks>
public sealed class SchemaLock
{
    private readonly Dictionary<string, LockedSource> byKey;

    /// <param name="sources">In any order; of equal keys the first counts.</param>
    public SchemaLock(IEnumerable<LockedSource> sources)
    {
        byKey = new Dictionary<string, LockedSource>(StringComparer.Ordinal);
        foreach (var source in sources) byKey.TryAdd(source.Key, source);
        Sources = [.. byKey.Values.OrderBy(s => s.Kind).ThenBy(s => s.Key, StringComparer.Ordinal)];
    }

    public static readonly SchemaLock Empty = new([]);

    /// <summary>Tables, then folders, then files, each by name.</summary>
    public ImmutableArray<LockedSource> Sources { get; }

    /// <summary>The source of a <see cref="LockedSource.Key"/>, or null.</summary>
    public LockedSource? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>Asks for all sources that a project reads, as they are now.</summary>
    /// <param name="session">Over the project.</param>
    /// <param name="compiled">The project, compiled against them: its mistakes are told there.</param>
    /// <param name="functions">The <c>[SqlFunction]</c> methods that the project's build references; null outside of a build.</param>
    /// <returns>Null if a source could not be resolved.</returns>
    public static SchemaLock? Take(Session session, out CompiledSources compiled, FunctionCatalog? functions = null)
    {
        var catalog = new SnapshotCatalog(session.Catalog, functions);
        compiled = session.Check(toCode: true, catalog);
        return compiled.Result is null || catalog.HasFailed ? null : new SchemaLock(catalog.Found);
    }

    /// <summary>The lock file of a project; null if there is none, or with the reason in the bag if it cannot be used.</summary>
    public static SchemaLock? Of(Project project, DiagnosticBag bag) => LockFile.Read(LockFile.PathOf(project), bag);
}
