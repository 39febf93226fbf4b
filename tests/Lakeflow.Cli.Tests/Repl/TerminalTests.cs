namespace Lakeflow.Cli.Tests.Repl;

/// <summary>The prompt as a person uses it, screen by screen.</summary>
public sealed class TerminalTests
{
    private static readonly (string, string) Orders = ("orders.csv", "id,name\n1,ann\n2,\n");

    [Fact]
    public void A_query_is_completed_run_and_another_one_stopped_and_the_prompt_goes_on()
    {
        if (!TerminalRig.IsPossible) return; // elsewhere 'script' has other options; the line editor's own tests run there
        using var terminal = new TerminalRig(80, 24, [Orders]);
        terminal.WaitForPrompt();
        terminal.Type("SELECT * FROM 'ord\t");
        terminal.WaitFor("orders.csv");
        terminal.Type("';\r");
        terminal.WaitForPrompt();
        terminal.Type("SELECT nobody\r");
        terminal.WaitFor("...> ");
        terminal.Type("FROM range(1);\r");
        terminal.WaitForText("LF2001");
        terminal.WaitForPrompt();
        terminal.Type("never sent\u0003");
        terminal.WaitForPrompt();
        terminal.Looks("queries");

        terminal.Type("SELECT count(sha2(CAST(id AS STRING), 512)) FROM range(0, 3000000000);\r");
        terminal.WaitForStart();
        terminal.Type("\u0003");
        terminal.WaitForText("Stopped.");
        terminal.WaitForPrompt();
        terminal.Type("SELECT 6 * 7 AS answer;\r");
        terminal.WaitForText("42");
        terminal.WaitForPrompt();
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void A_statement_of_several_lines_is_edited_in_any_of_them_and_comes_back_whole()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(60, 16, []);
        terminal.WaitForPrompt();
        terminal.Type("SELECT 1 AS on,\r");
        terminal.WaitFor("...> ");
        terminal.Type("2 AS two\r");
        terminal.WaitFor("...> ");
        // Two lines up, to the end, and 'one' for 'on'.
        terminal.Type("\u001b[A\u001b[A\u001b[F\u001b[De");
        terminal.WaitFor("SELECT 1 AS one");
        terminal.Looks("lines");
        terminal.Type("\u001b[B\u001b[B;\r");
        terminal.WaitForText("1 row");
        terminal.WaitForPrompt();
        terminal.Type("\u001b[A");
        terminal.WaitFor("     ...> ;");
        terminal.Looks("lines-again");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Type(".exit\r");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.Equal("SELECT 1 AS one,\\n2 AS two\\n;\n.exit\n", File.ReadAllText(Path.Combine(terminal.Folder, "state", "history")));
    }

    [Fact]
    public void A_long_result_comes_page_by_page_and_is_ended_by_a_key()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(60, 12, []);
        terminal.WaitForPrompt();
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
        terminal.Type(".pager off\r");
        terminal.WaitForText("The pager is off.");
        terminal.WaitForPrompt();
        terminal.Type("SELECT id FROM range(1200);\r");
        terminal.WaitForText("1,200 rows, the first 1,000 shown");
        terminal.WaitForPrompt();
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Billions_of_rows_show_their_first_page_at_once_and_ctrl_c_ends_them()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(60, 12, []);
        terminal.WaitForPrompt();
        terminal.Type("SELECT id, sha2(CAST(id AS STRING), 512) AS digest FROM range(0, 3000000000);\r");
        terminal.WaitFor("q: end");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Looks("many-rows");
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void What_takes_more_than_a_second_tells_how_far_it_is_and_leaves_no_trace()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(60, 12, []);
        terminal.WaitForPrompt();
        terminal.Type(".timing off\r");
        terminal.WaitForText("Timing is off.");
        terminal.WaitForPrompt();
        terminal.Type("SELECT count(sha2(CAST(id AS STRING), 512)) FROM range(0, 3000000000);\r");
        terminal.WaitForText("rows/s");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Looks("progress-gone");
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void A_terminal_that_is_made_smaller_gets_smaller_boxes_and_the_line_is_drawn_again()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(70, 20, []);
        const string Query = "SELECT 'some longer text' AS words, 'another of them' AS more, 7 AS n;";
        terminal.WaitForPrompt();
        terminal.Type(Query + "\r");
        terminal.WaitForText("1 row");
        terminal.WaitForPrompt();
        terminal.Type(Query);
        terminal.WaitFor("7 AS n;");
        terminal.Resize(42, 20);
        terminal.WaitFor(s => s.Row > 0 && s.BeforeCursor.EndsWith("n;", StringComparison.Ordinal) && s.BeforeCursor.StartsWith("lakeflow> ", StringComparison.Ordinal) && s.Column == 41);
        terminal.Type("\r");
        terminal.WaitForPrompt();
        terminal.Looks("smaller");
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Twenty_columns_are_enough()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(20, 16, []);
        terminal.WaitForPrompt();
        terminal.Type("SELECT 'a text that is too long' AS words, 2 AS two, 3 AS three;\r");
        terminal.WaitForText("2 of 3 column");
        terminal.WaitForPrompt();
        terminal.Looks("narrow");
        terminal.Type("SELECT id FROM range(99);\r");
        terminal.WaitFor("8 rows. Space: a pa");
        terminal.Looks("narrow-pager");
        terminal.Type("q");
        terminal.WaitForPrompt();
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void A_pipeline_is_defined_filled_looked_at_and_saved()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(78, 40, [Orders]);
        terminal.WaitForPrompt();
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
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Tables_columns_and_keywords_are_completed()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(70, 20, [Orders]);
        terminal.WaitForPrompt();
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
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Ten_million_rows_as_csv_end_at_ctrl_c_and_the_prompt_goes_on()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(60, 12, []);
        terminal.WaitForPrompt();
        terminal.Type(".mode csv\r");
        terminal.WaitForPrompt();
        terminal.Type("SELECT id, concat('row ', id) AS name FROM range(10000000);\r");
        terminal.WaitForText(",row 1000");
        terminal.Type("\u0003");
        terminal.WaitForText("Stopped.");
        terminal.WaitForPrompt();
        terminal.Type("SELECT 6 * 7 AS answer;\r");
        terminal.WaitForText("42");
        terminal.WaitForPrompt();
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Functions_are_completed_with_the_ways_to_call_them()
    {
        if (!TerminalRig.IsPossible) return; // as above
        using var terminal = new TerminalRig(70, 20, []);
        terminal.WaitForPrompt();
        terminal.Type("SELECT split_p\t");
        terminal.WaitFor("split_part");
        terminal.Type("(\t");
        terminal.WaitForText("split_part(STRING");
        terminal.WaitFor("split_part(");
        terminal.Looks("signatures");
        terminal.Type("\u0003");
        terminal.WaitForPrompt();
        terminal.Type("\u0004");
        Assert.Equal(0, terminal.WaitForExit());
    }

    [Fact]
    public void Colors_are_shown_unless_the_user_wants_none()
    {
        if (!TerminalRig.IsPossible) return; // as above
        foreach (var color in new[] { true, false })
        {
            using var terminal = new TerminalRig(70, 20, [], "repl", color);
            terminal.WaitForPrompt();
            Assert.False(terminal.Screen.HasColor);
            terminal.Type("SELECT 'x'");
            terminal.WaitFor("'x'");
            Assert.Equal(color, terminal.Screen.HasColor);
            terminal.Type(", NULL AS nothing;\r");
            terminal.WaitForText("1 row");
            terminal.WaitForPrompt();
            terminal.Looks("colors");
            terminal.Type("\u0004");
            Assert.Equal(0, terminal.WaitForExit());
        }
    }
}
