using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Binding;

/// <summary>How a column may be reached.</summary>
internal enum Visibility
{
    Plain,

    /// <summary>Only with its table's name before it, and by <c>t.*</c>: the other side's column of <c>USING</c>.</summary>
    Qualified,

    /// <summary>Only by name, in no star: <c>_metadata</c>.</summary>
    Hidden,
}

/// <summary>A column under the name and the table that a query knows it by.</summary>
/// <param name="Column">The plan's column.</param>
/// <param name="Name">Its name here.</param>
/// <param name="Qualifier">Its table: <c>main.shop.orders</c> in three parts, an alias in one, none for computed columns.</param>
internal sealed record ScopeColumn(PlanColumn Column, string Name, ImmutableArray<string> Qualifier)
{
    public Visibility Visibility { get; init; }

    /// <summary>Its definition is in error: whoever reads it is silent.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Comment and the like, which a plain column keeps through queries.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string FullName => Qualifier.IsEmpty ? Name : $"{Qualifier[^1]}.{Name}";

    /// <summary>True if <paramref name="qualifier"/> names this column's table: equal to the last parts of its name.</summary>
    public bool IsFrom(ReadOnlySpan<string> qualifier)
    {
        if (qualifier.Length > Qualifier.Length) return false;
        for (var i = 1; i <= qualifier.Length; i++)
        {
            if (!string.Equals(qualifier[^i], Qualifier[^i], StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
}
