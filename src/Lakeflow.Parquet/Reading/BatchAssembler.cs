using System.Collections.Immutable;
using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Encodings;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Reading;

/// <summary>Leaves with their levels → nested columns.</summary>
internal static class BatchAssembler
{
    /// <param name="file">For messages.</param>
    /// <param name="node">The column to build.</param>
    /// <param name="readers">The leaves' readers by leaf index, each with a batch read.</param>
    public static ArrowArray Build(string file, ColumnNode node, IReadOnlyDictionary<int, LeafReader> readers) => node.Kind switch
    {
        NodeKind.Leaf => readers[node.Leaf!.Index].Take(),
        NodeKind.Struct => BuildStruct(file, node, readers),
        NodeKind.List => BuildList(file, node, readers),
        _ => throw new UnreachableException(node.Kind.ToString()),
    };

    private static StructArray BuildStruct(string file, ColumnNode node, IReadOnlyDictionary<int, LeafReader> readers)
    {
        // Levels first: taking the children's values ends their batch.
        var levels = readers[node.Witness.Index].Levels;
        var (length, validity, nulls) = (levels.Count, default(ArrowBuffer), 0);
        if (!levels.AllDefined)
        {
            var slots = Slots(node, levels);
            length = slots.Length;
            (validity, nulls) = LevelBuffer.Mark(slots, node.Definition);
        }

        var children = ImmutableArray.CreateBuilder<ArrowArray>(node.Children.Length);
        foreach (var child in node.Children)
        {
            var column = Build(file, child, readers);
            if (column.Length != length) throw ParquetFaults.UnequalRows(file, child.Leaves.First().Path, length, column.Length);
            children.Add(column);
        }

        return new StructArray(node.Field.Type, length, children.ToImmutable(), validity, nulls);
    }

    private static ListArray BuildList(string file, ColumnNode node, IReadOnlyDictionary<int, LeafReader> readers)
    {
        var levels = readers[node.Witness.Index].Levels;
        var definitions = levels.Definitions;
        var repetitions = levels.Repetitions;
        var offsets = ArrowBuffer.Rent(checked((definitions.Length + 1) * sizeof(int)));
        var starts = offsets.As<int>();
        var slots = new byte[definitions.Length];
        var items = 0;
        var length = 0;
        var itemDefinition = node.Children[0].SlotDefinition;
        for (var i = 0; i < definitions.Length; i++)
        {
            var (definition, repetition) = (definitions[i], repetitions[i]);
            if (repetition > node.Repetition + 1) continue;
            if (repetition <= node.Repetition)
            {
                if (definition < node.SlotDefinition) continue;
                slots[length] = definition;
                starts[length++] = items;
            }

            if (definition >= itemDefinition) items++;
        }

        starts[length] = items;
        var (validity, nulls) = LevelBuffer.Mark(slots.AsSpan(0, length), node.Definition);
        var child = Build(file, node.Children[0], readers);
        if (child.Length != items) throw ParquetFaults.UnequalRows(file, node.Witness.Path, items, child.Length);
        return new ListArray(node.Field.Type, length, offsets, child, validity, nulls);
    }

    /// <summary>The definition level of each slot of a node, from the levels of a leaf below it.</summary>
    private static ReadOnlySpan<byte> Slots(ColumnNode node, LevelBuffer levels)
    {
        var definitions = levels.Definitions;
        var repetitions = levels.Repetitions;
        if (repetitions.IsEmpty) return definitions;
        var slots = new byte[definitions.Length];
        var count = 0;
        for (var i = 0; i < definitions.Length; i++)
        {
            if (repetitions[i] <= node.Repetition && definitions[i] >= node.SlotDefinition) slots[count++] = definitions[i];
        }

        return slots.AsSpan(0, count);
    }
}
