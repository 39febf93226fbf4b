using System.Diagnostics.CodeAnalysis;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>What the package's tasks share: the pipeline of a C# project, and a process that works on it.</summary>
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

    /// <summary>The folder of the SDK's C# compiler.</summary>
    [Required]
    public string CompilerFolder { get; set; } = "";

    /// <summary>The host that runs the build.</summary>
    [Required]
    public string DotNet { get; set; } = "";

    /// <summary>What every request tells of the project.</summary>
    private protected IEnumerable<string> Properties =>
    [
        $"{nameof(ProjectFile)}={ProjectFile}",
        $"{nameof(Target)}={Target}",
        .. Sources.Select(s => $"{nameof(Sources)}={s.GetMetadata("FullPath")}"),
        // A reference assembly has no private methods, and about those that are marked something is to be said.
        .. References.Select(r => $"{nameof(References)}={(r.GetMetadata("OriginalPath") is { Length: > 0 } whole ? whole : r.ItemSpec)}"),
    ];
}
