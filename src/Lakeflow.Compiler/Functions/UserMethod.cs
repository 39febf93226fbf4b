using System.Globalization;
using Lakeflow.Arrow;

namespace Lakeflow.Compiler.Functions;

/// <summary>A parameter or the result of a <see cref="UserMethod"/>.</summary>
/// <param name="Name">The parameter's name; "" for the result.</param>
/// <param name="Type">Its C# type.</param>
/// <param name="Nullable">Whether null may be there: <c>int?</c>, <c>string?</c>.</param>
public sealed record MethodValue(string Name, MethodType Type, bool Nullable);

/// <summary>A public static C# method that a query may call: what its assembly's metadata says of it.</summary>
/// <param name="Type">The full name of the type that declares it, <c>Shop.Prices</c>; types around it are parted by a point too.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">What it takes.</param>
/// <param name="Result">What it gives.</param>
/// <param name="ResultType">That in SQL.</param>
public sealed record UserMethod(string Type, string Name, ImmutableArray<MethodValue> Parameters, MethodValue Result, DataType ResultType)
{
    /// <summary><c>Shop.Prices.Gross</c>.</summary>
    public string FullName => $"{Type}.{Name}";

    /// <summary>The call of it as a function of SQL.</summary>
    public Overload ToOverload() =>
        (Patterns.Fn([.. Parameters.Select(p => p.Type.Accepts)]) with { Method = this, Nulls = Result.Nullable ? ResultNulls.Always : ResultNulls.FromArguments })
        .Returns(ResultType).Failing();

    public bool Equals(UserMethod? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => FullName.GetHashCode(StringComparison.Ordinal);

    public override string ToString() =>
        $"{FullName}({string.Join(", ", Parameters.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Type.Name}{(p.Nullable ? "?" : "")} {p.Name}")))})";
}
