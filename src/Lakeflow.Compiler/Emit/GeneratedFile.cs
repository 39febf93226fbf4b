namespace Lakeflow.Compiler.Emit;

/// <summary>One file of generated C#. Same plan, same bytes.</summary>
/// <param name="Name">File name, unique in the project: <c>CleanOrders.g.cs</c>.</param>
/// <param name="Text">The text, lines ended by <c>\n</c>.</param>
public sealed record GeneratedFile(string Name, string Text)
{
    /// <summary>The source file whose statements it comes from, as it is shown; empty if it stands for the whole pipeline.</summary>
    public string Source { get; init; } = "";
}
