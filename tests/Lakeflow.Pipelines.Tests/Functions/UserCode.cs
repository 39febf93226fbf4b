using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Catalog;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Pipelines.Tests.Emit;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Lakeflow.Pipelines.Tests.Functions;

/// <summary>Queries that call the methods of <see cref="ShopFunctions"/>, compiled as a build does: against this assembly.</summary>
internal static class UserCode
{
    public static readonly FunctionCatalog Functions = ReferencedFunctions.Read([typeof(ShopFunctions).Assembly.Location]);

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p))]);

    public static readonly Schema Items = new(
        new Field("id", DataType.Int32, Nullable: false), new Field("name", DataType.String), new Field("qty", DataType.Int32), new Field("price", new DecimalType(10, 2)));

    /// <summary>id, name, qty, price.</summary>
    public static readonly object?[][] Rows =
    [
        [1, "ale", 3, (Int128)1050],
        [2, null, -1, (Int128)200],
        [3, "", null, null],
        [4, "bread", 7, (Int128)399],
    ];

    public static CompilationResult Compile(string query) => Lakeflow.Compiler.Compilation.Compile(
        [new SourceText("query.lfsql", query)], new Known(Sql.Catalog(("items", Items))), new CompileOptions(new ProjectDefaults("test")) { IsQuery = true, ToCode = true });

    /// <summary>The rows of a query over <c>items</c> as text, in any order.</summary>
    public static List<string> Of(string query)
    {
        var result = Compile(query);
        Assert.False(result.HasErrors, query + "\n" + string.Join('\n', result.Diagnostics));
        using var compiled = Load(result.Code);
        object?[][][] sources = [.. result.Physical!.Flows[0].Info.Sources.Select(s => Rows.Select(r => Columns(s.Columns, r)).ToArray())];
        return Running.Text(Running.Run(compiled, sources, out _, workers: 1, batch: 2, dictionaries: false));
    }

    /// <summary>The one diagnostic of a query.</summary>
    public static string Refused(string query)
    {
        var found = Assert.Single(Compile(query).Diagnostics);
        return $"{found.Code} {found.At.Line},{found.At.Column} {found.Message} {found.Hint}".TrimEnd();
    }

    /// <summary>Compiles without a warning, and loads.</summary>
    public static CompiledPipeline Load(IEnumerable<GeneratedFile> files)
    {
        var compilation = CSharpCompilation.Create(
            "UserCode" + Guid.NewGuid().ToString("n"), files.Select(f => CSharpSyntaxTree.ParseText(f.Text, path: f.Name)), References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        var told = emitted.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.True(told.Count == 0, string.Join('\n', told) + "\n" + string.Join('\n', files.Select(f => f.Text)));
        return CompiledPipeline.Load(image.ToArray(), fromCache: false);
    }

    private static object?[] Columns(Schema wanted, object?[] row) => [.. wanted.Fields.Select(f => row[Items.Fields.IndexOf(Items.Fields.Single(i => i.Name == f.Name))])];

    private sealed class Known(ICatalog tables) : ICatalog
    {
        public FunctionCatalog Functions => UserCode.Functions;

        public IEnumerable<QualifiedName> Tables => tables.Tables;

        public Schema? FindTable(QualifiedName name) => tables.FindTable(name);

        public Schema? FindPathTable(string path) => tables.FindPathTable(path);

        public ResolvedFiles? ResolveFiles(FileRequest request, DiagnosticBag bag) => tables.ResolveFiles(request, bag);
    }
}
