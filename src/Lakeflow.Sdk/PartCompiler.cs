using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Lakeflow.Sdk;

/// <summary>The C# compiler of the SDK, ready to compile parts.</summary>
internal sealed class PartCompiler
{
    private readonly CSharpCommandLineArguments options;

    /// <summary>One copy of what all parts refer to.</summary>
    private readonly MetadataReference[] references;

    private PartCompiler(CSharpCommandLineArguments options)
    {
        this.options = options;
        references = [.. options.MetadataReferences.Select(r => MetadataReference.CreateFromFile(r.Reference))];
    }

    /// <param name="request">The folder of the C#, then options and references.</param>
    public static PartCompiler Prepare(string[] request)
    {
        var compiler = new PartCompiler(CSharpCommandLineParser.Default.Parse(request[1..], Directory.GetCurrentDirectory(), sdkDirectory: null));
        compiler.WarmUp(request[0]);
        return compiler;
    }

    /// <summary>Compiles parts and writes their assemblies.</summary>
    /// <param name="request">Of each part its assembly, how many files it has, and the files.</param>
    /// <param name="output">Takes the mistakes, which there are none of in what we generate.</param>
    public void Compile(string[] request, TextWriter output)
    {
        var parts = new List<(string Assembly, string[] Files)>();
        for (var i = 0; i < request.Length;)
        {
            var files = int.Parse(request[i + 1], CultureInfo.InvariantCulture);
            parts.Add((request[i], request[(i + 2)..(i + 2 + files)]));
            i += 2 + files;
        }

        // Either the parts go in parallel, or what is done within the only one.
        var inParallel = parts.Count >= Environment.ProcessorCount;
        Parallel.ForEach(parts, new ParallelOptions { MaxDegreeOfParallelism = inParallel ? Environment.ProcessorCount : 1 }, part =>
        {
            foreach (var found in Compile(part.Assembly, part.Files, !inParallel))
            {
                lock (output) output.WriteLine(found);
            }
        });
    }

    /// <summary>Compiles a part of the last build to nothing, so that what this process loads and compiles of its own for that is there when the work comes.</summary>
    private void WarmUp(string folder)
    {
        try
        {
            var lists = new DirectoryInfo(folder).GetFiles("*.dll.files");
            string[] files = lists.MinBy(l => l.Length) is { } list ? [.. File.ReadAllLines(list.FullName).Select(f => Path.Combine(folder, f))] : [];
            CompilationOf("warm.dll", files, concurrent: true).Emit(Stream.Null, Stream.Null);
        }
        catch (IOException)
        {
            // The files are being written: whatever could be read has done its service.
        }
    }

    private CSharpCompilation CompilationOf(string assembly, string[] files, bool concurrent)
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

    private IEnumerable<Finding> Compile(string assembly, string[] files, bool concurrent)
    {
        var symbols = Path.ChangeExtension(assembly, ".pdb");
        using var image = new MemoryStream();
        using var pdb = options.EmitPdb ? new MemoryStream() : null;
        var result = CompilationOf(assembly, files, concurrent).Emit(image, pdb, options: options.EmitOptions.WithPdbFilePath(Mapped(symbols, options.PathMap)));
        if (!result.Success) return result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(10).Select(FindingOf);
        if (pdb is not null) File.WriteAllBytes(symbols, pdb.ToArray());
        File.WriteAllBytes(assembly, image.ToArray());
        return [];
    }

    private static Finding FindingOf(Diagnostic found)
    {
        var at = found.Location.GetLineSpan();
        return new Finding(Finding.Error, found.Id, at.Path, at.StartLinePosition.Line + 1, at.StartLinePosition.Character + 1, 0, 0, found.GetMessage(CultureInfo.InvariantCulture));
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
}
