using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Emit;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Diagnostic = Lakeflow.Runtime.Diagnostics.Diagnostic;

namespace Lakeflow.Pipelines;

/// <summary>Turns generated C# into a loaded pipeline: from the plan cache, else with Roslyn in process.</summary>
/// <param name="cache">Where compiled assemblies are kept between processes, or null.</param>
public sealed class RoslynCompiler(PlanCache? cache = null)
{
    private const string OptionsKey = "release;unsafe;nullable;embedded-pdb;csharp13;2";

    // Only what generated code needs: each reference costs milliseconds of a cold start.
    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
        [.. ReferencedAssemblies().Select(ReferenceTo)]);

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp13, DocumentationMode.None);

    /// <summary>Its warnings on nullable references are for us (<see cref="Check"/>), and a seventh of a first compilation.</summary>
    private static readonly CSharpParseOptions Quick = Parsing.WithFeatures([new("run-nullable-analysis", "never")]);

    /// <summary>The pipeline in <paramref name="files"/>, in a context of its own that disposing unloads.</summary>
    /// <exception cref="GeneratedCodeFault">The text does not compile (LF0001).</exception>
    public CompiledPipeline Load(IReadOnlyList<GeneratedFile> files)
    {
        var key = cache is null ? "" : KeyOf(files);
        var image = cache?.Find(key);
        var cached = image is not null;
        if (image is null)
        {
            image = Compile(files);
            cache?.Keep(key, image);
        }

        return CompiledPipeline.Load(image, cached);
    }

    /// <summary>Compiles to the bytes of an assembly, optimized, with its symbols inside.</summary>
    public static byte[] Compile(IReadOnlyList<GeneratedFile> files, CancellationToken stop = default)
    {
        var image = new MemoryStream();
        var result = CompilationOf(files, Quick).Emit(image, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded), cancellationToken: stop);
        if (result.Success) return image.ToArray();
        if (result.Diagnostics.Any(d => d.Id == "CS8103")) throw TooMuchText();
        throw new GeneratedCodeFault([.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(20).Select(Translate)]);
    }

    /// <summary>What the C# compiler has to say on the text, warnings included: goldens must give none.</summary>
    public static ImmutableArray<Diagnostic> Check(IReadOnlyList<GeneratedFile> files) =>
        [.. CompilationOf(files, Parsing).GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).Select(Translate)];

    /// <summary>An assembly's heap of texts ends at 16 MB (ECMA-335 II.24.2.4).</summary>
    private static RuntimeError TooMuchText() => new(
        "LF4005", "The texts in this pipeline's SQL are too long to compile: together they are over 16 MB.",
        "Put long texts into a file and read it with read_files.");

    private static CSharpCompilation CompilationOf(IReadOnlyList<GeneratedFile> files, CSharpParseOptions parsing)
    {
        var trees = files.Select(f => CSharpSyntaxTree.ParseText(SourceText.From(f.Text, Encoding.UTF8, SourceHashAlgorithm.Sha256), parsing, f.Name));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable, deterministic: true, metadataImportOptions: MetadataImportOptions.Public,
            assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);
        return CSharpCompilation.Create("Lakeflow.Generated." + PlanCache.KeyOf(files.Select(f => f.Text))[..8], trees, References.Value, options);
    }

    /// <summary>Where the cache keeps the assembly of these files.</summary>
    internal static string KeyOf(IReadOnlyList<GeneratedFile> files) => PlanCache.KeyOf(
    [
        OptionsKey,
        Environment.Version.ToString(),
        .. ReferencedAssemblies().Append(typeof(CSharpCompilation).Assembly).Select(a => a.ManifestModule.ModuleVersionId.ToString()),
        .. files.SelectMany(f => new[] { f.Name, f.Text }),
    ]);

    private static IEnumerable<Assembly> ReferencedAssemblies() => new[]
    {
        typeof(object).Assembly,
        Assembly.Load("System.Runtime"),
        Assembly.Load("System.Numerics.Vectors"),
        Assembly.Load("System.Collections"),
        Assembly.Load("System.Linq"),
        Assembly.Load("System.Memory"),
        typeof(ImmutableArray).Assembly,
        typeof(RecordBatch).Assembly,
        typeof(IPipeline).Assembly,
    }.Distinct();

    private static unsafe MetadataReference ReferenceTo(Assembly assembly)
    {
        // A single-file host has no files to point at; the metadata is in memory then.
        if (File.Exists(assembly.Location)) return MetadataReference.CreateFromFile(assembly.Location);
        return assembly.TryGetRawMetadata(out var blob, out var length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)blob, length)).GetReference()
            : throw new InvalidOperationException($"no metadata of {assembly}");
    }

    private static Diagnostic Translate(Microsoft.CodeAnalysis.Diagnostic found)
    {
        var at = found.Location.GetLineSpan();
        var span = new SourceSpan(at.Path, at.StartLinePosition.Line + 1, at.StartLinePosition.Character + 1, at.EndLinePosition.Line + 1, at.EndLinePosition.Character + 1);
        return new Diagnostic("LF0001", found.Severity == DiagnosticSeverity.Error ? Severity.Error : Severity.Warning, span,
            $"{found.Id} {found.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}.", "Please report it with the SQL that led here.");
    }
}
