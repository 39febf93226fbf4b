namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>A clock that stands still until somebody waits: then the time has come at once, and the wait is noted.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>How long was waited, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        // A microsecond a look: no two commits have the same time.
        lock (gate) return now = now.AddMicroseconds(1);
    }

    public void Advance(TimeSpan by)
    {
        lock (gate) now += by;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            Waits.Add(dueTime);
            now += dueTime;
        }

        callback(state);
        return new Passed();
    }

    private sealed class Passed : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
