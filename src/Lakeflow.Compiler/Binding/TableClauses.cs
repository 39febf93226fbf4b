namespace Lakeflow.Compiler.Binding;

/// <summary>What the clauses of a table say, checked.</summary>
internal sealed record TableClauses(ImmutableArray<string> PartitionColumns, string? Comment, ImmutableSortedDictionary<string, string> Properties)
{
    /// <summary>True where the files have names of their own for columns, so that a column may have any name.</summary>
    public bool MapsColumns => Properties.GetValueOrDefault("delta.columnMapping.mode") is { } mode && !string.Equals(mode, "none", StringComparison.OrdinalIgnoreCase);

    public static readonly TableClauses None = new([], null, ImmutableSortedDictionary<string, string>.Empty);
}
