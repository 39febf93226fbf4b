using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Tests.Kernels;

public class NestedKernelsTests
{
    private static object?[] List(params object?[] items) => items;

    private static string? Json(string json, string path)
    {
        var scratch = default(TextArena);
        return JsonKernels.TryGetObject(Utf8.From(json), JsonPath.Compile(path), ref scratch, out var result) ? result.ToString() : null;
    }

    [Fact]
    public void Indexes_of_arrays()
    {
        Assert.Equal(2, ArrayKernels.At(List(1, 2), 1, 0));
        Assert.Equal("INVALID_ARRAY_INDEX", Assert.Throws<KernelFault>(() => ArrayKernels.At(List(1, 2), 2, 0)).ErrorClass);
        Assert.Equal(3, ArrayKernels.ElementAt(List(1, 2, 3), -1, 0));
        Assert.Throws<KernelFault>(() => ArrayKernels.ElementAt(List(1), 0, 0));
        Assert.Null(ArrayKernels.TryElementAt(List(1), 2, 0));
        Assert.Null(ArrayKernels.Get(List(1), -1));
    }

    [Fact]
    public void Contains_is_null_where_a_null_could_be_it()
    {
        Assert.True(ArrayKernels.TryContains(List(1, null), 1, out var found) && found);
        Assert.False(ArrayKernels.TryContains(List(1, null), 2, out _));
        Assert.True(ArrayKernels.TryContains(List(1), 2, out found) && !found);
    }

    [Fact]
    public void Sorting_puts_nulls_first_or_last()
    {
        Assert.Equal([null, "a", "b"], (object?[])ArrayKernels.SortAscending(List("b", null, "a")));
        Assert.Equal(["b", "a", null], (object?[])ArrayKernels.Sort(List("b", null, "a"), false));
        Assert.Equal(["a", "b", null], (object?[])ArrayKernels.SortNullsLast(List("b", null, "a")));
        Assert.Equal([1.0, double.NaN], (object?[])ArrayKernels.SortAscending(List(double.NaN, 1.0)));
    }

    [Fact]
    public void Sequences_end_where_they_should()
    {
        Assert.Equal([1, 2, 3], (object?[])ArrayKernels.SequenceInt32(1, 3, 0));
        Assert.Equal([3, 1], (object?[])ArrayKernels.SequenceInt32By(3, 1, -2, 0));
        Assert.Equal([5], (object?[])ArrayKernels.SequenceInt32(5, 5, 0));
        Assert.Throws<KernelFault>(() => ArrayKernels.SequenceInt32By(1, 3, -1, 0));
        var january = Calendar.DaysFrom(2024, 1, 31);
        Assert.Equal([january, Calendar.DaysFrom(2024, 2, 29), Calendar.DaysFrom(2024, 3, 31)],
            (object?[])ArrayKernels.SequenceDateMonths(january, Calendar.DaysFrom(2024, 4, 1), 1, 0));
    }

    [Fact]
    public void Slices_and_inserts()
    {
        Assert.Equal([2, 3], (object?[])ArrayKernels.Slice(List(1, 2, 3, 4), 2, 2, 0));
        Assert.Equal([3, 4], (object?[])ArrayKernels.Slice(List(1, 2, 3, 4), -2, 2, 0));
        Assert.Equal([1, 9, 2], (object?[])ArrayKernels.Insert([List(1, 2), 2, 9], 0)!);
        Assert.Equal([1, null, 9], (object?[])ArrayKernels.Insert([List(1), 3, 9], 0)!);
        Assert.Equal([1, 2, 9], (object?[])ArrayKernels.Insert([List(1, 2), -1, 9], 0)!);
    }

    [Fact]
    public void Maps_refuse_null_and_double_keys()
    {
        Assert.Equal("DUPLICATED_MAP_KEY", Assert.Throws<KernelFault>(() => MapKernels.Make(["a", 1, "a", 2], 0)).ErrorClass);
        Assert.Equal("NULL_MAP_KEY", Assert.Throws<KernelFault>(() => MapKernels.Make([null, 1], 0)).ErrorClass);
        Assert.Equal(1, MapKernels.At(MapKernels.Make(["a", 1], 0), "a"));
        Assert.Null(MapKernels.At(MapKernels.Make(["a", 1], 0), "b"));
        Assert.Equal("2", MapKernels.At(MapKernels.FromTextDefault(Utf8.From("a:1,b:2"), 0), "b"));
    }

    [Fact]
    public void Values_compare_as_SQL_compares_them()
    {
        Assert.True(BoxedValues.Equal(List(1, null), List(1, null)));
        Assert.True(BoxedValues.Compare(List((object?)null), List(1)) < 0);
        Assert.True(BoxedValues.Equal(-0.0, 0.0));
        Assert.Equal(BoxedValues.HashOf(-0.0), BoxedValues.HashOf(0.0));
        Assert.True(BoxedValues.Compare("\uFFFF", "😀") < 0);
    }

    [Theory]
    [InlineData("""{"a":{"b":[1,"x",null,{"c":2.50}]}}""", "$.a.b[1]", "x")]
    [InlineData("""{"a":{"b":[1,"x",null,{"c":2.50}]}}""", "$.a.b[3]", """{"c":2.50}""")]
    [InlineData("""{"a":{"b":[1,"x",null]}}""", "$.a.b[2]", null)]
    [InlineData("""{"a":{"b":[1,"x",null]}}""", "$.a.x", null)]
    [InlineData("""{"a b":"å"}""", "$['a b']", "å")]
    [InlineData("""[{"a":1},{"a":2}]""", "$[*].a", "[1,2]")]
    [InlineData("{bad", "$.a", null)]
    public void Json_paths(string json, string path, string? expected) => Assert.Equal(expected, Json(json, path));

    [Fact]
    public void From_json_reads_what_the_schema_names()
    {
        var type = new StructType([new Field("a", DataType.Int32), new Field("d", new DecimalType(5, 2)), new Field("t", DataType.Date), new Field("l", new ListType(DataType.String))]);
        var row = (object?[])JsonKernels.FromJson(Utf8.From("""{"a":1,"d":1.005,"t":"2024-01-31","l":["x",1],"more":true}"""), default, type, SessionZone.Utc, 0)!;
        Assert.Equal(1, row[0]);
        Assert.Equal((Int128)101, row[1]);
        Assert.Equal(Calendar.DaysFrom(2024, 1, 31), row[2]);
        Assert.Equal(["x", "1"], (object?[])row[3]!);
        Assert.Equal([null, null, null, null], (object?[])JsonKernels.FromJson(Utf8.From("{bad"), default, type, SessionZone.Utc, 0)!);
        Assert.Equal("""{"a":1,"l":["x",null]}""", JsonKernels.ToJson(new object?[] { 1, null, null, List("x", null) }, [type], SessionZone.Utc, 0));
    }

    [Fact]
    public void Lambdas_over_arrays()
    {
        Assert.Equal([2, 3], (object?[])HigherOrderKernels.Transform(List(1, 2), x => (int)x! + 1));
        Assert.Equal(6, HigherOrderKernels.Aggregate(List(1, 2, 3), 0, (s, x) => (int)s! + (int)x!));
        Assert.False(HigherOrderKernels.TryExists(List(1, null), x => x is null ? null : (int)x > 1, out _));
        Assert.Equal([3, 2, 1], (object?[])HigherOrderKernels.SortBy(List(1, 3, 2), (a, b) => (int)b! - (int)a!, 0));
    }
}
