namespace Lakeflow.Runtime.Functions;

/// <summary>Lets the <c>.lfsql</c> files of a project that references this one call the method.</summary>
/// <remarks>
/// The method is public, static, not generic, and stands in public types. A parameter that takes no null (<c>int</c>, <c>string</c>) means: NULL in,
/// NULL out, and no call. One that does (<c>int?</c>, <c>string?</c>) gets it. Which C# type stands for which type of SQL: docs/msbuild.md.
/// An exception fails the update at the place of the call (LF5013).
/// </remarks>
/// <param name="name">What SQL calls it, in any case; without it, the method's name.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlFunctionAttribute(string? name = null) : Attribute
{
    /// <summary>What SQL calls it; null: the method's name.</summary>
    public string? Name { get; } = name;

    /// <summary>False for a method that gives other results at other times: it is then called for each row, neither shared nor moved, and a materialized view that uses it is never up to date.</summary>
    public bool IsDeterministic { get; init; } = true;

    /// <summary>The type of a <c>decimal</c> result in SQL, <c>DECIMAL(10, 2)</c>; null: DECIMAL(38, 18).</summary>
    public string? Returns { get; init; }
}
