using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Metadata;

internal enum NodeKind
{
    Leaf,
    Struct,

    /// <summary>ARRAY or MAP: one child, the element or the struct of key and value.</summary>
    List,
}

/// <summary>A column of the file as this library sees it: the Arrow field, and the levels at which it exists.</summary>
/// <remarks>
/// Levels are Dremel's: the definition level of an entry counts how many optional or repeated nodes of its path are
/// there, the repetition level names the repeated node at which it continues (0 = a new row).
/// </remarks>
internal sealed class ColumnNode
{
    public required Field Field { get; init; }

    public required NodeKind Kind { get; init; }

    /// <summary>Definition level from which on this node is not NULL.</summary>
    public required int Definition { get; init; }

    /// <summary>Definition level from which on the node has a slot at all: that of an element of the list around it, 0 outside of lists.</summary>
    public required int SlotDefinition { get; init; }

    /// <summary>Repeated nodes around this one.</summary>
    public required int Repetition { get; init; }

    public ImmutableArray<ColumnNode> Children { get; init; } = [];

    /// <summary>Set for <see cref="NodeKind.Leaf"/> only.</summary>
    public LeafColumn? Leaf { get; init; }

    /// <summary>The leaf below whose levels tell where this node is: the one with the fewest lists on its way.</summary>
    public LeafColumn Witness => Leaf ?? Children.Select(c => c.Witness).MinBy(l => l.MaxRepetition)!;

    public IEnumerable<LeafColumn> Leaves => Leaf is not null ? [Leaf] : Children.SelectMany(c => c.Leaves);
}
