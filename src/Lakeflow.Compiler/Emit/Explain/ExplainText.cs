using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lakeflow.Compiler.Graph;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.Explain;

/// <summary>What <c>lakeflow explain</c> prints: plans as trees, pipes as stages, code as it is.</summary>
public static class ExplainText
{
    /// <summary>The plans of a graph's flows, bound or optimized.</summary>
    /// <param name="title">What stands above each: <c>bound</c>, <c>optimized</c>.</param>
    public static string OfPlans(string title, PipelineGraph graph)
    {
        var text = new StringBuilder();
        foreach (var flow in graph.Flows) text.Append(CultureInfo.InvariantCulture, $"-- {flow.Name}: {title}\n{flow.Plan}");
        return text.ToString();
    }

    /// <summary>How the flows will run: each stage with its pipe, then the output.</summary>
    public static string OfPhysical(PhysicalPipeline pipeline)
    {
        var text = new StringBuilder();
        foreach (var flow in pipeline.Flows)
        {
            text.Append(CultureInfo.InvariantCulture, $"-- {flow.Info.Name}: physical   plan {flow.Info.PlanFingerprint}\n");
            foreach (var stage in flow.Stages) Add(text, stage);
            text.Append("output\n");
            Add(text, flow.Output, 1);
        }

        return text.ToString();
    }

    /// <summary>The generated files one after another.</summary>
    public static string OfCode(IEnumerable<GeneratedFile> files) => string.Join('\n', files.Select(f => $"// ---- {f.Name}\n{f.Text}"));

    private static void Add(StringBuilder text, Stage stage)
    {
        switch (stage)
        {
            case GatherStage gather:
                text.Append("gather ").Append(gather.Name).Append('\n');
                Add(text, gather.Pipe, 1);
                break;
            case JoinStage join:
                text.Append(CultureInfo.InvariantCulture, $"build {join.Name} from {join.Rows.Name} by ({string.Join(", ", join.Keys)})   -- {KernelChoice.OfJoin(join)}\n");
                break;
            case AggregateStage aggregate:
                text.Append(CultureInfo.InvariantCulture, $"group {aggregate.Name}: {aggregate.Node.Describe()}   -- {KernelChoice.OfGroups(aggregate.Node)}\n");
                Add(text, aggregate.Pipe, 1);
                break;
            case SortStage sort:
                text.Append(CultureInfo.InvariantCulture, $"sort {sort.Rows.Name} by ({string.Join(", ", sort.Keys.Select(k => k.Column + (k.Descending ? " DESC" : "")))})");
                if (sort.Offset > 0 || sort.Count is not null) text.Append(CultureInfo.InvariantCulture, $" limit {(sort.Count is { } n ? n : "all")} offset {sort.Offset}");
                text.Append('\n');
                break;
            case PairStage pairs:
                text.Append(CultureInfo.InvariantCulture, $"pairs of {pairs.Left.Name}, {pairs.Right.Name}: {pairs.Node.Describe()}\n");
                break;
            case MatchStage matches:
                text.Append(CultureInfo.InvariantCulture, $"matches of {matches.Pairs.Name}: {matches.Node.Describe()}\n");
                break;
            case HoldStage hold:
                text.Append(CultureInfo.InvariantCulture, $"hold {hold.Rows.Name}: {hold.Node.Describe()}\n");
                break;
            case WindowStage window:
                text.Append(CultureInfo.InvariantCulture, $"window {window.Rows.Name}: {window.Node.Describe()}\n");
                break;
            case SubqueryStage subquery:
                text.Append(CultureInfo.InvariantCulture, $"subquery {subquery.Rows.Name} as {subquery.Use.ToString().ToLowerInvariant()}\n");
                break;
            default:
                throw new UnreachableException(stage.GetType().Name);
        }
    }

    private static void Add(StringBuilder text, Pipe pipe, int depth)
    {
        foreach (var step in pipe.Steps.Reverse()) Line(text, depth, step switch
        {
            RowStep row => row.Node.Describe(),
            MarkStep mark => mark.Node.Describe(),
            InTimeStep inTime => inTime.Node.Describe(),
            ProbeStep probe => $"Probe {probe.Join.Name} ({probe.Kind}) by ({string.Join(", ", probe.Keys)}){(probe.Residual is null ? "" : $" and {probe.Residual}")}",
            GenerateStep generate => generate.Node.Describe(),
            _ => throw new UnreachableException(step.GetType().Name),
        });
        switch (pipe.Input)
        {
            case SlotInput slot: Line(text, depth, $"slot {slot.Slot}: {slot.Scan.Describe()}"); break;
            case StageInput read: Line(text, depth, "from " + read.Stage.Name); break;
            case UnmatchedInput unmatched: Line(text, depth, "unmatched rows of " + unmatched.Join.Name); break;
            case RangeInput range: Line(text, depth, range.Range.Describe()); break;
            case ValuesInput values: Line(text, depth, $"{values.Rows.Length} constant rows"); break;
            case FeedInput feed:
                Line(text, depth, "rows of");
                foreach (var member in feed.Members) Add(text, member, depth + 1);
                break;
            default: throw new UnreachableException(pipe.Input.GetType().Name);
        }
    }

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * 2).Append(line).Append('\n');
}
