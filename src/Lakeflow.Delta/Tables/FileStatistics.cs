using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using Lakeflow.Arrow;
using Lakeflow.Parquet;

namespace Lakeflow.Delta;

/// <summary>What the log keeps of a data file, from what its writer saw: rows, and by column the NULLs, smallest and largest value. Delta protocol, "Per-file Statistics".</summary>
internal sealed class FileStatistics
{
    private readonly Schema schema;
    private readonly int indexedColumns;
    private readonly bool[] hasNaN;

    /// <param name="schema">The file's columns.</param>
    /// <param name="indexedColumns">How many leaf columns, from the first, get statistics; -1 is all.</param>
    public FileStatistics(Schema schema, int indexedColumns)
    {
        this.schema = schema;
        this.indexedColumns = indexedColumns < 0 ? int.MaxValue : indexedColumns;
        hasNaN = new bool[schema.Count];
    }

    public long Rows { get; private set; }

    public void Add(RecordBatch batch)
    {
        Rows += batch.Length;
        for (var i = 0; i < hasNaN.Length; i++)
        {
            if (!hasNaN[i] && schema[i].Type is FloatType or DoubleType) hasNaN[i] = HoldsNaN(batch.Columns[i]);
        }
    }

    public string ToJson(ParquetWriteResult written)
    {
        var leaves = written.Columns.ToDictionary(c => string.Join('\u0001', c.Path), c => c);
        var left = indexedColumns;
        var columns = Nodes(schema.Fields, "", leaves, ref left);
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("numRecords", Rows);
            Write(json, "minValues", columns, (j, n) => StatisticsText.WriteBound(j, n.Field, n.Leaf!.Statistics.Min, smallest: true));
            Write(json, "maxValues", columns, (j, n) => StatisticsText.WriteBound(j, n.Field, MaxOf(n), smallest: false));
            Write(json, "nullCount", columns, (j, n) =>
            {
                if (n.Leaf!.Statistics.NullCount is { } nulls) j.WriteNumber(n.Field.Name, nulls);
            });
            json.WriteEndObject();
        });
    }

    private static ImmutableArray<Node> Nodes(ImmutableArray<Field> fields, string path, Dictionary<string, WrittenColumn> leaves, ref int left)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (var field in fields)
        {
            if (left <= 0) break;
            var at = path + field.Name;
            if (field.Type is StructType s)
            {
                nodes.Add(new Node(field, null, Nodes(s.Fields, at + '\u0001', leaves, ref left)));
                continue;
            }

            left--;
            if (leaves.TryGetValue(at, out var leaf) && !leaf.Repeated) nodes.Add(new Node(field, leaf, []));
        }

        return nodes.ToImmutable();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<Node> nodes, Action<Utf8JsonWriter, Node> write)
    {
        json.WriteStartObject(name);
        foreach (var node in nodes)
        {
            if (node.Leaf is not null) write(json, node);
            else Write(json, node.Field.Name, node.Children, write);
        }

        json.WriteEndObject();
    }

    /// <summary>NaN is above all numbers for Spark, and has no JSON: a column that holds one, or may, has no upper bound.</summary>
    private object? MaxOf(Node node)
    {
        if (node.Field.Type is not (FloatType or DoubleType)) return node.Leaf!.Statistics.Max;
        var column = schema.Fields.IndexOf(node.Field);
        return node.Leaf!.Path.Length > 1 || column < 0 || hasNaN[column] ? null : node.Leaf.Statistics.Max;
    }

    private static bool HoldsNaN(ArrowArray column) => column switch
    {
        PrimitiveArray<double> doubles => HoldsNaN(doubles.Values),
        PrimitiveArray<float> floats => HoldsNaN(floats.Values),
        DictionaryArray encoded => HoldsNaN(encoded.Dictionary),
        _ => false,
    };

    /// <summary>What lies under a NULL is looked at as well: a bound less is no harm.</summary>
    private static bool HoldsNaN<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var lane = new Vector<T>(values[i..]);
                if (!Vector.EqualsAll(lane, lane)) return true;
            }
        }

        for (; i < values.Length; i++)
        {
            if (T.IsNaN(values[i])) return true;
        }

        return false;
    }

    /// <param name="Field">The column, or field of a struct.</param>
    /// <param name="Leaf">What was written; null for a struct.</param>
    /// <param name="Children">A struct's fields.</param>
    private sealed record Node(Field Field, WrittenColumn? Leaf, ImmutableArray<Node> Children);
}
