namespace Lakeflow.Compiler.Binding;

/// <summary>What the clauses of a table say, checked.</summary>
internal sealed record TableClauses(ImmutableArray<string> PartitionColumns, string? Comment, ImmutableSortedDictionary<string, string> Properties)
{
    public static readonly TableClauses None = new([], null, ImmutableSortedDictionary<string, string>.Empty);
}
