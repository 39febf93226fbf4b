using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

/// <summary>How a column follows a watermark.</summary>
internal enum EventTime
{
    /// <summary>It is the watermark's column.</summary>
    Moment,

    /// <summary>STRUCT&lt;start, end&gt;, a window of that column.</summary>
    Window,
}

/// <summary>Finds the columns of a plan that tell when its rows happened.</summary>
internal sealed class EventTimes(PlanScope ids)
{
    /// <summary>Those columns by id.</summary>
    public Dictionary<int, EventTime> Of(LogicalPlan plan)
    {
        var times = plan switch
        {
            Watermark mark => With(Of(mark.Input), mark.Time.Id),
            Project project => Projected(project),
            Filter or Expect or Generate or Hold { Kind: HoldKind.FirstOnly } => Of(plan.Inputs[0]),
            Union union => United(union),
            Join { Kind: JoinKind.Inner or JoinKind.Cross or JoinKind.Left or JoinKind.LeftSemi or JoinKind.LeftAnti } join => Of(join.Left),
            _ => [],
        };
        if (plan is Generate generate) AddWindows(times, times, generate.Generated);
        return times;
    }

    private Dictionary<int, EventTime> Projected(Project project)
    {
        var below = Of(project.Input);
        var times = new Dictionary<int, EventTime>();
        foreach (var item in project.Items)
        {
            if (item.Value is ColumnRef c && below.TryGetValue(c.Column.Id, out var time)) times[item.Column.Id] = time;
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
            var kinds = members.Select(m => m.Times.TryGetValue(m.Columns[c].Id, out var time) ? time : (EventTime?)null).Distinct().ToList();
            if (kinds is [{ } kind]) times[union.Output[c].Id] = kind;
        }

        return times;
    }

    /// <summary>Windows that are made here, of times below.</summary>
    private void AddWindows(Dictionary<int, EventTime> times, Dictionary<int, EventTime> below, ImmutableArray<PlanColumn> columns)
    {
        foreach (var column in columns)
        {
            if (ids.WindowTimes.GetValueOrDefault(column.Id) is ColumnRef c && below.TryGetValue(c.Column.Id, out var time) && time == EventTime.Moment) times[column.Id] = EventTime.Window;
        }
    }

    private static Dictionary<int, EventTime> With(Dictionary<int, EventTime> times, int id)
    {
        times[id] = EventTime.Moment;
        return times;
    }
}
