namespace Lakeflow.Cli.Tests.Repl;

/// <summary>The prompt as a person uses it, screen by screen.</summary>
public sealed class TerminalTests
{
    private static readonly (string, string) Orders = ("orders.csv", "id,name\n1,ann\n2,\n");

    [TerminalFact]
    public void A_query_is_completed_run_and_another_one_stopped_and_the_prompt_goes_on()
    {
        using var terminal = new TerminalRig(80, 24, [Orders]);
        terminal.Type("SELECT * FROM 'ord\t");
        terminal.WaitFor("orders.csv");
        terminal.Type("';\r");
        terminal.WaitForPrompt();
        terminal.Type("SELECT nobody\r");
        terminal.WaitFor("...> ");
        terminal.Run("FROM range(1);", "LF2001");
        terminal.Type("never sent\u0003");
        terminal.WaitForPrompt();
        terminal.Looks("queries");

        terminal.Type("SELECT count(sha2(CAST(id AS STRING), 512)) FROM range(0, 3000000000);\r");
        terminal.WaitForStart();
        terminal.Type("\u0003");
        terminal.WaitForText("Stopped.");
        terminal.WaitForPrompt();

        // Also in the midst of a batch, where each row meets a hundred thousand others.
        terminal.Type("\u000cSELECT count(*) FROM range(100000) a JOIN range(100000) b ON a.id <> b.id * b.id;\r");
        terminal.WaitForText("rows/s");
        terminal.Type("\u0003");
        terminal.WaitForText("Stopped.");
        terminal.WaitForPrompt();
        terminal.Run("SELECT 6 * 7 AS answer;", "42");
        terminal.Bye();
    }

    [TerminalFact]
    public void A_statement_of_several_lines_is_edited_in_any_of_them_and_comes_back_whole()
    {
        using var terminal = new TerminalRig(60, 16, []);
        terminal.Type("SELECT 1 AS on,\r");
        terminal.WaitFor("...> ");
        terminal.Type("2 AS two\r");
        terminal.WaitFor("...> ");
        // Two lines up, to the end, and 'one' for 'on'.
        terminal.Type("\u001b[A\u001b[A\u001b[F\u001b[De");
        terminal.WaitFor("SELECT 1 AS one");
        terminal.Looks("lines");
        terminal.Run("\u001b[B\u001b[B;", "1 row");
        terminal.Type("\u001b[A");
        terminal.WaitFor("     ...> ;");
        terminal.Looks("lines-again");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Type(".exit\r");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.Equal("SELECT 1 AS one,\\n2 AS two\\n;\n.exit\n", File.ReadAllText(Path.Combine(terminal.Folder, "state", "history")));
    }

    [TerminalFact]
    public void A_long_result_comes_page_by_page_and_is_ended_by_a_key()
    {
        using var terminal = new TerminalRig(60, 12, []);
        terminal.Type("SELECT id, id * id AS square FROM range(30);\r");
        terminal.WaitFor("q: end");
        terminal.Looks("pager-first");
        terminal.Type(" ");
        terminal.WaitFor("15 rows. Space: a page, Enter: a row, q: end");
        terminal.Looks("pager-second");
        terminal.Type("\r");
        terminal.WaitFor("16 rows. Space: a page, Enter: a row, q: end");
        terminal.Type("q");
        terminal.WaitForPrompt();
        terminal.Looks("pager-ended");
        terminal.Type("SELECT id FROM range(17);\r");
        terminal.WaitFor("q: end");
        terminal.Type("  ");
        terminal.WaitForText("17 rows");
        terminal.WaitForPrompt();
        terminal.Run(".pager off", "The pager is off.");
        terminal.Run("SELECT id FROM range(1200);", "1,200 rows, the first 1,000 shown");
        terminal.Bye();
    }

    [TerminalFact]
    public void Billions_of_rows_show_their_first_page_at_once_and_ctrl_c_ends_them()
    {
        using var terminal = new TerminalRig(60, 12, []);
        terminal.Type("SELECT id, sha2(CAST(id AS STRING), 512) AS digest FROM range(0, 3000000000);\r");
        terminal.WaitFor("q: end");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Looks("many-rows");
        terminal.Bye();
    }

    [TerminalFact]
    public void What_takes_more_than_a_second_tells_how_far_it_is_and_leaves_no_trace()
    {
        using var terminal = new TerminalRig(60, 12, []);
        terminal.Run(".timing off", "Timing is off.");
        terminal.Type("SELECT count(sha2(CAST(id AS STRING), 512)) FROM range(0, 3000000000);\r");
        terminal.WaitForText(" of 3,000,000,000 rows, ");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Looks("progress-gone");
        terminal.Bye();
    }

    [TerminalFact]
    public void Mistakes_in_the_project_are_told_while_one_types_and_what_is_right_is_queried()
    {
        using var terminal = new TerminalRig(90, 24, [("lakeflow.yml", "name: shop\nlibraries: ['*.lfsql']\n"), ("p.lfsql", "CREATE VIEW right_one AS SELECT 41 + 1 AS answer;\nCREATE VIEW wrong AS SELECT nobody FROM right_one;\n")]);
        terminal.Type("SELECT * FROM ri");
        terminal.WaitFor(s => s.ToString().Contains("can be queried.", StringComparison.Ordinal) && s.BeforeCursor == "lakeflow> SELECT * FROM ri");
        terminal.Looks("mistakes");
        terminal.Run("ght_one;", "42");
        terminal.Bye();
    }

    [TerminalFact]
    public void A_terminal_that_is_made_smaller_gets_smaller_boxes_and_the_line_is_drawn_again()
    {
        using var terminal = new TerminalRig(70, 20, []);
        const string Query = "SELECT 'some longer text' AS words, 'another of them' AS more, 7 AS n;";
        terminal.Run(Query, "1 row");
        terminal.Type(Query);
        terminal.WaitFor("7 AS n;");
        terminal.Resize(42, 20);
        terminal.WaitFor(s => s.Row > 0 && s.BeforeCursor.EndsWith("n;", StringComparison.Ordinal) && s.BeforeCursor.StartsWith("lakeflow> ", StringComparison.Ordinal) && s.Column == 41);
        terminal.Type("\r");
        terminal.WaitForPrompt();
        terminal.Looks("smaller");
        terminal.Bye();
    }

    [TerminalFact]
    public void Twenty_columns_are_enough()
    {
        using var terminal = new TerminalRig(20, 16, []);
        terminal.Run("SELECT 'a text that is too long' AS words, 2 AS two, 3 AS three;", "2 of 3 column");
        terminal.Looks("narrow");
        terminal.Type("SELECT id FROM range(99);\r");
        terminal.WaitFor("8 rows. Space: a pa");
        terminal.Looks("narrow-pager");
        terminal.Type("q");
        terminal.WaitForPrompt();
        terminal.Bye();
    }

    [TerminalFact]
    public void A_pipeline_is_defined_filled_looked_at_and_saved()
    {
        using var terminal = new TerminalRig(78, 40, [Orders]);
        foreach (var (typed, shown) in new[]
        {
            (".timing off\r", "Timing is off."),
            ("CREATE STREAMING TABLE named (\rCONSTRAINT has_name EXPECT (name IS NOT NULL) ON VIOLATION DROP ROW)\rAS SELECT id, name FROM STREAM read_files('orders.csv');\r", "Defined"),
            ("SELECT * FROM named;\r", "empty until"),
            ("REFRESH named;\r", "(dropped)"),
            ("SELECT id, name, '' AS empty, CAST(NULL AS STRING) AS nothing FROM named;\r", "1 row"),
            (".schema named\r", "name  STRING"),
            (".plan\r", "Scan"),
            (".save named.lfsql\r", "Wrote "),
        })
        {
            terminal.Type(typed);
            terminal.WaitForText(shown);
            terminal.WaitForPrompt();
        }

        terminal.Looks("pipeline");
        Assert.Contains("CREATE STREAMING TABLE named", File.ReadAllText(Path.Combine(terminal.Folder, "named.lfsql")), StringComparison.Ordinal);
        terminal.Bye();
    }

    [TerminalFact]
    public void Tables_columns_and_keywords_are_completed()
    {
        using var terminal = new TerminalRig(70, 20, [("people.csv", "surname,age\nvik,3\n")]);
        terminal.Type("CREATE MATERIALIZED VIEW weekly_sales AS SELECT 1 AS turnover;\r");
        terminal.WaitForPrompt();
        terminal.Type("REFRESH weekly_sales;\r");
        terminal.WaitForPrompt();
        terminal.Type("sel\t");
        terminal.WaitFor("select");
        terminal.Type(" turn\t");
        terminal.WaitFor("turnover");
        terminal.Type(" from weekl\t");
        terminal.WaitFor("weekly_sales");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();

        // Columns of a file that stands behind the cursor.
        terminal.Type("SELECT surn FROM 'people.csv'");
        terminal.WaitFor("people.csv'");
        terminal.Type(string.Concat(Enumerable.Repeat("\u001b[D", " FROM 'people.csv'".Length)) + "\t");
        terminal.WaitForText("SELECT surname FROM");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Bye();
    }

    [TerminalFact]
    public void Ten_million_rows_as_csv_end_at_ctrl_c_and_the_prompt_goes_on()
    {
        using var terminal = new TerminalRig(60, 12, []);
        terminal.Type(".mode csv\r");
        terminal.WaitForPrompt();
        terminal.Type("SELECT id, concat('row ', id) AS name FROM range(10000000);\r");
        terminal.WaitForText(",row 1000");
        terminal.Type("\u0003");
        terminal.WaitForText("Stopped.");
        terminal.WaitForPrompt();
        terminal.Run("SELECT 6 * 7 AS answer;", "42");
        terminal.Bye();
    }

    [TerminalFact]
    public void Functions_are_completed_with_the_ways_to_call_them()
    {
        using var terminal = new TerminalRig(70, 20, []);
        terminal.Type("SELECT split_p\t");
        terminal.WaitFor("split_part");
        terminal.Type("(\t");
        terminal.WaitForText("split_part(STRING");
        terminal.WaitFor("split_part(");
        terminal.Looks("signatures");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Bye();
    }

    [TerminalFact]
    public void Colors_are_shown_unless_the_user_wants_none()
    {
        foreach (var color in new[] { true, false })
        {
            using var terminal = new TerminalRig(70, 20, [], "repl", color);
            Assert.False(terminal.Screen.HasColor);
            terminal.Type("SELECT 'x'");
            terminal.WaitFor("'x'");
            Assert.Equal(color, terminal.Screen.HasColor);
            terminal.Run(", NULL AS nothing;", "1 row");
            terminal.Looks("colors");
            terminal.Bye();
        }
    }

    [TerminalFact]
    public void What_is_pasted_stands_as_it_was_and_runs_at_enter_up_to_the_first_mistake()
    {
        using var terminal = new TerminalRig(70, 24, []);
        terminal.Run(".timing off", "Timing is off.");
        terminal.Type("\u001b[200~SELECT 1 AS a;\r.mode csv\rSELECT\tnobody;\rSELECT 3 AS c;\u001b[201~");
        terminal.WaitFor("SELECT 3 AS c;");
        terminal.Looks("pasted");
        terminal.Run("", "was not run");
        terminal.Looks("pasted-run");
        terminal.Bye();
    }

    [TerminalFact]
    public void A_statement_of_before_is_found_by_what_it_contains()
    {
        using var terminal = new TerminalRig(70, 20, []);
        terminal.Run("SELECT 41 + 1 AS answer;", "42");
        terminal.Run("SELECT 2 AS two;", "1 row");
        terminal.Type("\u0012answ");
        terminal.WaitFor("SELECT 41 + 1 AS ");
        terminal.WaitForText("search: answ");
        terminal.Looks("search");
        terminal.Run("", "42");
        terminal.Bye();
    }

    [TerminalFact]
    public void Signs_of_all_widths_and_values_of_all_kinds_keep_their_boxes_and_command_nothing()
    {
        using var terminal = new TerminalRig(78, 24, []);
        terminal.Run(".timing off", "Timing is off.");
        terminal.Run("SELECT '日本語' AS wide, 'NULL' AS text, NULL AS nothing, '' AS empty, map('k', 1) AS m, concat(char(27), '[2J', char(7)) AS code, repeat('x', 1000) AS long;", "1 row");
        terminal.Looks("values");
        terminal.Bye();
    }

    [TerminalFact]
    public void A_prompt_that_is_told_to_end_gives_the_terminal_back_and_leaves_nothing_behind()
    {
        foreach (var signal in new[] { "TERM", "HUP" })
        {
            using var terminal = new TerminalRig(80, 40, [], "repl; echo ended $?; stty -a", follows: true);
            terminal.Run("CREATE VIEW one AS SELECT 1 AS a;", "Defined");
            terminal.Type("SELECT half");
            terminal.WaitFor("half");
            terminal.Signal(signal);
            terminal.WaitForText("ended 130");
            terminal.WaitForText(" icanon ");
            Assert.DoesNotContain("-echo ", terminal.Screen.ToString(), StringComparison.Ordinal);
            Assert.Equal(0, terminal.WaitForExit());
            Assert.Equal("CREATE VIEW one AS SELECT 1 AS a;\n", File.ReadAllText(Path.Combine(terminal.Folder, "state", "history")));
            Assert.All(Directory.GetDirectories(Path.Combine(terminal.Folder, "tmp")), d => Assert.Empty(Directory.GetFileSystemEntries(d)));
        }
    }

    [TerminalFact]
    public void A_plain_terminal_gets_a_plain_prompt()
    {
        using var terminal = new TerminalRig(70, 20, [], "repl", term: "dumb");
        terminal.Type("SELECT nobody;\r");
        terminal.WaitForText("LF2001");
        terminal.WaitForPrompt();
        terminal.Type("SELECT 1\r");
        terminal.WaitFor("...> ");
        terminal.Type("AS one;\r");
        terminal.WaitForText("(1 row)");
        terminal.WaitForPrompt();
        terminal.Type("exit\r");
        Assert.Equal(0, terminal.WaitForExit());
    }
}
