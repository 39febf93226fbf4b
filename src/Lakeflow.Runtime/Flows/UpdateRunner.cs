using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lakeflow.Runtime.Events;

namespace Lakeflow.Runtime.Flows;

/// <summary>Runs an update of a compiled pipeline: flows in dependency order, independent ones side by side.</summary>
/// <remarks>
/// One flow's failure does not touch the others; what depends on it is SKIPPED, and the update ends FAILED. All that is
/// remembered between updates is in the flows' records; see <see cref="FlowRecord"/>.
/// </remarks>
public sealed class UpdateRunner
{
    private const int TablesAtOnce = 8;

    private readonly IPipeline pipeline;
    private readonly UpdateContext context;
    private readonly Action<UpdateEvent> tell;
    private readonly FlowOrder order;
    private readonly FlowExecution?[] executions;
    private readonly FlowOutcome?[] outcomes;

    private UpdateRunner(IPipeline pipeline, UpdateContext context, Action<UpdateEvent> tell)
    {
        this.pipeline = pipeline;
        this.context = context;
        this.tell = tell;
        order = new FlowOrder(pipeline.Info);
        executions = new FlowExecution?[pipeline.Info.Flows.Length];
        outcomes = new FlowOutcome?[pipeline.Info.Flows.Length];
    }

    /// <summary>Runs one update.</summary>
    /// <param name="pipeline">The compiled pipeline.</param>
    /// <param name="lakehouse">Where its tables are.</param>
    /// <param name="files">Reads the files that it names.</param>
    /// <param name="paths">Maps their paths.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Told what happens, from the threads where it happens; or null.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="stop">Ends the update after the batches in hand: nothing half is committed, and the update is CANCELED.</param>
    /// <exception cref="Diagnostics.RuntimeError">The update could not begin: a selection that makes no sense, a lakehouse that cannot be written.</exception>
    public static UpdateResult Run(
        IPipeline pipeline, Lakehouse lakehouse, IFileSources files, PathMap paths, UpdateOptions options,
        IProgress<UpdateEvent>? progress = null, TimeProvider? time = null, CancellationToken stop = default)
    {
        time ??= TimeProvider.System;
        var constants = new RunConstants(UpdateContext.Micros(time.GetUtcNow()), options.Zone);
        var context = new UpdateContext(
            pipeline.Info, lakehouse, files, paths, options, new Selection(pipeline.Info, options), constants,
            options.RunId ?? Guid.NewGuid().ToString(), time, stop);
        options.Memory.Folder.Sweep();
        return new UpdateRunner(pipeline, context, e => progress?.Report(e)).Run();
    }

    private UpdateResult Run()
    {
        var started = context.Time.GetTimestamp();
        var log = new UpdateLog(context);
        Enter(UpdateState.Initializing);
        try
        {
            PrepareTables();
        }
        catch (Exception failure) when (RunErrors.Wrap(failure) is { } error)
        {
            log.Close(UpdateState.Failed, [], [], error);
            Enter(UpdateState.Failed);
            throw error;
        }

        Enter(UpdateState.Running);
        using (WatchProgress()) RunFlows();
        var flows = outcomes.Select(o => o!).ToImmutableArray();
        var state = flows.Any(f => f.State is FlowState.Failed or FlowState.Skipped) ? UpdateState.Failed
            : flows.Any(f => f.State == FlowState.Stopped) ? UpdateState.Canceled
            : UpdateState.Completed;
        var isQuiet = context.Options.Part == UpdatePart.Later && flows.All(f => f.State is FlowState.Idle or FlowState.Excluded or FlowState.Stopped);
        var warning = isQuiet ? null : log.Close(state, flows, [.. executions.SelectMany(e => e?.Records ?? [])], null);
        Enter(state);
        return new UpdateResult(context.UpdateId, state, flows, context.Time.GetElapsedTime(started)) { Warning = warning };
    }

    private void Enter(UpdateState state) => tell(new UpdateProgress(context.Time.GetUtcNow(), context.UpdateId, state));

    private void PrepareTables()
    {
        var setup = new TableSetup(context);
        var tables = context.Pipeline.Datasets.Where(d => d.IsTable && context.Selection.Includes(d.Name)).ToList();
        var resets = tables.Where(d => context.Selection.Resets(d.Name)).ToList();
        setup.CheckOwners(tables);
        foreach (var table in tables.Except(resets)) setup.Check(table);
        if (resets.Count > 0)
        {
            Enter(UpdateState.Resetting);
            if (!context.Options.LoseRows) LostRows.Check(context, resets);
            foreach (var table in order.DownstreamFirst(resets)) setup.Reset(table);
        }

        foreach (var flow in context.Selection.ResetFlows) setup.Reset(flow);
        Enter(UpdateState.SettingUpTables);
        setup.FindRenames(tables);
        // Each waits for the disk a few times, and none for another.
        var hands = Math.Min(TablesAtOnce, tables.Count);
        if (hands > 0) WorkerPool.Run(hands, hand => { for (var i = hand; i < tables.Count; i += hands) setup.Prepare(tables[i]); });
    }

    /// <summary>Starts each flow when all that it reads is done; at most so many at a time.</summary>
    private void RunFlows()
    {
        var count = outcomes.Length;
        var waiting = new SortedSet<int>(Enumerable.Range(0, count));
        using var done = new BlockingCollection<int>();
        var running = 0;
        while (waiting.Count > 0 || running > 0)
        {
            foreach (var i in waiting.ToList())
            {
                if (!context.Selection.Includes(context.Pipeline.Flows[i].Target)) Leave(i, FlowState.Excluded, waiting);
                else if (order.Upstream(i).Any(u => outcomes[u]?.State is FlowState.Failed or FlowState.Skipped)) Leave(i, FlowState.Skipped, waiting);
                else if (context.Stop.IsCancellationRequested) Leave(i, FlowState.Stopped, waiting);
            }

            foreach (var i in waiting.Where(i => order.Upstream(i).Concat(order.Before(i)).All(u => outcomes[u] is not null)).ToList())
            {
                if (running >= Math.Max(1, context.Options.MaxConcurrentFlows)) break;
                waiting.Remove(i);
                running++;
                Start(i, done);
            }

            if (running == 0) continue;
            done.Take();
            running--;
        }
    }

    private void Start(int i, BlockingCollection<int> done)
    {
        var flow = context.Pipeline.Flows[i];
        // Each step gets fresh code: a flow keeps nothing from one pass to the next.
        var execution = new FlowExecution(context, () => pipeline.CreateFlows()[i], flow, tell);
        executions[i] = execution;
        var thread = new Thread(() =>
        {
            outcomes[i] = execution.Run();
            done.Add(i);
        })
        { IsBackground = true, Name = "flow " + flow.Name };
        thread.Start();
    }

    private void Leave(int i, FlowState state, SortedSet<int> waiting)
    {
        var flow = context.Pipeline.Flows[i];
        var reason = state == FlowState.Skipped
            ? "failed before it: " + string.Join(", ", order.Upstream(i).Where(u => outcomes[u]?.State is FlowState.Failed or FlowState.Skipped).Select(u => context.Pipeline.Flows[u].Name))
            : null;
        waiting.Remove(i);
        outcomes[i] = new(flow, state, StepCounts.None, 0, -1, TimeSpan.Zero, null, reason);
        tell(new FlowProgress(context.Time.GetUtcNow(), flow, state, StepCounts.None, TimeSpan.Zero, null, reason));
    }

    /// <summary>Tells ten times a second how far the running flows are.</summary>
    private ITimer WatchProgress()
    {
        var interval = TimeSpan.FromMilliseconds(100);
        return TimeProvider.System.CreateTimer(
            _ =>
            {
                for (var i = 0; i < executions.Length; i++)
                {
                    executions[i]?.TellProgress();
                }
            },
            null, interval, interval);
    }
}
