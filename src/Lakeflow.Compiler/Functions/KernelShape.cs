using System.Collections.Immutable;
using System.Reflection;
using Lakeflow.Arrow;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Functions;

/// <summary>What the emitter passes for one C# parameter of a kernel.</summary>
public enum KernelParameterKind
{
    /// <summary>The argument at <see cref="KernelParameter.Argument"/>, in its physical type.</summary>
    Value,

    /// <summary>That argument boxed, NULL as null: declared <c>object?</c>.</summary>
    Boxed,

    /// <summary>All remaining arguments boxed in one array: declared <c>object?[]</c>.</summary>
    BoxedRest,

    /// <summary>That argument (a text) compiled to an object with a static <c>Compile(string)</c>: once if it is constant, else through <see cref="CompiledCache{T}"/>.</summary>
    Compiled,

    /// <summary>A lambda as <c>Func&lt;object?, …, object?&gt;</c> over boxed values.</summary>
    Lambda,

    /// <summary>The next of the overload's type arguments.</summary>
    TypeArgument,

    /// <summary>The types of the arguments: <c>DataType[]</c>.</summary>
    ArgumentTypes,

    /// <summary>The type of the result: <c>DataType</c>.</summary>
    ResultType,

    /// <summary>The session's time zone: a <see cref="SessionZone"/> named <c>zone</c> (under another name it is compiled from an argument).</summary>
    Zone,

    /// <summary>The <see cref="RandomSequence"/> of this call: one for each worker of a run. The seed, if given, is the call's argument.</summary>
    Random,

    /// <summary><c>scoped ref TextArena</c>.</summary>
    Scratch,

    /// <summary><c>int site</c>.</summary>
    Site,

    /// <summary><c>out</c> the result; the method returns false for NULL.</summary>
    Out,
}

/// <param name="Kind">What to pass.</param>
/// <param name="Type">The C# type (without <c>ref</c>).</param>
/// <param name="Argument">Which SQL argument, for those kinds that have one; else -1.</param>
public sealed record KernelParameter(KernelParameterKind Kind, Type Type, int Argument);

/// <summary>How a kernel is called, read off its C# signature.</summary>
/// <param name="Method">The static method.</param>
/// <param name="Parameters">What to pass, in order: values, type arguments, types, zone, scratch, site, out.</param>
public sealed record KernelShape(MethodInfo Method, ImmutableArray<KernelParameter> Parameters)
{
    public bool HasSite => Parameters.Any(p => p.Kind == KernelParameterKind.Site);

    /// <summary>True if it can give NULL from values: <c>bool Try…(…, out T)</c>, or a boxed result.</summary>
    public bool MayGiveNull => IsTry || Method.ReturnType == typeof(object);

    /// <summary>True for <c>bool Try…(…, out T result)</c>.</summary>
    public bool IsTry => Parameters.Any(p => p.Kind == KernelParameterKind.Out);

    /// <summary>The C# type of the result.</summary>
    public Type Result => IsTry ? Parameters.First(p => p.Kind == KernelParameterKind.Out).Type : Method.ReturnType;

    /// <summary><c>TextKernels.Left</c>.</summary>
    public string Name => $"{Method.DeclaringType!.Name}.{Method.Name}";

    public static KernelShape Of(Delegate kernel)
    {
        var list = ImmutableArray.CreateBuilder<KernelParameter>();
        var argument = 0;
        var values = true;
        foreach (var parameter in kernel.Method.GetParameters())
        {
            var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            var kind = KindOf(parameter, type, values);
            var takesArgument = kind is KernelParameterKind.Value or KernelParameterKind.Boxed or KernelParameterKind.BoxedRest
                or KernelParameterKind.Compiled or KernelParameterKind.Lambda;
            values &= takesArgument;
            list.Add(new KernelParameter(kind, type, takesArgument ? argument++ : -1));
        }

        return new KernelShape(kernel.Method, list.ToImmutable());
    }

    private static KernelParameterKind KindOf(ParameterInfo parameter, Type type, bool values) => type switch
    {
        _ when parameter.IsOut => KernelParameterKind.Out,
        _ when type == typeof(TextArena) => KernelParameterKind.Scratch,
        _ when type == typeof(RandomSequence) => KernelParameterKind.Random,
        _ when type == typeof(SessionZone) && parameter.Name == "zone" => KernelParameterKind.Zone,
        _ when type == typeof(DataType) => KernelParameterKind.ResultType,
        _ when type == typeof(DataType[]) => KernelParameterKind.ArgumentTypes,
        _ when type == typeof(object) => KernelParameterKind.Boxed,
        _ when type == typeof(object[]) => KernelParameterKind.BoxedRest,
        _ when typeof(Delegate).IsAssignableFrom(type) => KernelParameterKind.Lambda,
        _ when type.IsAssignableTo(typeof(ICompiledText)) => KernelParameterKind.Compiled,
        _ when type == typeof(int) && parameter.Name == "site" => KernelParameterKind.Site,
        // Numbers from types are named after what they are, so that a reader (and this line) can tell them from values.
        _ when type == typeof(int) && (!values || parameter.Name is "precision" or "scale" or "fromScale" or "shift" or "shiftA" or "lost") =>
            KernelParameterKind.TypeArgument,
        _ => KernelParameterKind.Value,
    };
}
