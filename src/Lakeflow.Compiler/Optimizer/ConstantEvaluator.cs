using System.Reflection;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Optimizer;

/// <summary>Runs a kernel on constants while compiling. Kernels over text cannot be called by reflection; the common casts of text are called by name.</summary>
internal static class ConstantEvaluator
{
    /// <summary>The value of a call on literals; null if it cannot be had now, or fails.</summary>
    public static Literal? Call(Call call)
    {
        if (call.Function.Nulls != NullRule.AnyNullGivesNull || call.Function.Kind != FunctionKind.Scalar) return null;
        if (call.Arguments.Any(a => a is Literal { IsNull: true })) return new Literal(null, call.Type, call.Origin);
        if (call.Function.Name is "||" or "concat" && call.Arguments.All(a => a is Literal { Value: string }))
            return new Literal(string.Concat(call.Arguments.Select(a => (string)((Literal)a).Value!)), call.Type, call.Origin);
        var resolved = new ResolvedCall(call.Function, call.Overload, [.. call.Arguments.Select(a => a.Type)], call.Type, call.Nullable);
        if (resolved.Kernel is not { } kernel) return null;
        return Run(KernelShape.Of(kernel), resolved.TypeArguments, [.. call.Arguments.Cast<Literal>()], call.Type) is { } value ? new Literal(value, call.Type, call.Origin) : null;
    }

    /// <summary>The value of a cast of a literal; null if it cannot be had now, or fails.</summary>
    public static Literal? Cast(Cast cast)
    {
        var literal = (Literal)cast.Input;
        if (literal.Value is null) return new Literal(null, cast.To, cast.Origin);
        if (literal.Value is string text) return OfText(text, cast.To) is { } parsed ? new Literal(parsed, cast.To, cast.Origin) : null;
        if (CastTable.Find(literal.Type, cast.To, cast.Try) is not { } found) return null;
        if (found.IsIdentity) return literal.Type.IsNested || cast.To.IsNested ? null : new Literal(literal.Value, cast.To, cast.Origin);
        return Run(found.Shape!, found.TypeArguments, [literal], cast.To) is { } value ? new Literal(value, cast.To, cast.Origin) : null;
    }

    private static object? OfText(string text, DataType to)
    {
        Utf8 bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        return to switch
        {
            DateType => TextCasts.TryTextToDate(bytes, out var days) ? days : null,
            TimestampType { Zoned: false } => TextCasts.TryTextToTimestampNtz(bytes, out var micros) ? micros : null,
            Int32Type => TextCasts.TryTextToInt32(bytes, out var i) ? i : null,
            Int64Type => TextCasts.TryTextToInt64(bytes, out var l) ? l : null,
            DoubleType => TextCasts.TryTextToDouble(bytes, out var d) ? d : null,
            BooleanType => TextCasts.TryTextToBoolean(bytes, out var b) ? b : null,
            DecimalType { Precision: var p, Scale: var s } => TextCasts.TryTextToDecimal(bytes, p, s, out var n) ? n : null,
            _ => null,
        };
    }

    private static object? Run(KernelShape shape, ImmutableArray<int> typeArguments, ImmutableArray<Literal> values, DataType result)
    {
        var arguments = new object?[shape.Parameters.Length];
        var nextType = 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = shape.Parameters[i];
            switch (parameter.Kind)
            {
                case KernelParameterKind.Value when parameter.Argument < values.Length && Physical(values[parameter.Argument], parameter.Type) is { } value:
                    arguments[i] = value;
                    break;
                case KernelParameterKind.TypeArgument when nextType < typeArguments.Length:
                    arguments[i] = typeArguments[nextType++];
                    break;
                case KernelParameterKind.Site:
                    arguments[i] = 0;
                    break;
                case KernelParameterKind.Out:
                    break;
                default:
                    return null;
            }
        }

        if (shape.Result.IsByRefLike || shape.Method.ContainsGenericParameters) return null;
        object? answer;
        try
        {
            answer = shape.Method.Invoke(null, arguments);
        }
        catch (TargetInvocationException)
        {
            // The kernel raises on these values: that is the run time's to say, at the row that gets there.
            return null;
        }

        if (shape.IsTry) answer = answer is true ? arguments[^1] : null;
        return Boxed(answer, result);
    }

    /// <summary>A literal as the kernel takes it: decimals of up to 18 digits as long where it asks for long.</summary>
    private static object? Physical(Literal literal, Type wanted) => literal.Value switch
    {
        var value when value?.GetType() == wanted => value,
        Int128 unscaled when wanted == typeof(long) => (long)unscaled,
        _ => null,
    };

    /// <summary>A kernel's result as a literal holds it.</summary>
    private static object? Boxed(object? value, DataType type) => (value, type) switch
    {
        (long unscaled, DecimalType) => (Int128)unscaled,
        (bool or sbyte or short or int or long or float or double or Int128, _) when !type.IsNested => value,
        _ => null,
    };
}
