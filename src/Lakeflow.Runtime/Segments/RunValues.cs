using System.Text;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Segments;

/// <summary>What is fixed once per update, in the forms that loops use.</summary>
public sealed class RunValues
{
    private readonly byte[] zoneId;

    public RunValues(RunConstants constants)
    {
        Zone = constants.Zone;
        zoneId = Encoding.UTF8.GetBytes(constants.Zone.Id);
        CurrentTimestamp = constants.Timestamp;
        CurrentDate = (int)Math.Floor(Zone.ToLocal(constants.Timestamp) / 86_400_000_000d);
    }

    /// <summary>The session's time zone.</summary>
    public SessionZone Zone { get; }

    /// <summary>Microseconds since the epoch, UTC.</summary>
    public long CurrentTimestamp { get; }

    /// <summary>Days since the epoch, in the session's zone.</summary>
    public int CurrentDate { get; }

    /// <summary>The id of the session's zone.</summary>
    public Utf8 CurrentTimeZone => new(zoneId);
}
