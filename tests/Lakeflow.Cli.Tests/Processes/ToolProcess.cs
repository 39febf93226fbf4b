using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>The tool as a process of its own.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    /// <summary>Nothing that these tests wait for takes this long: a signal or change that is lost fails its test, and holds up none behind it.</summary>
    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));

    public ToolProcess(params string[] words)
    {
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string[] command = [host, "exec", typeof(CommandLine).Assembly.Location, .. words];
        // Whoever is started in the background of a script inherits an ignored SIGINT, and so would the tool.
        if (IgnoresInterrupts()) command = ["env", "--default-signal=INT", .. command];
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

    /// <summary>
    /// Reads the events of <c>run --watch --output json</c> to where it waits: rows that each flow wrote, by name, or the exit code where no flow ran.
    /// </summary>
    public string NextUpdate()
    {
        var written = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (Out.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var fields = json.RootElement;
            switch (fields.GetProperty("event").GetString())
            {
                case "flow_progress":
                    written[fields.GetProperty("flow").GetString()!] = fields.GetProperty("written").GetInt64();
                    break;
                case "watching":
                    var exit = fields.GetProperty("exit_code").GetInt32();
                    return exit == 0 ? string.Join(", ", written.Select(w => $"{w.Key} {w.Value}")) : $"exit {exit}";
            }
        }

        throw new InvalidOperationException("it ended: " + Errors);
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        patience.Dispose();
        process.Dispose();
    }

    public static bool IgnoresInterrupts()
    {
        const int Interrupt = 1 << (2 - 1);
        if (!File.Exists("/proc/self/status")) return false;
        var ignored = File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (Convert.ToUInt64(ignored, 16) & Interrupt) != 0;
    }
}
