using System.Collections.Immutable;
using Lakeflow.Runtime.Events;

namespace Lakeflow.Runtime.Flows;

/// <summary>Keeps tables up to date until it is stopped: pass after pass, each over the tables whose interval has passed.</summary>
/// <remarks>
/// A pass is an update of some tables, so all that holds of updates holds here: a step is one commit, and a killed run goes on where
/// its last commits left it. A pass that finds nothing new writes nothing at all. A flow that fails is tried again, later each time.
/// </remarks>
public static class ContinuousRunner
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Runs until <paramref name="stop"/>, which lets the steps in hand end.</summary>
    /// <param name="pipeline">The compiled pipeline.</param>
    /// <param name="lakehouse">Where its tables are.</param>
    /// <param name="files">Reads the files that it names.</param>
    /// <param name="paths">Maps their paths.</param>
    /// <param name="options">What to do; full refreshes and resets are done once, at the start.</param>
    /// <param name="progress">Told of flows that did something, and of the beginning and the end.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="stop">Ends the run.</param>
    /// <returns>The sum over all passes; FAILED if a flow's last try failed.</returns>
    /// <exception cref="Diagnostics.RuntimeError">The run could not begin.</exception>
    public static UpdateResult Run(
        IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, UpdateOptions options,
        IProgress<UpdateEvent>? progress, TimeProvider? time, CancellationToken stop)
    {
        time ??= TimeProvider.System;
        var started = time.GetTimestamp();
        var selection = new Selection(pipeline.Info, options);
        var paces = pipeline.Info.Datasets.Where(d => d.IsTable && selection.Includes(d.Name))
            .Select(d => new Pace(d.Name, TriggerInterval.Of(pipeline.Info, d))).ToList();
        var total = new Dictionary<string, FlowOutcome>(StringComparer.OrdinalIgnoreCase);
        var view = new PassView(progress);
        var pass = options with { Part = UpdatePart.First, RunId = Guid.NewGuid().ToString() };
        var due = paces;
        while (true)
        {
            var result = UpdateRunner.Run(pipeline, lakehouse, files, paths, pass, view, time, stop);
            foreach (var flow in result.Flows.Where(f => f.State is not FlowState.Excluded)) total[flow.Flow.Name] = Sum(total.GetValueOrDefault(flow.Flow.Name), flow);
            foreach (var pace in due) pace.Passed(time.GetElapsedTime(started), result.Flows.Any(f => f.Flow.Target == pace.Table && f.State == FlowState.Failed));
            // Whoever compiled the pipeline can do so again; passes over this plan would fail as this one did.
            if (result.Flows.Any(f => f.Error is { WantsNewPlan: true })) break;
            // By the time that has passed, not by the clock, which may be set back. A timer may ring a little early.
            do
            {
                if (stop.IsCancellationRequested || !Wait(time, paces.Min(p => p.Due) - time.GetElapsedTime(started), stop)) due = [];
                else due = [.. paces.Where(p => p.Due <= time.GetElapsedTime(started))];
            }
            while (due.Count == 0 && !stop.IsCancellationRequested);
            if (due.Count == 0) break;
            pass = options with
            {
                Part = UpdatePart.Later,
                RunId = pass.RunId,
                Refresh = [.. due.Select(p => p.Table.ToString())],
                FullRefresh = [],
                FullRefreshAll = false,
                ResetFlows = [],
                Accept = [],
                Adopt = [],
            };
        }

        var flows = pipeline.Info.Flows.Select(f => total.GetValueOrDefault(f.Name) ?? new FlowOutcome(f, FlowState.Excluded, StepCounts.None, 0, -1, TimeSpan.Zero, null, null)).ToImmutableArray();
        var state = flows.Any(f => f.State is FlowState.Failed or FlowState.Skipped) ? UpdateState.Failed : UpdateState.Completed;
        var context = new UpdateContext(
            pipeline.Info, lakehouse, files, paths, pass, selection, new RunConstants(UpdateContext.Micros(time.GetUtcNow()), options.Zone), pass.RunId!, time, stop);
        var warning = new UpdateLog(context).End(state);
        progress?.Report(new UpdateProgress(time.GetUtcNow(), pass.RunId!, state));
        return new UpdateResult(pass.RunId!, state, flows, time.GetElapsedTime(started)) { Warning = warning };
    }

    /// <summary>What a flow did in all passes, and how it ended in the last one that it had something to do in.</summary>
    private static FlowOutcome Sum(FlowOutcome? before, FlowOutcome now)
    {
        if (before is null) return now.State == FlowState.Stopped ? now with { State = FlowState.Idle } : now;
        var state = now.State is FlowState.Idle or FlowState.Stopped && before.State == FlowState.Completed ? FlowState.Completed
            : now.State == FlowState.Stopped ? before.State : now.State;
        return now with
        {
            State = state,
            Counts = before.Counts.Plus(now.Counts),
            Steps = before.Steps + now.Steps,
            Version = Math.Max(before.Version, now.Version),
            Elapsed = before.Elapsed + now.Elapsed,
        };
    }

    /// <summary>False if the run was stopped meanwhile.</summary>
    private static bool Wait(TimeProvider time, TimeSpan delay, CancellationToken stop)
    {
        if (delay <= TimeSpan.Zero) return !stop.IsCancellationRequested;
        using var due = new ManualResetEventSlim();
        using var timer = time.CreateTimer(_ => due.Set(), null, delay, Timeout.InfiniteTimeSpan);
        return WaitHandle.WaitAny([due.WaitHandle, stop.WaitHandle]) == 0 && !stop.IsCancellationRequested;
    }

    /// <summary>When a table is looked at next.</summary>
    private sealed class Pace(QualifiedName table, TimeSpan interval)
    {
        private int failures;

        public QualifiedName Table => table;

        /// <summary>Since the run began.</summary>
        public TimeSpan Due { get; private set; }

        /// <summary>After a failure the wait doubles, up to an hour: a continuous pipeline is tried without end.</summary>
        public void Passed(TimeSpan now, bool failed)
        {
            failures = failed ? Math.Min(failures + 1, 30) : 0;
            var wait = failed ? TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Max(1, interval.TotalSeconds) * Math.Pow(2, failures))) : interval;
            Due = now + (wait > interval ? wait : interval);
        }
    }

    /// <summary>Lets through what a watcher of a run of many passes wants to know.</summary>
    private sealed class PassView(IProgress<UpdateEvent>? inner) : IProgress<UpdateEvent>
    {
        private bool isRunning;

        public void Report(UpdateEvent value)
        {
            switch (value)
            {
                case UpdateProgress { State: UpdateState.Running } when !isRunning:
                    isRunning = true;
                    inner?.Report(value);
                    break;
                case FlowProgress { State: FlowState.Completed or FlowState.Failed or FlowState.Skipped }:
                case FlowProgress { State: FlowState.Running, Note: not null }:
                    inner?.Report(value);
                    break;
            }
        }
    }
}
