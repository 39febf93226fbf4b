using System.Collections.Immutable;

namespace Lakeflow.Compiler.Plans;

/// <summary>What rows that are remembered mean. When this changes, they no longer fit; what columns are called does not count.</summary>
/// <param name="Text">Expressions and conditions, <c>$n</c> for a column of a source.</param>
/// <param name="Reads">Those columns.</param>
public sealed record KeptMeaning(string Text, ImmutableArray<SourceColumn> Reads)
{
    public static readonly KeptMeaning None = new("", []);
}
