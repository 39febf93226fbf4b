using System.Diagnostics;
using System.Text;

namespace Lakeflow.Cli.Tests.Repl;

/// <summary>The prompt in a real pseudo-terminal, which <c>script</c> of util-linux makes: typed at, as a person would.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly CliRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_query_is_completed_run_and_another_one_stopped_and_the_prompt_goes_on()
    {
        if (!File.Exists("/usr/bin/script") || !OperatingSystem.IsLinux()) return; // elsewhere 'script' has other options; the line editor's own tests run there
        rig.Write("orders.csv", "id,name\n1,ann\n2,\n");
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var reset = Processes.ToolProcess.IgnoresInterrupts() ? "env --default-signal=INT " : "";
        var start = new ProcessStartInfo("/usr/bin/script", ["-qfec", $"{reset}'{host}' exec '{typeof(CommandLine).Assembly.Location}'", "/dev/null"])
        {
            WorkingDirectory = rig.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm";
        start.Environment["LAKEFLOW_HISTORY"] = Path.Combine(rig.Folder, "history");
        using var process = Process.Start(start)!;
        // What never comes must fail this test, not hold up the ones behind it.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var giveUp = patience.Token.Register(process.Kill);
        var screen = new Screen(process);

        screen.WaitFor("lakeflow> ");
        screen.Type("SELECT * FROM 'ord\t';\r");
        var box = screen.WaitFor("2 rows");
        Assert.Contains("ann", box, StringComparison.Ordinal);
        Assert.Contains("NULL", box, StringComparison.Ordinal);

        screen.WaitFor("lakeflow> ");
        screen.Type("SELECT nobody\r");
        screen.WaitFor("...> ");
        screen.Type("FROM range(1);\r");
        screen.WaitFor("LF2001");

        screen.WaitFor("lakeflow> ");
        screen.Type("never sent\u0003");
        screen.WaitFor("^C");
        screen.WaitFor("lakeflow> ");
        screen.Type("SELECT count(sha2(CAST(id AS STRING), 512)) FROM range(0, 3000000000);\r");
        screen.WaitFor("\n");
        screen.Type("\u0003");
        screen.WaitFor("Stopped.");

        screen.WaitFor("lakeflow> ");
        screen.Type("SELECT 6 * 7 AS answer;\r");
        screen.WaitFor("42");
        screen.WaitFor("lakeflow> ");
        screen.Type("\u0004");
        // 'script' may drop what is shown just before the end; its exit code (-e) is that of the command.
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>What the terminal was told to show, waited for piece by piece.</summary>
    private sealed class Screen(Process process)
    {
        private readonly StringBuilder unread = new();
        private readonly char[] buffer = new char[4096];

        public void Type(string keys)
        {
            process.StandardInput.Write(keys);
            process.StandardInput.Flush();
        }

        /// <summary>Reads up to the first of some texts; gives what came before and the text itself.</summary>
        public string WaitFor(params string[] texts)
        {
            while (true)
            {
                var all = unread.ToString();
                var found = texts.Select(t => (At: all.IndexOf(t, StringComparison.Ordinal), t.Length)).Where(f => f.At >= 0).OrderBy(f => f.At).ToList();
                if (found.Count > 0)
                {
                    var end = found[0].At + found[0].Length;
                    unread.Remove(0, end);
                    return all[..end];
                }

                var count = process.StandardOutput.Read(buffer);
                Assert.True(count > 0, $"it ended; waited for '{string.Join("' or '", texts)}', and there was: {all}");
                unread.Append(buffer, 0, count);
            }
        }
    }
}
