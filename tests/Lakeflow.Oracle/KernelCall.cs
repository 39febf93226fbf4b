using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Oracle;

/// <summary>Calls a kernel with boxed values: one value at a time, no batch, no generated C#.</summary>
internal sealed class KernelCall
{
    private static readonly ConcurrentDictionary<MethodInfo, KernelCall> Known = new();

    private readonly KernelShape shape;
    private readonly Invoker invoke;

    private KernelCall(KernelShape shape)
    {
        this.shape = shape;
        invoke = Emit(shape);
    }

    private delegate object? Invoker(object?[] arguments, ref TextArena scratch);

    public static KernelCall Of(Delegate kernel) => Known.GetOrAdd(kernel.Method, _ => new KernelCall(KernelShape.Of(kernel)));

    /// <summary>The kernel's result in the form of <see cref="ArrowArray.GetValue"/>.</summary>
    /// <param name="values">The SQL arguments; null is NULL, and the caller has dealt with NULLs that make the result NULL.</param>
    /// <param name="types">Their types.</param>
    /// <param name="result">The result's type.</param>
    /// <param name="typeArguments">Numbers that the kernel takes after its values.</param>
    /// <param name="zone">The session's time zone.</param>
    /// <param name="random">What a function that draws draws from.</param>
    public object? Invoke(object?[] values, ImmutableArray<DataType> types, DataType result, IReadOnlyList<int> typeArguments, SessionZone zone, RandomSequence? random = null)
    {
        var numbers = 0;
        var passed = new object?[shape.Parameters.Length];
        for (var i = 0; i < passed.Length; i++)
        {
            var parameter = shape.Parameters[i];
            passed[i] = parameter.Kind switch
            {
                KernelParameterKind.Value => Physical(values[parameter.Argument], parameter.Type),
                KernelParameterKind.Boxed => values[parameter.Argument],
                KernelParameterKind.BoxedRest => values[parameter.Argument..],
                KernelParameterKind.Compiled => Compile(parameter.Type, (string)values[parameter.Argument]!),
                KernelParameterKind.Lambda => values[parameter.Argument],
                KernelParameterKind.TypeArgument => typeArguments[numbers++],
                KernelParameterKind.ArgumentTypes => types.ToArray(),
                KernelParameterKind.ResultType => result,
                KernelParameterKind.Zone => zone,
                KernelParameterKind.Random => random,
                KernelParameterKind.Site => 0,
                _ => null,
            };
        }

        var scratch = default(TextArena);
        var value = invoke(passed, ref scratch);
        return Boxed(value, result);
    }

    private static object? Physical(object? value, Type type) => value switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        Int128 wide when type == typeof(long) => (long)wide,
        long narrow when type == typeof(Int128) => (Int128)narrow,
        int narrow when type == typeof(Int128) => (Int128)narrow,
        short narrow when type == typeof(Int128) => (Int128)narrow,
        sbyte narrow when type == typeof(Int128) => (Int128)narrow,
        float narrow when type == typeof(double) => (double)narrow,
        IConvertible narrow and not bool when type == typeof(long) => narrow.ToInt64(null),
        _ => value,
    };

    private static object? Boxed(object? value, DataType type) => (value, type) switch
    {
        (byte[] bytes, StringType) => Encoding.UTF8.GetString(bytes),
        (long narrow, DecimalType) => (Int128)narrow,
        _ => value,
    };

    private static object Compile(Type type, string text) =>
        type.GetMethod("Compile", BindingFlags.Public | BindingFlags.Static, [typeof(string)])!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [text], null)!;

    /// <summary>Kernels take ref structs, which reflection cannot pass: a small dynamic method unboxes, calls and boxes.</summary>
    private static Invoker Emit(KernelShape shape)
    {
        var method = new DynamicMethod("invoke", typeof(object), [typeof(object[]), typeof(TextArena).MakeByRefType()], typeof(KernelCall).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var toUtf8 = typeof(KernelCall).GetMethod(nameof(ToUtf8), BindingFlags.Static | BindingFlags.NonPublic)!;
        var fromUtf8 = typeof(KernelCall).GetMethod(nameof(FromUtf8), BindingFlags.Static | BindingFlags.NonPublic)!;
        LocalBuilder? output = null;
        for (var i = 0; i < shape.Parameters.Length; i++)
        {
            var parameter = shape.Parameters[i];
            if (parameter.Kind == KernelParameterKind.Scratch)
            {
                il.Emit(OpCodes.Ldarg_1);
                continue;
            }

            if (parameter.Kind == KernelParameterKind.Out)
            {
                output = il.DeclareLocal(parameter.Type);
                il.Emit(OpCodes.Ldloca, output);
                continue;
            }

            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelem_Ref);
            if (parameter.Type == typeof(Utf8)) il.Emit(OpCodes.Call, toUtf8);
            else if (parameter.Type.IsValueType) il.Emit(OpCodes.Unbox_Any, parameter.Type);
            else il.Emit(OpCodes.Castclass, parameter.Type);
        }

        il.Emit(OpCodes.Call, shape.Method);
        var isNull = il.DefineLabel();
        if (output is not null)
        {
            il.Emit(OpCodes.Brfalse, isNull);
            il.Emit(OpCodes.Ldloc, output);
        }

        if (shape.Result == typeof(Utf8)) il.Emit(OpCodes.Call, fromUtf8);
        else if (shape.Result.IsValueType) il.Emit(OpCodes.Box, shape.Result);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(isNull);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Invoker>();
    }

    private static Utf8 ToUtf8(object value) => new((byte[])value);

    private static object FromUtf8(Utf8 value) => value.ToArray();
}
