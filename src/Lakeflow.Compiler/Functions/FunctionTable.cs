using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace Lakeflow.Compiler.Functions;

/// <summary>All SQL functions by name. A new family of functions is one line here.</summary>
public static class FunctionTable
{
    private static readonly Type[] Families =
    [
        typeof(ArithmeticFunctions),
        typeof(ComparisonFunctions),
        typeof(AggregateFunctions),
        typeof(RegressionFunctions),
        typeof(CollectingFunctions),
        typeof(WindowFunctions),
        typeof(TextFunctions),
        typeof(PatternFunctions),
        typeof(EncodingFunctions),
        typeof(FormatFunctions),
        typeof(MathFunctions),
        typeof(DateFunctions),
        typeof(TimestampFunctions),
        typeof(CollectionFunctions),
        typeof(HigherOrderFunctions),
        typeof(ConditionalFunctions),
        typeof(CsvFunctions),
        typeof(JsonFunctions),
        typeof(GeneratorFunctions),
    ];

    private static readonly FrozenDictionary<string, SqlFunction> ByName = Collect();

    /// <summary>Every function once, by name.</summary>
    public static ImmutableArray<SqlFunction> All { get; } =
        [.. ByName.Values.Distinct().OrderBy(f => f.Name, StringComparer.Ordinal)];

    /// <summary>Every name and alias, for "did you mean".</summary>
    public static ImmutableArray<string> Names => ByName.Keys;

    /// <summary>The function of that name or alias, in any case; null if there is none.</summary>
    public static SqlFunction? Find(string name) => ByName.GetValueOrDefault(name);

    private static FrozenDictionary<string, SqlFunction> Collect()
    {
        var found = new Dictionary<string, SqlFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in Families.SelectMany(f => f.GetFields(BindingFlags.Public | BindingFlags.Static)))
        {
            if (field.GetValue(null) is not SqlFunction function) continue;
            found.Add(function.Name, function);
            foreach (var alias in function.Aliases) found.Add(alias, function);
        }

        return found.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
