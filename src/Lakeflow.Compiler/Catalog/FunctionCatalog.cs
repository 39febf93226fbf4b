using Lakeflow.Compiler.Functions;

namespace Lakeflow.Compiler.Catalog;

/// <summary>A method that is marked <c>[SqlFunction]</c>.</summary>
/// <param name="Name">What SQL calls it.</param>
/// <param name="Method">Its full name in C#.</param>
public sealed record MarkedMethod(string Name, string Method)
{
    /// <summary>How it is called; null if SQL cannot call it.</summary>
    public UserMethod? Signature { get; init; }

    /// <summary>Why SQL cannot call it, as the end of a sentence that begins with the method's name.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about that.</summary>
    public string? Remedy { get; init; }

    public bool IsDeterministic { get; init; } = true;
}

/// <summary>The <c>[SqlFunction]</c> methods of the assemblies that a build references.</summary>
public sealed class FunctionCatalog
{
    private readonly Dictionary<string, SqlFunction> byName;
    private readonly Dictionary<string, MarkedMethod> refused;

    /// <param name="methods">Methods of one name are overloads of one function.</param>
    public FunctionCatalog(IEnumerable<MarkedMethod> methods)
    {
        var all = methods.ToLookup(m => m.Name, StringComparer.OrdinalIgnoreCase);
        byName = all.Where(g => g.Any(m => m.Signature is not null)).ToDictionary(g => g.Key, ToFunction, StringComparer.OrdinalIgnoreCase);
        refused = all.SelectMany(g => g).Where(m => m.Signature is null).DistinctBy(m => m.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);
    }

    public static readonly FunctionCatalog Empty = new([]);

    /// <summary>Every name, in any order.</summary>
    public IEnumerable<string> Names => byName.Keys;

    /// <summary>The function of that name, in any case; null if there is none that can be called.</summary>
    public SqlFunction? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>A method of that name that cannot be called; null if there is none.</summary>
    public MarkedMethod? FindRefused(string name) => refused.GetValueOrDefault(name);

    private static SqlFunction ToFunction(IGrouping<string, MarkedMethod> methods)
    {
        var signatures = methods.Select(m => m.Signature).OfType<UserMethod>().ToList();
        return new SqlFunction(methods.Key)
        {
            Overloads = [.. signatures.Select(s => s.ToOverload())],
            Nulls = NullRule.Custom,
            IsDeterministic = methods.All(m => m.IsDeterministic),
            Summary = $"The method {signatures[0].FullName}.",
        };
    }
}
