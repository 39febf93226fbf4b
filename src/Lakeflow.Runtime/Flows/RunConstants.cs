using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Runtime.Flows;

/// <summary>What is fixed once per update, so that every row and every flow sees the same.</summary>
/// <param name="Timestamp">The update's start, microseconds since the epoch, UTC: <c>current_timestamp()</c>.</param>
/// <param name="Zone">The session time zone; UTC unless configured, never the machine's.</param>
public sealed record RunConstants(long Timestamp, SessionZone Zone);
