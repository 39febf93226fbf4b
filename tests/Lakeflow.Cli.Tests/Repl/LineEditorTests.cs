using FsCheck;
using FsCheck.Fluent;
using Lakeflow.Cli.Repl;

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

    private string? Read(ConsoleKeyInfo[] keys, History? history = null, TextWriter? screen = null, int width = 80, Func<string, bool>? isWhole = null)
    {
        var next = 0;
        var editor = new LineEditor(() => next < keys.Length ? keys[next++] : null, _ => { }, screen ?? TextWriter.Null, () => (width, 24), history ?? new History(null), rig.Folder, useColor: false);
        return editor.Read(isWhole ?? (_ => true), () => ["SELECT", "customers", "customer_id", ".tables"]);
    }

    private static IEnumerable<ConsoleKeyInfo> Text(string text) => text.Select(c => new ConsoleKeyInfo(c, ConsoleKey.None, false, false, false));

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
