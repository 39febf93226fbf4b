using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Writes a window stage: sort, cut into partitions and peers, then one column for each call.</summary>
internal sealed class WindowEmitter(FlowMembers flow, WindowStage stage)
{
    private readonly string name = CSharpName.Pascal(flow.Variable(stage));
    private readonly ImmutableArray<PlanColumn> input = stage.Rows.Pipe.Columns;

    public string Method => "Compute" + name;

    public string SchemaName => name + "Schema";

    public void WriteMembers(CodeWriter text)
    {
        var columns = input.Concat(stage.Node.Calls.Select(c => c.Column)).ToImmutableArray();
        text.Line($"private static readonly Schema {name}Schema = {TypeLiteral.Of(columns).Replace("\n", "\n        ", StringComparison.Ordinal)};");
        text.Blank();
        var frames = new CodeWriter();
        var body = new CodeWriter();
        var made = stage.Node.Calls.Select((call, i) => $"{Column(body, frames, call, stage.Arguments[i], i)}").ToList();

        text.Line($"/// <summary>{SegmentEmitter.Xml(stage.Node.Describe())}</summary>");
        using (text.Braces($"private static RecordBatch {Method}(RecordBatch gathered, CancellationToken stop)"))
        {
            var keys = stage.Partition.Select(p => new SortColumn(p, false, true)).Concat(stage.Order).ToList();
            if (keys.Count == 0)
            {
                text.Line("var rows = gathered;");
                text.Line("var layout = new WindowLayout(rows.Length);");
            }
            else
            {
                text.Line($"var order = new SortOrder([{string.Join(", ", keys.Select(k => $"gathered.Columns[{Ordinal(k.Column)}]"))}], [{string.Join(", ", keys.Select(Direction))}], stop);");
                text.Line("var sorted = order.Rows();");
                text.Line($"var layout = new WindowLayout(order, sorted, {stage.Partition.Length}, {keys.Count});");
                text.Line("using var rows = Gather.Take(gathered, sorted);");
            }

            text.Blank();
            text.Append(body);
            text.Line($"return new RecordBatch({name}Schema, [.. rows.Columns.Select(c => c.Retain()), {string.Join(", ", made)}], rows.Length);");
        }

        text.Append(frames);
    }

    public static string Direction(SortColumn key) => $"new SortDirection({CSharpLiteral.Of(key.Descending)}, {CSharpLiteral.Of(key.NullsFirst)})";

    private string Ordinal(PlanColumn column) => CSharpLiteral.Of(input.IndexOf(input.First(c => c.Id == column.Id)));

    private string Column(CodeWriter body, CodeWriter frames, NamedWindowCall named, ImmutableArray<Expr> arguments, int number)
    {
        var call = named.Call;
        body.Comment($"{call} AS {named.Column.Name}");
        string Values(int i) => arguments[i] is ColumnRef c ? $"rows.Columns[{Ordinal(c.Column)}]" : $"WindowColumns.Constant({TypeLiteral.Of(arguments[i].Type)}, {CSharpLiteral.Boxed(((Literal)arguments[i]).Value)}, rows.Length)";
        string Number(int i, string otherwise) => i < arguments.Length && arguments[i] is Literal { Value: { } n } ? Convert.ToInt64(n, System.Globalization.CultureInfo.InvariantCulture).ToString(System.Globalization.CultureInfo.InvariantCulture) : otherwise;
        var frame = FramesOf(call.Frame, stage.Bounds[number]);
        var ignore = CSharpLiteral.Of(call.IgnoreNulls);
        var made = call.Function.Name switch
        {
            "row_number" => "layout.RowNumber()",
            "rank" => "layout.Rank()",
            "dense_rank" => "layout.DenseRank()",
            "percent_rank" => "layout.PercentRank()",
            "cume_dist" => "layout.CumeDist()",
            "ntile" => $"layout.Ntile({Number(0, "1")})",
            "lag" or "lead" => $"WindowColumns.Offset(layout, {Values(0)}, {(call.Function.Name == "lag" ? "-" : "")}{Number(1, "1")}, {ignore}, {(arguments.Length > 2 ? Values(2) : "null")})".Replace("--", "", StringComparison.Ordinal),
            "first_value" or "first" or "any_value" => $"Gather.Take({Values(0)}, layout.NthOfFrame({Values(0)}, 1, {ignore}, {frame}))",
            "last_value" or "last" => $"Gather.Take({Values(0)}, layout.NthOfFrame({Values(0)}, -1, {ignore}, {frame}))",
            "nth_value" => $"Gather.Take({Values(0)}, layout.NthOfFrame({Values(0)}, {Number(1, "1")}, {ignore}, {frame}))",
            _ => null,
        };
        var variable = "column" + (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        body.MappedTo(call.Origin, $"var {variable} = {made ?? Frame(frames, named, arguments, frame, number)};");
        return variable;
    }

    /// <summary>The expression that makes a call's frames.</summary>
    private string FramesOf(WindowFrame frame, RangeColumns? bounds)
    {
        string Column(PlanColumn? column) => column is null ? "null" : $"rows.Columns[{Ordinal(column)}]";
        return bounds is null
            ? $"new WindowFrames(layout, {CSharpLiteral.Of(frame.Unit == FrameUnit.Rows)}, {Bound(frame.Start)}, {Bound(frame.End)})"
            : $"new WindowFrames(layout, {Column(bounds.Key)}, {Column(bounds.From)}, {Column(bounds.To)}, {CSharpLiteral.Of(stage.Order[0].Descending)})";
    }

    /// <summary>
    /// An aggregate over a frame. Where frames only grow, one state goes on from row to row; where their start moves, states of single rows
    /// are merged. A state that is an object cannot be copied for that: it begins anew whenever the start has moved.
    /// </summary>
    private string Frame(CodeWriter frames, NamedWindowCall named, ImmutableArray<Expr> arguments, string frame, int number)
    {
        var call = named.Call;
        var prefix = name + CSharpName.Pascal(named.Column.Name) + (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var aggregate = new AggregateCall(call.Function, call.Overload, arguments, Distinct: false, Filter: null, call.Type, call.Nullable, call.Origin);
        var emitter = new AggregateEmitter(flow, prefix, new Aggregate(stage.Node.Input, [], [new NamedAggregate(aggregate, named.Column)], call.Origin));
        var slides = call.Frame.Start is not null && emitter.IsPlain;
        frames.Blank();
        emitter.WriteState(frames);
        frames.Blank();

        var members = new ClassMembers(flow, new NameScope());
        var names = new NameScope("rows", "layout", "writer", "made", "state", "from", "to", "first", "after", "n", "row", "states", "alone", "sliding", "frames");
        var update = new Loop(members, new CodeWriter(), new CodeWriter(), names, noNulls: false);
        var source = new RowSource("rows", slides ? "row" : "to", IsOuter: false, IsInput: false);
        for (var c = 0; c < input.Length; c++) update.Bind(input[c], new Binding.Stored(source, c, input[c]));
        emitter.WriteUpdates(new SegmentEmitter.Method(update));
        var result = new Loop(members, update.Prologue, new CodeWriter(), names, noNulls: false);
        var value = emitter.Result(result, 0);
        SegmentEmitter.Store(result, result.Body, [], 0, named.Column, value);

        using (frames.Loops($"private static ArrowArray {prefix}(RecordBatch rows, WindowLayout layout)"))
        {
            frames.Line($"var frames = {frame};");
            frames.Line("var made = new BatchCapture();");
            frames.Line($"var writer = new BatchWriter({TypeLiteral.Of([named.Column])}, made);");
            frames.Line("writer.Begin(rows.Length);");
            frames.Append(update.Prologue);
            if (slides) WriteSliding(frames, emitter.StateType, update.Body, result.Body);
            else WriteGrowing(frames, emitter.StateType, update.Body, result.Body);
            frames.Blank();
            frames.Line("writer.Commit(rows.Length, 0);");
            frames.Line("using var batch = made.Take();");
            frames.Line($"return batch is null ? ArrayBuilder.Create({TypeLiteral.Of(named.Column.Type)}).Build() : batch.Columns[0].Retain();");
        }

        return $"{prefix}(rows, layout)";
    }

    private static void WriteSliding(CodeWriter text, string type, CodeWriter update, CodeWriter result)
    {
        text.Line($"var alone = new {type}[rows.Length];");
        using (text.Braces("for (var row = 0; row < rows.Length; row++)"))
        {
            text.Line($"var state = {type}.New();");
            text.Append(update);
            text.Line("alone[row] = state;");
        }

        text.Blank();
        text.Line($"var sliding = new SlidingStates<{type}>(alone);");
        using (text.Braces("for (var n = 0; n < rows.Length; n++)"))
        {
            text.Line("var (first, after) = frames.Of(n);");
            text.Line("var state = sliding.Of(first, after);");
            text.Append(result);
        }
    }

    private static void WriteGrowing(CodeWriter text, string type, CodeWriter update, CodeWriter result)
    {
        text.Line($"var state = {type}.New();");
        text.Line("var (from, to) = (0, 0);");
        using (text.Braces("for (var n = 0; n < rows.Length; n++)"))
        {
            text.Line("var (first, after) = frames.Of(n);");
            using (text.Braces("if (first != from || after < to)"))
            {
                text.Line($"state = {type}.New();");
                text.Line("(from, to) = (first, first);");
            }

            text.Blank();
            using (text.Braces("for (; to < after; to++)")) text.Append(update);
            text.Blank();
            text.Append(result);
        }
    }

    private static string Bound(long? at) => at is null ? "null" : CSharpLiteral.Of(at.Value);
}
