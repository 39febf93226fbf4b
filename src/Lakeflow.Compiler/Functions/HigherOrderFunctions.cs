using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;
using static Lakeflow.Compiler.Functions.Patterns;

namespace Lakeflow.Compiler.Functions;

/// <summary>Functions that take lambdas.</summary>
internal static class HigherOrderFunctions
{
    public static readonly SqlFunction Transform = new("transform")
    {
        Overloads =
        [
            Fn(AnyArray, Lambda(1, 1, ElementOnly)).Returns(t => new ListType(t[1])).PerRow(HigherOrderKernels.Transform),
            Fn(AnyArray, Lambda(2, 2, ElementAndIndex)).Returns(t => new ListType(t[1])).PerRow(HigherOrderKernels.TransformIndexed),
        ],
        Summary = "Each element (and its index from 0) through the lambda.",
        Examples = [("array_join(transform(array(1, 2), x -> x + 1), ',')", "'2,3'")],
    };

    public static readonly SqlFunction Filter = new("filter")
    {
        Overloads =
        [
            Fn(AnyArray, Lambda(1, 1, ElementOnly, DataType.Boolean)).ReturnsArgument(0).PerRow(HigherOrderKernels.Filter),
            Fn(AnyArray, Lambda(2, 2, ElementAndIndex, DataType.Boolean)).ReturnsArgument(0).PerRow(HigherOrderKernels.FilterIndexed),
        ],
        Summary = "The elements for which the lambda is TRUE.",
        Examples = [("size(filter(array(1, 2, 3), x -> x > 1))", "2")],
    };

    public static readonly SqlFunction Exists = new("exists")
    {
        Overloads = [Fn(AnyArray, Lambda(1, 1, ElementOnly, DataType.Boolean)).Returns(DataType.Boolean).PerRow(HigherOrderKernels.TryExists)],
        Summary = "Whether the lambda is TRUE for some element.",
        Examples = [("exists(array(1, 2), x -> x > 1)", "true")],
    };

    public static readonly SqlFunction Forall = new("forall")
    {
        Overloads = [Fn(AnyArray, Lambda(1, 1, ElementOnly, DataType.Boolean)).Returns(DataType.Boolean).PerRow(HigherOrderKernels.TryForAll)],
        Summary = "Whether the lambda is TRUE for every element.",
        Examples = [("forall(array(1, 2), x -> x > 1)", "false")],
    };

    public static readonly SqlFunction Aggregate = new("aggregate")
    {
        Aliases = ["reduce"],
        Overloads =
        [
            Fn(AnyArray, Any, Lambda(2, 2, StateAndElement)).ReturnsArgument(1).PerRow(HigherOrderKernels.Aggregate).MaybeNull(),
            Fn(AnyArray, Any, Lambda(2, 2, StateAndElement), Lambda(1, 1, StateOnly)).ReturnsArgument(3).PerRow(HigherOrderKernels.AggregateAndFinish).MaybeNull(),
        ],
        Summary = "A start value, then (state, element) -> state for each element, then perhaps a last lambda.",
        Examples = [("aggregate(array(1, 2, 3), 0, (s, x) -> s + x)", "6")],
    };

    public static readonly SqlFunction ZipWith = new("zip_with")
    {
        Overloads = [Fn(AnyArray, AnyArray, Lambda(2, 2, BothElements)).Returns(t => new ListType(t[2])).PerRow(HigherOrderKernels.ZipWith)],
        Summary = "The elements at one place of two arrays through the lambda; the shorter goes on with NULL.",
    };

    public static readonly SqlFunction MapFilter = new("map_filter")
    {
        Overloads = [Fn(AnyMap, Lambda(2, 2, KeyAndValue, DataType.Boolean)).ReturnsArgument(0).PerRow(HigherOrderKernels.MapFilter)],
        Summary = "The entries for which the lambda is TRUE.",
    };

    public static readonly SqlFunction TransformKeys = new("transform_keys")
    {
        Overloads = [Fn(AnyMap, Lambda(2, 2, KeyAndValue)).Returns(t => new MapType(t[1], Value(t[0]))).PerRow(HigherOrderKernels.TransformKeys)],
        Summary = "A map with new keys.",
    };

    public static readonly SqlFunction TransformValues = new("transform_values")
    {
        Overloads = [Fn(AnyMap, Lambda(2, 2, KeyAndValue)).Returns(t => new MapType(Key(t[0]), t[1])).PerRow(HigherOrderKernels.TransformValues)],
        Summary = "A map with new values.",
    };

    public static readonly SqlFunction MapZipWith = new("map_zip_with")
    {
        Overloads = [Fn(AnyMap, AnyMap, Lambda(3, 3, KeyAndBothValues)).Returns(t => new MapType(Key(t[0]), t[2])).PerRow(HigherOrderKernels.MapZipWith)],
        Summary = "Two maps into one: (key, value or NULL, value or NULL) -> value.",
    };

    private static DataType Key(DataType map) => map is MapType m ? m.Key.Type : DataType.Null;

    private static DataType Value(DataType map) => map is MapType m ? m.Value.Type : DataType.Null;

    private static DataType Element(DataType array) => array is ListType list ? list.Element.Type : DataType.Null;

    private static ImmutableArray<DataType> ElementOnly(ImmutableArray<DataType> types) => [Element(types[0])];

    private static ImmutableArray<DataType> ElementAndIndex(ImmutableArray<DataType> types) => [Element(types[0]), DataType.Int32];

    private static ImmutableArray<DataType> StateAndElement(ImmutableArray<DataType> types) => [types[1], Element(types[0])];

    private static ImmutableArray<DataType> StateOnly(ImmutableArray<DataType> types) => [types[1]];

    private static ImmutableArray<DataType> BothElements(ImmutableArray<DataType> types) => [Element(types[0]), Element(types[1])];

    private static ImmutableArray<DataType> KeyAndValue(ImmutableArray<DataType> types) => [Key(types[0]), Value(types[0])];

    private static ImmutableArray<DataType> KeyAndBothValues(ImmutableArray<DataType> types) =>
        [Key(types[0]), Value(types[0]), Value(types[1])];
}
