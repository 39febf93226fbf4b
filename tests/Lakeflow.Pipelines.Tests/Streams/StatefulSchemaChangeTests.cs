using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Pipelines.Tests.Streams;

/// <summary>Columns below an operator that remembers rows: what changes its name or widens carries over, and the rest is refused before anything runs.</summary>
public sealed class StatefulSchemaChangeTests : IDisposable
{
    private static readonly Columns Plain = new("k", "v", "at", "x", "INT", "INT");

    /// <summary>Each operator that remembers something, by the names of a key, a value, a time and the field of a struct.</summary>
    private static readonly Dictionary<string, Func<Columns, string>> Operators = new()
    {
        ["parts of windows"] = c => $"""
            SELECT window.start AS since, {c.Key}, count(*) AS n, sum({c.Value}) AS total, max(s.{c.Field}) AS most
            FROM {Read(c)} GROUP BY window({c.Time}, '10 seconds'), {c.Key}
            """,
        ["rows of windows"] = c => $"""
            SELECT window.start AS since, {c.Key}, count(DISTINCT {c.Value}) AS n, min(s.{c.Field}) AS least
            FROM {Read(c)} GROUP BY window({c.Time}, '10 seconds'), {c.Key}
            """,
        ["sessions"] = c => $"SELECT {c.Key}, session_window.end AS until, count(*) AS n, sum({c.Value} + s.{c.Field}) AS total FROM {Read(c)} GROUP BY {c.Key}, session_window({c.Time}, '6 seconds')",
        ["distinct until a time"] = c => $"SELECT DISTINCT {c.Key}, {c.Value}, {c.Time}, s.{c.Field} FROM {Read(c)}",
        ["distinct for good"] = c => $"SELECT DISTINCT {c.Key}, {c.Value}, s.{c.Field} FROM STREAM(up)",
        ["inner join"] = c => Join(c, ""),
        ["left join"] = c => Join(c, "LEFT"),
        ["full join"] = c => Join(c, "FULL"),
        ["semi join"] = c => $"SELECT a.{c.Key} AS code, a.{c.Value} AS v, a.s.{c.Field} AS f FROM {Read(c)} a LEFT SEMI JOIN {Read(c)} b ON {On(c)}",
        ["windows of windows"] = c => $"""
            SELECT window.start AS since, max(n) AS most, sum(total) AS total
            FROM (SELECT window({c.Time}, '10 seconds') AS w, count(*) AS n, sum({c.Value}) AS total FROM {Read(c)} GROUP BY window({c.Time}, '10 seconds'))
            GROUP BY window(w, '20 seconds')
            """,
        ["windows over a join"] = c => $"""
            SELECT window.start AS since, count(*) AS n, sum(va + vb) AS total
            FROM (SELECT a.{c.Time} AS moment, a.{c.Value} AS va, b.{c.Value} AS vb FROM {Read(c)} a JOIN {Read(c)} b ON {On(c)})
            GROUP BY window(moment, '10 seconds')
            """,
        ["windows over a union"] = c => $"""
            SELECT window.start AS since, count(*) AS n, sum({c.Value}) AS total
            FROM (SELECT {c.Value}, {c.Time} FROM {Read(c)} UNION ALL SELECT {c.Value}, {c.Time} FROM {Read(c)})
            GROUP BY window({c.Time}, '10 seconds')
            """,
    };

    private static readonly Dictionary<string, Columns> Carried = new()
    {
        ["all names"] = new("code", "worth", "moment", "y", "INT", "INT"),
        ["a wider key"] = Plain with { KeyType = "BIGINT" },
        ["a wider value of another name"] = Plain with { Value = "worth", ValueType = "BIGINT" },
    };

    /// <summary>What is between the table and the operator.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["a narrower key"] = "CAST(k AS SMALLINT) AS k, v, at, s",
        ["a key of another type"] = "CAST(k AS STRING) AS k, v, at, s",
        ["another time"] = "k, v, at + INTERVAL 1 SECOND AS at, s",
    };

    private readonly PipelineRig rig = new();

    public void Dispose() => rig.Dispose();

    public static TheoryData<string> Names => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Other_names_and_wider_types_carry_over_what_is_remembered(string of)
    {
        foreach (var (change, columns) in Carried)
        {
            using var changed = new PipelineRig(Sql(Plain, of));
            First(changed);
            changed.Run();
            var files = changed.Table("up").Files.Select(f => f.Path).ToHashSet();
            Second(changed);
            changed.Sql(Sql(columns, of));
            changed.Run();

            using var always = new PipelineRig(Sql(columns, of));
            First(always);
            always.Run();
            Second(always);
            always.Run();
            Assert.Equal($"{change}: {always.Rows("out")}", $"{change}: {changed.Rows("out")}");
            Assert.Equal(always.Table("out").Schema.Fields.Select(f => f.Name), changed.Table("out").Schema.Fields.Select(f => f.Name));
            Assert.Subset(changed.Table("up").Files.Select(f => f.Path).ToHashSet(), files);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_does_not_fit_what_is_remembered_is_refused_before_anything_runs(string of)
    {
        const string Same = "k, v, at, s";
        rig.Sql(Sql(Plain, of, Same));
        First(rig);
        rig.Run();
        var versions = (rig.Table("up").Version, rig.Table("out").Version);
        Second(rig);
        foreach (var (change, view) in Refused)
        {
            if (of.StartsWith("windows o", StringComparison.Ordinal) && !of.EndsWith("join", StringComparison.Ordinal) && change.Contains("key", StringComparison.Ordinal)) continue;
            if (of == "distinct for good" && change == "another time") continue;
            // The table below would get a new column; it does not.
            rig.Sql(Sql(Plain, of, view).Replace("AS s\n", "AS s, v AS extra\n", StringComparison.Ordinal));
            var refused = Assert.Throws<RuntimeError>(() => rig.TryRun());
            // A key that the query gives out does not fit the table either, which is said first.
            Assert.Equal((change, change == "another time" || of.StartsWith("windows o", StringComparison.Ordinal) ? "LF5074" : "LF5061"), (change, refused.Code));
            Assert.Contains("would take away", refused.Message, StringComparison.Ordinal);
            Assert.Contains("rows of main.default.up", refused.Message, StringComparison.Ordinal);
            Assert.Equal(versions, (rig.Table("up").Version, rig.Table("out").Version));
        }

        // A table below whose own column cannot follow is refused by itself.
        rig.Sql(Sql(Plain, of, Same).Replace("v AS v, timestamp", "CAST(v AS SMALLINT) AS v, timestamp", StringComparison.Ordinal));
        Assert.Equal("LF5061", Assert.Throws<RuntimeError>(() => rig.TryRun()).Code);
        Assert.Equal(versions, (rig.Table("up").Version, rig.Table("out").Version));

        rig.Sql(Sql(Plain, of, Same));
        rig.Run();
    }

    [Fact]
    public void An_operator_whose_key_is_gone_is_refused()
    {
        rig.Sql(Sql(Plain, "parts of windows"));
        First(rig);
        rig.Run();
        rig.Sql(Sql(Plain, "parts of windows").Replace("AS since, k,", "AS since,", StringComparison.Ordinal).Replace("'10 seconds'), k", "'10 seconds')", StringComparison.Ordinal));
        Assert.Equal("LF5074", Assert.Throws<RuntimeError>(() => rig.TryRun()).Code);
    }

    [Theory]
    [InlineData("a join", "SELECT a.k, a.s AS mine, a.l AS mines, b.v FROM STREAM(up) WATERMARK at DELAY OF INTERVAL 5 SECONDS a JOIN STREAM(up) WATERMARK at DELAY OF INTERVAL 5 SECONDS b ON a.k = b.k AND b.at >= a.at")]
    [InlineData("an outer join", "SELECT a.k, a.s AS mine, a.l AS mines, b.v FROM STREAM(up) WATERMARK at DELAY OF INTERVAL 5 SECONDS a LEFT JOIN STREAM(up) WATERMARK at DELAY OF INTERVAL 5 SECONDS b ON a.k = b.k AND b.at > a.at AND b.at < a.at + INTERVAL 9 SECONDS")]
    [InlineData("sessions", "SELECT k, session_window.start AS since, max_by(s, v) AS mine, collect_list(l) AS mines, count(*) AS v FROM STREAM(up) WATERMARK at DELAY OF INTERVAL 5 SECONDS GROUP BY k, session_window(at, '6 seconds')")]
    [InlineData("rows of windows", "SELECT k, window.start AS since, max_by(s, v) AS mine, collect_list(l) AS mines, count(*) AS v FROM STREAM(up) WATERMARK at DELAY OF INTERVAL 5 SECONDS GROUP BY k, window(at, '10 seconds')")]
    public void Structs_that_are_kept_whole_follow_their_fields(string of, string query)
    {
        First(rig);
        rig.Sql(Sql("x", "y"));
        rig.Run();
        var version = rig.Table("up").Version;

        // What is left out would be NULL in the rows that wait.
        rig.Sql(Sql("x", "y").Replace("'in', named_struct('y', t), ", "", StringComparison.Ordinal));
        var refused = Assert.Throws<RuntimeError>(() => rig.TryRun());
        Assert.Equal((of, "LF5074"), (of, refused.Code));
        Assert.Contains("rows of main.default.up", refused.Message, StringComparison.Ordinal);
        Assert.Equal(version, rig.Table("up").Version);

        Second(rig);
        rig.Sql(Sql("price", "moment"));
        rig.Run();
        using var always = new PipelineRig(Sql("price", "moment"));
        First(always);
        always.Run();
        Second(always);
        always.Run();
        Assert.Equal($"{of}: {always.Rows("told")}", $"{of}: {rig.Rows("told")}");

        string Sql(string x, string y) => $"""
            CREATE STREAMING TABLE up AS SELECT k, v, timestamp_seconds(t) AS at, named_struct('{x}', v + 100, 'in', named_struct('{y}', t), 'z', k) AS s, array(named_struct('{x}', v)) AS l
            FROM STREAM read_files('in', format => 'csv', schema => 'k INT, v INT, t INT');
            CREATE STREAMING TABLE out AS {query};
            CREATE MATERIALIZED VIEW told AS SELECT k, v, to_json(mine) AS mine, to_json(mines) AS mines FROM out;
            """;
    }

    [Theory]
    [InlineData("KEYS (k)", "KEYS (k, v)", "LF5072")]
    [InlineData("SEQUENCE BY t", "SEQUENCE BY CAST(t AS STRING)", "LF5061")]
    [InlineData("TYPE 2", "TYPE 1", "LF5072")]
    [InlineData("STORED", "COLUMNS (k, v, z) STORED", "")]
    public void A_table_of_changes_whose_past_does_not_fit_is_refused_before_anything_runs(string from, string to, string code)
    {
        const string Flow = """
            CREATE STREAMING TABLE other AS SELECT k AS id FROM STREAM read_files('in', format => 'csv', schema => 'k INT, v INT, t INT');
            CREATE TEMPORARY VIEW feed AS SELECT k, v, t, 1 AS z FROM STREAM read_files('in', format => 'csv', schema => 'k INT, v INT, t INT');
            CREATE STREAMING TABLE t;
            CREATE FLOW f AS AUTO CDC INTO t FROM STREAM(feed) KEYS (k) SEQUENCE BY t STORED AS SCD TYPE 2;
            """;
        rig.Sql(Flow);
        First(rig);
        rig.Run();
        var versions = (rig.Table("other").Version, rig.Table("t").Version);
        Second(rig);
        rig.Sql(Flow.Replace(from, to, StringComparison.Ordinal).Replace("k AS id", "k AS number", StringComparison.Ordinal));
        if (code.Length == 0)
        {
            rig.Run();
            return;
        }

        var refused = Assert.Throws<RuntimeError>(() => rig.TryRun());
        Assert.Equal(code, refused.Code);
        Assert.Contains("A full refresh would take away its", refused.Message, StringComparison.Ordinal);
        Assert.Equal(versions, (rig.Table("other").Version, rig.Table("t").Version));
    }

    private static string Read(Columns c) => $"STREAM(up) WATERMARK {c.Time} DELAY OF INTERVAL 5 SECONDS";

    private static string On(Columns c) => $"a.{c.Key} = b.{c.Key} AND b.{c.Time} > a.{c.Time} AND b.{c.Time} <= a.{c.Time} + INTERVAL 20 SECONDS AND b.s.{c.Field} > 100";

    private static string Join(Columns c, string kind) => $"SELECT a.{c.Key}, a.{c.Value} AS one, b.{c.Value} AS other, b.s.{c.Field} AS f FROM {Read(c)} a {kind} JOIN {Read(c)} b ON {On(c)}";

    private static string Table(Columns c) => $"""
        CREATE STREAMING TABLE up AS SELECT k AS {c.Key}, v AS {c.Value}, timestamp_seconds(t) AS {c.Time}, named_struct('{c.Field}', v + 100) AS s
        FROM STREAM read_files('in', format => 'csv', schema => 'k {c.KeyType}, v {c.ValueType}, t INT');

        """;

    private static string Sql(Columns c, string of) => $"{Table(c)}CREATE STREAMING TABLE out AS {Operators[of](c)};";

    private static string Sql(Columns c, string of, string view) => $"{Table(c)}CREATE TEMPORARY VIEW seen AS SELECT {view} FROM STREAM(up);\nCREATE STREAMING TABLE out AS {Operators[of](c).Replace("STREAM(up)", "STREAM(seen)", StringComparison.Ordinal)};";

    private static void First(PipelineRig rig)
    {
        rig.Write("in/1.csv", "1,10,1\n1,20,3\n2,10,4\n2,10,4\n");
        rig.Write("in/2.csv", "3,30,9\n");
    }

    /// <summary>To the windows that are open, to the sessions, to the rows that wait; then what closes all of them.</summary>
    private static void Second(PipelineRig rig)
    {
        rig.Write("in/3.csv", "1,50,7\n2,10,4\n3,60,12\n1,10,1\n");
        rig.Write("in/4.csv", "9,90,80\n");
    }

    private sealed record Columns(string Key, string Value, string Time, string Field, string KeyType, string ValueType);
}
