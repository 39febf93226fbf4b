using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>What resolution knows of an argument.</summary>
/// <param name="Type">Its type; <see cref="DataType.Null"/> for a bare NULL.</param>
/// <param name="Nullable">False only where NULL cannot occur.</param>
/// <param name="IsConstant">True for a literal or a folded constant.</param>
/// <param name="Value">The constant in the form of <see cref="ArrowArray.GetValue"/>; null if not constant, or NULL.</param>
/// <param name="Name">The column's or alias's name, for <c>struct(a, b)</c>; null if it has none.</param>
/// <param name="LambdaArity">For a lambda its number of parameters (its <paramref name="Type"/> is the body's type); else -1.</param>
public sealed record Argument(DataType Type, bool Nullable = true, bool IsConstant = false, object? Value = null, string? Name = null, int LambdaArity = -1)
{
    public bool IsLambda => LambdaArity >= 0;
}
