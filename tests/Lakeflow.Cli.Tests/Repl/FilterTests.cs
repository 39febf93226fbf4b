using Lakeflow.Runtime.Spilling;

namespace Lakeflow.Cli.Tests.Repl;

/// <summary>The prompt without a terminal: statements in, rows out, an exit code.</summary>
public sealed class FilterTests : IDisposable
{
    private readonly CliRig rig = new();

    public FilterTests() => rig.Write("orders.csv", "id,name\n1,ann\n2,\n3,bob\n");

    public void Dispose() => rig.Dispose();

    [Fact]
    public void What_a_prompt_left_that_was_killed_the_next_one_takes_away()
    {
        var parent = OwnFolder.Temporary("repl");
        var left = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(left);
        File.WriteAllText(left + ".lock", "");
        using var alive = OwnFolder.Make(parent);

        Assert.Equal(0, rig.RunWith("CREATE MATERIALIZED VIEW t AS SELECT 1 AS a; REFRESH t", "repl").Exit);

        Assert.False(Directory.Exists(left) || File.Exists(left + ".lock"));
        Assert.True(Directory.Exists(alive.Path));
    }

    [Theory]
    [InlineData("SELECT 1", 0, "1\n1\n")]
    [InlineData("SELECT 1 AS a;\nSELECT\n 2\n AS b\n;", 0, "a\n1\nb\n2\n")]
    [InlineData("SELECT ';' AS a; -- a comment;\n", 0, "a\n;\n")]
    [InlineData("", 0, "")]
    [InlineData("SELECT 1 AS a; SELECT nobody; SELECT 2", 2, "a\n1\n")]
    [InlineData("SELECT 1 AS a;;\n-- a comment\n.mode json\nSELECT 2 AS b; -- another\nexit\nSELECT 3", 0, "a\n1\n{\"b\":2}\n")]
    [InlineData("SELECT id / 0 FROM range(3)", 1, "")]
    [InlineData(".mode json\nSELECT 1 AS a", 0, "{\"a\":1}\n")]
    [InlineData("REFRESH t", 2, "")]
    [InlineData(".tabels", 2, "")]
    [InlineData(".mode", 2, "")]
    [InlineData(".read nothing.sql", 2, "")]
    [InlineData(".timing maybe", 2, "")]
    [InlineData(".pager maybe", 2, "")]
    [InlineData(".save x.lfsql", 2, "")]
    [InlineData(".open nowhere", 2, "")]
    [InlineData(".schema nobody", 2, "")]
    [InlineData(".read .", 2, "")]
    [InlineData(".schema 'orders.csv'", 0, "id             INT\nname           STRING\n_rescued_data  STRING\n")]
    [InlineData("CREATE MATERIALIZED VIEW t AS SELECT 1 AS a, 'x' AS `日本`;\nDESCRIBE t;", 0, "a     INT\n日本  STRING\n")]
    [InlineData(".tables", 0, "")]
    [InlineData("SELECT '' AS empty, CAST(NULL AS STRING) AS nothing", 0, "empty,nothing\n\"\",\n")]
    public void It_ends_with_the_code_of_the_first_mistake(string input, int exit, string output)
    {
        var (code, rows, _) = rig.RunWith(input, "repl", "--output", "csv");
        Assert.Equal((exit, output), (code, rows));
    }

    [Fact]
    public void A_defined_table_is_filled_and_read_and_saved_and_the_project_is_left_alone()
    {
        rig.Write("lakeflow.yml", "name: shop\nlibraries: ['p.lfsql']\n");
        rig.Write("p.lfsql", "CREATE MATERIALIZED VIEW names AS SELECT 'ann' AS name;\nCREATE VIEW shout AS SELECT upper(name) AS name FROM names;\n");
        Assert.Equal(0, rig.Run("run").Exit);

        var (exit, output, error) = rig.RunWith("""
            CREATE STREAMING TABLE t (CONSTRAINT named EXPECT (name IS NOT NULL) ON VIOLATION DROP ROW)
              AS SELECT id, name FROM STREAM read_files('orders.csv', header => true);
            CREATE MATERIALIZED VIEW known AS SELECT t.id, names.name FROM t JOIN names ON t.name = names.name;
            REFRESH known;
            SELECT * FROM known;
            SELECT count(*) AS n FROM t;
            SELECT * FROM shout;
            CREATE MATERIALIZED VIEW known AS SELECT count(*) AS n FROM t;
            REFRESH known;
            SELECT * FROM known;
            CREATE TEMPORARY VIEW twice AS SELECT 2 * n AS n FROM known;
            SELECT * FROM twice;
            CREATE MATERIALIZED VIEW wrong AS SELECT nobody FROM t;
            """, "repl", "-o", "csv");

        Assert.Equal(2, exit);
        Assert.Contains("main.default.t: rule named failed for 1 of 3 rows (dropped)", output, StringComparison.Ordinal);
        Assert.Contains("id,name\n1,ann\nn\n2\nname\nANN\n", output, StringComparison.Ordinal);
        Assert.EndsWith("n\n2\nn\n4\n", output, StringComparison.Ordinal);
        Assert.Contains("(1,42): error LF2001", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(rig.Folder, "lakehouse/main/default/t")));
    }

    [Fact]
    public void A_table_that_is_defined_and_not_yet_filled_says_so()
    {
        var (exit, _, error) = rig.RunWith("CREATE MATERIALIZED VIEW t AS SELECT 1 AS a;\nSELECT * FROM t;\n", "repl");
        Assert.Equal(2, exit);
        Assert.EndsWith("main.default.t is defined, and empty until 'REFRESH t' fills it.\n  in standard input, line 2\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_statements_that_is_not_utf8_is_refused()
    {
        File.WriteAllText(Path.Combine(rig.Folder, "old.sql"), "SELECT 1 AS one;\nSELECT 'é' AS x;\n", System.Text.Encoding.Latin1);
        foreach (var (exit, output, error) in new[] { rig.RunWith(".read old.sql\n", "repl"), rig.Run("sql", "-f", "old.sql") })
        {
            Assert.Equal((2, ""), (exit, output));
            Assert.StartsWith("old.sql(2,9): error LF1002", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SELECT 1 AS a;\nSELECT 'é';\n", 2, "a\n1\n", "standard input(2,9): error LF1002")]
    [InlineData("é", 2, "", "standard input(1,1): error LF1002")]
    [InlineData("\u00EF\u00BB\u00BFSELECT 1 AS a;\r\nSELECT '\u00C3\u00A9' AS b", 0, "a\n1\nb\né\n", "")]
    public void Input_that_is_not_utf8_ends_at_that_line(string latin, int exit, string rows, string error)
    {
        using var input = new Utf8Lines(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(latin)));
        var told = rig.RunWith(input, "repl", "-o", "csv");
        Assert.Equal((exit, rows), (told.Exit, told.Out));
        Assert.StartsWith(error, told.Error, StringComparison.Ordinal);
    }

    /// <summary>Mistakes have places in their statement; where that begins is told below.</summary>
    [Theory]
    [InlineData("SELECT 1;\n\n  SELEC 2;\n", "(1,1): error LF1001", 3)]
    [InlineData("\n\nSELECT\n 1,\n x;\n", "(3,2): error LF2001", 3)]
    [InlineData("SELECT 1; SELECT\n 1; SELECT\n nope;\nSELECT 2", "(2,2): error LF2001", 2)]
    [InlineData("SELECT 1;\n-- a comment\n\nSELECT 1/0 AS a\n\n", "(1,8): error LF5001", 4)]
    [InlineData("SELECT 1;\n.nope\n", "error LF0037", 2)]
    public void A_filter_tells_in_which_line_the_statement_begins(string input, string mistake, int line)
    {
        var (exit, _, error) = rig.RunWith(input, "repl", "-o", "csv");
        Assert.NotEqual(0, exit);
        Assert.StartsWith(mistake, error, StringComparison.Ordinal);
        Assert.EndsWith($"\n  in standard input, line {line}\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_alone_is_a_filter_too_and_says_so_where_nothing_comes()
    {
        Assert.Equal((0, "1\n─\n1\n(1 row)\n", ""), rig.RunWith("SELECT 1"));
        Assert.Equal((0, "", "Nothing came from standard input. 'lakeflow --help' lists the commands.\n"), rig.RunWith(""));
        Assert.Equal((0, "", ""), rig.RunWith("", "repl"));
        Assert.Equal((0, "", ""), rig.RunWith("-- nothing to do\n;;\n"));
    }

    [Fact]
    public void Lines_come_as_they_are_whatever_the_reads_bring()
    {
        // More than a buffer, and characters of several bytes across its end.
        var lines = Enumerable.Range(0, 50).Select(n => new string('x', n) + string.Concat(Enumerable.Repeat("é語😀", n * 3))).ToList();
        using var input = new Utf8Lines(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        Assert.Equal(lines, lines.Select(_ => input.ReadLine()));
        Assert.Null(input.ReadLine());
    }

    [Fact]
    public void A_file_may_hold_commands_and_read_others_but_not_itself()
    {
        rig.Write("a.sql", ".mode json\n.read 'b.sql'\nSELECT 2 AS two");
        rig.Write("b.sql", "SELECT 1 AS one; -- the first\n");
        Assert.Equal((0, "{\"one\":1}\n{\"two\":2}\n", ""), rig.RunWith(".read a.sql\n", "repl"));
        rig.Write("b.sql", "SELECT 1 AS one;\n\n.read a.sql\n");
        var (exit, output, error) = rig.RunWith(".read a.sql\n", "repl");
        Assert.Equal((2, "{\"one\":1}\n"), (exit, output));
        Assert.Equal("error LF0061: The file a.sql is being read already, and would read itself without end.\n  help: docs/diagnostics/LF0061.md\n  in b.sql, line 3\n  in a.sql, line 2\n  in standard input, line 1\n", error);
    }

    [Fact]
    public void A_folder_that_cannot_be_opened_is_told_once_and_the_session_goes_on()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new StringReader(".open nowhere\nSELECT nobody;\nSELECT 1 AS a;\nexit\nSELECT 2;\n"), output, error, rig.Folder, default) { IsPlain = true };
        Assert.Equal(0, CommandLine.Run(["repl"], terminal));
        Assert.Equal("Lakeflow. A query ends with ';'. '.help' lists commands, Ctrl-D ends.\nlakeflow> lakeflow> lakeflow> a\n-\n1\n(1 row)\nlakeflow> ", output.ToString());
        Assert.Equal(2, error.ToString().Split('\n').Count(l => l.Contains("error LF", StringComparison.Ordinal)));
    }

    [Fact]
    public void Mistakes_in_a_project_are_told_to_a_person_who_opens_it_and_not_to_a_filter()
    {
        rig.Write("shop/lakeflow.yml", "name: shop\nlibraries: ['*.lfsql']\n");
        rig.Write("shop/p.lfsql", "CREATE VIEW one AS SELECT 1 AS a;\n" + string.Concat(Enumerable.Range(0, 5).Select(n => $"CREATE VIEW v{n} AS SELECT nobody;\n")));
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new StringReader(".open shop\nSELECT a FROM one;\n"), output, error, rig.Folder, default) { IsPlain = true };
        Assert.Equal(0, CommandLine.Run(["repl"], terminal));
        Assert.Contains("p.lfsql(2,26): error LF2001", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("The project has 5 mistakes, these and 2 more ('lakeflow validate' lists them); what they do not touch can be queried.\n", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("(1 row)", output.ToString(), StringComparison.Ordinal);
        Assert.Equal((0, "a\n1\n", ""), rig.RunWith("SELECT a FROM one;\n", "repl", "-C", "shop", "-o", "csv"));
    }

    [Fact]
    public void What_was_defined_can_be_dropped_unless_something_else_needs_it()
    {
        const string Defined = "CREATE STREAMING TABLE t AS SELECT id FROM STREAM read_files('orders.csv', header => true);\nCREATE VIEW v AS SELECT * FROM t;\nREFRESH t;\n";
        var (needed, _, why) = rig.RunWith(Defined + "DROP TABLE t;\n", "repl", "-o", "csv");
        Assert.Equal(2, needed);
        Assert.Contains("error LF2002: There is no table or view 't'", why, StringComparison.Ordinal);
        var (exit, output, error) = rig.RunWith(Defined + "DROP VIEW v;\nDROP STREAMING TABLE IF EXISTS t;\nDROP TABLE IF EXISTS t;\n.tables\n" + Defined + "SELECT count(*) AS n FROM v;\nDROP TABLE nobody;\n", "repl", "-o", "csv");
        Assert.EndsWith("n\n3\n", output, StringComparison.Ordinal);
        Assert.Contains("Dropped main.default.v.\nDropped main.default.t.\nThere are no tables yet.", error, StringComparison.Ordinal);
        Assert.EndsWith("error LF0030: Nothing of the name 'nobody' was defined at this prompt. It has: t, v.\n  help: docs/diagnostics/LF0030.md\n  in standard input, line 12\n", error, StringComparison.Ordinal);
        Assert.Equal(2, exit);
    }

    [Fact]
    public void A_table_of_the_project_that_no_run_has_made_yet_says_so()
    {
        rig.Write("lakeflow.yml", "name: shop\nlibraries: ['p.lfsql']\n");
        rig.Write("p.lfsql", "CREATE MATERIALIZED VIEW names AS SELECT 'ann' AS name;\n");
        foreach (var (exit, _, error) in new[] { rig.RunWith("SELECT * FROM main.default.Names;\n", "repl"), rig.Run("sql", "SELECT * FROM names") })
        {
            Assert.Equal(2, exit);
            Assert.Matches("The project declares (main.default.N|n)ames, and no run has made it yet: 'lakeflow run' does.\n(  in standard input, line 1\n)?$", error);
        }
    }

    [Fact]
    public void A_mode_that_there_is_not_is_told_in_one_line()
    {
        var (exit, _, error) = rig.RunWith("SELECT 1", "repl", "-o", "xml");
        Assert.Equal(2, exit);
        Assert.StartsWith("error LF0002: Argument 'xml' not recognized. Must be one of: 'box', 'table', 'json', 'csv'. 'lakeflow repl --help'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_the_data_is_no_order_to_the_terminal()
    {
        const string Odd = "SELECT concat('a', char(27), '[2Jb', char(9), 'c', char(13), char(155), 'd') AS text, CAST(concat('x', char(27)) AS INT) AS n FROM range(";
        foreach (var mode in new[] { "table", "box" })
        {
            var (exit, output, _) = rig.RunWith(Odd + "1) WHERE id < 0;\n" + Odd.Replace(", CAST(concat('x', char(27)) AS INT) AS n", "", StringComparison.Ordinal) + "1)", "repl", "-o", mode);
            Assert.Equal(0, exit);
            Assert.Contains("a\u241b[2Jb\\tc\\n\uFFFDd", output, StringComparison.Ordinal);
            Assert.DoesNotContain(output, c => c != '\n' && char.IsControl(c));
        }

        var failed = rig.RunWith(Odd + "1)", "repl");
        Assert.Equal(1, failed.Exit);
        Assert.Contains("x\u241b", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(failed.Error, c => c != '\n' && char.IsControl(c));
    }

    [Fact]
    public void A_table_may_get_its_flow_later()
    {
        var (exit, output, error) = rig.RunWith(
            "CREATE STREAMING TABLE t;\nCREATE FLOW f AS INSERT INTO ONCE t BY NAME SELECT 1 AS a;\nREFRESH t;\nSELECT a + 1 AS b FROM t;\n", "repl", "-o", "csv");
        Assert.True(exit == 0, error);
        Assert.EndsWith("\nb\n2\n", output, StringComparison.Ordinal);
        Assert.Equal(2, rig.RunWith("CREATE STREAMING TABLE t;\nREFRESH t;\n", "repl").Exit);
    }

    [Fact]
    public void What_was_defined_is_saved_as_a_file_that_runs_and_no_file_is_overwritten()
    {
        const string Input = "CREATE VIEW one AS SELECT 1 AS a;\nCREATE MATERIALIZED VIEW t AS SELECT * FROM one;\n.save saved/t.lfsql\n";
        Directory.CreateDirectory(Path.Combine(rig.Folder, "saved"));
        Assert.Equal(0, rig.RunWith(Input, "repl").Exit);
        var (again, _, told) = rig.RunWith(Input, "repl");
        Assert.Equal(2, again);
        Assert.Contains("error LF0061: There is a file saved/t.lfsql already, and .save overwrites none.", told, StringComparison.Ordinal);
        Assert.Contains("error LF0061: There is no folder", rig.RunWith(Input.Replace("saved/", "nowhere/", StringComparison.Ordinal), "repl").Error, StringComparison.Ordinal);
        rig.Write("saved/lakeflow.yml", "name: saved\n");
        Assert.Equal(0, rig.Run("run", "saved").Exit);
        Assert.Equal("a\n1\n", rig.Run("sql", "-C", "saved", "-o", "csv", "SELECT * FROM t").Out);
    }

    [Fact]
    public void Commands_show_tables_columns_plans_and_code()
    {
        var (exit, output, error) = rig.RunWith("""
            CREATE MATERIALIZED VIEW t AS SELECT id, CAST(NULL AS STRING) AS name FROM range(3);
            REFRESH t;
            .tables
            .schema t
            SELECT id + 1 AS next FROM t;
            .plan
            .code
            .explain SELECT 7
            EXPLAIN SELECT 8;
            .timing on
            .timing off
            .help
            """, "repl");
        Assert.True(exit == 0, error);
        Assert.Contains("main.default.t\nid    BIGINT", output, StringComparison.Ordinal);
        Assert.Contains("name  STRING", output, StringComparison.Ordinal);
        Assert.Contains("Scan main.default.t", output, StringComparison.Ordinal);
        Assert.Contains("class ", output, StringComparison.Ordinal);
        Assert.Contains("Timing is on.\nTiming is off.\n", error, StringComparison.Ordinal);
        Assert.Contains(".save <file.lfsql>", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_defined_again_takes_the_place_of_the_first_and_begins_empty()
    {
        rig.Write("more.csv", "id,name\n7,eve\n");
        var (exit, output, error) = rig.RunWith("""
            CREATE STREAMING TABLE t AS SELECT id FROM STREAM read_files('orders.csv');
            REFRESH t;
            CREATE STREAMING TABLE t AS SELECT id, name FROM STREAM read_files('more.csv');
            REFRESH t;
            SELECT id, name FROM t;
            REFRESH t FULL;
            SELECT id FROM t;
            CREATE STREAMING TABLE u;
            CREATE FLOW f AS INSERT INTO ONCE u BY NAME SELECT 1 AS a;
            CREATE FLOW f AS INSERT INTO ONCE u BY NAME SELECT 2 AS a;
            CREATE STREAMING TABLE t AS SELECT id + 1 AS id FROM STREAM read_files('more.csv');
            REFRESH;
            SELECT a, id FROM t, u;
            """, "repl", "-o", "csv");
        Assert.True(exit == 0, error);
        Assert.Contains("id,name\n7,eve\n", output, StringComparison.Ordinal);
        Assert.Contains("\nid\n7\n", output, StringComparison.Ordinal);
        Assert.EndsWith("a,id\n2,8\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_and_plan_are_of_what_ran_last_and_nothing_is_told_before_that()
    {
        Assert.Equal(2, rig.RunWith(".code\n", "repl").Exit);
        var (exit, output, error) = rig.RunWith("CREATE MATERIALIZED VIEW sevens AS SELECT 7 * id AS seven FROM range(3);\nREFRESH sevens;\n.code\n.plan\nSELECT 1 AS one;\n.code\n", "repl");
        Assert.True(exit == 0, error);
        var query = output.IndexOf("(1 row)", StringComparison.Ordinal);
        Assert.Contains("SELECT 7 * id AS seven", output[..query], StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT 7 * id AS seven", output[query..], StringComparison.Ordinal);
        Assert.Contains("class ", output[query..], StringComparison.Ordinal);
    }
}
