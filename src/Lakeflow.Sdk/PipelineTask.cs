using System.Diagnostics.CodeAnalysis;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>What the package's tasks share: the pipeline of a C# project, and how its mistakes are told.</summary>
public abstract class PipelineTask : Microsoft.Build.Utilities.Task
{
    /// <summary>The C# project's path.</summary>
    [Required]
    public string ProjectFile { get; set; } = "";

    /// <summary>The <c>LakeflowPipeline</c> items.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "MSBuild hands over arrays.")]
    public ITaskItem[] Sources { get; set; } = [];

    /// <summary>Assemblies of referenced projects: their <c>[SqlFunction]</c> methods may be called from SQL.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "MSBuild hands over arrays.")]
    public ITaskItem[] References { get; set; } = [];

    /// <summary>Name under <c>targets:</c> of a project file, or empty.</summary>
    public string Target { get; set; } = "";

    /// <summary>Opens the pipeline, does the work, and logs what was found; false if there was an error.</summary>
    public sealed override bool Execute()
    {
        var bag = new DiagnosticBag();
        try
        {
            var project = Project.OfBuild(ProjectFile, Sources.Select(s => s.GetMetadata("FullPath")), Target.Length == 0 ? null : Target, bag);
            if (project is not null) Run(project, bag);
        }
        catch (Exception unexpected)
        {
            // The door: an exception that nobody expected is a bug of ours, and MSBuild's own words for it would not say so.
            Log.LogError(null, "LF0001", null, ProjectFile, 0, 0, 0, 0, "This is a bug in Lakeflow: {0}", unexpected);
        }

        foreach (var diagnostic in bag.ToImmutable()) Tell(diagnostic);
        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the work.</summary>
    /// <param name="project">The pipeline.</param>
    /// <param name="bag">Takes what is to be told.</param>
    protected abstract void Run(Project project, DiagnosticBag bag);

    /// <summary>What SQL may call. A reference assembly has no private methods, and about those that are marked something is to be said.</summary>
    protected FunctionCatalog Functions() => ReferencedFunctions.Read(References.Select(r => r.GetMetadata("OriginalPath") is { Length: > 0 } whole ? whole : r.ItemSpec));

    private void Tell(Diagnostic found)
    {
        var file = found.At.File.Length == 0 ? ProjectFile : Path.GetFullPath(found.At.File, Path.GetDirectoryName(ProjectFile)!);
        var text = found.Hint is null ? found.Message : $"{found.Message} {found.Hint}";
        // A place without a width is printed as file(line,col).
        var isPlace = (found.At.Line, found.At.Column) == (found.At.EndLine, found.At.EndColumn);
        var (endLine, endColumn) = isPlace ? (0, 0) : (found.At.EndLine, found.At.EndColumn);
        switch (found.Severity)
        {
            case Severity.Error:
                Log.LogError(null, found.Code, null, file, found.At.Line, found.At.Column, endLine, endColumn, "{0}", text);
                break;
            case Severity.Warning:
                Log.LogWarning(null, found.Code, null, file, found.At.Line, found.At.Column, endLine, endColumn, "{0}", text);
                break;
            default:
                Log.LogMessage(null, found.Code, null, file, found.At.Line, found.At.Column, endLine, endColumn, MessageImportance.Low, "{0}", text);
                break;
        }
    }
}
