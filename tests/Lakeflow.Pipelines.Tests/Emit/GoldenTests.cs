using System.Runtime.CompilerServices;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Generated code as approved, and without a warning. After a change on purpose: run with LAKEFLOW_APPROVE=1 and read the diff.</summary>
public class GoldenTests
{
    private static readonly Schema Orders = new(
        new Field("id", DataType.Int64, Nullable: false), new Field("country", DataType.String), new Field("amount", DataType.Double), new Field("customer_id", DataType.Int64));

    private static readonly Schema Sales = new(new Field("country", DataType.String), new Field("price", new DecimalType(10, 2)), new Field("pieces", DataType.Int32));

    private static readonly Schema Customers = new(new Field("customer_id", DataType.Int64), new Field("name", DataType.String));

    [Fact]
    public void Orders_with_an_expectation() => Golden("orders", """
        CREATE OR REFRESH STREAMING TABLE clean_orders
          (CONSTRAINT positive_gross EXPECT (gross > 0) ON VIOLATION DROP ROW)
        AS SELECT id,
                  upper(country) AS country,
                  amount * 1.25D AS gross
        FROM STREAM raw_orders
        WHERE amount IS NOT NULL;
        """);

    [Fact]
    public void Totals_by_group() => Golden("totals", """
        CREATE MATERIALIZED VIEW totals
        AS SELECT country, sum(amount) AS total, count(*) AS orders
        FROM raw_orders
        WHERE amount > 0
        GROUP BY country;
        """);

    [Fact]
    public void Sums_in_64_bits() => Golden("sums", """
        CREATE MATERIALIZED VIEW revenue
        AS SELECT country, sum(price * pieces) AS revenue, avg(price) AS average, count(price) AS priced, count(*) AS sales
        FROM raw_sales
        GROUP BY country;
        """);

    [Fact]
    public void A_join_and_an_order() => Golden("joined", """
        CREATE MATERIALIZED VIEW joined
        AS SELECT o.id, c.name, CASE WHEN o.amount > 100 THEN 'big' ELSE 'small' END AS size
        FROM raw_orders o LEFT JOIN customers c ON o.customer_id = c.customer_id
        ORDER BY o.id LIMIT 10;
        """);

    [Fact]
    public void Five_hundred_columns_keep_to_the_size_budget()
    {
        var wide = new Schema(Enumerable.Range(0, 500).Select(n => new Field($"c{n}", DataType.Int64)).ToArray().AsSpan());
        var plan = Sql.Plan($"SELECT {string.Join(", ", Enumerable.Range(0, 500).Select(n => $"c{n} + {n} AS d{n}"))} FROM wide WHERE c0 > 0", tables: ("wide", wide));
        var files = Running.Compile(plan);
        Assert.Empty(RoslynCompiler.Check(files));
        var assembly = System.Reflection.Assembly.Load(RoslynCompiler.Compile(files));
        const System.Reflection.BindingFlags All = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static
            | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly;
        var large = assembly.GetTypes().SelectMany(t => t.GetMethods(All))
            .Where(m => m.GetMethodBody() is { } body && (body.GetILAsByteArray()!.Length > 16_384 || body.LocalVariables.Count > 200)).Select(m => m.Name);
        Assert.Empty(large);
    }

    private static void Golden(string name, string sql, [CallerFilePath] string test = "")
    {
        var source = new SourceText(name + ".lfsql", sql.ReplaceLineEndings("\n"));
        var catalog = Sql.Catalog(("raw_orders", Orders), ("raw_sales", Sales), ("customers", Customers));
        var bag = new DiagnosticBag();
        var result = Compilation.Compile([source], catalog, new CompileOptions(new ProjectDefaults("shop")));
        Assert.False(result.HasErrors, string.Join('\n', result.Diagnostics));
        var files = CSharpEmitter.Emit(PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag));
        Assert.Empty(RoslynCompiler.Check(files));
        Assert.Equal(files.Select(f => f.Text), CSharpEmitter.Emit(PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag)).Select(f => f.Text));

        // Without variants each loop stands there once.
        var plain = CSharpEmitter.Emit(PhysicalPlanner.Plan(result.Improved!, result.Graph, "UTC", bag), variants: false);
        Assert.Empty(RoslynCompiler.Check(plain));
        Assert.All(plain, file => Assert.DoesNotMatch("void (WithoutNulls|Narrow|NarrowWithNulls)\\(", file.Text));

        var stem = Path.Combine(Path.GetDirectoryName(test)!, "GoldenTests." + name);
        var actual = files[0].Text;
        if (Environment.GetEnvironmentVariable("LAKEFLOW_APPROVE") == "1") File.WriteAllText(stem + ".verified.cs", actual);
        var expected = File.Exists(stem + ".verified.cs") ? File.ReadAllText(stem + ".verified.cs").ReplaceLineEndings("\n") : "";
        if (expected != actual) File.WriteAllText(stem + ".received.cs", actual);
        Assert.Equal(expected, actual);
    }
}
