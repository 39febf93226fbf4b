using System.Text;

namespace Lakeflow.Cli.Tests;

/// <summary>What a hostile user gives, and what the tool answers: never a stack trace, never a row lost in silence.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void All_mistakes_of_all_kinds_are_told_in_one_run()
    {
        Project("""
            CREATE STREAMING TABLE a AS SELECT id, xx FROM STREAM read_files('/d/in', format => 'csv', headr => true, schema => 'id INT, x STRING');
            CREATE MATERIALIZED VIEW b AS SELECT idd, uper(x) FROM base;
            CREATE MATERIALIZED VIEW c AS SELEC 1;
            CREATE MATERIALIZED VIEW d AS SELECT x FROM e;
            CREATE MATERIALIZED VIEW e AS SELECT x FROM d;
            CREATE MATERIALIZED VIEW base AS SELECT 1 AS id, 'a' AS x;
            CREATE TEMPORARY VIEW Base AS SELECT 2 AS id;
            CREATE STREAMING TABLE f AS SELECT id FROM base;
            CREATE MATERIALIZED VIEW g AS SELECT * FROM bse;
            """);
        Directory.CreateDirectory(Path.Combine(rig.Folder, "p/data/in"));

        var (exit, _, error) = rig.Run("validate", "p");

        Assert.Equal(2, exit);
        foreach (var expected in new[]
        {
            "p.lfsql(1,40): error LF2001: There is no column 'xx' here. Did you mean 'x'?",
            "p.lfsql(1,92): error LF7001: There is no option 'headr' here. Did you mean 'header'?",
            "p.lfsql(2,38): error LF2001: There is no column 'idd' here. Did you mean 'id'?",
            "p.lfsql(2,43): error LF2003: There is no function 'uper'. Did you mean 'upper'?",
            "p.lfsql(3,31): error LF1001: 'SELEC' does not fit here. Did you mean SELECT?",
            "p.lfsql(5,45): error LF3001: e reads d, which in turn needs e: d → e → d.",
            "p.lfsql(7,23): error LF3002: 'base' is already declared at p.lfsql(6,26).",
            "p.lfsql(8,44): error LF3008: ",
            "p.lfsql(9,45): error LF2002: There is no table or view 'bse'. Did you mean 'base'?",
        })
        {
            Assert.Contains(expected, error, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(9, error.Split(": error LF").Length - 1);
        Assert.Equal(9, error.Split("\n  help: docs/diagnostics/LF").Length - 1);
        Assert.Contains("  2 | CREATE MATERIALIZED VIEW b AS SELECT idd, uper(x) FROM base;\n    |                                      ^^^\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_misspelt_or_stand_where_nobody_reads_them_are_told()
    {
        Project("""
            SET pipelines.trigger.interval = often;
            SET pipelines.triger.interval = 10 seconds;
            SET lakeflow.memory = 1gb;
            SET my.own = 5;
            SET TIME ZONE 'Europe/Oslo';
            SET pipelines.reset.allowed = false;
            CREATE MATERIALIZED VIEW a TBLPROPERTIES ('pipelines.reset.alowed' = 'false', 'lakeflow.late.table' = 'x', 'quality' = 'bronze', 'delta.randomizeFilePrefixes' = 'true') AS SELECT 1 AS one;
            """);
        File.AppendAllText(Path.Combine(rig.Folder, "p/lakeflow.yml"), "configuration:\n  lakeflow.memry: 1gb\n  own.name: 1\n");

        var (exit, _, error) = rig.Run("validate", "p");

        Assert.Equal(2, exit);
        foreach (var expected in new[]
        {
            "warning LF2038: There is no setting 'lakeflow.memry', so it has no effect. Did you mean 'lakeflow.memory'?",
            "p.lfsql(1,1): error LF2037: pipelines.trigger.interval is a whole number and a unit, like '10 seconds' or '1 hour', at most 30 days, not 'often'.",
            "p.lfsql(2,1): warning LF2038: There is no setting 'pipelines.triger.interval', so it has no effect. Did you mean 'pipelines.trigger.interval'?",
            "p.lfsql(3,1): warning LF2038: 'lakeflow.memory' has no effect here: it is a setting of the whole project.",
            "p.lfsql(5,1): warning LF2038: 'spark.sql.session.timeZone' has no effect here: it is a setting of the whole project.",
            "p.lfsql(6,1): warning LF2038: 'pipelines.reset.allowed' has no effect here: it is a table property. Write TBLPROPERTIES ('pipelines.reset.allowed' = 'false').",
            "p.lfsql(7,43): warning LF2038: There is no table property 'pipelines.reset.alowed', so it has no effect. Did you mean 'pipelines.reset.allowed'?",
            "p.lfsql(7,79): warning LF2038: 'lakeflow.late.table' has no effect here: it is no table property.",
        })
        {
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }

        Assert.Equal(8, error.Split(" LF20").Length - 1);

        // In the project file an interval is looked at before the texts are.
        File.AppendAllText(Path.Combine(rig.Folder, "p/lakeflow.yml"), "  pipelines.trigger.interval: 1 week\n");
        Assert.Contains("lakeflow.yml(9,3): error LF2037: pipelines.trigger.interval is a whole number and a unit", rig.Run("validate", "p").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rum", "error LF0002: There is no command 'rum'. Did you mean 'run'?\n")]
    [InlineData("orders", "error LF0002: There is no command 'orders'. 'lakeflow --help' lists the commands.\n")]
    public void A_wrong_command_is_told_once(string word, string expected)
    {
        var (exit, _, error) = rig.Run(word);

        Assert.Equal(2, exit);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Split("error LF").Skip(1));
    }

    [Fact]
    public void A_broken_csv_record_is_nulled_kept_left_out_and_counted_or_failed_by_mode()
    {
        Project("""
            CREATE STREAMING TABLE plain AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'id INT, x STRING');
            CREATE STREAMING TABLE kept AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'id INT, x STRING, _corrupt_record STRING');
            CREATE STREAMING TABLE rescued AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'id INT, x STRING', rescuedDataColumn => '_rescued_data');
            CREATE STREAMING TABLE left_out AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'id INT, x STRING', mode => 'DROPMALFORMED');
            CREATE STREAMING TABLE failed AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'id INT, x STRING', mode => 'FAILFAST');
            """);
        rig.Write("p/data/in/a.csv", "id,x\n1,a\n2,b,extra\nx3,c\n");

        var (exit, output, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Equal("id,x\n1,a\n2,b\n,c\n", Rows("plain"));
        Assert.Equal("id,x,_corrupt_record\n1,a,\n2,b,\"2,b,extra\"\n,c,\"x3,c\"\n", Rows("kept"));
        Assert.Contains("{\"\"_c2\"\":\"\"extra\"\",", Rows("rescued"), StringComparison.Ordinal);
        Assert.Contains("{\"\"id\"\":\"\"x3\"\",", Rows("rescued"), StringComparison.Ordinal);
        Assert.Equal("id,x\n1,a\n", Rows("left_out"));
        Assert.Contains("left_out COMPLETED read 1 written 1 dropped 0 failed 0 malformed 2 (left out)\n", output, StringComparison.Ordinal);
        Assert.Contains("main.default.left_out: 2 malformed records were left out (mode DROPMALFORMED)\n", output, StringComparison.Ordinal);
        Assert.Equal("id,x\n", Rows("failed"));
        Assert.Contains("LF7020: [MALFORMED_RECORD_IN_PARSING] /d/in/a.csv:3: the record has 3 fields instead of 2: 2,b,extra. mode =>", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_json_line_is_nulled_kept_left_out_and_counted_or_failed_by_mode()
    {
        Project("""
            CREATE STREAMING TABLE kept AS SELECT * FROM STREAM read_files('/d/in', format => 'json', schema => 'id INT, _corrupt_record STRING');
            CREATE STREAMING TABLE left_out AS SELECT * FROM STREAM read_files('/d/in', format => 'json', schema => 'id INT', mode => 'DROPMALFORMED');
            CREATE STREAMING TABLE failed AS SELECT * FROM STREAM read_files('/d/in', format => 'json', schema => 'id INT', mode => 'FAILFAST');
            """);
        rig.Write("p/data/in/a.json", "{\"id\":1}\n{\"id\":\n{\"id\":\"no\"}\n");

        var (exit, output, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Equal("id,_corrupt_record\n1,\n,\"{\"\"id\"\":\"\n,\"{\"\"id\"\":\"\"no\"\"}\"\n", Rows("kept"));
        Assert.Equal("id\n1\n", Rows("left_out"));
        Assert.Contains("left_out: 2 malformed records were left out", output, StringComparison.Ordinal);
        Assert.Contains("LF7020: [MALFORMED_RECORD_IN_PARSING] /d/in/a.json:2: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_files_that_are_none_are_named_and_the_table_keeps_its_last_version()
    {
        Project("CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('/d/in', format => 'parquet', schema => 'id BIGINT');\n");
        rig.Write("q/lakeflow.yml", "name: q\n");
        rig.Write("q/q.lfsql", "CREATE MATERIALIZED VIEW ids AS SELECT id FROM range(0, 3);\n");
        Assert.Equal(0, rig.Run("run", "q").Exit);
        var good = File.ReadAllBytes(Directory.GetFiles(Path.Combine(rig.Folder, "q/lakehouse/main/default/ids"), "*.parquet")[0]);
        var input = Directory.CreateDirectory(Path.Combine(rig.Folder, "p/data/in")).FullName;
        File.WriteAllBytes(Path.Combine(input, "1.parquet"), good);
        Assert.Equal(0, rig.Run("run", "p").Exit);

        foreach (var (bytes, code) in new[] { (good[..(good.Length / 2)], "LF6001"), (Encoding.ASCII.GetBytes("hello, this is no parquet"), "LF6001"), (Torn(good), "LF60") })
        {
            File.WriteAllBytes(Path.Combine(input, "2.parquet"), bytes);
            var (exit, _, error) = rig.Run("run", "p");
            Assert.Equal(1, exit);
            Assert.Contains($"error {code}", error, StringComparison.Ordinal);
            Assert.Contains("/d/in/2.parquet", error, StringComparison.Ordinal);
            Assert.DoesNotContain("LF0001", error, StringComparison.Ordinal);
            Assert.Equal("id\n0\n1\n2\n", Rows("t"));
        }

        // Put right, the file is read; the good one is not read again.
        File.WriteAllBytes(Path.Combine(input, "2.parquet"), good);
        Assert.Equal(0, rig.Run("run", "p").Exit);
        Assert.Equal("id\n0\n0\n1\n1\n2\n2\n", Rows("t"));
    }

    [Fact]
    public void A_missing_input_folder_is_an_error_and_an_empty_one_of_known_columns_is_not()
    {
        Project("CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('/d/none', format => 'csv', schema => 'id INT');\nCREATE MATERIALIZED VIEW v AS SELECT * FROM read_files('/d/no/*.csv', format => 'csv', schema => 'id INT');\n");
        var (exit, _, error) = rig.Run("run", "p");
        Assert.Equal(2, exit);
        Assert.Contains("p.lfsql(1,61): error LF7011: [PATH_NOT_FOUND]", error, StringComparison.Ordinal);
        Assert.Contains("p.lfsql(2,56): error LF7011: [PATH_NOT_FOUND]", error, StringComparison.Ordinal);
        Assert.Contains("/d/no/*.csv", error, StringComparison.Ordinal);

        rig.Write("p/p.lfsql", "CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('/d/none', format => 'csv', schema => 'id INT');\n");
        Directory.CreateDirectory(Path.Combine(rig.Folder, "p/data/none"));
        Assert.Equal((0, ""), (rig.Run("run", "p") is var (code, _, text) ? code : -1, text));
        Assert.Equal("id\n", Rows("t"));
    }

    [Fact]
    public void A_value_that_cannot_be_computed_fails_its_flow_with_class_place_and_value()
    {
        Project("CREATE MATERIALIZED VIEW a AS SELECT id FROM range(0, 3);\n");
        Assert.Equal(0, rig.Run("run", "p").Exit);
        rig.Write("p/p.lfsql", """
            CREATE MATERIALIZED VIEW a AS SELECT id / (id - 1) AS id FROM range(0, 3);
            CREATE MATERIALIZED VIEW b AS SELECT CAST(concat('n', id) AS INT) AS n FROM range(0, 3);
            CREATE MATERIALIZED VIEW c AS SELECT id + 9223372036854775807 AS n FROM range(0, 3);
            CREATE MATERIALIZED VIEW d AS SELECT n FROM b;
            CREATE MATERIALIZED VIEW e AS SELECT id FROM range(0, 2);
            """);

        var (exit, output, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Contains("p.lfsql(1,38): error LF5001: [DIVIDE_BY_ZERO]", error, StringComparison.Ordinal);
        Assert.Contains("  1 | CREATE MATERIALIZED VIEW a AS SELECT id / (id - 1) AS id FROM range(0, 3);\n    |                                      ^^^^^^^^^^^^^\n", error, StringComparison.Ordinal);
        Assert.Contains("p.lfsql(2,38): error LF5003: [CAST_INVALID_INPUT] 'n0'", error, StringComparison.Ordinal);
        Assert.Contains("p.lfsql(3,38): error LF5002: [ARITHMETIC_OVERFLOW]", error, StringComparison.Ordinal);
        Assert.Contains("d SKIPPED failed before it: b", output, StringComparison.Ordinal);
        Assert.Equal("id\n0\n1\n2\n", Rows("a"));
        Assert.Equal("id\n0\n1\n", Rows("e"));
    }

    [Fact]
    public void A_rule_that_fails_the_update_tells_it_in_the_known_shape_and_writes_nothing()
    {
        Project("""
            CREATE STREAMING TABLE t (
              CONSTRAINT positive EXPECT (y > 0) ON VIOLATION FAIL UPDATE,
              CONSTRAINT named EXPECT (x IS NOT NULL) ON VIOLATION FAIL UPDATE,
              CONSTRAINT small EXPECT (y < 3)
            ) AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', header => true, schema => 'x STRING, y INT');
            """);
        rig.Write("p/data/in/1.csv", "x,y\na,1\n");
        Assert.Equal(0, rig.Run("run", "p").Exit);
        rig.Write("p/data/in/2.csv", "x,y\nb,2\n,-5\nc,-6\nd,7\n");

        var (exit, _, error) = rig.Run("run", "p");

        Assert.Equal(1, exit);
        Assert.Matches(
            """\[EXPECTATION_VIOLATION\.VERBOSITY_ALL\] Flow 'main\.default\.t' failed to meet the expectation\. Violated expectations: 'positive, named'\. Input data: '.*'\. Output record: '\{"x":null,"y":-5\}'\. Missing input data: (true|false)""",
            error);
        Assert.Equal("x,y\na,1\n", Rows("t"));
        Assert.Contains("Violated expectations: 'positive, named'.", rig.Run("logs", "-C", "p").Out, StringComparison.Ordinal);

        // The data corrected, all of the file is read.
        rig.Write("p/data/in/2.csv", "x,y\nb,2\nc,6\n");
        Assert.Equal(0, rig.Run("run", "p").Exit);
        Assert.Equal("x,y\na,1\nb,2\nc,6\n", Rows("t"));
    }

    [Fact]
    public void Names_of_any_kind_stay_inside_the_lakehouse()
    {
        Project("""
            CREATE MATERIALIZED VIEW `my table` AS SELECT 1 AS a;
            CREATE MATERIALIZED VIEW `quo``te"'` AS SELECT 2 AS `x``y`;
            CREATE MATERIALIZED VIEW `größe_日本😀` AS SELECT 3 AS `größe`;
            CREATE MATERIALIZED VIEW `..` AS SELECT 4 AS a;
            CREATE MATERIALIZED VIEW `a/../../../b` AS SELECT 5 AS a;
            CREATE MATERIALIZED VIEW `_lakeflow`.`..`.`_lakeflow` AS SELECT 6 AS a;
            CREATE MATERIALIZED VIEW `select` AS SELECT 7 AS `from`;
            CREATE MATERIALIZED VIEW `UPPER` AS SELECT a + 7 AS a FROM `My Table`;
            """);

        var (exit, _, error) = rig.Run("run", "p");

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal("x`y\n2\n", Rows("`quo``te\"'`"));
        Assert.Equal("größe\n3\n", Rows("`größe_日本😀`"));
        Assert.Equal("a\n8\n", Rows("upper"));
        Assert.Equal("a\n5\n", Rows("`a/../../../b`"));
        Assert.Equal(["data", "lakeflow.yml", "lakehouse", "p.lfsql"], Directory.GetFileSystemEntries(Path.Combine(rig.Folder, "p")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.Equal(["p"], Directory.GetFileSystemEntries(rig.Folder).Select(f => Path.GetFileName(f)!));
        Assert.Equal(8 + 1, Directory.GetDirectories(Path.Combine(rig.Folder, "p/lakehouse"), "_delta_log", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("", "LF3018")]
    [InlineData("-- only a comment\n", "LF3018")]
    [InlineData("CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;\0", "LF1001")]
    [InlineData(";;;\u0001", "LF1001")]
    public void A_text_without_sense_is_a_mistake_and_no_crash(string text, string code)
    {
        Project(text);
        var (exit, _, error) = rig.Run("run", "p");
        Assert.Equal(2, exit);
        Assert.Contains(code, error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void Files_are_read_with_any_line_end_and_mark_but_only_as_utf8()
    {
        Project("");
        var file = Path.Combine(rig.Folder, "p/p.lfsql");
        File.WriteAllText(file, "CREATE MATERIALIZED VIEW a AS\r\nSELECT 1 AS x,\r\n  nope AS y;\r\n", new UTF8Encoding(true));
        Assert.Contains("p.lfsql(3,3): error LF2001", rig.Run("validate", "p").Error, StringComparison.Ordinal);
        File.WriteAllText(file, "CREATE MATERIALIZED VIEW a AS SELECT 'é' AS x;", Encoding.Latin1);
        Assert.Contains("LF1002", rig.Run("validate", "p").Error, StringComparison.Ordinal);
        File.WriteAllText(file, "CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;", Encoding.Unicode);
        Assert.Contains("LF1002", rig.Run("validate", "p").Error, StringComparison.Ordinal);
        File.WriteAllBytes(file, [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 7919 >> 3))]);
        Assert.Equal(2, rig.Run("validate", "p").Exit);
        File.WriteAllText(file, "-- Databricks notebook source\n-- MAGIC %md hello\n\n-- COMMAND ----------\n\nCREATE MATERIALIZED VIEW a AS SELECT 1 AS x\n\n-- COMMAND ----------\n\nCREATE MATERIALIZED VIEW b AS SELECT x FROM a\n");
        Assert.Equal((0, ""), (rig.Run("run", "p") is var (exit, _, error) ? exit : -1, error));
    }

    [Fact]
    public void Deep_and_long_texts_are_answered()
    {
        foreach (var (text, code) in new[]
        {
            ($"CREATE MATERIALIZED VIEW a AS SELECT {new string('(', 3000)}1{new string(')', 3000)} AS x;", "LF1006"),
            ($"CREATE MATERIALIZED VIEW a AS SELECT {string.Concat(Enumerable.Repeat("1+", 5000))}1 AS x;", "LF1006"),
            ($"CREATE MATERIALIZED VIEW a AS SELECT {new string('(', 100_000)}", "LF1"),
            ($"CREATE MATERIALIZED VIEW a AS SELECT length('{new string('x', 10_000_000)}') AS x;", "LF4005"),
        })
        {
            Project(text);
            var (exit, _, error) = rig.Run("run", "p");
            Assert.Equal(2, exit);
            Assert.Contains($"error {code}", error, StringComparison.Ordinal);
            Assert.InRange(error.Length, 1, 2000);
        }
    }

    [Theory]
    [InlineData("", "lakeflow.yml(1,1): error LF0013")]
    [InlineData("name: t\nlibrariess:\n  - x\n", "lakeflow.yml(2,1): error LF0012: lakeflow.yml has no field 'librariess'. Did you mean 'libraries'?")]
    [InlineData("name: t\nlibraries: '*.lfsql'\n", "lakeflow.yml(2,12): error LF0013")]
    [InlineData("name: [1]\n", "lakeflow.yml(1,7): error LF0013")]
    [InlineData("catalog: main\n", "lakeflow.yml(1,1): error LF0014")]
    [InlineData("name: t\nlibraries:\n  - 'no*.lfsql'\n", "lakeflow.yml(3,5): error LF0017")]
    [InlineData("name: t\n bad: : yaml\n- x", "lakeflow.yml(2,5): error LF0011")]
    [InlineData("- a\n- b\n", "lakeflow.yml(1,1): error LF0013")]
    [InlineData("name: t\nmounts:\n  - a\n", "lakeflow.yml(3,3): error LF0013")]
    [InlineData("name: t\nname: u\n", "lakeflow.yml(2,1): error LF0020")]
    public void A_mistake_in_the_project_file_has_its_place(string text, string expected)
    {
        rig.Write("p/p.lfsql", "CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;\n");
        rig.Write("p/lakeflow.yml", text);
        var (exit, _, error) = rig.Run("validate", "p");
        Assert.Equal(2, exit);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, error.Split(": error LF").Length);
    }

    [Fact]
    public void Wrong_words_on_the_command_line_are_told_apart()
    {
        Project("CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;\n");
        foreach (var (words, code) in new (string[], string)[]
        {
            (["run"], "error LF0010"), (["run", "nowhere"], "error LF0010"), (["bogus"], "error LF0002"), (["run", "p", "--set", "nonsense"], "error LF0018"),
            (["run", "p", "-t", "prod"], "error LF0015"), (["run", "p", "--refresh", "b"], "error LF5058"), (["show", "b", "-C", "p"], "error LF0033"),
            (["explain", "b", "-C", "p"], "error LF0030"), (["logs", "-C", "p"], "error LF0033"), (["sql", "-C", "p", "SELECT 1 +"], "error LF1001"),
            (["sql"], "error LF0002"), (["sql", "SELECT * FROM 'none.csv'"], "error LF"), (["run", "p", "--output", "xml"], "error LF0002"),
        })
        {
            var (exit, _, error) = rig.Run(words);
            Assert.Equal((2, string.Join(' ', words)), (exit, string.Join(' ', words)));
            Assert.Contains(code, error, StringComparison.Ordinal);
            Assert.False(error.StartsWith(':'), error);
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_trouble_of_the_machine()
    {
        Project("CREATE MATERIALIZED VIEW a AS SELECT 1 AS x;\n");
        rig.Write("p/lakehouse", "a file where a folder should be");
        var (exit, _, error) = rig.Run("run", "p");
        Assert.Equal(3, exit);
        Assert.Contains("error LF6069", error, StringComparison.Ordinal);

        File.Delete(Path.Combine(rig.Folder, "p/lakehouse"));
        rig.Write("p/lakehouse/_lakeflow/event_log/_delta_log", "in the way");
        var logless = rig.Run("run", "p");
        Assert.Equal(0, logless.Exit);
        Assert.Contains("The event log could not be written", logless.Error, StringComparison.Ordinal);
        Assert.Equal("x\n1\n", Rows("a"));
    }

    [Fact]
    public void A_table_on_the_screen_shows_the_first_rows_and_counts_all()
    {
        var (exit, output, _) = rig.Run("sql", "SELECT id FROM range(0, 3000000)");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 1003, "(3000000 rows, the first 1000 shown)"), (exit, lines.Length, lines[^1]));
        Assert.Equal(Enumerable.Range(0, 1000), lines[2..^1].Select(l => int.Parse(l, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Links_that_go_in_circles_end()
    {
        if (OperatingSystem.IsWindows()) return; // making links needs a privilege there
        Project("CREATE STREAMING TABLE t AS SELECT * FROM STREAM read_files('/d/in', format => 'csv', schema => 'id INT', recursiveFileLookup => true);\n");
        rig.Write("p/data/in/sub/1.csv", "1\n");
        File.CreateSymbolicLink(Path.Combine(rig.Folder, "p/data/in/sub/up"), Path.Combine(rig.Folder, "p/data/in"));
        Assert.Equal((0, ""), (rig.Run("run", "p") is var (exit, _, error) ? exit : -1, error));
        Assert.Equal("id\n1\n", Rows("t"));
    }

    [Fact]
    public void An_edited_query_of_a_streaming_table_is_said_and_old_rows_stay()
    {
        Project("CREATE STREAMING TABLE t AS SELECT id AS v FROM STREAM read_files('/d/in', format => 'csv', schema => 'id INT');\n");
        rig.Write("p/data/in/1.csv", "1\n");
        Assert.Equal(0, rig.Run("run", "p").Exit);
        Assert.Contains("Nothing new.", rig.Run("run", "p").Out, StringComparison.Ordinal);
        rig.Write("p/p.lfsql", "CREATE STREAMING TABLE t AS SELECT id * 10 AS v FROM STREAM read_files('/d/in', format => 'csv', schema => 'id INT');\n");
        Assert.Contains("t IDLE nothing new, the query has changed: rows written before stay as they are (--full-refresh t writes them anew)", rig.Run("run", "p").Out, StringComparison.Ordinal);
        rig.Write("p/data/in/2.csv", "2\n");
        Assert.Contains("t COMPLETED read 1 written 1 dropped 0 failed 0, the query has changed", rig.Run("run", "p").Out, StringComparison.Ordinal);
        Assert.Equal("v\n1\n20\n", Rows("t"));

        rig.Write("p/p.lfsql", "CREATE STREAMING TABLE t AS SELECT CAST(id AS STRING) AS v FROM STREAM read_files('/d/in', format => 'csv', schema => 'id INT');\n");
        Assert.Contains("LF5061", rig.Run("run", "p").Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(rig.Folder, "p/data/in/1.csv"));
        var asked = rig.Run("run", "p", "--full-refresh", "t");
        Assert.Equal(2, asked.Exit);
        Assert.Contains("LF5063: A full refresh of main.default.t would lose rows: 1 file(s) that it has read are gone: /d/in/1.csv.", asked.Error, StringComparison.Ordinal);
        Assert.Equal("v\n1\n20\n", Rows("t"));
        Assert.Equal(0, rig.Run("run", "p", "--full-refresh", "t", "--yes").Exit);
        Assert.Equal("v\n2\n", Rows("t"));
    }

    /// <summary>A page overwritten, head and tail whole.</summary>
    private static byte[] Torn(byte[] file)
    {
        var torn = file.ToArray();
        for (var i = 6; i < 30; i++) torn[i] = (byte)(i * 151);
        return torn;
    }

    private void Project(string text)
    {
        rig.Write("p/lakeflow.yml", "name: t\nlibraries:\n  - '*.lfsql'\nmounts:\n  /d: ./data\n");
        Directory.CreateDirectory(Path.Combine(rig.Folder, "p/data"));
        rig.Write("p/p.lfsql", text);
    }

    private string Rows(string table)
    {
        var (exit, output, error) = rig.Run("sql", "-C", "p", "-o", "csv", $"SELECT * FROM {table} ORDER BY ALL NULLS LAST");
        Assert.Equal((0, ""), (exit, error));
        return output;
    }
}
