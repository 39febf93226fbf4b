using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Binding;

/// <summary>A query with its plan and the names of its columns.</summary>
/// <param name="Plan">Its columns are those of <paramref name="Columns"/>, in that order.</param>
/// <param name="IsUnknown">True if there may be more columns, which an error upstream hides.</param>
internal sealed record BoundQuery(LogicalPlan Plan, ImmutableArray<ScopeColumn> Columns, bool IsUnknown)
{
    /// <summary>True if a source in it is read as a stream.</summary>
    public bool IsStreaming => Plan.All().Any(n => n is Scan { Source.Streaming: true } or ErrorPlan { Streaming: true });

    /// <summary>Its columns as a relation of FROM.</summary>
    public Scope ToScope(ImmutableArray<string> qualifier) =>
        new([.. Columns.Select(c => c with { Qualifier = qualifier, Visibility = Visibility.Plain })], IsUnknown ? [qualifier] : []);
}
