using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Parquet.Metadata;

namespace Lakeflow.Parquet.Writing;

/// <summary>Nested columns → leaves with levels.</summary>
/// <remarks>
/// From the top down each node gets the entries of the node around it: their levels so far, and the row of the node's
/// array, or −1 where something above is NULL or empty and the entry is decided.
/// </remarks>
internal static class Shredder
{
    /// <summary>Hands each leaf below <paramref name="node"/> its entries, in the order of the schema.</summary>
    public static void Shred(ColumnNode node, ArrowArray array, Action<LeafColumn, LeafEntries> sink)
    {
        if (node.Leaf is { } leaf && array.NullCount == 0 && array is not NullArray)
        {
            sink(leaf, new LeafEntries(array, array.Length, null, null, null));
            return;
        }

        if (node is { Leaf: { Meaning: not StoredAs.Void } flat, Field.Nullable: true })
        {
            sink(flat, FlatWithNulls(array));
            return;
        }

        var entries = new Entries(array.Length);
        for (var i = 0; i < array.Length; i++) entries.Add(0, 0, i);
        Walk(node, array, entries, sink);
    }

    private static LeafEntries FlatWithNulls(ArrowArray array)
    {
        var definitions = new byte[array.Length];
        Bitmap.Unpack(array.Validity, definitions);
        var rows = new int[array.Length];
        var found = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[found] = i;
            found += definitions[i];
        }

        Array.Resize(ref rows, found);
        return new LeafEntries(array, array.Length, rows, definitions, null);
    }

    private static void Walk(ColumnNode node, ArrowArray array, Entries entries, Action<LeafColumn, LeafEntries> sink)
    {
        if (node.Kind != NodeKind.Leaf && array is DictionaryArray encoded)
        {
            var plain = encoded.Decode();
            Walk(node, plain, entries, sink);
            plain.Release();
            return;
        }

        if (node.Field.Nullable || node.Leaf is { Meaning: StoredAs.Void }) entries.MarkNulls(array);
        else if (array.NullCount > 0) entries.RefuseNulls(array, node.Field);
        switch (node.Kind)
        {
            case NodeKind.Leaf:
                sink(node.Leaf!, entries.ToLeaf(array, node.Leaf!));
                break;
            case NodeKind.Struct:
                var children = ((StructArray)array).Children;
                for (var i = 0; i < node.Children.Length; i++) Walk(node.Children[i], children[i], entries.Copy(), sink);
                break;
            case NodeKind.List:
                var list = (ListArray)array;
                Walk(node.Children[0], list.Child, entries.Expand(list, node.Repetition + 1), sink);
                break;
            default:
                throw new UnreachableException(node.Kind.ToString());
        }
    }

    private sealed class Entries(int capacity)
    {
        private byte[] definitions = new byte[capacity];
        private byte[] repetitions = new byte[capacity];
        private int[] rows = new int[capacity];
        private int count;

        public void Add(int definition, int repetition, int row)
        {
            if (count == rows.Length)
            {
                var larger = Math.Max(64, count * 2);
                Array.Resize(ref definitions, larger);
                Array.Resize(ref repetitions, larger);
                Array.Resize(ref rows, larger);
            }

            definitions[count] = (byte)definition;
            repetitions[count] = (byte)repetition;
            rows[count++] = row;
        }

        public Entries Copy() => new(0)
        {
            definitions = definitions.AsSpan(0, count).ToArray(),
            repetitions = repetitions.AsSpan(0, count).ToArray(),
            rows = rows.AsSpan(0, count).ToArray(),
            count = count,
        };

        /// <summary>Entries of a nullable node: one level higher where it is there, decided where it is NULL.</summary>
        public void MarkNulls(ArrowArray array)
        {
            for (var i = 0; i < count; i++)
            {
                if (rows[i] < 0) continue;
                if (array.IsValid(rows[i])) definitions[i]++;
                else rows[i] = -1;
            }
        }

        public void RefuseNulls(ArrowArray array, Field field)
        {
            for (var i = 0; i < count; i++)
            {
                if (rows[i] >= 0 && array.IsNull(rows[i])) throw ParquetFaults.NullInRequired(field.Name);
            }
        }

        /// <summary>An entry for each element; one, decided, for an empty list.</summary>
        public Entries Expand(ListArray list, int level)
        {
            var expanded = new Entries(Math.Max(count, list.Child.Length));
            var offsets = list.Offsets;
            for (var i = 0; i < count; i++)
            {
                var row = rows[i];
                if (row < 0 || offsets[row] == offsets[row + 1])
                {
                    expanded.Add(definitions[i], repetitions[i], -1);
                    continue;
                }

                for (var k = offsets[row]; k < offsets[row + 1]; k++)
                    expanded.Add(definitions[i] + 1, k == offsets[row] ? repetitions[i] : level, k);
            }

            return expanded;
        }

        public LeafEntries ToLeaf(ArrowArray array, LeafColumn leaf)
        {
            var defined = new int[count];
            var found = 0;
            for (var i = 0; i < count; i++)
            {
                defined[found] = rows[i];
                if (rows[i] >= 0) found++;
            }

            Array.Resize(ref defined, found);
            return new LeafEntries(array, count, defined, definitions, leaf.MaxRepetition > 0 ? repetitions : null);
        }
    }
}
