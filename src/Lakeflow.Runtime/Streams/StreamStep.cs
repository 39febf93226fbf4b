using System.Collections.Immutable;
using Lakeflow.Arrow;
using Lakeflow.Delta;
using Lakeflow.Runtime.Breakers;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Runtime.Streams;

/// <summary>One step of a flow that remembers rows of its streams: its watermark, and what it holds.</summary>
/// <remarks>
/// A step works with the watermark that the steps before it have made, so that the order of the rows within it does not matter.
/// When it has moved the watermark past something held, a further step, without input, gives that out.
/// </remarks>
internal sealed class StreamStep : IDisposable
{
    private readonly UpdateContext context;
    private readonly FlowInfo info;
    private readonly FlowRecord record;
    private readonly ImmutableArray<KeptTable> tables;
    private readonly List<string>? lateRows;
    private readonly ImmutableArray<long> watermarks;
    private readonly ImmutableArray<HeldRows> held;
    private readonly ImmutableArray<StreamJoin> joins;

    /// <param name="record">After the flow's last step.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5074: what it names is not what the query means.</exception>
    public StreamStep(UpdateContext context, FlowInfo info, FlowRecord record)
    {
        this.context = context;
        this.info = info;
        this.record = record;
        tables = TablesOf(context, info, record);
        if (record.State.Keys.Any(k => Lakehouse.IsHoldState(k) && !tables.Any(t => t.Name == k))) throw StreamErrors.OtherState(info.Name, info.Target.Name, null);
        // Steps before the first, or before an operator was there, had none.
        var back = LooksBack(info);
        watermarks = [WatermarkOf(info, record), .. record.EarlierWatermarks.Prepend(record.Watermark).Concat(Enumerable.Repeat(0L, back)).Take(back)];
        var late = info.LateTable is null ? null : new List<string>();
        held = [.. info.Holds.Select((hold, i) => new HeldRows(hold, KeptIn(tables[i]), WatermarkOf(hold.Clock)) { LateRows = late })];
        joins = [.. info.Joins.Select((join, i) => new StreamJoin(join, KeptIn(tables[held.Length + (2 * i)]), KeptIn(tables[held.Length + (2 * i) + 1]), WatermarkOf(join.Clock)) { LateRows = late })];
        lateRows = late;

        KeptRows KeptIn(KeptTable table) => new(context.Lakehouse.State(table.Name), record.State.GetValueOrDefault(table.Name, StateTable.Nothing), table.Columns, context.Time);
    }

    /// <summary>In effect for this step, microseconds UTC.</summary>
    public long Watermark => watermarks[0];

    /// <summary>In effect for an operator; it begins at the epoch like the flow's own.</summary>
    public long WatermarkOf(StreamClock clock) => Math.Max(0, watermarks[clock.Steps] - clock.Lag);

    /// <summary>True if somebody wants to see late rows.</summary>
    public bool KeepsLate => lateRows is not null;

    /// <summary>Keeps a late row, as JSON; any worker may do so.</summary>
    public void KeepLate(string row)
    {
        lock (lateRows!) lateRows.Add(row);
    }

    /// <summary>The watermark that a flow's next step works with: the least of its streams'; it begins at the epoch, and a stream that joins later does not take it back. Language specification §4.4.</summary>
    public static long WatermarkOf(FlowInfo info, FlowRecord record) =>
        Math.Max(record.Watermark, info.Watermarks.Select((_, i) => record.Watermarks.GetValueOrDefault(NameOf(i), 0)).DefaultIfEmpty(0).Min());

    /// <summary>True if something is held and the watermark of an operator will move in the next step.</summary>
    public static bool IsDue(FlowInfo info, FlowRecord record)
    {
        if (record.Step == 0 || !record.State.Keys.Any(Lakehouse.IsHoldState)) return false;
        if (!info.Holds.Any(h => h.Due >= 0) && info.Joins.All(j => j.Kind is StreamJoinKind.Inner or StreamJoinKind.Semi)) return false;
        var next = WatermarkOf(info, record);
        return record.EarlierWatermarks.Prepend(record.Watermark).Take(LooksBack(info) + 1).Any(w => w < next);
    }

    /// <summary>A flow that remembers rows goes on only with a query that they fit. One whose query is as it was is not looked at.</summary>
    /// <param name="left">Tells what a full refresh would bring back.</param>
    /// <exception cref="Diagnostics.RuntimeError">LF5074: they do not.</exception>
    public static void Check(UpdateContext context, FlowInfo info, FlowRecord record, Func<string> left)
    {
        if (record.PlanFingerprint == info.PlanFingerprint || !record.State.Keys.Any(Lakehouse.IsHoldState)) return;
        var tables = TablesOf(context, info, record).ToDictionary(t => t.Name, t => t.Columns, StringComparer.Ordinal);
        foreach (var (name, version) in record.State.Where(s => Lakehouse.IsHoldState(s.Key)))
        {
            if (!tables.TryGetValue(name, out var columns) || !StateTable.Fits(context.Lakehouse.State(name), version, columns))
                throw StreamErrors.OtherState(info.Name, info.Target.Name, left());
        }
    }

    /// <summary>Takes a step's rows for a hold; gives those that go on.</summary>
    public IBatchSource Hold(int number, BatchBuffer rows, FlowRun run)
    {
        var source = held[number].Take(rows, run.Workers, run.Stop);
        run.Counts.AddLate(held[number].Late);
        return source;
    }

    /// <summary>Takes a step's rows of both sides of a join; gives the pairs by key.</summary>
    public IBatchSource Pair(int number, BatchBuffer left, BatchBuffer right, FlowRun run)
    {
        var source = joins[number].Pair(left, right, run.Workers, run.Stop);
        run.Counts.AddLate(joins[number].Late);
        return source;
    }

    /// <summary>Takes the pairs that hold; gives what the join gives.</summary>
    public IBatchSource Match(int number, BatchBuffer pairs) => joins[number].Match(pairs);

    /// <summary>To the watermark of how many steps before its slowest operator looks back.</summary>
    private static int LooksBack(FlowInfo info) => info.Holds.Select(h => h.Clock).Concat(info.Joins.Select(j => j.Clock)).Select(c => c.Steps).DefaultIfEmpty().Max();

    /// <summary>Commits the late rows and the state tables.</summary>
    public ImmutableSortedDictionary<string, long> Commit(ImmutableSortedDictionary<string, long> state)
    {
        if (info.LateTable is { } late)
        {
            new LateTable(context.Lakehouse.Table(late), context.Pipeline.Name, info.Name, record.Generation, record.Step + 1, context.Time)
                .Commit(Watermark, lateRows!);
        }

        try
        {
            var versions = held.Select(h => h.Commit()).Concat(joins.SelectMany(j => j.Commit())).ToList();
            for (var i = 0; i < versions.Count; i++)
            {
                if (versions[i] != StateTable.Nothing) state = state.SetItem(tables[i].Name, versions[i]);
            }

            return state;
        }
        catch (ConflictException lost)
        {
            throw RunErrors.AnotherRunAdvanced(info.Name, lost);
        }
    }

    /// <summary>The watermarks of the steps before this one that the next one will look back to.</summary>
    public ImmutableArray<long> EarlierWatermarks => [.. watermarks.Skip(1)];

    /// <summary>The watermarks after the step. They never go back.</summary>
    public ImmutableSortedDictionary<string, long> Watermarks(FlowRun run)
    {
        var marks = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < info.Watermarks.Length; i++)
        {
            var known = record.Watermarks.GetValueOrDefault(NameOf(i), 0);
            marks[NameOf(i)] = run.Latest(i) is { } latest ? Math.Max(latest - info.Watermarks[i].Delay, known) : known;
        }

        return marks.ToImmutable();
    }

    public void Dispose()
    {
        foreach (var rows in held) rows.Dispose();
        foreach (var join in joins) join.Dispose();
    }

    /// <summary>The state tables: one a hold, then two a join.</summary>
    private static ImmutableArray<KeptTable> TablesOf(UpdateContext context, FlowInfo info, FlowRecord record) => info.Holds.IsEmpty && info.Joins.IsEmpty ? []
        : context.KeptTables.GetOrAdd((info.Name, record.Generation), _ =>
        {
            var renames = new Renames(context);
            return
            [
                .. info.Holds.Select((hold, i) => Table(NameOf(i), hold.Meaning, HeldRows.ColumnsOf(hold), hold.Fields)),
                .. info.Joins.SelectMany((join, i) => StreamJoin.ColumnsOf(join).Zip([("left", join.Left), ("right", join.Right)], (columns, side) =>
                    Table($"join{NameOf(i)}-{side.Item1}", join.Meaning, columns, side.Item2.Fields))),
            ];

            KeptTable Table(string place, StateMeaning meaning, Schema columns, ImmutableArray<ColumnOrigin> fields) =>
                new(Lakehouse.HoldStateName(info, record.Generation, place, renames.MeaningOf(info, meaning)), renames.NamedByOrigin(info, columns, fields));
        });

    private static string NameOf(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}");
}
