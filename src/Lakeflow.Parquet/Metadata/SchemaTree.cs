using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Parquet.Metadata;

/// <summary>The footer's flat list of schema elements → columns with Arrow types and levels.</summary>
/// <remarks>
/// Lists and maps follow the Parquet format's LogicalTypes.md with its rules for older files: two-level lists, groups named
/// <c>array</c> or <c>…_tuple</c>, and repeated fields without annotation, which are a NOT NULL list of NOT NULL elements.
/// Types are those that Spark gives: unsigned integers widen, UINT64 becomes DECIMAL(20,0), a timestamp without
/// isAdjustedToUTC is TIMESTAMP_NTZ, TIME stays the integer it is stored as.
/// </remarks>
internal sealed class SchemaTree
{
    private const int MaxDepth = 60;

    private readonly string file;
    private readonly IReadOnlyList<SchemaElement> elements;
    private readonly List<LeafColumn> leaves = [];
    private readonly List<string> path = [];
    private int next;

    private SchemaTree(string file, IReadOnlyList<SchemaElement> elements)
    {
        this.file = file;
        this.elements = elements;
    }

    public static (ImmutableArray<ColumnNode> Columns, ImmutableArray<LeafColumn> Leaves) Build(string file, IReadOnlyList<SchemaElement> elements)
    {
        var tree = new SchemaTree(file, elements);
        if (elements.Count == 0) throw ParquetFaults.BrokenSchema(file, "it is empty");
        var root = tree.Take();
        var columns = ImmutableArray.CreateBuilder<ColumnNode>();
        for (var i = 0; i < root.ChildCount; i++) columns.Add(tree.Node(new Levels(0, 0, 0)));
        if (tree.next != elements.Count) throw ParquetFaults.BrokenSchema(file, "it has elements that belong to no group");
        return (columns.ToImmutable(), [.. tree.leaves]);
    }

    private SchemaElement Take() =>
        next < elements.Count ? elements[next++] : throw ParquetFaults.BrokenSchema(file, "a group has fewer children than it names");

    /// <summary>The next element as a column, with whatever lies below it.</summary>
    private ColumnNode Node(Levels around)
    {
        var element = Take();
        path.Add(element.Name);
        if (path.Count > MaxDepth) throw ParquetFaults.BrokenSchema(file, $"it is nested more than {MaxDepth} levels deep");
        var node = element.Repetition == Repetition.Repeated
            ? BareRepeated(element, around)
            : Content(element, element.Repetition == Repetition.Optional ? around.Optional() : around, element.Repetition == Repetition.Optional);
        path.RemoveAt(path.Count - 1);
        return node;
    }

    /// <summary>A repeated field outside of LIST and MAP: a list that is never NULL, of elements that are never NULL.</summary>
    private ColumnNode BareRepeated(SchemaElement element, Levels around)
    {
        var item = Content(element, around.Repeated(), nullable: false);
        return new ColumnNode
        {
            Field = FieldOf(element, new ListType(item.Field with { Name = "element" }), nullable: false),
            Kind = NodeKind.List,
            Definition = around.Definition,
            SlotDefinition = around.Slot,
            Repetition = around.Repetition,
            Children = [item],
        };
    }

    /// <summary>An element whose own repetition has been dealt with.</summary>
    private ColumnNode Content(SchemaElement element, Levels at, bool nullable)
    {
        if (element.Type is not null) return LeafNode(element, at, nullable);
        if (element.ChildCount <= 0) throw ParquetFaults.UnsupportedType(file, Path(), "a STRUCT without fields");
        if (IsList(element) && SingleRepeatedChild(element)) return ListNode(element, at, nullable);
        if (IsMap(element) && SingleRepeatedChild(element)) return MapNode(element, at, nullable);
        return StructNode(element, at, nullable);
    }

    private ColumnNode StructNode(SchemaElement element, Levels at, bool nullable)
    {
        var children = ImmutableArray.CreateBuilder<ColumnNode>();
        for (var i = 0; i < element.ChildCount; i++) children.Add(Node(at));
        return new ColumnNode
        {
            Field = FieldOf(element, new StructType([.. children.Select(c => c.Field)]), nullable),
            Kind = NodeKind.Struct,
            Definition = at.Definition,
            SlotDefinition = at.Slot,
            Repetition = at.Repetition,
            Children = children.ToImmutable(),
        };
    }

    private ColumnNode ListNode(SchemaElement element, Levels at, bool nullable)
    {
        var repeated = elements[next];
        var inside = at.Repeated();
        ColumnNode item;
        if (RepeatedIsElement(element, repeated))
        {
            Take();
            path.Add(repeated.Name);
            item = Content(repeated, inside, nullable: false);
            path.RemoveAt(path.Count - 1);
        }
        else
        {
            Take();
            path.Add(repeated.Name);
            item = Node(inside);
            path.RemoveAt(path.Count - 1);
        }

        return new ColumnNode
        {
            Field = FieldOf(element, new ListType(item.Field with { Name = "element" }), nullable),
            Kind = NodeKind.List,
            Definition = at.Definition,
            SlotDefinition = at.Slot,
            Repetition = at.Repetition,
            Children = [item],
        };
    }

    // LogicalTypes.md, "Backward-compatibility rules" of LIST.
    private bool RepeatedIsElement(SchemaElement list, SchemaElement repeated)
    {
        if (repeated.Type is not null || repeated.ChildCount != 1) return true;
        if (next + 1 < elements.Count && elements[next + 1].Repetition == Repetition.Repeated) return true;
        if (IsList(repeated) || IsMap(repeated)) return true;
        return repeated.Name == "array" || repeated.Name == list.Name + "_tuple";
    }

    private ColumnNode MapNode(SchemaElement element, Levels at, bool nullable)
    {
        var repeated = Take();
        path.Add(repeated.Name);
        var inside = at.Repeated();
        if (repeated.Type is not null || repeated.ChildCount is < 1 or > 2)
            throw ParquetFaults.BrokenSchema(file, $"the MAP '{Path()}' is not a group of key and value");
        var key = Node(inside);
        // A map without values is the set of its keys.
        var value = repeated.ChildCount == 2 ? Node(inside) : null;
        path.RemoveAt(path.Count - 1);
        if (value is null)
        {
            return new ColumnNode
            {
                Field = FieldOf(element, new ListType(key.Field with { Name = "element" }), nullable),
                Kind = NodeKind.List,
                Definition = at.Definition,
                SlotDefinition = at.Slot,
                Repetition = at.Repetition,
                Children = [key],
            };
        }

        var type = new MapType(key.Field with { Name = "key", Nullable = false }, value.Field with { Name = "value" });
        var entries = new ColumnNode
        {
            Field = new Field("entries", type.Entries, Nullable: false),
            Kind = NodeKind.Struct,
            Definition = inside.Definition,
            SlotDefinition = inside.Slot,
            Repetition = inside.Repetition,
            Children = [key, value],
        };
        return new ColumnNode
        {
            Field = FieldOf(element, type, nullable),
            Kind = NodeKind.List,
            Definition = at.Definition,
            SlotDefinition = at.Slot,
            Repetition = at.Repetition,
            Children = [entries],
        };
    }

    private ColumnNode LeafNode(SchemaElement element, Levels at, bool nullable)
    {
        if (element.Type == PhysicalType.FixedLenByteArray && element.TypeLength is <= 0 or > 1 << 20)
            throw ParquetFaults.BrokenSchema(file, $"'{Path()}' has values of {element.TypeLength} bytes");
        var (type, meaning) = LeafTypes.Of(element) ?? throw ParquetFaults.UnsupportedType(file, Path(), LeafTypes.Describe(element));
        var leaf = new LeafColumn
        {
            Index = leaves.Count,
            Path = Path(),
            Physical = element.Type!.Value,
            TypeLength = element.Type == PhysicalType.FixedLenByteArray ? element.TypeLength : 0,
            Type = type,
            Meaning = meaning,
            MaxDefinition = at.Definition,
            MaxRepetition = at.Repetition,
            SlotDefinition = at.Slot,
        };
        leaves.Add(leaf);
        return new ColumnNode
        {
            Field = FieldOf(element, type, nullable),
            Kind = NodeKind.Leaf,
            Definition = at.Definition,
            SlotDefinition = at.Slot,
            Repetition = at.Repetition,
            Leaf = leaf,
        };
    }

    private bool SingleRepeatedChild(SchemaElement element) =>
        element.ChildCount == 1 && next < elements.Count && elements[next].Repetition == Repetition.Repeated;

    private static bool IsList(SchemaElement element) =>
        element.Logical?.Kind == LogicalKind.List || element.Converted == ConvertedType.List;

    private static bool IsMap(SchemaElement element) =>
        element.Logical?.Kind == LogicalKind.Map || element.Converted is ConvertedType.Map or ConvertedType.MapKeyValue;

    private static Field FieldOf(SchemaElement element, DataType type, bool nullable)
    {
        var field = new Field(element.Name, type, nullable);
        return element.FieldId is { } id
            ? field with { Metadata = field.Metadata.Add(ParquetFile.FieldIdKey, id.ToString(CultureInfo.InvariantCulture)) }
            : field;
    }

    private string Path() => string.Join('.', path);

    /// <param name="Definition">Optional and repeated nodes on the way.</param>
    /// <param name="Repetition">Repeated nodes on the way.</param>
    /// <param name="Slot">Definition level of an element of the innermost list around.</param>
    private readonly record struct Levels(int Definition, int Repetition, int Slot)
    {
        public Levels Optional() => this with { Definition = Definition + 1 };

        public Levels Repeated() => new(Definition + 1, Repetition + 1, Definition + 1);
    }
}
