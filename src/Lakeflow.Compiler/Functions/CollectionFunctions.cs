using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>ARRAY, MAP and STRUCT.</summary>
internal static class CollectionFunctions
{
    public static readonly SqlFunction Array = new("array")
    {
        Overloads =
        [
            Fn().Returns(new ListType(DataType.Null)).PerRow(ArrayKernels.Make),
            Fn(Repeat(T)).Returns(t => new ListType(t[0])).PerRow(ArrayKernels.Make),
        ],
        Nulls = NullRule.Custom,
        Summary = "An array of its arguments, brought to their common type.",
        Examples = [("array(1, 2)[0]", "1")],
    };

    public static readonly SqlFunction Map = new("map")
    {
        Overloads =
        [
            Fn().Returns(new MapType(DataType.Null, DataType.Null)).PerRow(MapKernels.Make),
            Fn(Repeat(Any)).Returns(MapOfPairs).PerRow(MapKernels.Make).NeverNull(),
        ],
        Nulls = NullRule.Custom,
        Promote = PromotePairs,
        Summary = "A map of keys and values in turn; a key twice, or NULL, raises LF5008.",
        Examples = [("map('a', 1)['a']", "1")],
    };

    public static readonly SqlFunction Struct = new("struct")
    {
        Overloads = [Fn(Repeat(Any)).ReturnsFrom(RowOf).PerRow(MapKernels.Row).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.Struct,
        Summary = "A struct with the names of its arguments, or col1, col2 ….",
    };

    public static readonly SqlFunction NamedStruct = new("named_struct")
    {
        Overloads = [Fn(Repeat(Any)).ReturnsFrom(NamedRowOf).PerRow(MapKernels.NamedRow).NeverNull()],
        Nulls = NullRule.Custom,
        Lowering = Lowering.NamedStruct,
        Summary = "A struct of names (constants) and values in turn.",
        Examples = [("named_struct('a', 1, 'b', 2).b", "2")],
    };

    public static readonly SqlFunction Size = new("size")
    {
        Aliases = ["cardinality"],
        Overloads = [Fn(AnyNested).Returns(DataType.Int32).PerRow(ArrayKernels.Size)],
        Summary = "Elements of an array, entries of a map; NULL of NULL.",
        Examples = [("size(array(1, 2))", "2")],
    };

    public static readonly SqlFunction ArraySize = new("array_size")
    {
        Overloads = [Fn(AnyArray).Returns(DataType.Int32).PerRow(ArrayKernels.Size)],
        Summary = "Elements of an array.",
        Examples = [("array_size(array(1, 2))", "2")],
    };

    public static readonly SqlFunction Subscript = new("[]")
    {
        Overloads =
        [
            Fn(AnyArray, BigInt).Returns(t => Element(t[0])).PerRow(ArrayKernels.At).MaybeNull(),
            Fn(MapOfKV, K).Returns(t => Value(t[0])).PerRow(MapKernels.At).MaybeNull(),
        ],
        Summary = "`a[i]` counts from 0 and raises LF5006 outside; `m[k]` is NULL without that key.",
        Examples = [("array(1, 2)[1]", "2"), ("map('a', 1)['b']", "NULL")],
    };

    public static readonly SqlFunction ElementAt = new("element_at")
    {
        Overloads =
        [
            Fn(AnyArray, BigInt).Returns(t => Element(t[0])).PerRow(ArrayKernels.ElementAt).MaybeNull(),
            Fn(MapOfKV, K).Returns(t => Value(t[0])).PerRow(MapKernels.At).MaybeNull(),
        ],
        Summary = "From 1, negative from the end; outside raises LF5006. Of a map: the value, NULL without that key.",
        Examples = [("element_at(array(1, 2, 3), -1)", "3")],
    };

    public static readonly SqlFunction TryElementAt = new("try_element_at")
    {
        Overloads =
        [
            Fn(AnyArray, BigInt).Returns(t => Element(t[0])).PerRow(ArrayKernels.TryElementAt).MaybeNull(),
            Fn(MapOfKV, K).Returns(t => Value(t[0])).PerRow(MapKernels.At).MaybeNull(),
        ],
        Summary = "As element_at, but NULL outside.",
        Examples = [("try_element_at(array(1, 2, 3), 4)", "NULL")],
    };

    public static readonly SqlFunction Get = new("get")
    {
        Overloads = [Fn(new Where(AnyArray, a => a.Type is ListType), BigInt).Returns(t => Element(t[0])).PerRow(ArrayKernels.Get).MaybeNull()],
        Summary = "From 0; NULL outside.",
        Examples = [("get(array(1, 2), 5)", "NULL")],
    };

    public static readonly SqlFunction ArrayContains = new("array_contains")
    {
        Overloads = [Fn(ArrayOfT, T).Returns(DataType.Boolean).PerRow(ArrayKernels.TryContains)],
        Summary = "Whether it is there; NULL if not, but a NULL is.",
        Examples = [("array_contains(array(1, 2), 2)", "true"), ("array_contains(array(1, NULL), 2)", "NULL")],
    };

    public static readonly SqlFunction ArrayPosition = new("array_position")
    {
        Overloads = [Fn(ArrayOfT, T).Returns(DataType.Int64).PerRow(ArrayKernels.Position)],
        Summary = "Place of the first, from 1; 0 if it is not there.",
        Examples = [("array_position(array(3, 2, 1), 1)", "3L")],
    };

    public static readonly SqlFunction SortArray = new("sort_array")
    {
        Overloads =
        [
            Fn(AnyArray).ReturnsArgument(0).PerRow(ArrayKernels.SortAscending),
            Fn(AnyArray, new Where(Bool, a => a.Type is BooleanType)).ReturnsArgument(0).PerRow(ArrayKernels.Sort),
        ],
        Summary = "Sorted; NULLs first ascending, last descending.",
        Examples = [("array_join(sort_array(array('b', 'a')), ',')", "'a,b'")],
    };

    public static readonly SqlFunction ArraySort = new("array_sort")
    {
        Overloads =
        [
            Fn(AnyArray).ReturnsArgument(0).PerRow(ArrayKernels.SortNullsLast),
            Fn(AnyArray, Lambda(2, 2, TwoElements)).ReturnsArgument(0).PerRow(HigherOrderKernels.SortBy),
        ],
        Summary = "Sorted with NULLs last, or by a comparison.",
        Examples = [("array_join(array_sort(array('b', 'a')), ',')", "'a,b'")],
    };

    public static readonly SqlFunction ArrayDistinct = new("array_distinct")
    {
        Overloads = [Fn(AnyArray).ReturnsArgument(0).PerRow(ArrayKernels.Distinct)],
        Summary = "Without repetitions.",
    };

    public static readonly SqlFunction ArrayUnion = new("array_union")
    {
        Overloads = [Fn(ArrayOfT, ArrayOfT).ReturnsArgument(0).PerRow(ArrayKernels.Union)],
        Summary = "The elements of both, without repetitions.",
    };

    public static readonly SqlFunction ArrayIntersect = new("array_intersect")
    {
        Overloads = [Fn(ArrayOfT, ArrayOfT).ReturnsArgument(0).PerRow(ArrayKernels.Intersect)],
        Summary = "The elements that are in both, without repetitions.",
    };

    public static readonly SqlFunction ArrayExcept = new("array_except")
    {
        Overloads = [Fn(ArrayOfT, ArrayOfT).ReturnsArgument(0).PerRow(ArrayKernels.Except)],
        Summary = "The elements of the first that are not in the second, without repetitions.",
    };

    public static readonly SqlFunction ArrayRemove = new("array_remove")
    {
        Overloads = [Fn(ArrayOfT, T).ReturnsArgument(0).PerRow(ArrayKernels.Remove)],
        Summary = "Without that value.",
    };

    public static readonly SqlFunction ArrayCompact = new("array_compact")
    {
        Overloads = [Fn(AnyArray).ReturnsArgument(0).PerRow(ArrayKernels.Compact)],
        Summary = "Without NULLs.",
    };

    public static readonly SqlFunction ArrayInsert = new("array_insert")
    {
        Overloads = [Fn(ArrayOfT, Int, T).ReturnsArgument(0).PerRow(ArrayKernels.Insert).MaybeNull()],
        Nulls = NullRule.Custom,
        Summary = "With a value put in at a place (from 1; negative from the end).",
    };

    public static readonly SqlFunction Slice = new("slice")
    {
        Overloads = [Fn(AnyArray, Int, Int).ReturnsArgument(0).PerRow(ArrayKernels.Slice)],
        Summary = "So many elements from a place on (from 1; negative from the end).",
    };

    public static readonly SqlFunction ArrayAppend = new("array_append")
    {
        Overloads = [Fn(ArrayOfT, T).ReturnsArgument(0).PerRow(ArrayKernels.Append).MaybeNull()],
        Nulls = NullRule.Custom,
        Summary = "With a value at the end.",
        Examples = [("size(array_append(array(1), NULL))", "2")],
    };

    public static readonly SqlFunction ArrayPrepend = new("array_prepend")
    {
        Overloads = [Fn(ArrayOfT, T).ReturnsArgument(0).PerRow(ArrayKernels.Prepend).MaybeNull()],
        Nulls = NullRule.Custom,
        Summary = "With a value at the start.",
    };

    public static readonly SqlFunction ArrayRepeat = new("array_repeat")
    {
        Overloads = [Fn(Any, Int).Returns(t => new ListType(t[0])).PerRow(ArrayKernels.Repeat)],
        Summary = "The value so many times.",
        Examples = [("size(array_repeat('a', 3))", "3")],
    };

    public static readonly SqlFunction ArraysOverlap = new("arrays_overlap")
    {
        Overloads = [Fn(ArrayOfT, ArrayOfT).Returns(DataType.Boolean).PerRow(ArrayKernels.TryOverlap)],
        Summary = "Whether they share an element that is not NULL.",
        Examples = [("arrays_overlap(array(1, 2), array(2, 3))", "true")],
    };

    public static readonly SqlFunction ArraysZip = new("arrays_zip")
    {
        Overloads = [Fn(Repeat(AnyArray)).ReturnsFrom(ZipOf).PerRow(ArrayKernels.Zip)],
        Summary = "Structs of the elements at one place.",
    };

    public static readonly SqlFunction ArrayJoin = new("array_join")
    {
        Overloads =
        [
            Fn(Texts, Text).Returns(DataType.String).PerRow(ArrayKernels.Join),
            Fn(Texts, Text, Text).Returns(DataType.String).PerRow(ArrayKernels.JoinWithNulls),
        ],
        Summary = "Texts with a delimiter between; NULLs are left out, or replaced by the third argument.",
        Examples = [("array_join(array('a', NULL, 'b'), ',')", "'a,b'")],
    };

    public static readonly SqlFunction ArrayMin = new("array_min")
    {
        Overloads = [Fn(AnyArray).Returns(t => Element(t[0])).PerRow(ArrayKernels.Min).MaybeNull()],
        Summary = "The smallest element; NULLs do not count.",
        Examples = [("array_min(array(2, 1, NULL))", "1")],
    };

    public static readonly SqlFunction ArrayMax = new("array_max")
    {
        Overloads = [Fn(AnyArray).Returns(t => Element(t[0])).PerRow(ArrayKernels.Max).MaybeNull()],
        Summary = "The largest element; NULLs do not count.",
        Examples = [("array_max(array(2, 1, NULL))", "2")],
    };

    public static readonly SqlFunction Flatten = new("flatten")
    {
        Overloads = [Fn(AnyArray).Returns(t => Element(t[0])).PerRow(ArrayKernels.Flatten).MaybeNull()],
        Summary = "An array of arrays as one array.",
        Examples = [("size(flatten(array(array(1, 2), array(3))))", "3")],
    };

    public static readonly SqlFunction Sequence = new("sequence")
    {
        Overloads =
        [
            Fn(Int, Int).Returns(ListOf(DataType.Int32)).PerRow(ArrayKernels.SequenceInt32),
            Fn(Int, Int, Int).Returns(ListOf(DataType.Int32)).PerRow(ArrayKernels.SequenceInt32By),
            Fn(BigInt, BigInt).Returns(ListOf(DataType.Int64)).PerRow(ArrayKernels.SequenceInt64),
            Fn(BigInt, BigInt, BigInt).Returns(ListOf(DataType.Int64)).PerRow(ArrayKernels.SequenceInt64By),
            Fn(Date, Date).Returns(ListOf(DataType.Date)).PerRow(ArrayKernels.SequenceDays),
            Fn(Date, Date, Duration).Returns(ListOf(DataType.Date)).PerRow(ArrayKernels.SequenceDaysBy),
            Fn(Date, Date, Months).Returns(ListOf(DataType.Date)).PerRow(ArrayKernels.SequenceDateMonths),
            Fn(Timestamp, Timestamp, Duration).Returns(ListOf(DataType.Timestamp)).PerRow(ArrayKernels.SequenceTimestamps),
            Fn(Timestamp, Timestamp, Months).Returns(ListOf(DataType.Timestamp)).PerRow(ArrayKernels.SequenceTimestampMonths),
        ],
        Summary = "From the first to the last in steps of 1 (or −1, or a day), or of the third.",
        Examples = [("array_join(sequence(1, 3), ',')", "'1,2,3'")],
    };

    public static readonly SqlFunction MapKeys = new("map_keys")
    {
        Overloads = [Fn(AnyMap).Returns(t => new ListType(Key(t[0]), containsNull: false)).PerRow(MapKernels.Keys)],
        Summary = "The keys.",
    };

    public static readonly SqlFunction MapValues = new("map_values")
    {
        Overloads = [Fn(AnyMap).Returns(t => new ListType(Value(t[0]))).PerRow(MapKernels.Values)],
        Summary = "The values.",
    };

    public static readonly SqlFunction MapEntries = new("map_entries")
    {
        Overloads = [Fn(AnyMap).Returns(t => new ListType((t[0] as MapType)?.Entries ?? DataType.Null as DataType, containsNull: false)).PerRow(MapKernels.Entries)],
        Summary = "Structs of key and value.",
    };

    public static readonly SqlFunction MapFromArrays = new("map_from_arrays")
    {
        Overloads = [Fn(AnyArray, AnyArray).Returns(t => new MapType(Element(t[0]), Element(t[1]))).PerRow(MapKernels.FromArrays)],
        Summary = "A map of an array of keys and one of values.",
        Examples = [("map_from_arrays(array('a'), array(1))['a']", "1")],
    };

    public static readonly SqlFunction MapFromEntries = new("map_from_entries")
    {
        Overloads = [Fn(AnyArray).Returns(t => new MapType(((StructType)Element(t[0])).Fields[0].Type, ((StructType)Element(t[0])).Fields[1].Type)).PerRow(MapKernels.FromEntries).MaybeNull()],
        Summary = "A map of structs of key and value.",
    };

    public static readonly SqlFunction MapConcat = new("map_concat")
    {
        Overloads = [Fn(Repeat(MapOfKV)).ReturnsArgument(0).PerRow(MapKernels.Concat)],
        Summary = "The entries of all; a key twice raises LF5008.",
    };

    public static readonly SqlFunction MapContainsKey = new("map_contains_key")
    {
        Overloads = [Fn(MapOfKV, K).Returns(DataType.Boolean).PerRow(MapKernels.ContainsKey)],
        Summary = "Whether there is that key.",
        Examples = [("map_contains_key(map('a', 1), 'a')", "true")],
    };

    public static readonly SqlFunction StrToMap = new("str_to_map")
    {
        Overloads =
        [
            Fn(Text).Returns(new MapType(DataType.String, DataType.String)).PerRow(MapKernels.FromTextDefault),
            Fn(Text, Text, Text).Returns(new MapType(DataType.String, DataType.String)).PerRow(MapKernels.FromText),
        ],
        Summary = "A map from a text such as a:1,b:2.",
        Examples = [("str_to_map('a:1,b:2')['b']", "'2'")],
    };

    private static DataType Key(DataType map) => map is MapType m ? m.Key.Type : DataType.Null;

    private static DataType Value(DataType map) => map is MapType m ? m.Value.Type : DataType.Null;

    private static DataType Element(DataType array) => array is ListType list ? list.Element.Type : DataType.Null;

    private static ListType ListOf(DataType element) => new(element, containsNull: false);

    private static ImmutableArray<DataType> TwoElements(ImmutableArray<DataType> types) => [Element(types[0]), Element(types[0])];

    private static MapType MapOfPairs(ImmutableArray<DataType> types) => new(types[0], types.Length > 1 ? types[1] : DataType.Null);

    private static ImmutableArray<DataType>? PromotePairs(ImmutableArray<Argument> arguments)
    {
        if (arguments.Length % 2 != 0) return null;
        var key = TypeCoercion.LeastCommonType(arguments.Where((_, i) => i % 2 == 0).Select(a => a.Type));
        var value = TypeCoercion.LeastCommonType(arguments.Where((_, i) => i % 2 == 1).Select(a => a.Type));
        return key is null || value is null ? null : [.. arguments.Select((_, i) => i % 2 == 0 ? key : value)];
    }

    private static StructType RowOf(ImmutableArray<Argument> arguments) =>
        new([.. arguments.Select((a, i) => new Field(a.Name ?? $"col{i + 1}", a.Type, a.Nullable))]);

    private static StructType NamedRowOf(ImmutableArray<Argument> arguments) =>
        new([.. arguments.Chunk(2).Where(p => p.Length == 2).Select((p, i) => new Field(p[0].Value as string ?? $"col{i + 1}", p[1].Type, p[1].Nullable))]);

    private static ListType ZipOf(ImmutableArray<Argument> arguments) =>
        new(new StructType([.. arguments.Select((a, i) => new Field(a.Name ?? $"{i}", Element(a.Type)))]), containsNull: false);

    /// <summary>ARRAY of STRING; elements of other types that are not nested become texts as CAST makes them.</summary>
    private static OneOf Texts => new("ARRAY<STRING>", t => t is ListType { Element.Type: StringType })
    {
        Otherwise = t => t is ListType { Element.Type.IsNested: false } list ? new ListType(DataType.String, list.Element.Nullable) : null,
    };
}
