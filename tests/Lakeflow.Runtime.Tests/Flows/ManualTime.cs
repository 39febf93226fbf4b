namespace Lakeflow.Runtime.Tests.Flows;

/// <summary>A clock that stands still until somebody waits: then the time has come at once, and the wait is noted.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private TimeSpan setBack;
    private DateTimeOffset now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>How long was waited, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    /// <summary>How much before its time a timer rings.</summary>
    public TimeSpan EarlyBy { get; init; }

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

    /// <summary>Somebody sets the clock; the time that passes does not notice.</summary>
    public void SetBack(TimeSpan by)
    {
        lock (gate)
        {
            now -= by;
            setBack += by;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate) return (GetUtcNow() + setBack).Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            Waits.Add(dueTime);
            now += dueTime > EarlyBy ? dueTime - EarlyBy : dueTime;
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
