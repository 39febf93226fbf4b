using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Lakeflow.Cli.Tests.Repl;

/// <summary>The prompt in a real pseudo-terminal, which <c>script</c> of util-linux makes: typed at and looked at, as a person would.</summary>
/// <remarks>Nothing here waits for time to pass: each key is typed when what it answers is on the screen.</remarks>
internal sealed partial class TerminalRig : IDisposable
{
    private readonly CliRig rig = new();
    private readonly Process process;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));
    private readonly byte[] buffer = new byte[4096];
    private readonly char[] text = new char[4096];
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
    private readonly string tty;
    private long feeds;

    /// <param name="columns">Of the terminal.</param>
    /// <param name="rows">Of the terminal.</param>
    /// <param name="files">What is in the folder.</param>
    /// <param name="words">Words of the command behind <c>lakeflow</c>.</param>
    /// <param name="color">False sets NO_COLOR.</param>
    /// <param name="prompts">Whether the command is one with a prompt, which is waited for.</param>
    /// <param name="term">What TERM says.</param>
    /// <param name="follows">True if the words go on with other commands of the shell.</param>
    public TerminalRig(int columns, int rows, (string Path, string Text)[] files, string words = "", bool color = false, bool prompts = true, string term = "xterm", bool follows = false)
    {
        foreach (var (path, text) in files) rig.Write(path, text);
        Screen = new Screen(columns, rows);
        var host = Environment.ProcessPath is { } path1 && Path.GetFileNameWithoutExtension(path1) == "dotnet" ? path1 : "dotnet";
        var heeding = string.Join(' ', Processes.StartedProcess.Heeding());
        // The size first, then the terminal's name for changing it later, and only then the prompt.
        var size = string.Create(CultureInfo.InvariantCulture, $"stty cols {columns} rows {rows}");
        var start = new ProcessStartInfo("/usr/bin/script", ["-qfec", $"{size}; tty; {(follows ? "" : "exec ")}{heeding} '{host}' exec '{typeof(CommandLine).Assembly.Location}' {words}", "/dev/null"])
        {
            WorkingDirectory = rig.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = term;
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["LAKEFLOW_HISTORY"] = Path.Combine(rig.Folder, "state", "history");
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(rig.Folder, "tmp")).FullName;
        start.Environment["NO_COLOR"] = color ? "" : "1";
        process = Process.Start(start)!;
        // What never comes must fail its test, not hold up the ones behind it.
        patience.Token.Register(process.Kill);
        tty = ReadTerminalName();
        if (prompts) WaitForPrompt();
    }

    public Screen Screen { get; }

    public string Folder => rig.Folder;

    public void Type(string keys)
    {
        process.StandardInput.Write(keys);
        process.StandardInput.Flush();
    }

    /// <summary>Types a line, and waits for a text on the screen and the next prompt.</summary>
    public void Run(string line, string shown)
    {
        Type(line + "\r");
        WaitForText(shown);
        WaitForPrompt();
    }

    /// <summary>Ctrl-D at the prompt, which ends it as it should.</summary>
    public void Bye()
    {
        Type("\u0004");
        Assert.Equal(0, WaitForExit());
    }

    /// <summary>Waits until the cursor stands behind a text, and all before it is drawn.</summary>
    public void WaitFor(string text) => WaitFor(s => s.BeforeCursor.EndsWith(text, StringComparison.Ordinal), text);

    /// <summary>Waits for a prompt further down than the last one.</summary>
    public void WaitForPrompt()
    {
        WaitFor(s => s.Feeds > feeds && s.BeforeCursor is ("lakeflow> " or "> "), "a prompt");
        feeds = Screen.Feeds;
    }

    /// <summary>Waits until what was typed at a prompt is taken: from then on Ctrl-C is the statement's.</summary>
    public void WaitForStart() => WaitFor(s => s.Feeds > feeds, "the start");

    /// <summary>Waits for something on the screen.</summary>
    public void WaitForText(string text) => WaitFor(s => s.ToString().Contains(text, StringComparison.Ordinal), text);

    public void WaitFor(Func<Screen, bool> seen, [CallerArgumentExpression(nameof(seen))] string what = "")
    {
        while (!seen(Screen))
        {
            Assert.True(Read(), $"it ended; waited for {what}, and there was:\n{Screen}");
        }
    }

    /// <summary>Gives the terminal another size, as a window that is dragged does.</summary>
    public void Resize(int columns, int rows)
    {
        Screen.Resize(columns, rows);
        using var stty = Process.Start("/usr/bin/stty", ["-F", tty, "cols", columns.ToString(CultureInfo.InvariantCulture), "rows", rows.ToString(CultureInfo.InvariantCulture)]);
        stty.WaitForExit();
        Assert.Equal(0, stty.ExitCode);
    }

    /// <summary>Compares the screen with what was approved. After a change on purpose: run with LAKEFLOW_APPROVE=1 and read the diff.</summary>
    public void Looks(string name, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "Screens", name + ".txt");
        var actual = Seconds().Replace(Screen.ToString(), "0.000 s") + "\n";
        if (Environment.GetEnvironmentVariable("LAKEFLOW_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }

    /// <summary>Sends a signal to the prompt, which is the terminal's foreground process that runs the tool.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/usr/bin/pkill", [$"-{name}", "-t", tty["/dev/".Length..], "-x", "dotnet"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the end; its exit code. What is shown just before it <c>script</c> may drop.</summary>
    public int WaitForExit()
    {
        while (Read())
        {
            // All that it still says.
        }

        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        patience.Dispose();
        rig.Dispose();
    }

    /// <summary>Shows what has come, at least a byte; false at the end. (A text reader would wait for more whenever its buffer was just full.)</summary>
    private bool Read()
    {
        var count = process.StandardOutput.BaseStream.Read(buffer);
        Screen.Write(text.AsSpan(0, decoder.GetChars(buffer, 0, count, text, 0)));
        return count > 0;
    }

    private string ReadTerminalName()
    {
        var name = "";
        while (!name.EndsWith('\n'))
        {
            var c = process.StandardOutput.BaseStream.ReadByte();
            Assert.True(c >= 0, $"no terminal: {name}");
            name += (char)c;
        }

        return name.Trim();
    }

    [GeneratedRegex(@"\d+\.\d{3} s\b")]
    private static partial Regex Seconds();
}
