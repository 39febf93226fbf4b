using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines;

/// <summary>Passes the compiler's questions on, and remembers each with its answer: together with the texts they are all that a plan depends on.</summary>
internal sealed class RecordingCatalog(LiveCatalog live) : ICatalog
{
    private readonly List<CatalogQuestion> asked = [];

    /// <summary>The questions so far, in order.</summary>
    public ImmutableArray<CatalogQuestion> Asked => [.. asked];

    public IEnumerable<QualifiedName> Tables
    {
        get
        {
            asked.Add(CatalogQuestion.OfNames(live));
            return live.Tables;
        }
    }

    /// <summary>Not remembered: it is asked for an error only, and what has errors is not kept.</summary>
    public string? UnknownTableHint => ((ICatalog)live).UnknownTableHint;

    /// <inheritdoc cref="UnknownTableHint"/>
    public string? UnknownFunctionHint => ((ICatalog)live).UnknownFunctionHint;

    /// <summary>None: only a build has functions of the user's, and its plans are not kept.</summary>
    public FunctionCatalog Functions => FunctionCatalog.Empty;

    public Schema? FindTable(QualifiedName name)
    {
        var found = live.FindTable(name);
        asked.Add(CatalogQuestion.OfTable(name, found));
        return found;
    }

    public Schema? FindTableAsOf(QualifiedName name, long? version, long? micros)
    {
        var found = live.FindTableAsOf(name, version, micros);
        asked.Add(CatalogQuestion.OfTableAsOf(name, version, micros, found));
        return found;
    }

    public Schema? FindPathTable(string path)
    {
        var found = live.FindPathTable(path);
        asked.Add(CatalogQuestion.OfFolder(path, found));
        return found;
    }

    public long? SizeOfTable(QualifiedName name)
    {
        var size = live.SizeOfTable(name);
        asked.Add(CatalogQuestion.OfTableSize(name, size));
        return size;
    }

    public long? SizeOfPathTable(string path)
    {
        var size = live.SizeOfPathTable(path);
        asked.Add(CatalogQuestion.OfFolderSize(path, size));
        return size;
    }

    public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag)
    {
        // Taken before the look: files that change meanwhile are other files at the next question.
        var identity = live.IdentityOf(request);
        var found = new DiagnosticBag();
        var resolved = live.ResolveFiles(request, found);
        bag.AddRange(found.ToImmutable());
        asked.Add(CatalogQuestion.OfFiles(request, identity, resolved, found));
        return resolved;
    }
}
