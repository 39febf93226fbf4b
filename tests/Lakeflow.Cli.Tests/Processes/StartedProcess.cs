using System.Diagnostics;
using System.Globalization;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>A program that runs beside a test: its output is read as it comes, and signals are sent to it.</summary>
internal class StartedProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    /// <summary>Nothing that these tests wait for takes this long: a signal or change that is lost fails its test, and holds up none behind it.</summary>
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));

    /// <param name="command">The program and its words.</param>
    public StartedProcess(params string[] command)
    {
        command = [.. Heeding(), .. command];
        process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        errors = process.StandardError.ReadToEndAsync();
        patience.Token.Register(process.Kill);
    }

    public StreamWriter In => process.StandardInput;

    public StreamReader Out => process.StandardOutput;

    /// <summary>All that it wrote to standard error, lines ended by LF; waits for its end.</summary>
    public string Errors => errors.GetAwaiter().GetResult().ReplaceLineEndings("\n");

    /// <summary>Sends a signal by the name that <c>kill</c> takes.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public int WaitForExit()
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        patience.Dispose();
        process.Dispose();
    }

    /// <summary>
    /// What stands before a command so that it heeds signals. Whoever is started in the background of a script ignores SIGINT and SIGQUIT,
    /// under <c>nohup</c> SIGHUP as well, and what it starts would inherit that.
    /// </summary>
    public static string[] Heeding()
    {
        // Signal n is bit n − 1: SIGHUP, SIGINT and SIGQUIT.
        const int Ends = 0b111;
        if (!File.Exists("/proc/self/status")) return [];
        var ignored = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (Convert.ToUInt64(ignored, 16) & Ends) == 0 ? [] : ["env", "--default-signal=HUP,INT,QUIT"];
    }
}
