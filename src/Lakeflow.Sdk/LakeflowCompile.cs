using System.Diagnostics.CodeAnalysis;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>Compiles the <c>.lfsql</c> files of a C# project to C#. Reads nothing but them, the project file and the lock file.</summary>
public sealed class LakeflowCompile : PipelineTask
{
    /// <summary>The namespace of records and of the class <c>Pipeline</c>; empty for none.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>Whether to generate a <c>Main</c>.</summary>
    public bool EntryPoint { get; set; }

    /// <summary>Where the C# goes.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    /// <summary>The project's assembly.</summary>
    [Required]
    public string AssemblyName { get; set; } = "";

    /// <summary>How many assemblies the flows and records are spread over: a number, 0 for the project's own, or <c>auto</c>.</summary>
    public string Parts { get; set; } = "0";

    /// <summary>False writes each loop once: see <see cref="Lakeflow.Compiler.CompileOptions.Variants"/>.</summary>
    public bool Variants { get; set; } = true;

    /// <summary>False leaves out the records of a project in parts. One that is a single assembly has them in any case: another project may read them.</summary>
    public bool Records { get; set; } = true;

    /// <summary>False if nobody will ask for assemblies, which is so for an editor.</summary>
    public bool CompilesParts { get; set; }

    /// <summary>What parts refer to.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "MSBuild hands over arrays.")]
    public ITaskItem[] PartReferences { get; set; } = [];

    /// <summary>Options of the C# compiler for parts.</summary>
    [SuppressMessage("Performance", "CA1819", Justification = "MSBuild hands over arrays.")]
    public ITaskItem[] PartOptions { get; set; } = [];

    /// <summary>What the project wants of warnings: MSBuild itself follows <c>WarningsAsErrors</c> and <c>NoWarn</c>, and leaves this to tasks.</summary>
    public bool TreatWarningsAsErrors { get; set; }

    /// <summary>Codes that stay warnings.</summary>
    public string WarningsNotAsErrors { get; set; } = "";

    /// <summary>Codes that are not told.</summary>
    public string NoWarn { get; set; } = "";

    public override bool Execute()
    {
        var hasParts = CompilesParts && Part.Count(Parts, Sources.Length) > 0;
        var worker = Worker.Start(DotNet, CompilerFolder, hasParts);
        if (hasParts)
        {
            worker.Ask(Requests.Prepare, LakeflowParts.CommandLine(OutputFolder, PartOptions, PartReferences));
            BuildEngine4.RegisterTaskObject(LakeflowParts.KeyOf(OutputFolder), worker, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        }

        worker.Ask(Requests.Compile,
        [
            .. Properties, $"{nameof(Namespace)}={Namespace}", $"{nameof(EntryPoint)}={EntryPoint}", $"{nameof(OutputFolder)}={OutputFolder}",
            $"{nameof(AssemblyName)}={AssemblyName}", $"{nameof(Parts)}={Parts}", $"{nameof(Variants)}={Variants}", $"{nameof(Records)}={Records}",
        ]);
        worker.Listen(Log, IsError);
        if (!hasParts) worker.Dispose();
        if (!Log.HasLoggedErrors) return true;
        // A warning that the project makes an error stands in the way of the next build, too.
        File.Delete(Path.Combine(OutputFolder, PipelineWork.List));
        return false;
    }

    private bool IsError(string warning) => TreatWarningsAsErrors && !Names(WarningsNotAsErrors, warning) && !Names(NoWarn, warning);

    private static bool Names(string list, string code) => list.Split([';', ',', ' '], StringSplitOptions.TrimEntries).Contains(code, StringComparer.OrdinalIgnoreCase);
}
