using System.Collections.Immutable;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>When a result can be NULL.</summary>
public enum ResultNulls
{
    /// <summary>If an argument can be, or if the kernel itself can give NULL.</summary>
    FromArguments,
    Never,
    Always,
}

/// <summary>One way to call a function: parameters, result, kernel.</summary>
/// <remarks>
/// The kernel's C# parameters say by their types what the emitter passes, see <see cref="KernelShape"/>. An overload whose kernel
/// takes <c>int site</c> can fail; all others are Total: safe on any value, so they may be hoisted or run per dictionary code.
/// </remarks>
public sealed record Overload
{
    public required ImmutableArray<TypePattern> Parameters { get; init; }

    /// <summary>The result's type from the arguments (their types after coercion; constants where they are).</summary>
    public Func<ImmutableArray<Argument>, DataType> Result { get; init; } = static _ => DataType.Null;

    public ResultNulls Nulls { get; init; }

    /// <summary>The method that does it, on physical types. Null for lowered functions, window functions and aggregates.</summary>
    public Delegate? Kernel { get; init; }

    /// <summary>The user's method that does it, in place of a kernel; null for built-in functions.</summary>
    public UserMethod? Method { get; init; }

    /// <summary>The same on 128-bit decimals: used where an argument or the result is a DECIMAL above 18 digits. Arguments widen to it.</summary>
    public Delegate? WideKernel { get; init; }

    /// <summary>The same for a whole column, or null.</summary>
    public Delegate? ColumnKernel { get; init; }

    /// <summary>For an aggregate: a state struct of uniform shape, or a class with <c>IObjectAggregate</c>.</summary>
    public Type? State { get; init; }

    /// <summary>The state on 128-bit decimals, as <see cref="WideKernel"/>.</summary>
    public Type? WideState { get; init; }

    /// <summary>Numbers that the kernel takes after its values (scales, precisions), from argument types and result type.</summary>
    public Func<ImmutableArray<DataType>, DataType, int[]>? TypeArguments { get; init; }

    /// <summary>True if it can raise an error on some values.</summary>
    public bool CanFail => DeclaredToFail || (Kernel is not null && KernelShape.Of(Kernel).HasSite);

    internal bool DeclaredToFail { get; init; }

    public Overload Returns(DataType type) => this with { Result = _ => type };

    public Overload Returns(Func<ImmutableArray<DataType>, DataType> rule) => this with { Result = a => rule([.. a.Select(x => x.Type)]) };

    /// <summary>The result's type depends on constants (a schema, names).</summary>
    public Overload ReturnsFrom(Func<ImmutableArray<Argument>, DataType> rule) => this with { Result = rule };

    /// <summary>The result has the type of an argument.</summary>
    public Overload ReturnsArgument(int index) => this with { Result = a => a[index].Type };

    /// <summary>The kernel, a method group.</summary>
    public Overload PerRow(Delegate kernel) => this with { Kernel = kernel };

    /// <summary>The kernels for decimals up to 18 digits and above.</summary>
    public Overload PerRow(Delegate narrow, Delegate wide) => this with { Kernel = narrow, WideKernel = wide };

    public Overload PerColumn(Delegate kernel) => this with { ColumnKernel = kernel };

    public Overload With(Func<ImmutableArray<DataType>, DataType, int[]> typeArguments) => this with { TypeArguments = typeArguments };

    /// <summary>An aggregate's state.</summary>
    public Overload Into<TState>() => this with { State = typeof(TState) };

    /// <summary>An aggregate's states for decimals up to 18 digits and above.</summary>
    public Overload Into<TNarrow, TWide>() => this with { State = typeof(TNarrow), WideState = typeof(TWide) };

    public Overload Failing() => this with { DeclaredToFail = true };

    public Overload NeverNull() => this with { Nulls = ResultNulls.Never };

    public Overload MaybeNull() => this with { Nulls = ResultNulls.Always };

    public bool Equals(Overload? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Parameters.Length;

    public override string ToString() => $"({string.Join(", ", Parameters)})";
}
