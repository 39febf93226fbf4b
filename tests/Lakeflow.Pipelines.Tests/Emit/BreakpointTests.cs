using System.Reflection.Metadata;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Syntax;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>What a debugger goes by: the sequence points of the portable PDB that lead to the SQL.</summary>
public class BreakpointTests
{
    private static readonly Schema Orders = new(
        new Field("id", DataType.Int64, Nullable: false), new Field("country", DataType.String), new Field("amount", DataType.Double), new Field("pieces", DataType.Int32));

    [Theory]
    [InlineData(OptimizationLevel.Debug)]
    [InlineData(OptimizationLevel.Release)]
    public void A_breakpoint_stops_at_each_condition_and_each_computed_item(OptimizationLevel level)
    {
        const string sql = """
            CREATE STREAMING TABLE clean
              (CONSTRAINT positive EXPECT (gross > 0) ON VIOLATION DROP ROW)
            AS SELECT id,
                      upper(country) AS country,
                      amount * 1.25D AS gross,
                      CASE WHEN pieces > 10
                           THEN pieces * 2
                           ELSE -1 END AS doubled,
                      coalesce(pieces, id) AS some
            FROM STREAM raw
            WHERE amount IS NOT NULL
              AND pieces <> 7
              AND length(country) = 2;
            CREATE MATERIALIZED VIEW totals AS
            SELECT country,
                   sum(gross) AS total
            FROM clean
            WHERE gross < 1000
            GROUP BY country;
            """;
        var stops = StopsIn(sql, level);
        string[] wanted =
        [
            "gross > 0", "upper(country)", "amount * 1.25D", "pieces > 10", "pieces * 2", "-1", "coalesce(pieces, id)", "amount IS NOT NULL", "pieces <> 7", "length(country) = 2",
            "sum(gross)", "gross < 1000", sql[sql.IndexOf("CASE", StringComparison.Ordinal)..sql.IndexOf(" AS doubled", StringComparison.Ordinal)].ReplaceLineEndings("\n"),
        ];
        // No more and no less: nothing drifts into what stands beside a clause.
        Assert.Equal(wanted.Order(StringComparer.Ordinal), stops.Order(StringComparer.Ordinal));
    }

    /// <summary>The pieces of the text that sequence points of its document span.</summary>
    private static HashSet<string> StopsIn(string sql, OptimizationLevel level)
    {
        var source = new Lakeflow.Compiler.Syntax.SourceText("flows/clean.lfsql", sql.ReplaceLineEndings("\n"));
        var result = Lakeflow.Compiler.Compilation.Compile([source], Sql.Catalog(("raw", Orders)), new CompileOptions(new ProjectDefaults("shop")) { ToCode = true });
        Assert.False(result.HasErrors, string.Join('\n', result.Diagnostics));
        var stops = new HashSet<string>(StringComparer.Ordinal);
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(SymbolsOf(result.Code, level));
        var pdb = symbols.GetMetadataReader();
        foreach (var point in pdb.MethodDebugInformation.SelectMany(m => pdb.GetMethodDebugInformation(m).GetSequencePoints()))
        {
            if (point.IsHidden || pdb.GetString(pdb.GetDocument(point.Document).Name) != source.File) continue;
            stops.Add(source.Text[source.Offset(point.StartLine, point.StartColumn)..source.Offset(point.EndLine, point.EndColumn)]);
        }

        return stops;
    }

    private static MemoryStream SymbolsOf(IEnumerable<GeneratedFile> files, OptimizationLevel level)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        var trees = files.Select(f => CSharpSyntaxTree.ParseText(Microsoft.CodeAnalysis.Text.SourceText.From(f.Text, System.Text.Encoding.UTF8), path: f.Name));
        var (image, symbols) = (new MemoryStream(), new MemoryStream());
        var emitted = CSharpCompilation.Create("Breakpoints", trees, references, options).Emit(image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        symbols.Position = 0;
        return symbols;
    }
}
