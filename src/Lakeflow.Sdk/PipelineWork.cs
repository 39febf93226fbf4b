using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Sdk;

/// <summary>What the working process does with the pipeline of a C# project.</summary>
internal static class PipelineWork
{
    /// <summary>Names the files that are compiled with the project, one a line. Written last: what a failed build leaves behind is generated again.</summary>
    internal const string List = "lakeflow.files";

    /// <summary>Names the assemblies of the parts, one a line; what each is made of is in a file beside it.</summary>
    internal const string PartList = "lakeflow.parts";

    /// <summary>Generated code is not the user's to tidy up. A referenced project may have a pipeline of the same name, and classes with it: each uses its own (CS0436).</summary>
    private const string EditorConfig =
        "root = true\n\n[*.cs]\ngenerated_code = true\ndotnet_diagnostic.CS0436.severity = none\ndotnet_diagnostic.CS1591.severity = none\n";

    /// <param name="verb"><see cref="Requests.Compile"/> or <see cref="Requests.Snapshot"/>.</param>
    /// <param name="properties">The task's, as <c>name=value</c>.</param>
    /// <returns>All that is to be told.</returns>
    public static List<Finding> Do(string verb, string[] properties)
    {
        var given = properties.Select(p => p.Split('=', 2)).ToLookup(p => p[0], p => p[1]);
        var file = given[nameof(PipelineTask.ProjectFile)].Single();
        var told = new List<Finding>();
        var bag = new DiagnosticBag();
        try
        {
            var target = given[nameof(PipelineTask.Target)].Single();
            if (Project.OfBuild(file, given[nameof(PipelineTask.Sources)], target.Length == 0 ? null : target, bag) is { } project)
            {
                var functions = ReferencedFunctions.Read(given[nameof(PipelineTask.References)]);
                if (verb == Requests.Compile) Compile(project, functions, given, bag);
                else Snapshot(project, functions, told, bag);
            }
        }
        catch (Exception unexpected)
        {
            // The door: an exception that nobody expected is a bug of ours.
            told.Add(new Finding(Finding.Error, "LF0001", file, 0, 0, 0, 0, $"This is a bug in Lakeflow: {unexpected}"));
        }

        told.AddRange(bag.ToImmutable().Select(found => FindingOf(found, file)));
        return told;
    }

    private static void Compile(Project project, FunctionCatalog functions, ILookup<string, string> given, DiagnosticBag bag)
    {
        var schemas = SchemaLock.Of(project, bag) ?? SchemaLock.Empty;
        if (bag.HasErrors) return;
        var folder = Path.GetFullPath(given[nameof(LakeflowCompile.OutputFolder)].Single(), project.Root);
        var sourceRoot = Path.GetRelativePath(folder, project.Root).Replace('\\', '/') + "/";
        var compiled = Session.Of(project, cache: null).Check(toCode: true, new LockedCatalog(schemas, functions), sourceRoot, bool.Parse(given[nameof(LakeflowCompile.Variants)].Single()));
        bag.AddRange(compiled.Diagnostics);
        if (compiled.HasErrors || compiled.Physical is not { } physical) return;

        var host = project.HostIn(given[nameof(LakeflowCompile.Namespace)].Single(), compiled);
        // Only a program explains itself.
        var isProgram = bool.Parse(given[nameof(LakeflowCompile.EntryPoint)].Single());
        if (!isProgram) host = host with { Explanations = [] };
        var parts = Part.Count(given[nameof(LakeflowCompile.Parts)].Single(), compiled.Sources.Length);
        var hasRecords = parts == 0 || bool.Parse(given[nameof(LakeflowCompile.Records)].Single());
        Write(
            folder,
            [
                .. compiled.Code,
                .. hasRecords ? RecordEmitter.Emit(physical, host.Namespace) : [],
                HostEmitter.Emit(physical, host),
                .. isProgram ? [HostEmitter.EmitExplanations(host), HostEmitter.EmitProgram(physical, host)] : Array.Empty<GeneratedFile>(),
            ],
            given[nameof(LakeflowCompile.AssemblyName)].Single(), parts);
    }

    private static void Snapshot(Project project, FunctionCatalog functions, List<Finding> told, DiagnosticBag bag)
    {
        var schemas = SchemaLock.Take(Session.Of(project, cache: null), out var compiled, functions);
        bag.AddRange(compiled.Diagnostics);
        if (schemas is null) return;
        var isNew = LockFile.Save(project, schemas);
        told.Add(new Finding(Finding.News, "", "", 0, 0, 0, 0, $"{(isNew ? "Wrote" : "Nothing changed in")} {LockFile.PathOf(project)}: {schemas.Sources.Length} source(s)."));
    }

    private static Finding FindingOf(Diagnostic found, string projectFile)
    {
        var file = found.At.File.Length == 0 ? projectFile : Path.GetFullPath(found.At.File, Path.GetDirectoryName(projectFile)!);
        var text = found.Hint is null ? found.Message : $"{found.Message} {found.Hint}";
        var kind = found.Severity switch { Severity.Error => Finding.Error, Severity.Warning => Finding.Warning, _ => "note" };
        var isPlace = (found.At.Line, found.At.Column) == (found.At.EndLine, found.At.EndColumn);
        var (endLine, endColumn) = isPlace ? (0, 0) : (found.At.EndLine, found.At.EndColumn);
        return new Finding(kind, found.Code, file, found.At.Line, found.At.Column, endLine, endColumn, text);
    }

    private static void Write(string folder, IReadOnlyList<GeneratedFile> files, string assembly, int count)
    {
        Directory.CreateDirectory(folder);
        var names = files.Select(f => f.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var old in Directory.EnumerateFiles(folder, "*.g.cs").Where(f => !names.Contains(Path.GetFileName(f)))) File.Delete(old);
        foreach (var file in files.Append(new GeneratedFile(".editorconfig", EditorConfig))) WriteIfDifferent(Path.Combine(folder, file.Name), file.Text);

        var byPart = files.ToLookup(f => count == 0 || f.Source.Length == 0 ? -1 : Part.Of(f.Source, count));
        var parts = byPart.Where(p => p.Key >= 0).OrderBy(p => p.Key).ToDictionary(p => Part.AssemblyName(assembly, p.Key) + ".dll", p => Lines(p.Select(f => f.Name)));
        foreach (var old in Directory.EnumerateFiles(folder, "*.dll.files").Where(f => !parts.ContainsKey(Path.GetFileNameWithoutExtension(f)))) File.Delete(old);
        foreach (var (name, text) in parts) WriteIfDifferent(Path.Combine(folder, name + ".files"), text);
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
