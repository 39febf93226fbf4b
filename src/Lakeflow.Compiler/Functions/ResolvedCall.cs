using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>A call that found its overload.</summary>
/// <param name="Function">The function.</param>
/// <param name="Overload">The overload.</param>
/// <param name="ArgumentTypes">What each argument must be: where it differs from the argument's own type, the binder inserts a cast.</param>
/// <param name="Result">The type of the result.</param>
/// <param name="Nullable">Whether the result can be NULL.</param>
public sealed record ResolvedCall(SqlFunction Function, Overload Overload, ImmutableArray<DataType> ArgumentTypes, DataType Result, bool Nullable)
{
    /// <summary>The kernel for these types: the 128-bit one where a decimal is wider than 18 digits. Null for lowered functions, aggregates, window functions.</summary>
    public Delegate? Kernel => IsWide ? Overload.WideKernel ?? Overload.Kernel : Overload.Kernel;

    /// <summary>The aggregate's state type for these types, or null.</summary>
    public Type? State => IsWide ? Overload.WideState ?? Overload.State : Overload.State;

    /// <summary>The numbers that the kernel (or the state's Result) takes after its values.</summary>
    public ImmutableArray<int> TypeArguments =>
        Overload.TypeArguments is null ? []
        : Shape is null ? [.. Overload.TypeArguments(ArgumentTypes, Result)]
        : [.. Overload.TypeArguments(ArgumentTypes, Result).Take(Shape.Parameters.Count(p => p.Kind == KernelParameterKind.TypeArgument))];

    /// <summary>How to call <see cref="Kernel"/>; null without one.</summary>
    public KernelShape? Shape => Kernel is null ? null : KernelShape.Of(Kernel);

    private bool IsWide => Result is DecimalType { Is64: false } || ArgumentTypes.Any(t => t is DecimalType { Is64: false });
}

/// <summary>Either a call, or in words why there is none.</summary>
/// <param name="Call">The call, or null.</param>
/// <param name="Problem">One sentence for the user when there is no call.</param>
public sealed record Resolution(ResolvedCall? Call, string? Problem);
