using System.Globalization;
using System.Text.RegularExpressions;
using Lakeflow.Arrow;
using Lakeflow.Compiler;
using Lakeflow.Compiler.Emit.CSharp;
using Lakeflow.Oracle;
using Lakeflow.Pipelines;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Sql.Tests.Conformance;

/// <summary>Runs one of Spark's files and judges every statement.</summary>
internal sealed partial class GoldenFile
{
    private const int PerAssembly = 200;

    /// <summary>Files that run under settings which their golden files do not show.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["binary_base64.sql.out"] = "spark.sql.binaryOutputStyle",
        ["binary_hex.sql.out"] = "spark.sql.binaryOutputStyle",
        ["binary_hex_discrete.sql.out"] = "spark.sql.binaryOutputStyle",
    };

    private readonly List<Judgement> judged = [];
    private readonly List<(GoldenQuery Golden, SqlQuery Query, DataType[] Types, object Oracle)> compiled = [];

    /// <summary>True to answer with the oracle alone, which takes seconds in place of minutes.</summary>
    public static bool OracleOnly => Environment.GetEnvironmentVariable("LAKEFLOW_CONFORMANCE") == "oracle";

    public static IReadOnlyList<Judgement> Run(string path)
    {
        var file = new GoldenFile();
        var session = new SparkSession();
        var setting = Settings.GetValueOrDefault(Path.GetFileName(path));
        foreach (var query in GoldenQuery.Read(path))
        {
            if (setting is not null) file.judged.Add(new Judgement(query, Verdict.NotHere, setting));
            else if (session.Statement(query) is { } done) file.judged.Add(done);
            else file.Compile(query, session.Engine);
        }

        // Two thousand queries that differ in the types of constants: what they test is bound, not generated.
        var oracleOnly = OracleOnly || path.Contains("typeCoercion", StringComparison.Ordinal);
        foreach (var chunk in file.compiled.Chunk(PerAssembly)) file.Answer(chunk, oracleOnly);
        return [.. file.judged.OrderBy(j => j.Query.Line)];
    }

    private void Compile(GoldenQuery golden, SqlEngine engine)
    {
        CompilationResult result;
        SqlQuery query;
        DataType[] types;
        object oracle;
        try
        {
            result = engine.Compile(golden.Sql, optimize: true);
            if (result.HasErrors)
            {
                judged.Add(Refusal(golden, result.Diagnostics.First(d => d.IsError)));
                return;
            }

            var bound = result.Graph.Flows[0].Plan;
            types = [.. bound.Columns.Select(c => c.Type)];
            query = engine.Query(result.Improved!);
            oracle = Caught(() => engine.Interpret(bound).Select(r => SparkText.Row(r, types, query.Constants.Zone)).ToArray());
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            judged.Add(new Judgement(golden, Verdict.Wrong, "the compiler fails", e.ToString()));
            return;
        }

        compiled.Add((golden, query, types, oracle));
    }

    private void Answer((GoldenQuery Golden, SqlQuery Query, DataType[] Types, object Oracle)[] queries, bool oracleOnly)
    {
        if (queries.Length == 0) return;
        if (oracleOnly)
        {
            foreach (var (golden, _, types, oracle) in queries) judged.Add(Judge(golden, oracle, types));
            return;
        }

        CompiledPipeline built;
        try
        {
            built = SqlEngine.Build(queries.Select(q => q.Query));
        }
        catch (InvalidOperationException refused) when (queries.Length == 1)
        {
            judged.Add(new Judgement(queries[0].Golden, Verdict.Refused, Position().Replace(refused.Message, ""), refused.Message));
            return;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // One query's text spoils the assembly: halves, until it stands alone.
            if (queries.Length == 1) judged.Add(new Judgement(queries[0].Golden, Verdict.Wrong, fault is GeneratedCodeFault ? "the generated code does not compile" : "the emitter fails", fault.ToString()));
            else foreach (var half in queries.Chunk((queries.Length + 1) / 2)) Answer(half, oracleOnly);
            return;
        }

        using (built)
        {
            foreach (var (golden, query, types, oracle) in queries)
            {
                var got = Caught(() => query.Run(built.Pipeline).Select(r => SparkText.Row(r, types, query.Constants.Zone)).ToArray());
                var judgement = Judge(golden, got, types);
                if (judgement.Verdict == Verdict.Passed && oracle is not NotSupportedByOracleException && Judge(golden, oracle, types) is { Verdict: Verdict.Wrong } other)
                    judgement = other with { Reason = "the oracle: " + other.Reason };
                judged.Add(judgement);
            }
        }
    }

    private static Judgement Refusal(GoldenQuery golden, Diagnostic error)
    {
        if (golden.RefusedBySpark && error.Code is not ("LF2900" or "LF2003")) return new Judgement(golden, Verdict.Passed);
        if (golden.Error is "UNRESOLVED_ROUTINE") return new Judgement(golden, Verdict.Passed);
        if (error.Code == "LF2002") return new Judgement(golden, Verdict.NotHere, error.Message);
        if (golden.Error is not null && !golden.RefusedBySpark && error.Code is not ("LF2900" or "LF2003")) return new Judgement(golden, Verdict.OtherError, $"{golden.Error} is {error.Code} at compile time", error.ToString());
        var reason = error.Code is "LF2900" or "LF2003" ? error.Message : error.Code;
        return new Judgement(golden, Verdict.Refused, reason, error.ToString());
    }

    private static Judgement Judge(GoldenQuery golden, object got, DataType[] types)
    {
        if (golden.Error is { } error)
        {
            if (got is RuntimeError fault)
            {
                var same = fault.ErrorClass is { } ours && (ours == error || error.StartsWith(ours + ".", StringComparison.Ordinal) || ours.StartsWith(error + ".", StringComparison.Ordinal));
                return new Judgement(golden, same ? Verdict.Passed : Verdict.OtherError, same ? "" : $"{error} is {fault.ErrorClass ?? fault.Code}", fault.Message);
            }

            if (got is Exception crash) return new Judgement(golden, Verdict.Wrong, "fails: " + crash.GetType().Name, crash.ToString());
            return new Judgement(golden, golden.RefusedBySpark ? Verdict.Lenient : Verdict.Wrong, "rows for " + error, Show((string[])got));
        }

        if (got is RuntimeError raised) return new Judgement(golden, Verdict.Wrong, $"raises {raised.ErrorClass ?? raised.Code}", raised.Message);
        if (got is Exception failed) return new Judgement(golden, Verdict.Wrong, "fails: " + failed.GetType().Name, failed.ToString());
        var rows = Lines((string[])got);
        var wanted = Lines([golden.Output]);
        if (Same(rows, wanted) || Same([.. rows.Order(StringComparer.Ordinal)], [.. wanted.Order(StringComparer.Ordinal)]))
        {
            return SparkText.HasTypes(golden.Schema, types)
                ? new Judgement(golden, Verdict.Passed)
                : new Judgement(golden, Verdict.Wrong, "other types", $"{string.Join(", ", types.AsEnumerable())} for {golden.Schema}");
        }

        return new Judgement(golden, Verdict.Wrong, "other rows", Show((string[])got));
    }

    /// <summary>Rows as the golden file's lines: a row may have several, and blanks at their ends were cut.</summary>
    private static string[] Lines(string[] rows)
    {
        // Spark's suite writes #x for a number after #, wherever it stands, and the files know one kind of line end.
        var lines = ExpressionId().Replace(string.Join('\n', rows).ReplaceLineEndings("\n"), "#x").Split('\n').Select(l => l.TrimEnd()).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return [.. lines];
    }

    /// <summary>Equal texts, or DOUBLEs equal to 14 digits: Java and .NET round the last bit of exp or sinh differently.</summary>
    private static bool Same(string[] rows, string[] wanted) => rows.Length == wanted.Length && rows.Zip(wanted).All(pair =>
    {
        if (pair.First == pair.Second) return true;
        var (a, b) = (pair.First.Split('\t'), pair.Second.Split('\t'));
        return a.Length == b.Length && a.Zip(b).All(v => v.First == v.Second || Near(v.First, v.Second));
    });

    private static bool Near(string a, string b) => a.Contains('.') && Math.Max(a.Length, b.Length) > 14
        && double.TryParse(a, CultureInfo.InvariantCulture, out var x) && double.TryParse(b, CultureInfo.InvariantCulture, out var y) && Math.Abs(x - y) <= 1e-14 * Math.Abs(y);

    private static string Show(string[] rows) => string.Join('\n', rows);

    [GeneratedRegex(@"^\S+ error ")]
    private static partial Regex Position();

    [GeneratedRegex(@"#\d+")]
    private static partial Regex ExpressionId();

    private static object Caught(Func<object> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }
    }
}
