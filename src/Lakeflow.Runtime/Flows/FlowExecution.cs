using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Runtime.Flows;

/// <summary>One flow within an update: step after step until its sources have no more, with retries of what may pass by itself.</summary>
internal sealed class FlowExecution(UpdateContext context, Func<IFlow> makeFlow, FlowInfo info, Action<UpdateEvent> tell)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private readonly List<FlowRecord> records = [];
    private readonly Lock telling = new();
    private StepCounts sum = StepCounts.None;
    private FlowCounts? running;
    private long started;
    private bool isUnderWay;

    /// <summary>The records that this update committed for the flow, in order.</summary>
    public IReadOnlyList<FlowRecord> Records => records;

    /// <summary>Tells how far the flow is, the running step included, from any thread; nothing before its start and after its end were told.</summary>
    public void TellProgress()
    {
        lock (telling)
        {
            if (isUnderWay) tell(Look());
        }
    }

    private FlowProgress Look(FlowState state = FlowState.Running, RuntimeError? error = null, string? note = null)
    {
        var step = running;
        var counts = step is null || state != FlowState.Running ? sum : sum.Plus(StepCounts.Of(info, step, 0, keepSamples: false));
        return new(context.Time.GetUtcNow(), info, state, counts, started == 0 ? TimeSpan.Zero : context.Time.GetElapsedTime(started), error, note)
        {
            Made = step?.Made ?? 0,
            ToMake = step?.ToMake ?? 0,
        };
    }

    /// <summary>Runs to the end. Never throws: what went wrong is in the outcome.</summary>
    public FlowOutcome Run()
    {
        lock (telling)
        {
            started = context.Time.GetTimestamp();
            tell(Look(FlowState.Starting));
            isUnderWay = true;
        }

        string? reason = null;
        var version = -1L;
        for (var retries = 0; ;)
        {
            try
            {
                context.Stop.ThrowIfCancellationRequested();
                var result = new FlowStep(context, makeFlow(), counts => running = counts, () => tell(Look())).Run();
                running = null;
                version = result.Version;
                reason ??= result.Reason;
                if (result.Record is { } record)
                {
                    records.Add(record);
                    sum = sum.Plus(record.Counts);
                    tell(Look());
                    retries = 0;
                }

                if (!result.HasMore || result.Record is null)
                {
                    if (records.Count > 0 && TableCare.AfterSteps(context, info.Target, records[0].TargetVersion) is { } done) tell(Look(note: done));
                    return End(records.Count == 0 ? FlowState.Idle : FlowState.Completed, version, null, reason);
                }
            }
            catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
            {
                return End(FlowState.Stopped, version, null, reason);
            }
            catch (Exception failure)
            {
                running = null;
                // Worker threads that stop because another failed first report the stop.
                var error = RunErrors.Wrap(failure);
                if (error is null) return End(FlowState.Failed, version, null, reason) with { Unexpected = failure };
                if (!error.IsRetryable || retries == context.Options.MaxRetries) return End(FlowState.Failed, version, error, reason);
                var delay = DelayBefore(retries++);
                tell(Look(FlowState.Running, error, string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"try {retries + 1} of {context.Options.MaxRetries + 1} in {delay.TotalSeconds:0.#} s")));
                if (!Wait(delay)) return End(FlowState.Stopped, version, null, reason);
            }
        }
    }

    private FlowOutcome End(FlowState state, long version, RuntimeError? error, string? reason)
    {
        lock (telling)
        {
            running = null;
            isUnderWay = false;
            tell(Look(state, error, reason));
        }

        return new(info, state, sum, records.Count, version, context.Time.GetElapsedTime(started), error, reason);
    }

    /// <summary>Doubles from one retry to the next. Spark: 5 s, up to 3600 s.</summary>
    private TimeSpan DelayBefore(int retry)
    {
        var ticks = context.Options.FirstRetryDelay.Ticks * Math.Pow(2, retry);
        return ticks < LongestDelay.Ticks ? TimeSpan.FromTicks((long)ticks) : LongestDelay;
    }

    /// <summary>False if the update was stopped meanwhile.</summary>
    private bool Wait(TimeSpan delay)
    {
        using var due = new ManualResetEventSlim();
        using var timer = context.Time.CreateTimer(_ => due.Set(), null, delay, Timeout.InfiniteTimeSpan);
        return WaitHandle.WaitAny([due.WaitHandle, context.Stop.WaitHandle]) == 0;
    }
}
