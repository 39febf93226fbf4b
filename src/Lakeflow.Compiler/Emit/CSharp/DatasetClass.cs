using Lakeflow.Compiler.Graph;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>The class with what the run time is told of the datasets of one source file.</summary>
/// <remarks>One class a file, and fields with names: what a file declares never depends on what stands in another.</remarks>
/// <param name="File">The source file, as it is shown.</param>
/// <param name="Name">The class's name.</param>
/// <param name="Members">Its datasets, each with the name of its field.</param>
internal sealed record DatasetClass(string File, string Name, ImmutableArray<(Dataset Dataset, string Field)> Members)
{
    private const string Suffix = "Datasets";

    /// <summary>One class for each file that declares datasets, in the order of the datasets.</summary>
    /// <param name="graph">The pipeline.</param>
    /// <param name="names">The names of the pipeline's classes.</param>
    public static ImmutableArray<DatasetClass> Of(PipelineGraph graph, NameScope names) =>
    [
        .. graph.Datasets.GroupBy(d => d.Info.Origin.File, StringComparer.Ordinal).Select(file =>
        {
            var name = names.New((file.Key.Length == 0 ? "" : CSharpName.Pascal(Path.GetFileNameWithoutExtension(file.Key))) + Suffix);
            var fields = new NameScope(name) { AvoidsTypes = true };
            return new DatasetClass(file.Key, name, [.. file.Select(d => (d, fields.New(CSharpName.Pascal(d.Name.Name))))]);
        }),
    ];

    /// <summary>The class as text.</summary>
    public void Write(CodeWriter text)
    {
        text.Line($"/// <summary>The datasets of {SegmentEmitter.Xml(File.Length == 0 ? "the prompt" : CodeWriter.OneLine(File))}.</summary>");
        using (text.Braces($"public static class {Name}"))
        {
            foreach (var (dataset, field) in Members)
            {
                text.Blank();
                text.Line($"public static readonly DatasetInfo {field} =");
                using (text.Indent()) InfoLiterals.Write(text, dataset.Info);
            }
        }
    }
}
