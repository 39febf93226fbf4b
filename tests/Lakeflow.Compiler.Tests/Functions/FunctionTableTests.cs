using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Runtime.Kernels;
using Lakeflow.Runtime.Kernels.Aggregates;

namespace Lakeflow.Compiler.Tests.Functions;

/// <summary>What every declaration must keep: a kernel fits its overload, an example can be read, an aggregate has its state's shape.</summary>
public class FunctionTableTests
{
    private static readonly DataType[] Samples =
    [
        DataType.Boolean, DataType.Int8, DataType.Int16, DataType.Int32, DataType.Int64, DataType.Float, DataType.Double, new DecimalType(10, 2),
        new DecimalType(30, 6), DataType.String, DataType.Binary, DataType.Date, DataType.Timestamp, DataType.TimestampNtz, DataType.YearMonthInterval,
        DataType.DayTimeInterval, new ListType(DataType.Int32), new MapType(DataType.String, DataType.Int32), new StructType([new Field("a", DataType.Int32)]),
    ];

    public static TheoryData<string> Names => [.. FunctionTable.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_kernel_takes_what_its_overload_gives(string name)
    {
        var function = FunctionTable.Find(name)!;
        foreach (var overload in function.Overloads.Where(o => o.Kernel is not null))
        {
            foreach (var types in Instances(overload)) CheckKernel(function, overload, types);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_is_documented_and_its_examples_are_well_formed(string name)
    {
        var function = FunctionTable.Find(name)!;
        Assert.NotEmpty(function.Summary);
        Assert.NotEmpty(function.Overloads);
        Assert.False(function.Summary.Contains('\n', StringComparison.Ordinal));
        foreach (var (sql, result) in function.Examples)
        {
            Assert.NotEmpty(sql);
            Assert.NotEmpty(result);
            Assert.Equal(sql.Count(c => c == '('), sql.Count(c => c == ')'));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scalar_function_has_a_kernel_or_is_lowered(string name)
    {
        var function = FunctionTable.Find(name)!;
        if (function.Kind != FunctionKind.Scalar || function.Lowering != Lowering.None) return;
        // unix_timestamp() is a constant of the update.
        if (name == "unix_timestamp") return;
        Assert.All(function.Overloads, o => Assert.NotNull(o.Kernel));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_aggregate_has_a_state_of_the_uniform_shape(string name)
    {
        var function = FunctionTable.Find(name)!;
        if (function.Kind != FunctionKind.Aggregate || function.Lowering == Lowering.Grouping) return;
        foreach (var state in function.Overloads.SelectMany(o => new[] { o.State, o.WideState }).OfType<Type>())
        {
            if (state.IsValueType)
            {
                Assert.Contains(state.GetMethods(), m => m.Name == "Add");
                Assert.NotNull(state.GetMethod("Merge"));
                Assert.NotNull(state.GetProperty("HasValue"));
                Assert.NotNull(state.GetMethod("Result"));
            }
            else
            {
                Assert.Equal(typeof(IObjectAggregate), state.GetMethod("Create")!.ReturnType);
            }
        }
    }

    [Fact]
    public void The_functions_of_real_pipelines_are_there()
    {
        string[] used =
        [
            "current_timestamp", "count", "sum", "map", "date", "trim", "avg", "from_unixtime", "max", "round", "upper", "lower", "datediff", "explode", "input_file_name",
            "coalesce", "date_trunc", "length", "timestamp", "year", "min", "nullif", "current_date", "to_timestamp", "month", "row_number", "named_struct", "dayofweek",
            "concat", "date_format", "initcap", "day", "mean", "add_months", "array", "hour", "quarter", "regexp_replace", "int", "weekofyear", "get_json_object",
            "percentile_approx", "least", "substr", "unix_timestamp", "date_add", "split", "sequence", "stddev_samp", "regexp_extract", "to_date", "sha2", "abs", "double",
            "ifnull", "stddev_pop", "minute", "second", "lpad", "rank", "now", "floor", "random", "nvl", "var_samp", "mode", "base64", "boolean", "sha1", "first",
            "struct", "len", "min_by", "max_by", "timestampdiff", "dayofyear", "split_part", "substring", "instr", "make_date", "concat_ws", "rlike", "rand",
        ];
        Assert.DoesNotContain(used, n => FunctionTable.Find(n) is null);
    }

    [Fact]
    public void Every_cast_that_is_allowed_has_a_kernel_of_the_right_types()
    {
        foreach (var from in Samples)
        {
            foreach (var to in Samples.Where(t => TypeCoercion.CanCast(from, t)))
            {
                foreach (var tolerant in new[] { false, true })
                {
                    var call = CastTable.Find(from, to, tolerant);
                    Assert.NotNull(call);
                    if (call.Shape is not { } shape) continue;
                    var value = shape.Parameters[0];
                    if (value.Kind == KernelParameterKind.Value) AssertFits($"{from} to {to}", PhysicalTypes.Of(from), value.Type);
                    AssertFits($"{from} to {to}", shape.Result, PhysicalTypes.Of(to), narrowing: true);
                    Assert.Equal(call.TypeArguments.Length, shape.Parameters.Count(p => p.Kind == KernelParameterKind.TypeArgument));
                    if (tolerant && from.IsNested is false && !to.IsNested && from is not BooleanType) Assert.False(shape.HasSite, $"try_cast {from} to {to} can fail");
                }
            }
        }
    }

    /// <summary>Argument types that the overload's patterns stand for: each pattern's samples, all the same sample for a type variable.</summary>
    private static IEnumerable<ImmutableArray<DataType>> Instances(Overload overload)
    {
        foreach (var sample in Samples)
        {
            var types = new List<DataType>();
            foreach (var pattern in overload.Parameters)
            {
                if (Instance(pattern, sample) is not { } type) break;
                types.Add(type);
            }

            if (types.Count == overload.Parameters.Length) yield return [.. types];
        }
    }

    private static DataType? Instance(TypePattern pattern, DataType sample) => pattern switch
    {
        Exactly e => e.Type,
        OneOf one => one.Accepts(sample) ? sample : null,
        TypeVariable => sample,
        ArrayOf array => Instance(array.Element, sample) is { } element ? new ListType(element) : null,
        MapOf map => Instance(map.Key, sample) is { } key && Instance(map.Value, sample) is { } value ? new MapType(key, value) : null,
        Repeated repeated => Instance(repeated.Of, sample),
        ConstantOf constant => Instance(constant.Of, sample),
        Where where => Instance(where.Of, sample),
        LambdaOf lambda => lambda.Body ?? sample,
        _ => null,
    };

    private static void CheckKernel(SqlFunction function, Overload overload, ImmutableArray<DataType> types)
    {
        var wide = overload.WideKernel is not null && types.Any(t => t is DecimalType { Is64: false });
        var shape = KernelShape.Of(wide ? overload.WideKernel! : overload.Kernel!);
        var label = $"{function.Name}{overload} with {shape.Name} on ({string.Join(", ", types)})";
        foreach (var parameter in shape.Parameters.Where(p => p.Argument >= 0 && p.Kind != KernelParameterKind.BoxedRest))
            Assert.True(parameter.Argument < types.Length, $"{label}: the kernel takes more values");
        var repeated = overload.Parameters is [.., Repeated];
        var taken = shape.Parameters.Count(p => p.Argument >= 0);
        // A seed is in the sequence that the kernel draws from.
        var seeds = shape.Parameters.Any(p => p.Kind == KernelParameterKind.Random) ? types.Length : 0;
        if (!repeated) Assert.True(taken + seeds == types.Length || shape.Parameters.Any(p => p.Kind == KernelParameterKind.BoxedRest), $"{label}: the kernel takes {taken} values");
        foreach (var parameter in shape.Parameters)
        {
            if (parameter.Kind == KernelParameterKind.Value) AssertFits(label, PhysicalTypes.Of(types[parameter.Argument]), parameter.Type);
            if (parameter.Kind == KernelParameterKind.Compiled) Assert.Equal(DataType.String, types[parameter.Argument]);
        }

        var known = overload.TypeArguments is null || function.Name is "from_json" ? [] : types;
        if (known.IsEmpty && overload.TypeArguments is not null) return;
        DataType result;
        try
        {
            result = overload.Result([.. types.Select(t => new Argument(t))]);
        }
        catch (InvalidCastException)
        {
            // The sample is of no use to this rule (map_from_entries of an array of numbers).
            return;
        }

        if (overload.TypeArguments is { } numbers)
            Assert.True(numbers(types, result).Length >= shape.Parameters.Count(p => p.Kind == KernelParameterKind.TypeArgument), $"{label}: too few type arguments");
        else
            Assert.DoesNotContain(shape.Parameters, p => p.Kind == KernelParameterKind.TypeArgument);
        AssertFits(label, shape.Result, PhysicalTypes.Of(result), narrowing: true);
    }

    /// <summary>C# converts the one to the other by itself; a result may also be narrowed from Int128, or come boxed.</summary>
    private static void AssertFits(string label, Type from, Type to, bool narrowing = false)
    {
        Type[] order = [typeof(sbyte), typeof(short), typeof(int), typeof(long), typeof(Int128)];
        var fits = from == to
            || (Array.IndexOf(order, from) >= 0 && Array.IndexOf(order, to) > Array.IndexOf(order, from))
            || (to == typeof(double) && from == typeof(float))
            || (narrowing && ((from == typeof(Int128) && to == typeof(long)) || from == typeof(object)));
        Assert.True(fits, $"{label}: {from.Name} where {to.Name} is wanted");
    }
}
