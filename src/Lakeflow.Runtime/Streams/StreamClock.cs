namespace Lakeflow.Runtime.Streams;

/// <summary>How far the watermark of an operator is behind that of its flow, because its rows come out of operators that held them back.</summary>
/// <param name="Steps">So many steps: what an operator gives out in a step had become due since the step before.</param>
/// <param name="Lag">And so many microseconds: a join gives pairs one of whose rows may have waited that long.</param>
public readonly record struct StreamClock(int Steps, long Lag)
{
    /// <summary>A clock that is ahead of neither.</summary>
    public static StreamClock Slower(StreamClock a, StreamClock b) => new(Math.Max(a.Steps, b.Steps), Math.Max(a.Lag, b.Lag));

    /// <summary>What comes out of an operator with this clock, rows of which may have waited.</summary>
    /// <param name="wait">Microseconds, at least 0.</param>
    public StreamClock After(long wait) => new(Steps + 1, Lag + wait);

    public StreamClock Behind(long lag) => this with { Lag = Lag + lag };
}
