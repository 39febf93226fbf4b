using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

internal enum EventTimeKind
{
    /// <summary>A time itself.</summary>
    Moment,

    /// <summary>STRUCT&lt;start, end&gt;, a window of it.</summary>
    Window,
}

/// <summary>How a column follows a watermark: no row in time has one that <paramref name="Clock"/>'s watermark has reached.</summary>
internal sealed record EventTime(EventTimeKind Kind, StreamClock Clock);

/// <summary>Finds the columns of a plan that tell when its rows happened.</summary>
internal sealed class EventTimes(PlanScope ids)
{
    private readonly Dictionary<int, EventTime> outputs = [];

    /// <summary>Says that a column of a stateful operator's result tells the time.</summary>
    /// <param name="column">The column.</param>
    /// <param name="time">Null: it tells nothing, whatever it told below the operator.</param>
    public void Note(PlanColumn column, EventTime? time)
    {
        if (time is null) outputs.Remove(column.Id);
        else outputs[column.Id] = time;
    }

    /// <summary>Those columns by id.</summary>
    public Dictionary<int, EventTime> Of(LogicalPlan plan)
    {
        var times = plan switch
        {
            // A watermark on rows that an operator holds back would wait for itself: they carry their time already.
            Watermark mark when mark.Input.All().Any(Hold.Delays) => Of(mark.Input),
            Watermark mark => new(Of(mark.Input)) { [mark.Time.Id] = new EventTime(EventTimeKind.Moment, default) },
            Project project => Projected(project),
            Filter or Expect or Generate or Hold { Kind: HoldKind.FirstOnly } => Of(plan.Inputs[0]),
            Union union => United(union),
            Join { Kind: JoinKind.Inner or JoinKind.Cross or JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti } join => Of(join.Left),
            _ => [],
        };
        if (plan is Generate generate) AddWindows(times, times, generate.Generated);
        foreach (var column in plan.Columns)
        {
            if (outputs.TryGetValue(column.Id, out var time)) times[column.Id] = time;
        }

        return times;
    }

    /// <summary>What a value says of the time, given what columns do; null: nothing.</summary>
    private static EventTime? Of(Expr value, Dictionary<int, EventTime> below) => value switch
    {
        ColumnRef c => below.GetValueOrDefault(c.Column.Id),
        // window_time(w): windows with an end after the watermark have a last microsecond that is at most one before it.
        Call { Function.Name: "-", Arguments: [GetField { Index: 1, Input: ColumnRef w }, Literal { Value: 1L, Type: DayTimeIntervalType }] }
            when below.GetValueOrDefault(w.Column.Id) is { Kind: EventTimeKind.Window } time => new EventTime(EventTimeKind.Moment, time.Clock.Behind(1)),
        // A session: its end is an aggregate.
        Call { Function.Name: "named_struct", Arguments: [_, _, Literal { Value: "end" }, ColumnRef end] } when below.GetValueOrDefault(end.Column.Id) is { } time => time with { Kind = EventTimeKind.Window },
        _ => null,
    };

    private Dictionary<int, EventTime> Projected(Project project)
    {
        var below = Of(project.Input);
        var times = new Dictionary<int, EventTime>();
        foreach (var item in project.Items)
        {
            if (Of(item.Value, below) is { } time) times[item.Column.Id] = time;
        }

        AddWindows(times, below, project.Columns);
        return times;
    }

    /// <summary>Members match by position: a column tells the time if it does so in each.</summary>
    private Dictionary<int, EventTime> United(Union union)
    {
        var members = union.Members.Select(m => (Times: Of(m), m.Columns)).ToList();
        var times = new Dictionary<int, EventTime>();
        for (var c = 0; c < union.Output.Length; c++)
        {
            var all = members.Select(m => m.Times.GetValueOrDefault(m.Columns[c].Id)).ToList();
            if (all.Contains(null) || all.Select(t => t!.Kind).Distinct().Count() > 1) continue;
            times[union.Output[c].Id] = all[0]! with { Clock = all.Select(t => t!.Clock).Aggregate(StreamClock.Slower) };
        }

        return times;
    }

    /// <summary>Windows that are made here, of times below. A window ends at least a microsecond after what is in it.</summary>
    private void AddWindows(Dictionary<int, EventTime> times, Dictionary<int, EventTime> below, ImmutableArray<PlanColumn> columns)
    {
        foreach (var column in columns)
        {
            if (ids.WindowTimes.GetValueOrDefault(column.Id) is { } value && Of(value, below) is { Kind: EventTimeKind.Moment } time) times[column.Id] = new EventTime(EventTimeKind.Window, time.Clock.Behind(time.Clock.Lag > 0 ? -1 : 0));
        }
    }
}
