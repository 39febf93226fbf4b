using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>Answers the binder from a lock file and from nothing else: no file is opened, no network used.</summary>
/// <param name="schemas">The lock file.</param>
/// <param name="functions">The <c>[SqlFunction]</c> methods that a build references; null outside of a build, which alone knows them.</param>
public sealed class LockedCatalog(SchemaLock schemas, FunctionCatalog? functions = null) : ICatalog
{
    public FunctionCatalog Functions => functions ?? FunctionCatalog.Empty;

    public string? UnknownFunctionHint => functions is null ? ProjectErrors.FunctionsOfBuild : null;

    public IEnumerable<QualifiedName> Tables => schemas.Sources
        .Where(s => s.Kind == LockedKind.Table)
        .Select(s => s.Name.Split('.'))
        .Select(parts => new QualifiedName(parts[0], parts[1], parts[2]));

    public string UnknownTableHint => $"It is neither declared in this pipeline nor in {LockFile.Name}. If it is in the lakehouse: {LockErrors.Remedy}";

    public Schema? FindTable(QualifiedName name) => schemas.Find(LockedSource.KeyOf(name))?.Columns;

    public Schema? FindPathTable(string path) => schemas.Find(LockedSource.KeyOf(path))?.Columns;

    public long? SizeOfTable(QualifiedName name) => schemas.Find(LockedSource.KeyOf(name))?.Size;

    public long? SizeOfPathTable(string path) => schemas.Find(LockedSource.KeyOf(path))?.Size;

    public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag)
    {
        if (schemas.Find(LockedSource.KeyOf(request)) is { } found) return new ResolvedFiles(found.Format, found.Columns, found.Options) { Size = found.Size };
        bag.Add(LockErrors.NotLocked(request.At, request.Path));
        return null;
    }
}
