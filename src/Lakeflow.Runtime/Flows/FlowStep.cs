using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Connectors;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Segments;
using Lakeflow.Runtime.State;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Runtime.Flows;

/// <summary>One step of a flow: read → run → data files and state tables → the target's one commit.</summary>
/// <remarks>
/// A death before the commit leaves only files that nobody names; after it nothing is to be redone. A step that consumed
/// input commits even if no row is left, so that the input is not read again; one that consumed nothing commits nothing.
/// </remarks>
internal sealed class FlowStep(UpdateContext context, IFlow flow, Action<FlowCounts> watch, Action firstRows)
{
    private readonly FlowInfo info = flow.Info;

    /// <summary>Runs the next step, if there is one.</summary>
    /// <exception cref="RuntimeError">The user's trouble. Nothing was committed.</exception>
    public StepResult Run()
    {
        if (!info.ChangesRows) return RunNext();
        lock (context.TurnOf(info.Target)) return RunNext();
    }

    private StepResult RunNext()
    {
        var target = Snapshot.Open(context.Lakehouse.Table(info.Target));
        try
        {
            return RunOver(target);
        }
        catch (DataFault fault) when (TableState.Lost(context.Lakehouse, info.Target, target, fault) is { } lost)
        {
            throw lost;
        }
    }

    private StepResult RunOver(Snapshot target)
    {
        var started = context.Time.GetTimestamp();
        var record = target.Domains.TryGetValue(FlowRecord.DomainOf(info), out var text)
            ? FlowRecord.Parse(text)
            : FlowRecord.Start(info, GenerationOf(target));
        var foreign = FindForeignChange(target, record);
        if (info.Kind == FlowKind.Once && record.Step > 0) return new(null, target.Version, false, null);

        var sources = new SourcePlanner(context, info, record, target).Plan();
        var reason = info.Kind switch
        {
            FlowKind.Complete or FlowKind.Replace => ReasonToCompute(record, sources, foreign),
            FlowKind.Once => "",
            _ when info.Changes is { FromSnapshots: true } => record.Step == 0 || !record.ReadTo.SequenceEqual(ReadTo(sources)) ? "" : null,
            _ => sources.Values.Any(s => s.HasNew) || foreign || StreamStep.IsDue(info, record) ? "" : null,
        };
        var changed = record.Step == 0 && Renamed(target) is { } old
            ? $"begins at the start of its sources: a flow has its position under its name, and {old}, which read them before, is no longer in the pipeline"
            : info.Kind == FlowKind.Append && record.Step > 0 && record.PlanFingerprint != info.PlanFingerprint
            ? $"the query has changed: {(context.Renamed.TryGetValue(info.Target, out var renamed) ? $"{renamed}; else " : "")}rows written before stay as they are (--full-refresh {info.Target.Name} writes them anew)" : null;
        if (reason is null) return new(null, target.Version, false, changed);
        if (reason.Length == 0) reason = changed ?? "";

        var next = Advance(record, sources);
        using var streams = new StreamStep(context, info, record);
        var (committed, version) = Execute(target, next, sources, streams, started);
        return new(committed, version, sources.Values.Any(s => s.HasMore) || StreamStep.IsDue(info, committed), reason.Length == 0 ? null : reason);
    }

    /// <summary>A flow of the target that the pipeline no longer has and that read the same sources.</summary>
    private string? Renamed(Snapshot target)
    {
        if (info.Kind != FlowKind.Append || target.Domains.ContainsKey(FlowRecord.DomainOf(info))) return null;
        var keys = info.Sources.Select(SourcePlanner.KeyOf).ToHashSet(StringComparer.Ordinal);
        return target.Domains
            .Where(d => d.Key.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal) && !context.Pipeline.Flows.Any(f => FlowRecord.DomainOf(f) == d.Key))
            .Select(d => FlowRecord.Parse(d.Value))
            .FirstOrDefault(r => r.Step > 0 && keys.SetEquals(r.ReadTo.Keys))?.Flow;
    }

    /// <summary>A flow that joins a table later belongs to the table's present generation.</summary>
    private static int GenerationOf(Snapshot target) => target.Domains
        .Where(d => d.Key.StartsWith(FlowRecord.DomainPrefix, StringComparison.Ordinal))
        .Select(d => FlowRecord.Parse(d.Value).Generation)
        .DefaultIfEmpty(1).Max();

    /// <summary>Looks for commits after ours that took rows away and are not ours.</summary>
    /// <returns>True if there is one that the flow may go on from: a view is computed anew, a stream was told to accept it.</returns>
    private bool FindForeignChange(Snapshot target, FlowRecord record)
    {
        if (record.Step == 0 && record.Generation == 1) return false;
        for (var version = Math.Max(0, record.TargetVersion + 1); version <= target.Version; version++)
        {
            // Where the log was cleaned up, what happened can no longer be told.
            if (!CommitLog.IsThere(target.Store, version)) continue;
            var actions = CommitLog.Read(target.Store, version);
            if (!CommitLog.TakesRows(actions) || CommitLog.IsOurs(actions)) continue;
            if (info.Kind is FlowKind.Complete or FlowKind.Replace || context.Selection.Accepted.Contains(info.Target)) return true;
            throw RunErrors.ForeignChange(info.Target.ToString(), version, CommitLog.OperationOf(actions));
        }

        return false;
    }

    /// <summary>Why a view is computed, or null if it stands: same plan, same settings, same sources, no time in it.</summary>
    private string? ReasonToCompute(FlowRecord record, IReadOnlyDictionary<string, PlannedSource> sources, bool foreign)
    {
        if (record.Step == 0) return "CHANGE_SET_MISSING";
        if (foreign) return "TARGET_CHANGED";
        if (record.PlanFingerprint != info.PlanFingerprint) return "QUERY_FINGERPRINT_CHANGED";
        if (!record.Settings.SequenceEqual(Settings())) return "CONFIGURATION_CHANGED";
        if (info.DependsOnTime) return "TIME_FUNCTION";
        return record.ReadTo.SequenceEqual(ReadTo(sources)) ? null : "DATA_HAS_CHANGED";
    }

    private static ImmutableSortedDictionary<string, string> ReadTo(IReadOnlyDictionary<string, PlannedSource> sources) =>
        sources.ToImmutableSortedDictionary(s => s.Key, s => s.Value.ReadTo, StringComparer.Ordinal);

    private FlowRecord Advance(FlowRecord record, IReadOnlyDictionary<string, PlannedSource> sources) => record with
    {
        Flow = info.Name,
        Step = record.Step + 1,
        PlanFingerprint = info.PlanFingerprint,
        Settings = Settings(),
        ReadTo = ReadTo(sources),
        UpdateId = context.UpdateId,
    };

    private ImmutableSortedDictionary<string, string> Settings()
    {
        var settings = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal).Add("timeZone", context.Constants.Zone.Id);
        return info.CalledCode.IsEmpty ? settings : settings.Add("calledCode", string.Join(' ', info.CalledCode));
    }

    private (FlowRecord Record, long Version) Execute(
        Snapshot target, FlowRecord record, IReadOnlyDictionary<string, PlannedSource> sources, StreamStep streams, long started)
    {
        var dataset = context.Dataset(info.Target);
        var transaction = Transaction.Begin(target, context.Time);
        if (info.Kind == FlowKind.Complete)
        {
            transaction.RemoveAll();
            new TableSetup(context).Reshape(transaction, dataset);
        }

        using IRowChanges? changes = info.Changes is not null ? new ChangeStep(context, info, target, GenerationOf(target))
            : info.Replaces is not null ? new ReplaceStep(context, info, target) : null;
        var written = ImmutableArray<AddFile>.Empty;
        var committed = false;
        try
        {
            var (run, files, updates, state) = Pass(transaction, record, sources, changes, streams);
            written = [.. files, .. updates];
            transaction.Add(files);
            transaction.Add(updates, RowChange.UpdatePostimage);
            record = record with
            {
                Counts = StepCounts.Of(info, run.Counts, written.Sum(f => f.Size), context.Options.KeepSamples),
                State = state,
                Watermark = streams.Watermark,
                EarlierWatermarks = streams.EarlierWatermarks,
                Watermarks = streams.Watermarks(run),
                TargetVersion = target.Version + 1,
                Timestamp = context.Now,
                Milliseconds = (long)context.Time.GetElapsedTime(started).TotalMilliseconds,
            };
            transaction.SetDomain(FlowRecord.DomainOf(info), record.ToJson());
            transaction.SetTxn(FlowRecord.AppIdOf(info, record.Generation), record.Step);
            if (!info.Origins.IsEmpty && !KnowsColumns(target)) transaction.SetDomain(ColumnRecord.DomainOf(info), new ColumnRecord(info.PlanFingerprint, new Renames(context).OriginsOf(info)).ToJson());
            transaction.SetMetric("numOutputRows", record.Counts.Written + record.Counts.Upserted);
            var result = transaction.Commit(info.Kind == FlowKind.Complete ? "WRITE" : "STREAMING UPDATE", Parameters());
            committed = true;
            return (record, result.Version);
        }
        catch (ConflictException lost) when (lost.Kind == ConflictKind.FlowAdvanced)
        {
            throw RunErrors.AnotherRunAdvanced(info.Name, lost);
        }
        catch (ConflictException lost)
        {
            throw new RuntimeError(lost.Code, lost.Message, "Run again.", retryable: true, inner: lost);
        }
        finally
        {
            // A store that failed in the very act may have committed: then the files are in use, and stay.
            if (!committed && !IsCommitted(target, record)) DeleteFiles(target.Store, written);
        }
    }

    /// <summary>Runs the compiled code over the sources; gives back the finished data files, apart those whose rows are the new form of old ones, and the versions of the state tables.</summary>
    private (FlowRun Run, ImmutableArray<AddFile> Files, ImmutableArray<AddFile> Updates, ImmutableSortedDictionary<string, long> State) Pass(
        Transaction transaction, FlowRecord record, IReadOnlyDictionary<string, PlannedSource> sources, IRowChanges? changes, StreamStep streams)
    {
        var workers = context.Options.WorkersOrDefault;
        var tellsUpdates = changes is not null && transaction.Properties.WritesChanges;
        var writers = Enumerable.Range(0, tellsUpdates ? 2 * workers : workers).Select(worker => transaction.OpenWriter(worker)).ToArray();
        var finished = new List<AddFile>();
        var opened = new List<ISkippingSource>();
        FlowRun? run = null;
        BatchBuffer? events = null;
        try
        {
            run = new FlowRun(
                info, context.Constants, workers,
                slot =>
                {
                    var source = sources[SourcePlanner.KeyOf(info.Sources[slot])].Open(info.Sources[slot]);
                    if (source is ISkippingSource skipping) lock (opened) opened.Add(skipping);
                    return source;
                },
                worker => events?.Worker(worker) ?? TargetSink(worker),
                context.StepStop, context.Options.Memory)
            {
                Streams = streams,
                FirstRows = firstRows,
            };
            events = changes is null ? null : new BatchBuffer(info.Output, run);
            watch(run.Counts);
            flow.Run(run);
            context.StepStop.ThrowIfCancellationRequested();
            if (changes is not null)
            {
                using var all = events!.Concat("The events of a step of AUTO CDC", "let a step take fewer files with maxFilesPerTrigger");
                var sinks = Enumerable.Range(0, writers.Length).Select(TargetSink).ToList();
                changes.Apply(all, transaction, sinks[..workers], tellsUpdates ? sinks[workers..] : null, run.Counts);
            }

            CheckExpectations(run);
            // Each waits for the disk, and none for another: only the target's commit, which names them all, comes after them.
            var files = new ImmutableArray<AddFile>[writers.Length];
            var state = record.State;
            WorkerPool.Run(writers.Length + 1, w =>
            {
                if (w == writers.Length)
                {
                    state = streams.Commit(CommitState(record, sources, changes, transaction));
                    return;
                }

                files[w] = writers[w].Finish();
                lock (finished) finished.AddRange(files[w]);
            });
            run.Counts.AddSkipped(opened.Sum(s => s.Skipped));
            return (run, [.. files[..workers].SelectMany(f => f)], [.. files[workers..].SelectMany(f => f)], state);
        }
        catch (Exception)
        {
            // A full disk may stop the last writer when the first ones are done: their files would fill it further.
            DeleteFiles(context.Lakehouse.Table(info.Target), [.. finished]);
            throw;
        }
        finally
        {
            events?.Dispose();
            run?.Dispose();
            foreach (var writer in writers) writer.Dispose();
        }

        TargetSink TargetSink(int worker) => new(info.Target, transaction.Schema, writers[worker], changes is null ? run!.Counts : null);
    }

    /// <summary>The generated code has thrown already; this holds for code of any other hand.</summary>
    private void CheckExpectations(FlowRun run)
    {
        var violated = Enumerable.Range(0, info.Expectations.Length)
            .Where(i => info.Expectations[i].Action == ViolationAction.FailUpdate && run.Counts.Failed(i) > 0).ToArray();
        if (violated.Length == 0) return;
        var sample = violated.SelectMany(i => run.Counts.Samples(i)).FirstOrDefault();
        throw Violations.Failure(run, violated, sample?.Row ?? "{}", null);
    }

    /// <summary>Commits the state tables; each commit names its parent, so that a death before the target's commit can be undone.</summary>
    private ImmutableSortedDictionary<string, long> CommitState(
        FlowRecord record, IReadOnlyDictionary<string, PlannedSource> sources, IRowChanges? changes, Transaction transaction)
    {
        var state = record.State;
        foreach (var source in sources.Values)
        {
            if (source.Seen is null || (source.NewFiles.IsEmpty && source.Seen.TakenOver.IsEmpty)) continue;
            state = state.SetItem(source.StateName!, source.Seen.Commit(source.NewFiles, info.Name, record.Step, context.Time));
        }

        return changes?.Commit(state, transaction) ?? state;
    }

    private Dictionary<string, string> Parameters() => new()
    {
        ["flow"] = Quoted(info.Name),
        ["mode"] = Quoted(info.ChangesRows ? "Update" : info.Kind == FlowKind.Complete ? "Overwrite" : "Append"),
        ["updateId"] = Quoted(context.UpdateId),
    };

    private static string Quoted(string text) => '"' + System.Text.Json.JsonEncodedText.Encode(text).ToString() + '"';

    /// <summary>True if the target's log has what this definition of the flow makes its columns from.</summary>
    private bool KnowsColumns(Snapshot target) =>
        target.Domains.TryGetValue(ColumnRecord.DomainOf(info), out var text) && ColumnRecord.Parse(text).Plan == info.PlanFingerprint;

    private bool IsCommitted(Snapshot target, FlowRecord record)
    {
        try
        {
            return target.Advance().Domains.TryGetValue(FlowRecord.DomainOf(info), out var text)
                && FlowRecord.Parse(text) is var found
                && (found.Generation, found.Step, found.UpdateId) == (record.Generation, record.Step, record.UpdateId);
        }
        catch (Exception fault) when (RunErrors.Wrap(fault) is not null)
        {
            // Not to be known: better an orphan than a hole.
            return true;
        }
    }

    private static void DeleteFiles(IObjectStore store, ImmutableArray<AddFile> files)
    {
        foreach (var file in files)
        {
            try
            {
                store.Delete(Uri.UnescapeDataString(file.Path));
            }
            catch (DataFault)
            {
                // Best effort: nobody names the file, and 'lakeflow vacuum' finds it.
                return;
            }
        }
    }
}
