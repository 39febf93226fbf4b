using System.Collections.Immutable;

namespace Lakeflow.Runtime.Flows;

/// <summary>What a flow makes a column from. Two columns of equal origin hold equal values, so a column that goes and one that comes with its origin are one column with two names.</summary>
/// <param name="Column">The column of the target.</param>
/// <param name="Value">The expression with <c>$n</c> for the n-th of <paramref name="Reads"/>, or a hash of it where it is long. Casts to wider types around it are left out.</param>
/// <param name="Reads">The columns of sources that it reads, in order of appearance.</param>
public sealed record ColumnOrigin(string Column, string Value, ImmutableArray<ColumnRead> Reads)
{
    public bool IsSame(ColumnOrigin other) => Value == other.Value && Reads.SequenceEqual(other.Reads);
}

/// <summary>A column of a source.</summary>
/// <param name="Source">As <see cref="SourceInfo.Key"/> has it.</param>
/// <param name="Column">Its name there; where records keep it, the one that the table's files know it by, which stays when it is renamed.</param>
public readonly record struct ColumnRead(string Source, string Column);
