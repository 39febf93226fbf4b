using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Binding;
using Lakeflow.Compiler.Emit;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Pipelines.Tests.Emit;

/// <summary>Names of datasets, columns and of a project's own types that are also names of what generated code uses.</summary>
public class NameTests
{
    private static readonly Schema Events = new(new Field("id", DataType.Int64), new Field("text", DataType.String), new Field("price", new DecimalType(10, 2)));

    private static readonly string[] Members =
    [
        "Facts", "Info", "Run", "Sites", "RunStages", "CreateFlows", "Rows", "Groups", "Process", "Finish", "Hash", "Equal", "Ordinal", "HasOrdinal", "New", "Merge", "Write", "Read",
        "Equals", "GetHashCode", "GetType", "ToString", "Finalize", "MemberwiseClone", "ReferenceEquals",
    ];

    /// <summary>The types of the run time, generic or not, and members of generated classes and of every object.</summary>
    private static readonly string[] Names =
    [
        .. typeof(IFlow).Assembly.GetExportedTypes().Concat(typeof(RecordBatch).Assembly.GetExportedTypes()).Where(t => !t.IsNested)
            .Concat([typeof(Math), typeof(Array), typeof(Type), typeof(Convert), typeof(BitConverter), typeof(Enumerable), typeof(System.Collections.Immutable.ImmutableArray), typeof(System.Numerics.BigInteger)])
            .Select(t => t.Name.Split('`')[0]).Concat(["System", "Lakeflow", .. Members]).Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    [Fact]
    public void Datasets_may_be_called_like_types_of_the_run_time() =>
        Compiles(string.Join('\n', Names.Select(n => $"CREATE MATERIALIZED VIEW `{n}` AS SELECT id, upper(text) AS t, sum(price) AS s FROM events WHERE id > 0 GROUP BY ALL;")));

    [Fact]
    public void Columns_that_are_grouped_joined_and_summed_may_be_called_like_types_of_the_run_time() =>
        Compiles(string.Join('\n', Names.Chunk(40).Select((names, i) =>
        {
            var columns = string.Join(", ", names.Select((n, k) => $"{(k % 2 == 0 ? "text" : "price")} AS `{n}`"));
            var keys = string.Join(", ", names.Select(n => $"`{n}`"));
            return $"""
                CREATE MATERIALIZED VIEW grouped{i} AS SELECT {keys}, count(*) AS n FROM (SELECT {columns} FROM events) GROUP BY {keys};
                CREATE MATERIALIZED VIEW summed{i} AS SELECT id, {string.Join(", ", names.Select((n, k) => $"{(k % 3 == 0 ? "count(DISTINCT" : "max(")} `{n}`) AS `{n}`"))}
                FROM (SELECT id, {columns} FROM events) GROUP BY id;
                CREATE MATERIALIZED VIEW joined{i} AS SELECT l.n FROM grouped{i} l JOIN grouped{i} r ON {string.Join(" AND ", names.Select(n => $"l.`{n}` <=> r.`{n}`"))};
                """;
        })));

    [Theory]
    [InlineData("SELECT text, text IS NULL AS text_is_null, count(*) AS n FROM events GROUP BY ALL")]
    [InlineData("SELECT text IS NULL AS text_is_null, text, count(*) AS n FROM events GROUP BY ALL")]
    [InlineData("SELECT id, sum(price) AS users_seen, count(DISTINCT text) AS users FROM events GROUP BY id")]
    [InlineData("SELECT text AS groups_key, max(id) AS groups_state FROM events GROUP BY text")]
    public void Columns_may_be_called_like_what_is_written_beside_others(string query) => Compiles($"CREATE MATERIALIZED VIEW made AS {query};");

    [Fact]
    public void A_project_may_have_types_and_namespaces_that_are_called_like_those_of_the_run_time()
    {
        var own = new GeneratedFile("Own.cs", $$"""
            global using Acme;
            {{string.Join('\n', Names.Where((n, i) => i % 3 == 0 && n is not ("System" or "Lakeflow")).Select(n => $"public class {n};"))}}
            {{string.Join('\n', Names.Where((n, i) => i % 3 == 1 && n is not ("System" or "Lakeflow")).Select(n => $"namespace {n} {{ public class Some; }}"))}}
            namespace Acme { {{string.Join(' ', Names.Where((n, i) => i % 3 == 2).Select(n => $"public class {n};"))}} }
            """);
        Compiles("""
            CREATE MATERIALIZED VIEW totals AS SELECT text, sum(price) AS total, count(*) AS n FROM events WHERE text LIKE 'a%' GROUP BY text;
            CREATE MATERIALIZED VIEW ranked AS SELECT e.id, row_number() OVER (PARTITION BY e.text ORDER BY e.id) AS place FROM events e JOIN totals t ON e.text = t.text;
            """, own);
    }

    private static void Compiles(string sql, params GeneratedFile[] own)
    {
        var result = Compilation.Compile([new SourceText("names.lfsql", sql)], Sql.Catalog(("events", Events)), new CompileOptions(new ProjectDefaults("shop")) { ToCode = true });
        Assert.False(result.HasErrors, string.Join('\n', result.Diagnostics));
        Assert.NotEmpty(result.Code);
        Assert.Empty(RoslynCompiler.Check([.. result.Code, .. own]));
    }
}
