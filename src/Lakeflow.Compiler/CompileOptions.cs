using Lakeflow.Compiler.Binding;

namespace Lakeflow.Compiler;

/// <summary>How to compile.</summary>
/// <param name="Defaults">Names and settings of the project.</param>
public sealed record CompileOptions(ProjectDefaults Defaults)
{
    /// <summary>False leaves the plans as they were bound: for comparing answers.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Optimizer rules to leave out, by name (<c>--without-rule</c>).</summary>
    public ImmutableHashSet<string> WithoutRules { get; init; } = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>True to go on to physical plans and C#; false stops behind the optimizer.</summary>
    public bool ToCode { get; init; }

    /// <summary>What leads from the folder of the C# to that of the sources, for <c>#line</c>: empty, or ending in '/'.</summary>
    public string SourceRoot { get; init; } = "";

    /// <summary>False writes each loop once, for batches of any kind, and none for batches without NULL or for sums in 64 bits: less to compile, the same rows, slower.</summary>
    public bool Variants { get; init; } = true;

    /// <summary>True for <c>lakeflow sql</c>: the text holds one query, maybe after views that it reads.</summary>
    public bool IsQuery { get; init; }
}
