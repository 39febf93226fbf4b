using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Lakeflow.Sdk;

/// <summary>Compiles parts with the C# compiler of the SDK, in a process of its own: options first, then of each part its assembly and its files.</summary>
internal static class PartCompiler
{
    /// <summary>Does the work of a list that <see cref="LakeflowParts"/> wrote. Mistakes are printed as the compiler prints them.</summary>
    /// <returns>0 if all parts were written.</returns>
    public static int Run(string list)
    {
        var blocks = Blocks(File.ReadAllLines(list));
        var options = CSharpCommandLineParser.Default.Parse(blocks[0], Directory.GetCurrentDirectory(), sdkDirectory: null);
        // One copy of what all parts refer to.
        MetadataReference[] references = [.. options.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference))];
        var parts = blocks[1..];
        // Either the parts go in parallel, or what is done within the only one.
        var inParallel = parts.Length >= Environment.ProcessorCount;
        var failed = 0;
        Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = inParallel ? Environment.ProcessorCount : 1 }, part =>
        {
            if (!Compile(part[0], part[1..], options, references, !inParallel)) Interlocked.Increment(ref failed);
        });
        return failed == 0 ? 0 : 1;
    }

    private static bool Compile(string assembly, string[] files, CSharpCommandLineArguments options, MetadataReference[] references, bool concurrent)
    {
        var parsing = options.ParseOptions;
        var trees = new SyntaxTree[files.Length];
        for (var i = 0; i < trees.Length; i++)
        {
            using var file = File.OpenRead(files[i]);
            trees[i] = CSharpSyntaxTree.ParseText(SourceText.From(file, Encoding.UTF8, SourceHashAlgorithm.Sha256), parsing, files[i]);
        }

        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(assembly), trees, references,
            options.CompilationOptions
                .WithConcurrentBuild(concurrent)
                .WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default)
                // Files that #line names stand relative to the C#.
                .WithSourceReferenceResolver(new SourceFileResolver(ImmutableArray<string>.Empty, options.BaseDirectory, options.PathMap)));
        var symbols = Path.ChangeExtension(assembly, ".pdb");
        using var image = new MemoryStream();
        using var pdb = options.EmitPdb ? new MemoryStream() : null;
        var result = compilation.Emit(image, pdb, options: options.EmitOptions.WithPdbFilePath(Mapped(symbols, options.PathMap)));
        foreach (var found in result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)) Console.WriteLine(found.ToString());
        if (!result.Success) return false;
        if (pdb is not null) File.WriteAllBytes(symbols, pdb.ToArray());
        File.WriteAllBytes(assembly, image.ToArray());
        return true;
    }

    /// <summary>The path that is written into the assembly.</summary>
    private static string Mapped(string path, ImmutableArray<KeyValuePair<string, string>> map)
    {
        foreach (var (from, to) in map)
        {
            if (path.StartsWith(from, StringComparison.Ordinal)) return to + path[from.Length..];
        }

        return path;
    }

    private static string[][] Blocks(string[] lines)
    {
        var blocks = new List<List<string>> { new() };
        foreach (var line in lines)
        {
            if (line.Length == 0) blocks.Add([]);
            else blocks[^1].Add(line);
        }

        return [.. blocks.Select(b => b.ToArray())];
    }
}
