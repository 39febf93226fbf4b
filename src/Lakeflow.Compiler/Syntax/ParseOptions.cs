namespace Lakeflow.Compiler.Syntax;

/// <summary>What the parser needs to know beside the text.</summary>
/// <param name="Configuration">The pipeline's <c>configuration</c>: values of <c>${name}</c>. Names compare with case, as Spark's do.</param>
public sealed record ParseOptions(IReadOnlyDictionary<string, string> Configuration)
{
    public static readonly ParseOptions Default = new(ImmutableDictionary<string, string>.Empty);
}
