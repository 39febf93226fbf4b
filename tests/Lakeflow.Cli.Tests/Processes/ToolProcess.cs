using System.Text.Json;

namespace Lakeflow.Cli.Tests.Processes;

/// <summary>The tool as a process of its own.</summary>
internal sealed class ToolProcess(params string[] words) : StartedProcess(Command(words))
{
    private static string Host { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>The program that runs the tool, and its words.</summary>
    public static string[] Command(params string[] words) => [Host, "exec", typeof(CommandLine).Assembly.Location, .. words];

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
}
