using System.Globalization;
using System.Text;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Physical;

/// <summary>A physical plan for people: the stages in the order in which they run, then the pipe of the flow's rows. A pipe is one loop.</summary>
public static class PhysicalText
{
    public static string Of(PhysicalFlow flow)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var stage in flow.Stages)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{++number}. {Title(stage)}");
            var pipe = stage switch { GatherStage gather => gather.Pipe, AggregateStage aggregate => aggregate.Pipe, _ => null };
            if (pipe is not null) Write(text, pipe, 1);
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{++number}. rows of the flow");
        Write(text, flow.Output, 1);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }

    private static string Title(Stage stage) => stage switch
    {
        GatherStage { Enough: { } enough } => string.Create(CultureInfo.InvariantCulture, $"gather {stage.Name}, {enough} rows suffice"),
        GatherStage => $"gather {stage.Name}",
        JoinStage join => $"hash table {join.Name} over {join.Rows.Name}, by {Names(join.Keys)}",
        AggregateStage aggregate => $"{aggregate.Name}: {aggregate.Node.Describe()}",
        SortStage sort => $"{sort.Name}: sort {sort.Rows.Name}{(sort.Keys.IsEmpty ? "" : " by " + Keys(sort.Keys))}{Cut(sort)}",
        PairStage pairs => $"{pairs.Name}: pairs of {pairs.Left.Name} and {pairs.Right.Name}, both kept from step to step",
        MatchStage matches => $"{matches.Name}: what the {matches.Node.Pairs.Kind.ToString().ToLowerInvariant()} join gives of {matches.Pairs.Name}",
        HoldStage hold => $"{hold.Name}: hold {hold.Rows.Name} from step to step",
        WindowStage window => $"{window.Name}: window over {window.Rows.Name}"
            + (window.Partition.IsEmpty ? "" : $", partitions by {Names(window.Partition)}") + (window.Order.IsEmpty ? "" : $", in order of {Keys(window.Order)}"),
        SubqueryStage subquery => $"{subquery.Name}: subquery over {subquery.Rows.Name}, as {subquery.Use.ToString().ToLowerInvariant()}",
        _ => stage.Name,
    };

    private static void Write(StringBuilder text, Pipe pipe, int depth)
    {
        var indent = new string(' ', depth * 3);
        if (pipe.Input is FeedInput feed)
        {
            text.Append(indent).AppendLine("each of");
            foreach (var member in feed.Members) Write(text, member, depth + 1);
        }
        else
        {
            text.Append(indent).AppendLine(Input(pipe.Input));
        }

        foreach (var step in pipe.Steps) text.Append(indent).Append("→ ").AppendLine(Describe(step));
    }

    private static string Input(PipeInput input) => input switch
    {
        SlotInput slot => slot.Scan.Describe(),
        StageInput stage => $"read {stage.Stage.Name}",
        UnmatchedInput unmatched => $"rows of {unmatched.Join.Name} that nothing has met",
        RangeInput range => range.Range.Describe(),
        ValuesInput values => string.Create(CultureInfo.InvariantCulture, $"{values.Rows.Length} constant row(s)"),
        _ => input.GetType().Name,
    };

    private static string Describe(Step step) => step switch
    {
        RowStep row => row.Node.Describe(),
        MarkStep mark => mark.Node.Describe(),
        InTimeStep inTime => inTime.Node.Describe(),
        ProbeStep probe => $"{probe.Kind} join: look up in {probe.Join.Name} by {string.Join(", ", probe.Keys)}{(probe.Residual is { } rest ? $", then {rest}" : "")}",
        GenerateStep generate => generate.Node.Describe(),
        _ => step.GetType().Name,
    };

    private static string Cut(SortStage sort) =>
        (sort.Count is { } count ? string.Create(CultureInfo.InvariantCulture, $", first {count}") : "")
        + (sort.Offset > 0 ? string.Create(CultureInfo.InvariantCulture, $" after {sort.Offset}") : "");

    private static string Names(IEnumerable<PlanColumn> columns) => string.Join(", ", columns.Select(c => c.Name));

    private static string Keys(IEnumerable<SortColumn> keys) =>
        string.Join(", ", keys.Select(k => k.Column.Name + (k.Descending ? " DESC" : "") + (k.NullsFirst == k.Descending ? k.NullsFirst ? " NULLS FIRST" : " NULLS LAST" : "")));
}
