using System.Diagnostics;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Writes the class of one flow: what it is, the order of its stages, and their code.</summary>
internal sealed class FlowEmitter
{
    /// <summary>The members of every flow's class. No class may be called like one of them.</summary>
    internal static readonly string[] Members = ["Facts", "Info", "Run", "Sites", "RunStages"];

    private readonly PhysicalFlow plan;
    private readonly FlowMembers flow;
    private readonly NameScope classes;
    private readonly CodeWriter run = new();
    private readonly CodeWriter members = new();
    private readonly Dictionary<Stage, AggregateEmitter> aggregates = new(ReferenceEqualityComparer.Instance);
    private readonly string className;
    private int leaves;

    /// <summary>What lets the pipe being written stop early, as a further argument of its drive.</summary>
    private string isEnough = "";

    public FlowEmitter(PhysicalFlow plan, string className, bool variants)
    {
        this.plan = plan;
        this.className = className;
        flow = new FlowMembers(plan, variants);
        classes = new NameScope([.. Members, className]) { AvoidsTypes = true };
    }

    public string Write(string header, string space, string sourceRoot)
    {
        foreach (var stage in plan.Stages) WriteStage(stage);
        run.Blank();
        run.Comment("The rows of the flow.");
        Drive(plan.Output, new SegmentSink.Rows(plan.Flow.Plan.Columns, "Facts.Output"), "run.Output(worker)");

        var text = new CodeWriter();
        text.Line($"/// <summary>{SegmentEmitter.Xml(Map())}</summary>");
        using (text.Braces($"public sealed class {className} : IFlow"))
        {
            InfoLiterals.Write(text, plan.Info, CalledTypes());
            text.Blank();
            text.Line("public FlowInfo Info => Facts;");
            text.Blank();
            WriteRun(text);
            text.Append(members);
        }

        return header + """
            #nullable enable annotations
            #pragma warning disable CS0162, CS0164, CS0168, CS0219, CS1522, CS9113 // A plan may make a test that is always true, or not need what all segments are given.


            """.ReplaceLineEndings("\n") + Imports.In(space, Namespaces()) + text.ToString(sourceRoot);
    }

    private IEnumerable<string> Namespaces()
    {
        string[] always = ["System", "System.Collections.Generic", "System.Collections.Immutable", "System.Linq", "System.Numerics", "System.Runtime.CompilerServices"];
        foreach (var name in always) yield return name;
        if (plan.Stages.Any(s => s is WindowStage)) yield return "System.Threading";
        yield return "Lakeflow.Arrow";
        yield return "Lakeflow.Runtime.Breakers";
        if (plan.Flow.Changes is not null || plan.Flow.Replaces is not null) yield return "Lakeflow.Runtime.Changes";
        yield return "Lakeflow.Runtime.Diagnostics";
        yield return "Lakeflow.Runtime.Flows";
        yield return "Lakeflow.Runtime.Kernels";
        yield return "Lakeflow.Runtime.Kernels.Aggregates";
        yield return "Lakeflow.Runtime.Segments";
        if (plan.Stages.Any(s => s is AggregateStage)) yield return "Lakeflow.Runtime.Spilling";
        if (!plan.Info.Holds.IsEmpty || !plan.Info.Joins.IsEmpty) yield return "Lakeflow.Runtime.Streams";
    }

    private void WriteRun(CodeWriter text)
    {
        if (flow.Sites.Count == 0)
        {
            using (text.Braces("public void Run(FlowRun run)")) text.Append(run);
            text.Blank();
            return;
        }

        text.Comment("Where each kernel call that can fail stands in the SQL.");
        using (text.Braces("private static readonly SourceSpan[] Sites =", "};"))
        {
            foreach (var (at, sql) in flow.Sites) text.Line($"{InfoLiterals.Of(at)}, // {CodeWriter.OneLine(sql)}");
        }

        text.Blank();
        using (text.Braces("public void Run(FlowRun run)"))
        {
            using (text.Braces("try")) text.Line("RunStages(run);");
            using (text.Braces("catch (KernelFault fault) when (fault.At.IsNone && (uint)fault.Site < (uint)Sites.Length)"))
            {
                text.Line("fault.At = Sites[fault.Site];");
                text.Line("throw;");
            }
        }

        text.Blank();
        using (text.Braces("private static void RunStages(FlowRun run)")) text.Append(run);
        text.Blank();
    }

    private string Map()
    {
        var stages = plan.Stages.Length == 0 ? "one segment" : $"{plan.Stages.Length + 1} stages";
        return $"{string.Join(", ", plan.Info.Sources.Select((_, i) => SourceName(i)).DefaultIfEmpty("no source"))} → {plan.Flow.Target.Name}   ({plan.Flow.Kind.ToString().ToLowerInvariant()}, {stages})";
    }

    private string SourceName(int slot) => plan.Flow.Plan.AllNested().OfType<Scan>().Select(s => s.Source.Describe()).ElementAtOrDefault(slot) ?? $"slot {slot}";

    /// <summary>The types whose methods the query calls, by name.</summary>
    private IEnumerable<string> CalledTypes() => plan.Flow.Plan.AllNested().SelectMany(n => n.Expressions()).SelectMany(e => e.All()).OfType<Call>()
        .Select(c => c.Overload.Method?.Type).OfType<string>().Distinct().Order(StringComparer.Ordinal).Select(ExpressionEmitter.TypeOf);

    private void WriteStage(Stage stage)
    {
        var variable = flow.Variable(stage);
        run.Blank();
        switch (stage)
        {
            case GatherStage gather:
                run.Comment(gather.Enough is { } most ? $"{gather.Name}: {most.ToString(System.Globalization.CultureInfo.InvariantCulture)} rows are enough" : $"{gather.Name}: all rows");
                var sink = new SegmentSink.Rows(gather.Pipe.Columns, null);
                var schema = classes.New(CSharpName.Pascal(variable) + "Schema");
                members.Blank();
                members.Line($"private static readonly Schema {schema} = {TypeLiteral.Of(gather.Pipe.Columns).Replace("\n", "\n        ", StringComparison.Ordinal)};");
                run.Line($"using var {variable} = new BatchBuffer({schema}, run{OrderOf(gather)});");
                isEnough = gather.Enough is { } rows ? $", isEnough: worker => {variable}.Has(worker, {CSharpLiteral.Of(rows)})" : "";
                Drive(gather.Pipe, sink with { Schema = schema }, $"{variable}.Worker(worker)");
                isEnough = "";
                break;
            case JoinStage join:
                {
                    var fill = classes.New("Fill" + CSharpName.Pascal(variable));
                    run.Line($"using var {variable} = JoinTable<{KeyStruct.NameOf(flow, join)}>.Of(run, {flow.Variable(join.Rows)}, {fill});");
                    members.Blank();
                    KeyStruct.Write(members, KeyStruct.NameOf(flow, join), KeyStruct.PartsOf(flow, join));
                    members.Blank();
                    KeyStruct.WriteFill(members, fill, flow, join);
                    break;
                }

            case AggregateStage aggregate:
                {
                    var emitter = new AggregateEmitter(flow, CSharpName.Pascal(variable), aggregate.Node);
                    aggregates.Add(stage, emitter);
                    run.Comment(aggregate.Node.Describe());
                    var workers = Drive(aggregate.Pipe, new SegmentSink.Groups(emitter), null);
                    run.Line($"var {variable} = {emitter.TableType}.Merge([.. {workers}.Select(w => w.Groups)]);");
                    members.Blank();
                    emitter.WriteMembers(members);
                    break;
                }

            case SortStage sort:
                {
                    run.Line($"using var {variable} = SortedRows.Of({flow.Variable(sort.Rows)}, {CSharpLiteral.Of(sort.Offset)}, {(sort.Count is { } n ? CSharpLiteral.Of(n) : "null")});");
                    break;
                }

            case HoldStage hold:
                run.Comment(hold.Node.Describe());
                run.Line($"using var {variable} = run.Hold({CSharpLiteral.Of(hold.Number)}, {flow.Variable(hold.Rows)});");
                break;
            case PairStage pairs:
                run.Comment(pairs.Node.Describe());
                run.Line($"using var {variable} = run.Pair({CSharpLiteral.Of(pairs.Number)}, {flow.Variable(pairs.Left)}, {flow.Variable(pairs.Right)});");
                break;
            case MatchStage matches:
                run.Comment(matches.Node.Describe());
                run.Line($"using var {variable} = run.Match({CSharpLiteral.Of(matches.Number)}, {flow.Variable(matches.Pairs)});");
                break;
            case WindowStage window:
                {
                    var emitter = new WindowEmitter(flow, window);
                    run.Line($"using var {variable} = WindowedRows.Of({emitter.SchemaName}, {flow.Variable(window.Rows)}, {CSharpLiteral.Of(window.Partition.Length)}, {emitter.Method});");
                    members.Blank();
                    emitter.WriteMembers(members);
                    break;
                }

            case SubqueryStage subquery:
                run.Line($"using var {variable} = {flow.Variable(subquery.Rows)}.Concat();");
                run.Line($"{flow.Variable(subquery.Rows)}.Dispose();");
                if (subquery.Use == SubqueryUse.In) run.Line($"var {variable}Values = new ValueSet({variable});");
                break;
            default:
                throw new UnreachableException(stage.GetType().Name);
        }
    }

    /// <summary>The order in which the rows of a gathering will be read, as a further argument of its buffer.</summary>
    private string OrderOf(GatherStage gather)
    {
        var (keys, most) = plan.Stages.Select(s => s switch
        {
            SortStage sort when ReferenceEquals(sort.Rows, gather) => (sort.Keys, sort.Count is { } n && n <= long.MaxValue - sort.Offset ? CSharpLiteral.Of(n + sort.Offset) : "null"),
            WindowStage window when ReferenceEquals(window.Rows, gather) => ([.. window.Partition.Select(p => new SortColumn(p, false, true)), .. window.Order], "null"),
            _ => ([], ""),
        }).FirstOrDefault(o => o.Item1.Length > 0, ([], ""));
        var columns = gather.Pipe.Columns;
        return keys.IsEmpty ? "" :
            $", new RowOrder([{string.Join(", ", keys.Select(k => CSharpLiteral.Of(columns.IndexOf(columns.First(c => c.Id == k.Column.Id)))))}], [{string.Join(", ", keys.Select(WindowEmitter.Direction))}]{(most == "null" ? "" : ", " + most)})";
    }

    private string? Drive(Pipe pipe, SegmentSink sink, string? output)
    {
        leaves = 0;
        return DrivePart(pipe, sink, output);
    }

    /// <summary>Writes a pipe's class and the statement that runs it; gives the variable with the workers' segments if somebody wants to look at them.</summary>
    private string? DrivePart(Pipe pipe, SegmentSink sink, string? output)
    {
        if (pipe.Input is FeedInput feed) return DriveFeed(pipe, feed, sink, output);
        if (sink is SegmentSink.Rows { Schema: { } schema } rows && leaves == 0 && Passed(pipe, rows) is { } columns)
        {
            leaves++;
            run.Line($"run.Drive({Source(pipe.Input)}, worker => new PassedRows({schema}, {output}, {columns}){Rest(pipe)});");
            return null;
        }

        var segment = new SegmentEmitter(flow, pipe, ClassOf(pipe), sink, leaves++);
        var workers = WriteSegment(segment);
        var drive = $"run.Drive({Source(pipe.Input)}, worker => {New(segment, output)}{Rest(pipe)})";
        if (sink is not SegmentSink.Groups)
        {
            run.Line(drive + ";");
            return null;
        }

        run.Line($"var {workers} = {drive};");
        return workers;
    }

    /// <summary>The further arguments of a drive.</summary>
    private string Rest(Pipe pipe) => (pipe.Input is SlotInput ? "" : ", isInput: false") + isEnough + Joins(pipe, ", joins: ");

    /// <summary>The input columns that a pipe passes on as they are, if it does nothing else.</summary>
    private static string? Passed(Pipe pipe, SegmentSink.Rows sink)
    {
        var at = new Dictionary<int, int>();
        foreach (var (ordinal, column) in pipe.Input.Columns.Index()) at[column.Id] = ordinal;
        foreach (var step in pipe.Steps)
        {
            if (step is not RowStep { Node: Project project }) return null;
            foreach (var item in project.Items)
            {
                if (item.Value is ColumnRef same && at.TryGetValue(same.Column.Id, out var ordinal)) at[item.Column.Id] = ordinal;
            }
        }

        var isPassed = pipe.Columns.Zip(sink.Columns).All(c => at.TryGetValue(c.First.Id, out var ordinal) && pipe.Input.Columns[ordinal].Type.Equals(c.Second.Type));
        return isPassed && pipe.Columns.Length > 0 ? string.Join(", ", pipe.Columns.Select(c => CSharpLiteral.Of(at[c.Id]))) : null;
    }

    private string? DriveFeed(Pipe pipe, FeedInput feed, SegmentSink sink, string? output)
    {
        if (pipe.Steps.IsEmpty && sink is SegmentSink.Rows)
        {
            // Nothing happens to the rows here: the members write to where they go.
            var outputs = flow.NewVariable(pipe.Name + "_output");
            run.Line($"var {outputs} = Workers.Each(run, worker => {output});");
            foreach (var member in feed.Members) DrivePart(member, sink, $"{outputs}[worker]");
            return null;
        }

        var segment = new SegmentEmitter(flow, pipe, ClassOf(pipe), sink, 0);
        var workers = WriteSegment(segment);
        run.Line($"var {workers} = Workers.Each(run, worker => {New(segment, output)});");
        foreach (var member in feed.Members) DrivePart(member, new SegmentSink.Rows(feed.Columns, null), $"{workers}[worker]");
        run.Line($"run.Finish({workers}{Joins(pipe, ", ")});");
        return workers;
    }

    /// <summary>The tables that a pipe looks into, as a further argument.</summary>
    private string Joins(Pipe pipe, string before)
    {
        var tables = pipe.Steps.OfType<ProbeStep>().Select(p => flow.Variable(p.Join)).ToList();
        return tables.Count == 0 ? "" : $"{before}[{string.Join(", ", tables)}]";
    }

    private string WriteSegment(SegmentEmitter segment)
    {
        var code = segment.Emit();
        members.Blank();
        members.Append(code);
        return flow.NewVariable(segment.ClassName);
    }

    private string ClassOf(Pipe pipe) => classes.New(CSharpName.Pascal(pipe.Name) + "Segment");

    private static string New(SegmentEmitter segment, string? output) =>
        $"new {segment.ClassName}(run{(segment.HasOutput ? ", " + output : "")}{segment.Arguments})";

    private string Source(PipeInput input)
    {
        switch (input)
        {
            case SlotInput slot:
                return $"run.Source({slot.Slot})";
            case RangeInput range:
                return $"new RangeSource({TypeLiteral.Of(range.Columns)}, {CSharpLiteral.Of(range.Range.Start)}, {CSharpLiteral.Of(range.Range.End)}, {CSharpLiteral.Of(range.Range.Step)})";
            case ValuesInput values:
                return $"ConstantRows.Of({TypeLiteral.Of(values.Columns)}, [{string.Join(", ", values.Rows.Select(r => r.IsEmpty ? "[]" : $"[{string.Join(", ", r.Select(v => CSharpLiteral.Boxed(v.Value)))}]"))}])";
            case UnmatchedInput unmatched:
                var table = flow.Variable(unmatched.Join);
                return $"{table}.UnmatchedRows()";
            case StageInput { Stage: AggregateStage stage }:
                var aggregate = aggregates[stage];
                return $"new GroupSource<{aggregate.TypeArguments}>({aggregate.SchemaName}, {flow.Variable(stage)}, {aggregate.RowsMethod})";
            case StageInput { Stage: SortStage or WindowStage or HoldStage or PairStage or MatchStage } stored:
                return flow.Variable(stored.Stage);
            default:
                throw new UnreachableException(input.GetType().Name);
        }
    }
}
