using System.Globalization;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;
using Microsoft.Build.Framework;

namespace Lakeflow.Sdk;

/// <summary>Compiles the <c>.lfsql</c> files of a C# project to C#. Reads nothing but them, the project file and the lock file.</summary>
public sealed class LakeflowCompile : PipelineTask
{
    /// <summary>Names the files that are compiled with the project, one a line. Written last: what a failed build leaves behind is generated again.</summary>
    private const string List = "lakeflow.files";

    /// <summary>Names the assemblies of the parts, one a line; what each is made of is in a file beside it.</summary>
    internal const string PartList = "lakeflow.parts";

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

    /// <summary>The project's assembly.</summary>
    [Required]
    public string AssemblyName { get; set; } = "";

    /// <summary>How many assemblies the flows and records are spread over: a number, 0 for the project's own, or <c>auto</c>.</summary>
    public string Parts { get; set; } = "0";

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
            .. EntryPoint ? [HostEmitter.EmitExplanations(host), HostEmitter.EmitProgram(physical, host)] : Array.Empty<GeneratedFile>(),
        ], compiled.Sources.Length);
    }

    private void Write(string folder, IReadOnlyList<GeneratedFile> files, int sources)
    {
        Directory.CreateDirectory(folder);
        var names = files.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var old in Directory.EnumerateFiles(folder, "*.g.cs").Where(f => !names.Contains(Path.GetFileName(f)))) File.Delete(old);
        foreach (var file in files.Append(new GeneratedFile(".editorconfig", EditorConfig))) WriteIfDifferent(Path.Combine(folder, file.Name), file.Text);

        var count = Parts == "auto" ? Part.CountFor(sources) : int.Parse(Parts, CultureInfo.InvariantCulture);
        var byPart = files.ToLookup(f => count == 0 || f.Source.Length == 0 ? -1 : Part.Of(f.Source, count));
        var parts = byPart.Where(p => p.Key >= 0).OrderBy(p => p.Key).ToDictionary(p => Part.AssemblyName(AssemblyName, p.Key) + ".dll", p => Lines(p.Select(f => f.Name)));
        foreach (var old in Directory.EnumerateFiles(folder, "*.dll.files").Where(f => !parts.ContainsKey(Path.GetFileNameWithoutExtension(f)))) File.Delete(old);
        foreach (var (assembly, text) in parts) WriteIfDifferent(Path.Combine(folder, assembly + ".files"), text);
        WriteIfDifferent(Path.Combine(folder, PartList), Lines(parts.Keys));
        File.WriteAllText(Path.Combine(folder, List), Lines(byPart[-1].Select(f => f.Name).Where(n => n.EndsWith(".cs", StringComparison.Ordinal))));
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));

    /// <summary>Leaves a file alone that has this text, so that tools that go by a file's time see no more than what has changed.</summary>
    private static void WriteIfDifferent(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
    }
}
