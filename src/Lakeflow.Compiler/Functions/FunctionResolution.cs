using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>Finds the overload for a call, under Spark's ANSI rules for arguments.</summary>
/// <remarks>
/// An overload fits if every argument has, or becomes by itself, what its parameter asks. The cheapest wins: an exact type costs
/// nothing, a wider number a little, a text that must parse much, a number that must print most. Between equals the first declared wins; between methods of the user's none does.
/// </remarks>
public static class FunctionResolution
{
    private const int NullCost = 1;
    private const int DateCost = 8;
    private const int ParseCost = 40;
    private const int StoreCost = 80;
    private const int PrintCost = 100;
    private const int NoWay = -1;

    public static Resolution Resolve(SqlFunction function, ImmutableArray<Argument> arguments)
    {
        var seen = arguments;
        if (function.Promote is { } promote)
        {
            // Nothing says what number two texts would be: an operator needs at least one side that does.
            if (promote(arguments) is { } promoted) seen = [.. arguments.Select((a, i) => a.Type.Equals(promoted[i]) ? a : a with { Type = promoted[i] })];
            else if (arguments.All(a => a.Type is StringType)) return new(null, Explain(function, arguments));
        }

        ResolvedCall? best = null;
        Overload? rival = null;
        var bestCost = int.MaxValue;
        foreach (var overload in function.Overloads)
        {
            var cost = Match(overload, seen, out var types);
            if (cost == NoWay || cost > bestCost) continue;
            if (cost == bestCost)
            {
                rival ??= overload;
                continue;
            }

            rival = null;
            bestCost = cost;
            best = Call(function, overload, seen, types);
        }

        // Which of two C# methods came first says nothing about which is meant.
        if (rival?.Method is { } other && best!.Overload.Method is { } chosen)
            return new(null, $"Both {chosen} and {other} fit ({Given(arguments)}). CAST an argument to the type that you mean.");
        return best is null ? new(null, Explain(function, arguments)) : new(best, null);
    }

    /// <summary>The function of that name on these arguments; throws if there is none. For the compiler's own calls.</summary>
    public static ResolvedCall Require(string name, params ImmutableArray<DataType> types)
    {
        var function = FunctionTable.Find(name) ?? throw new ArgumentException($"no function '{name}'");
        var resolution = Resolve(function, [.. types.Select(t => new Argument(t))]);
        return resolution.Call ?? throw new ArgumentException(resolution.Problem);
    }

    private static ResolvedCall Call(SqlFunction function, Overload overload, ImmutableArray<Argument> arguments, ImmutableArray<DataType> types)
    {
        var coerced = ImmutableArray.CreateRange(arguments.Select((a, i) => a.Type.Equals(types[i]) ? a : a with { Type = types[i] }));
        var result = overload.Result(coerced);
        var nullable = overload.Nulls switch
        {
            ResultNulls.Never => false,
            ResultNulls.Always => true,
            _ when overload.Method is { } method => arguments.Where((_, i) => !method.Parameters[i].Nullable).Any(a => a.Nullable || a.Type is NullType),
            _ => arguments.Any(a => a.Nullable || a.Type is NullType) || (overload.Kernel is not null && KernelShape.Of(overload.Kernel).MayGiveNull && !result.IsNested)
                || function.Kind != FunctionKind.Scalar,
        };
        return new ResolvedCall(function, overload, types, result, nullable);
    }

    private static int Match(Overload overload, ImmutableArray<Argument> arguments, out ImmutableArray<DataType> types)
    {
        types = [];
        var repeated = overload.Parameters is [.., Repeated last] ? last : null;
        var fixedCount = overload.Parameters.Length - (repeated is null ? 0 : 1);
        var least = fixedCount + (repeated?.AtLeast ?? 0);
        if (arguments.Length < least || (repeated is null && arguments.Length > fixedCount)) return NoWay;

        TypePattern At(int i) => i < fixedCount ? overload.Parameters[i] : repeated!.Of;
        var variables = new Dictionary<string, DataType>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!Unify(At(i), arguments[i].Type, variables)) return NoWay;
        }

        var chosen = new DataType[arguments.Length];
        var sum = 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            var cost = Cost(At(i), arguments[i], variables, out chosen[i]);
            if (cost == NoWay) return NoWay;
            sum += cost;
        }

        types = [.. chosen];
        return sum;
    }

    /// <summary>Lets type variables grow to the least common type of what stands in their places.</summary>
    private static bool Unify(TypePattern pattern, DataType type, Dictionary<string, DataType> variables)
    {
        switch (pattern)
        {
            case TypeVariable variable:
                var common = TypeCoercion.LeastCommonType(variables.GetValueOrDefault(variable.Name, DataType.Null), type);
                if (common is null) return false;
                variables[variable.Name] = common;
                return true;
            case ArrayOf array:
                return type is ListType list ? Unify(array.Element, list.Element.Type, variables)
                    : type is NullType && Unify(array.Element, DataType.Null, variables);
            case MapOf map:
                return type is MapType m ? Unify(map.Key, m.Key.Type, variables) && Unify(map.Value, m.Value.Type, variables)
                    : type is NullType && Unify(map.Key, DataType.Null, variables) && Unify(map.Value, DataType.Null, variables);
            case ConstantOf constant:
                return Unify(constant.Of, type, variables);
            default:
                return true;
        }
    }

    private static int Cost(TypePattern pattern, Argument argument, Dictionary<string, DataType> variables, out DataType chosen)
    {
        chosen = argument.Type;
        switch (pattern)
        {
            case Exactly exactly:
                if (argument.IsLambda) return NoWay;
                chosen = exactly.Type;
                return CastCost(argument.Type, exactly.Type);
            case OneOf one:
                if (argument.IsLambda) return NoWay;
                if (one.Accepts(argument.Type)) return 2;
                if (one.Otherwise?.Invoke(argument.Type) is not { } other) return argument.Type is NullType ? NullCost : NoWay;
                chosen = other;
                return argument.Type is NullType ? NullCost : argument.Type.IsInteger ? 4 : ParseCost;
            case TypeVariable or ArrayOf or MapOf:
                if (argument.IsLambda) return NoWay;
                chosen = Substitute(pattern, argument.Type, variables);
                return chosen.Equals(argument.Type) ? 1 : argument.Type is NullType ? NullCost : TypeCoercion.CanCast(argument.Type, chosen) ? 3 : NoWay;
            case ConstantOf constant:
                return argument.IsConstant || argument.Type is NullType ? Cost(constant.Of, argument, variables, out chosen) : NoWay;
            case Where where:
                return where.Test(argument) ? Cost(where.Of, argument, variables, out chosen) : NoWay;
            case LambdaOf lambda:
                if (!lambda.Arities.Contains(argument.LambdaArity)) return NoWay;
                chosen = lambda.Body ?? argument.Type;
                return lambda.Body is null ? 0 : CastCost(argument.Type, lambda.Body);
            default:
                return NoWay;
        }
    }

    private static DataType Substitute(TypePattern pattern, DataType type, Dictionary<string, DataType> variables) => pattern switch
    {
        TypeVariable v => variables[v.Name],
        ArrayOf a => new ListType(Substitute(a.Element, type is ListType l ? l.Element.Type : DataType.Null, variables), type is not ListType { Element.Nullable: false }),
        MapOf m => new MapType(
            Substitute(m.Key, type is MapType t ? t.Key.Type : DataType.Null, variables),
            Substitute(m.Value, type is MapType u ? u.Value.Type : DataType.Null, variables),
            type is not MapType { Value.Nullable: false }),
        Exactly e => e.Type,
        _ => type,
    };

    private static int CastCost(DataType from, DataType to)
    {
        if (from.Equals(to)) return 0;
        if (from is NullType) return NullCost;
        var widening = TypeCoercion.WideningDistance(from, to);
        if (widening > 0) return 2 + widening + (from.IsInteger && to is FloatType ? 3 : 0);
        if (!TypeCoercion.CanImplicitlyCast(from, to)) return NoWay;
        return (from, to) switch
        {
            (DateType, TimestampType { Zoned: true }) => DateCost,
            (DateType or TimestampType, TimestampType or DateType) => DateCost + 2,
            (StringType, BinaryType) => ParseCost + 5,
            (StringType, DoubleType) => ParseCost,
            (StringType, _) => ParseCost + 2,
            (_, StringType) => PrintCost,
            _ => StoreCost,
        };
    }

    private static string Given(ImmutableArray<Argument> arguments) => string.Join(", ", arguments.Select(a => a.IsLambda ? "lambda" : a.Type.ToString()));

    private static string Explain(SqlFunction function, ImmutableArray<Argument> arguments)
    {
        var given = Given(arguments);
        if (!char.IsAsciiLetter(function.Name[0]))
        {
            return arguments.Length == 2
                ? $"'{function.Name}' does not work between {arguments[0].Type} and {arguments[1].Type}."
                : $"'{function.Name}' does not work on {given}.";
        }

        var counts = function.Overloads.Select(o => o.Parameters.Length).Distinct().Order().ToList();
        var variadic = function.Overloads.Any(o => o.Parameters is [.., Repeated]);
        if (!variadic && !counts.Contains(arguments.Length))
        {
            var wanted = string.Join(" or ", counts.Select(c => c.ToString(CultureInfo.InvariantCulture)));
            return $"{function.Name} takes {wanted} argument{(counts is [1] ? "" : "s")}, not {arguments.Length}.";
        }

        var forms = string.Join(" or ", function.Overloads.Take(4).Select(o => function.Name + o));
        return $"{function.Name} does not take ({given}); it is {forms}.";
    }
}
