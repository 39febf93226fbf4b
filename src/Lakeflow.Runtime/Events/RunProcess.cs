using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Events;

/// <summary>The process of a run, as its first event tells it: a run that died cannot say so, but whoever looks from the same machine can see it.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Id">The process id there.</param>
/// <param name="Started">When the process started, microseconds UTC: ids are used again.</param>
public sealed record RunProcess(string Host, int Id, long Started)
{
    /// <summary>A minute: a system may count the time of a start from when it began, and its clock may have been set since.</summary>
    private const long Tolerance = 60_000_000;

    public static RunProcess This { get; } = Of(Process.GetCurrentProcess());

    /// <summary>What <c>create_update</c> events of continuous runs tell; null in those of others, which are written at their end.</summary>
    public static RunProcess? Of(JsonElement createUpdate) =>
        createUpdate.TryGetProperty("process", out var process)
            ? new RunProcess(process.GetProperty("host").GetString()!, process.GetProperty("id").GetInt32(), process.GetProperty("started").GetInt64())
            : null;

    /// <summary>Whether the process is still there; null if that cannot be seen from here.</summary>
    public bool? IsAlive()
    {
        if (!Host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            using var process = Process.GetProcessById(Id);
            return Math.Abs(StartOf(process) - Started) <= Tolerance;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // Somebody else's process, which tells nothing.
            return null;
        }
    }

    private static RunProcess Of(Process process)
    {
        using (process) return new RunProcess(Environment.MachineName, process.Id, StartOf(process));
    }

    private static long StartOf(Process process) => UpdateContext.Micros(new DateTimeOffset(process.StartTime.ToUniversalTime(), TimeSpan.Zero));
}
