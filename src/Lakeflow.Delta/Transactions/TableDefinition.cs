using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Delta;

/// <summary>What a new table is to be.</summary>
/// <param name="Schema">All columns, those of the partitioning included.</param>
public sealed record TableDefinition(Schema Schema)
{
    public ImmutableArray<string> PartitionColumns { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? Name { get; init; }

    /// <summary>The table's comment.</summary>
    public string? Description { get; init; }

    internal TableMetadata ToMetadata(string id, DateTimeOffset now)
    {
        foreach (var column in PartitionColumns) PartitionValue.CheckColumn(Schema, column);
        if (PartitionColumns.Length > 0 && PartitionColumns.Length == Schema.Count)
        {
            throw DeltaFaults.BadPartitionColumn(string.Join(", ", PartitionColumns), "no column would be left for the files");
        }

        // Partition columns are named as the schema spells them.
        return new TableMetadata(
            id,
            SchemaJson.Write(Schema),
            [.. PartitionColumns.Select(c => Schema.Find(c)!.Name)],
            Properties,
            now.ToUnixTimeMilliseconds(),
            Name,
            Description);
    }
}
