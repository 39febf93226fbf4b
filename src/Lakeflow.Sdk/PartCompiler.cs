using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Lakeflow.Sdk;

/// <summary>Compiles parts with the C# compiler of the SDK, in a process of its own: see <see cref="PartWorker"/>.</summary>
internal static class PartCompiler
{
    /// <summary>Does what it is told: first options and references, then of each part its assembly and its files. An empty line ends each.</summary>
    /// <remarks>Between the first and the second time passes, while SQL becomes C#. Mistakes are printed as the compiler prints them.</remarks>
    /// <param name="input">What to do.</param>
    /// <param name="output">Takes the compiler's lines.</param>
    /// <param name="folder">The C# of the last build, if there was one.</param>
    /// <returns>0 if all parts were written.</returns>
    public static int Run(TextReader input, TextWriter output, string folder)
    {
        var options = CSharpCommandLineParser.Default.Parse(Block(input), Directory.GetCurrentDirectory(), sdkDirectory: null);
        // One copy of what all parts refer to.
        MetadataReference[] references = [.. options.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference))];
        WarmUp(folder, options, references);
        var parts = new List<string[]>();
        while (Block(input) is { Length: > 0 } part) parts.Add(part);
        // Either the parts go in parallel, or what is done within the only one.
        var inParallel = parts.Count >= Environment.ProcessorCount;
        var failed = 0;
        Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = inParallel ? Environment.ProcessorCount : 1 }, part =>
        {
            if (!Compile(part[0], part[1..], options, references, !inParallel, output)) Interlocked.Increment(ref failed);
        });
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Compiles a part of the last build to nothing, so that what this process compiles and loads for that is there when the work comes.</summary>
    private static void WarmUp(string folder, CSharpCommandLineArguments options, MetadataReference[] references)
    {
        try
        {
            var lists = new DirectoryInfo(folder).GetFiles("*.dll.files");
            string[] files = lists.MinBy(l => l.Length) is { } list ? [.. File.ReadAllLines(list.FullName).Select(f => Path.Combine(folder, f))] : [];
            CompilationOf("warm.dll", files, options, references, concurrent: true).Emit(Stream.Null, Stream.Null);
        }
        catch (IOException)
        {
            // The files are being written: whatever could be read has done its service.
        }
    }

    private static CSharpCompilation CompilationOf(string assembly, string[] files, CSharpCommandLineArguments options, MetadataReference[] references, bool concurrent)
    {
        var parsing = options.ParseOptions;
        var trees = new SyntaxTree[files.Length];
        for (var i = 0; i < trees.Length; i++)
        {
            // Nobody is kept from writing what is read only to warm up.
            using var file = new FileStream(files[i], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            trees[i] = CSharpSyntaxTree.ParseText(SourceText.From(file, Encoding.UTF8, SourceHashAlgorithm.Sha256), parsing, files[i]);
        }

        return CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(assembly), trees, references,
            options.CompilationOptions
                .WithConcurrentBuild(concurrent)
                .WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default)
                // Files that #line names stand relative to the C#.
                .WithSourceReferenceResolver(new SourceFileResolver(ImmutableArray<string>.Empty, options.BaseDirectory, options.PathMap)));
    }

    private static bool Compile(string assembly, string[] files, CSharpCommandLineArguments options, MetadataReference[] references, bool concurrent, TextWriter output)
    {
        var compilation = CompilationOf(assembly, files, options, references, concurrent);
        var symbols = Path.ChangeExtension(assembly, ".pdb");
        using var image = new MemoryStream();
        using var pdb = options.EmitPdb ? new MemoryStream() : null;
        var result = compilation.Emit(image, pdb, options: options.EmitOptions.WithPdbFilePath(Mapped(symbols, options.PathMap)));
        lock (output)
        {
            foreach (var found in result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10)) output.WriteLine(found.ToString());
        }

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

    /// <summary>The lines up to an empty one or the end.</summary>
    private static string[] Block(TextReader input)
    {
        var lines = new List<string>();
        while (input.ReadLine() is { Length: > 0 } line) lines.Add(line);
        return [.. lines];
    }
}
