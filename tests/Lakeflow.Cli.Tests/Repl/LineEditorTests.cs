using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Cli.Repl;
using Lakeflow.Compiler.Diagnostics;

namespace Lakeflow.Cli.Tests.Repl;

public sealed class LineEditorTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void Whatever_is_typed_the_line_is_what_a_text_with_a_cursor_would_be() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Elements('a', 'b', ' ', '<', '>', '^', '$', '~', 'x', 'U', 'K')).ToArbitrary(), typed =>
        {
            var (text, at) = ("", 0);
            foreach (var c in typed)
            {
                (text, at) = c switch
                {
                    '<' => (text, Math.Max(0, at - 1)),
                    '>' => (text, Math.Min(text.Length, at + 1)),
                    '^' => (text, 0),
                    '$' => (text, text.Length),
                    '~' => at > 0 ? (text.Remove(at - 1, 1), at - 1) : (text, at),
                    'x' => (at < text.Length ? text.Remove(at, 1) : text, at),
                    'U' => (text[at..], 0),
                    'K' => (text[..at], at),
                    _ => (text.Insert(at, c.ToString()), at + 1),
                };
            }

            Assert.Equal(text, Read([.. typed.Select(KeyOf), Key(ConsoleKey.Enter)]));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Lines_of_before_come_back_latest_first_and_in_the_next_session_too()
    {
        var file = Path.Combine(rig.Folder, "state/history");
        Read([.. Text("one"), Key(ConsoleKey.Enter)], new History(file));
        Read([.. Text("two"), Key(ConsoleKey.Enter)], new History(file));
        var (up, down) = (Key(ConsoleKey.UpArrow), Key(ConsoleKey.DownArrow));
        Assert.Equal("two", Read([up, Key(ConsoleKey.Enter)], new History(file)));
        Assert.Equal("one", Read([up, up, up, Key(ConsoleKey.Enter)], new History(file)));
        Assert.Equal("", Read([up, down, Key(ConsoleKey.Enter)], new History(file)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Tab_completes_words_in_their_case_and_paths_inside_quotes()
    {
        rig.Write("data/orders.csv", "");
        rig.Write("data/orders.json", "");
        var (tab, enter) = (Key(ConsoleKey.Tab), Key(ConsoleKey.Enter));
        Assert.Equal("SELECT", Read([.. Text("SEL"), tab, enter]));
        Assert.Equal("select customer", Read([.. Text("sel"), tab, .. Text(" cust"), tab, enter]));
        Assert.Equal("zzz", Read([.. Text("zzz"), tab, enter]));
        Assert.Equal(".tables", Read([.. Text(".t"), tab, enter]));
        Assert.Equal("FROM 'data/orders.csv", Read([.. Text("FROM 'd"), tab, tab, .. Text("c"), tab, enter]));
    }

    [Fact]
    public void Up_and_down_stay_in_a_statement_of_several_lines_before_they_go_through_history_which_keeps_it_whole()
    {
        var file = Path.Combine(rig.Folder, "state/history");
        var (up, down, enter, home) = (Key(ConsoleKey.UpArrow), Key(ConsoleKey.DownArrow), Key(ConsoleKey.Enter), Key(ConsoleKey.Home));
        Func<string, bool> isWhole = t => t.EndsWith(';');
        var typed = Read([.. Text("ab"), enter, .. Text("c"), up, .. Text("X"), down, down, .. Text("\\n;"), enter], new History(file), isWhole: isWhole);
        Assert.Equal("aXb\nc\\n;", typed);
        Assert.Equal(typed, Read([up, enter], new History(file), isWhole: isWhole));
        // What was begun comes back when one has been through the history.
        Assert.Equal("new;", Read([.. Text("new;"), up, up, home, up, down, down, down, enter], new History(file), isWhole: isWhole));
        Assert.Equal("\n;", Read([enter, .. Text(";"), enter], isWhole: isWhole));
    }

    [Fact]
    public void A_statement_of_more_lines_than_the_terminal_shows_those_around_the_cursor()
    {
        using var output = new StringWriter();
        var screen = new Screen(30, 24);
        var lines = Enumerable.Range(0, 40).SelectMany(n => Text($"line {n},").Append(Key(ConsoleKey.Enter)));
        Read([.. lines, .. Enumerable.Repeat(Key(ConsoleKey.UpArrow), 30), .. Text("!")], screen: output, width: 30, isWhole: _ => false);
        // The terminal goes to the first column with each new line, as 'stty onlcr' has it.
        screen.Write(output.ToString().Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Contains(". line 11,", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains(". !line 10,", screen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("line 39,", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Colors_tell_words_texts_numbers_and_comments_whatever_is_typed()
    {
        string Marked(string text) => string.Concat(Highlight.Of(text).Select(m => m.ToString()[0]));
        Assert.Equal("KKKKKKPPPPTTTTTTTPNNNPCCCCCC", Marked("SELECT a, 'it''s' 1.5 -- end"));
        Assert.Equal("PPPPPPPPPPPPPPPPKKKK", Marked("`SELECT` t.from FROM"));
        Assert.Equal("TTTTTT", Marked("'SELEC"));
        Prop.ForAll<string>(text => Highlight.Of(text ?? "").Length == (text ?? "").Length).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Control_C_drops_the_line_and_control_D_ends_on_an_empty_one_only()
    {
        var (cancel, end) = (Key(ConsoleKey.C, control: true), Key(ConsoleKey.D, control: true));
        Assert.Same(LineEditor.Canceled, Read([.. Text("SELECT"), cancel]));
        Assert.Null(Read([end]));
        Assert.Equal("a", Read([.. Text("a"), end, Key(ConsoleKey.Enter)]));
        Assert.Null(Read([]));
    }

    [Fact]
    public void A_row_of_the_terminal_is_never_overrun()
    {
        using var screen = new StringWriter();
        Read([.. Text(new string('x', 300)), Key(ConsoleKey.Enter)], screen: screen, width: 20);
        foreach (var row in screen.ToString().Split('\r')) Assert.True(row.Split('\u001b')[0].TrimEnd('\n').Length < 20, row);
    }

    [Fact]
    public void Characters_of_two_columns_move_the_cursor_by_two_and_are_deleted_whole()
    {
        using var screen = new StringWriter();
        var (left, back, enter) = (Key(ConsoleKey.LeftArrow), Key(ConsoleKey.Backspace), Key(ConsoleKey.Enter));
        Assert.Equal("日本x", Read([.. Text("日本語😀"), back, back, .. Text("x"), enter], screen: screen));
        Assert.Contains("lakeflow> 日本語😀\u001b[J\r\u001b[18C", screen.ToString(), StringComparison.Ordinal);
        Assert.Equal("a!😀", Read([.. Text("a😀"), left, .. Text("!"), enter]));
        Assert.Equal("a", Read([.. Text("a😀"), left, Key(ConsoleKey.Delete), enter]));
    }

    [Fact]
    public void A_row_of_wide_characters_is_never_overrun_either()
    {
        using var screen = new StringWriter();
        Read([.. Text(string.Concat(Enumerable.Repeat("語", 100))), Key(ConsoleKey.Home), Key(ConsoleKey.Enter)], screen: screen, width: 20);
        foreach (var row in screen.ToString().Split('\r')) Assert.True(ScreenText.Width(row.Split('\u001b')[0].TrimEnd('\n')) < 20, row);
    }

    [Fact]
    public void What_is_pasted_is_taken_as_it_is_and_runs_at_enter()
    {
        var enter = Key(ConsoleKey.Enter);
        ConsoleKeyInfo[] pasted = [.. Pasted("SELECT 1;\n\tsel\t;\n"), .. Text("x"), enter];
        Assert.Equal("SELECT 1;\n\tsel\t;\nx", Read(pasted));
        // Escape alone does nothing, and takes no key with it.
        Assert.Equal("a[2b", Read([.. Text("a"), Key(ConsoleKey.Escape), .. Text("[2b"), enter]));
        Assert.Null(Read(Pasted("without end")[..^6]));
    }

    [Fact]
    public void Words_are_gone_over_cut_and_put_back()
    {
        var enter = Key(ConsoleKey.Enter);
        var (left, right) = (Key(ConsoleKey.LeftArrow, control: true), Key(ConsoleKey.RightArrow, control: true));
        Assert.Equal("SELECT a.!b", Read([.. Text("SELECT a.b"), left, .. Text("!"), enter]));
        Assert.Equal("SELECT! a", Read([.. Text("SELECT a"), Key(ConsoleKey.Home), right, .. Text("!"), enter]));
        Assert.Equal("one ", Read([.. Text("one two.three"), Key(ConsoleKey.W, control: true), enter]));
        Assert.Equal("twotwo", Read([.. Text("two"), Key(ConsoleKey.U, control: true), Key(ConsoleKey.Y, control: true), Key(ConsoleKey.Y, control: true), enter]));
        Assert.Equal("ab", Read([.. Text("ab"), new ConsoleKeyInfo('x', ConsoleKey.X, false, alt: true, false), enter]));
    }

    [Fact]
    public void Control_R_finds_statements_of_before()
    {
        var (search, enter) = (Key(ConsoleKey.R, control: true), Key(ConsoleKey.Enter));
        Assert.Equal("SELECT two", Read([search, .. Text("sel"), enter], Before()));
        Assert.Equal("SELECT one", Read([search, .. Text("sel"), search, enter], Before()));
        Assert.Equal("SELECT! two", Read([search, .. Text("sel"), Key(ConsoleKey.RightArrow, control: true), .. Text("!"), enter], Before()));
        Assert.Equal("draft", Read([.. Text("draft"), search, .. Text("sel"), Key(ConsoleKey.G, control: true), enter], Before()));
        Assert.Equal("other", Read([search, .. Text("ox"), Key(ConsoleKey.Backspace), enter], Before()));
        using var screen = new StringWriter();
        Read([search, .. Text("nowhere")], Before(), screen);
        Assert.Contains("not found: nowhere", screen.ToString(), StringComparison.Ordinal);

        static History Before()
        {
            var history = new History(null);
            foreach (var line in new[] { "SELECT one", "SELECT two", "other" }) history.Add(line);
            return history;
        }
    }

    [Fact]
    public void Control_Z_stops_the_prompt_and_the_line_is_there_again_behind_it()
    {
        var stops = 0;
        var keys = new Queue<ConsoleKeyInfo>([.. Text("ab"), Key(ConsoleKey.Z, control: true), .. Text("c"), Key(ConsoleKey.Enter)]);
        var editor = new LineEditor(() => keys.Dequeue(), _ => { }, new LineView(TextWriter.Null, () => (80, 24), useColor: false), new History(null), rig.Folder, suspend: () => stops++);
        Assert.Equal(("abc", 1), (editor.Read(_ => true, _ => []), stops));
    }

    [Fact]
    public void An_accent_goes_with_its_letter_and_a_family_is_one_character()
    {
        var (left, back, enter) = (Key(ConsoleKey.LeftArrow), Key(ConsoleKey.Backspace), Key(ConsoleKey.Enter));
        Assert.Equal("a!e\u0301", Read([.. Text("ae\u0301"), left, .. Text("!"), enter]));
        Assert.Equal("a", Read([.. Text("a\U0001F468\u200D\U0001F469\u200D\U0001F467"), back, enter]));
    }

    [Fact]
    public void Nothing_in_a_statement_is_obeyed_by_the_terminal()
    {
        var history = new History(null);
        history.Add("SELECT '\u001b[2J\u009b31m'");
        using var output = new StringWriter();
        Assert.Equal(history[0], Read([Key(ConsoleKey.UpArrow), Key(ConsoleKey.Enter)], history, output));
        Assert.Contains("SELECT '\u241b[2J\uFFFD31m'", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_prompts_write_one_history_and_lose_no_statement()
    {
        var file = Path.Combine(rig.Folder, "state/history");
        var (one, two) = (new History(file), new History(file));
        one.Add("first");
        using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None)) two.Add("second");
        two.Add("third");
        one.Add("fourth");
        Assert.Equal("first\nsecond\nthird\nfourth\n", File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void What_a_command_takes_is_completed()
    {
        rig.Write("more/orders.lfsql", "");
        var (tab, enter) = (Key(ConsoleKey.Tab), Key(ConsoleKey.Enter));
        Assert.Equal(".read more/orders.lfsql", Read([.. Text(".read m"), tab, tab, enter]));
        Assert.Equal(".mode csv", Read([.. Text(".mode c"), tab, enter]));
        Assert.Equal("SELECT `order lines", Read([.. Text("SELECT ord"), tab, enter], words: ["order lines"])![..^1]);
        // An apostrophe in a comment begins no text.
        Assert.Equal("-- don't\nselect", Read([.. Pasted("-- don't\n"), .. Text("sel"), tab, enter]));
    }

    [Theory]
    [InlineData("SELECT o.cu\t\nFROM shop.orders AS o", "SELECT o.customer")]
    [InlineData("SELECT f.\t FROM range(1), 'it\\'s here.csv' f", "SELECT f.place")]
    [InlineData("SELECT x.cu\t FROM x", "SELECT x.customer")]
    [InlineData("SELECT 1.cu\t", "SELECT 1.customer")]
    public void Behind_an_alias_stand_the_columns_of_its_table(string typed, string? start)
    {
        var at = typed.IndexOf('\t', StringComparison.Ordinal);
        // The text behind is there before, as in a statement that is edited.
        ConsoleKeyInfo[] keys = [.. Pasted(typed.Remove(at, 1)), .. Enumerable.Repeat(Key(ConsoleKey.UpArrow), typed[at..].Count(c => c == '\n')), Key(ConsoleKey.Home), .. Enumerable.Repeat(Key(ConsoleKey.RightArrow), at), Key(ConsoleKey.Tab), Key(ConsoleKey.Enter)];
        Assert.StartsWith(start ?? typed[..at], Read(keys), StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_may_hold_blanks_and_quotes_and_begin_at_the_users_folder()
    {
        rig.Write("it's here.csv", "");
        var (tab, enter) = (Key(ConsoleKey.Tab), Key(ConsoleKey.Enter));
        Assert.Equal("SELECT * FROM 'it\\'s here.csv", Read([.. Text("SELECT * FROM 'it"), tab, enter]));
        Assert.Equal("SELECT * FROM 'it\\'s here.csv", Read([.. Text("SELECT * FROM 'it\\'s "), tab, enter]));
        Assert.Equal(".read it's here.csv", Read([.. Text(".read it"), tab, enter]));
        Assert.Equal(".read it's here.csv", Read([.. Text(".read it's"), tab, enter]));
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal((home, home + "/x", "~x", "a/~"), (Completion.AtHome("~"), Completion.AtHome("~/x"), Completion.AtHome("~x"), Completion.AtHome("a/~")));
    }

    private string? Read(ConsoleKeyInfo[] keys, History? history = null, TextWriter? screen = null, int width = 80, Func<string, bool>? isWhole = null, string[]? words = null)
    {
        var next = 0;
        var editor = new LineEditor(() => next < keys.Length ? keys[next++] : null, _ => { }, new LineView(screen ?? TextWriter.Null, () => (width, 24), useColor: false), history ?? new History(null), rig.Folder);
        return editor.Read(isWhole ?? (_ => true), source => source switch
        {
            null => [.. (words ?? ["SELECT", "customers", "customer_id", ".tables"]).Select(w => w[0] == '.' ? w : Completion.Written(w))],
            "shop.orders" => ["id", "customer", "`order date`"],
            "'it\\'s here.csv'" => ["place"],
            _ => [],
        });
    }

    private static IEnumerable<ConsoleKeyInfo> Text(string text) => text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));

    /// <summary>As a terminal brackets it.</summary>
    private static ConsoleKeyInfo[] Pasted(string text) =>
    [
        Key(ConsoleKey.Escape), .. Text("[200~"),
        .. text.Select(c => c switch { '\n' => Key(ConsoleKey.Enter), '\t' => Key(ConsoleKey.Tab), _ => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false) }),
        Key(ConsoleKey.Escape), .. Text("[201~"),
    ];

    private static ConsoleKeyInfo Key(ConsoleKey key, bool control = false) => new('\0', key, false, false, control);

    private static ConsoleKeyInfo KeyOf(char c) => c switch
    {
        '<' => Key(ConsoleKey.LeftArrow),
        '>' => Key(ConsoleKey.RightArrow),
        '^' => Key(ConsoleKey.Home),
        '$' => Key(ConsoleKey.End),
        '~' => Key(ConsoleKey.Backspace),
        'x' => Key(ConsoleKey.Delete),
        'U' => Key(ConsoleKey.U, control: true),
        'K' => Key(ConsoleKey.K, control: true),
        _ => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false),
    };
}
