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

    private string? Read(ConsoleKeyInfo[] keys, History? history = null, TextWriter? screen = null, int width = 80)
    {
        var next = 0;
        var editor = new LineEditor(() => next < keys.Length ? keys[next++] : null, _ => { }, screen ?? TextWriter.Null, () => width, history ?? new History(null), rig.Folder);
        return editor.Read("> ", () => ["SELECT", "customers", "customer_id", ".tables"]);
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
