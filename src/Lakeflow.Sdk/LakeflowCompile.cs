using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>Compiles the <c>.lfsql</c> files of a C# project to C#. Reads nothing but them, the project file and the lock file.</summary>
public sealed class LakeflowCompile : PipelineTask
{
    /// <summary>Names the files that were written, one a line. Written last: what a failed build leaves behind is generated again.</summary>
    private const string List = "lakeflow.files";

    /// <summary>Generated code is not the user's to tidy up.</summary>
    private const string EditorConfig = "root = true\n\n[*.cs]\ngenerated_code = true\ndotnet_diagnostic.CS1591.severity = none\n";

    /// <summary>The namespace of records and of the class <c>Pipeline</c>.</summary>
    [Required]
    public string Namespace { get; set; } = "";

    /// <summary>Whether to generate a <c>Main</c>.</summary>
    public bool EntryPoint { get; set; }

    /// <summary>Where the C# goes.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

    protected override void Run(Project project, DiagnosticBag bag)
    {
        var schemas = SchemaLock.Of(project, bag) ?? SchemaLock.Empty;
        if (bag.HasErrors) return;
        var folder = Path.GetFullPath(OutputFolder, project.Root);
        var sourceRoot = Path.GetRelativePath(folder, project.Root).Replace('\\', '/') + "/";
        var compiled = Session.Of(project, cache: null).Check(toCode: true, new LockedCatalog(schemas, Functions()), sourceRoot);
        bag.AddRange(compiled.Diagnostics);
        if (compiled.HasErrors || compiled.Physical is not { } physical) return;

        var host = project.HostIn(Namespace, compiled);
        // Only a program explains itself.
        if (!EntryPoint) host = host with { Explanations = [] };
        Write(folder,
        [
            .. compiled.Code,
            .. RecordEmitter.Emit(physical, host.Namespace),
            HostEmitter.Emit(physical, host),
            .. EntryPoint ? [HostEmitter.EmitExplanations(physical, host), HostEmitter.EmitProgram(physical, host)] : Array.Empty<GeneratedFile>(),
        ]);
    }

    /// <summary>Writes what has changed, so that tools that go by a file's time see no more than that.</summary>
    private static void Write(string folder, IReadOnlyList<GeneratedFile> files)
    {
        Directory.CreateDirectory(folder);
        var names = files.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var old in Directory.EnumerateFiles(folder, "*.g.cs").Where(f => !names.Contains(Path.GetFileName(f)))) File.Delete(old);
        foreach (var file in files.Append(new GeneratedFile(".editorconfig", EditorConfig)))
        {
            var path = Path.Combine(folder, file.Name);
            if (!File.Exists(path) || File.ReadAllText(path) != file.Text) File.WriteAllText(path, file.Text);
        }

        File.WriteAllText(Path.Combine(folder, List), string.Concat(files.Select(f => f.Name + "\n")));
    }
}
