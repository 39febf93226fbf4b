using System.Collections.Immutable;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines;

/// <summary>A project or a query, checked and ready to run; from the plan cache if nothing that it depends on has changed.</summary>
public sealed class PreparedPipeline
{
    private readonly Func<CompiledPipeline> load;

    internal PreparedPipeline(ImmutableArray<SourceText> sources, ImmutableArray<Diagnostic> diagnostics, ImmutableArray<CatalogQuestion> asked, bool fromCache, Func<CompiledPipeline> load)
    {
        Asked = asked;
        Sources = sources;
        Diagnostics = diagnostics;
        FromCache = fromCache;
        this.load = load;
    }

    /// <summary>The texts that spans point into.</summary>
    public ImmutableArray<SourceText> Sources { get; }

    /// <summary>All that was found, by place; the same whether it was compiled now or before.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>True if neither the front end nor Roslyn had anything to do.</summary>
    public bool FromCache { get; }

    /// <summary>What the compiler learned of files and tables.</summary>
    internal ImmutableArray<CatalogQuestion> Asked { get; }

    public bool HasErrors => Diagnostics.Any(d => d.IsError);

    /// <summary>Its code, loaded; the first time this may take Roslyn a while.</summary>
    /// <exception cref="InvalidOperationException">It has errors.</exception>
    internal CompiledPipeline Load() => HasErrors ? throw new InvalidOperationException("what has errors cannot run") : load();
}
