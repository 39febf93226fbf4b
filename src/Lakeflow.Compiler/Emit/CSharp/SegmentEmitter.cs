using System.Diagnostics;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>What a segment's rows end in.</summary>
internal abstract record SegmentSink
{
    /// <summary>Batches for an <c>IBatchSink</c>.</summary>
    /// <param name="Columns">The columns of the batches; the pipe's columns match by position.</param>
    /// <param name="Schema">C# expression of their schema, if there is one already.</param>
    public sealed record Rows(ImmutableArray<PlanColumn> Columns, string? Schema) : SegmentSink;

    /// <summary>Groups and their states.</summary>
    public sealed record Groups(AggregateEmitter Aggregate) : SegmentSink;
}

/// <summary>Writes the class of one pipe: a loop over a batch through its steps into the sink.</summary>
/// <param name="flow">The flow it belongs to.</param>
/// <param name="pipe">Input and steps.</param>
/// <param name="className">Its name in the flow's class.</param>
/// <param name="sink">What the rows end in.</param>
/// <param name="member">Its number among the pipes that feed one sink, so that their batches keep their order; 0 if it is alone.</param>
internal sealed partial class SegmentEmitter(FlowMembers flow, Pipe pipe, string className, SegmentSink sink, int member)
{
    /// <summary>Above this many characters a loop is written in one variant only.</summary>
    private const int VariantsUpTo = 24_000;

    private const string Input = "rows";

    private readonly ClassMembers members = new(flow, new NameScope(
        "Process", "Write", "Finish", "Output", "writer", "scratch", "constants", "run", "output", "rows", "Groups", "WithNulls", "WithoutNulls", "Flush", "keyTexts", "sums", "Narrow", "NarrowWithNulls", "General", "FitsLongs", className));

    private readonly Dictionary<LogicalPlan, string> rowMethods = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> selections = [];
    private readonly SortedSet<string> asides = new(StringComparer.Ordinal);
    private bool usesKeyTexts;

    /// <summary>Arguments of the constructor after the run and, for rows, the sink; known once it is written.</summary>
    public string Arguments => string.Concat(members.Parameters.Select(p => ", " + p.Name));

    public string ClassName => className;

    /// <summary>True if it takes the sink as its second argument.</summary>
    public bool HasOutput => sink is SegmentSink.Rows;

    public CodeWriter Emit()
    {
        var general = new CodeWriter();
        var nullable = WriteBody(general, noNulls: false, isNarrow: false);
        CodeWriter? lean = null, narrowWithNulls = null;
        var aggregate = (sink as SegmentSink.Groups)?.Aggregate;
        if (flow.Variants && (nullable.Count > 0 || aggregate is { MayBeNarrow: true }) && general.Weight <= VariantsUpTo)
        {
            lean = new CodeWriter();
            WriteBody(lean, noNulls: true, isNarrow: true);
        }

        var narrow = aggregate?.Narrow;
        if (nullable.Count == 0 && narrow is null) lean = null;
        if (nullable.Count > 0 && narrow is not null)
        {
            narrowWithNulls = new CodeWriter();
            WriteBody(narrowWithNulls, noNulls: false, isNarrow: true);
        }

        var (leanName, generalName) = narrow is null ? ("WithoutNulls", "WithNulls") : ("Narrow", "General");

        var text = new CodeWriter();
        text.Line($"/// <summary>{Map()}</summary>");
        var parameters = string.Concat(members.Parameters.Select(p => $", {p.Type} {p.Name}"));
        using (text.Braces($"private sealed class {className}(FlowRun run{(HasOutput ? ", IBatchSink output" : "")}{parameters}) : ISegment, IBatchSink"))
        {
            Fields(text);
            if (lean is null && aggregate is not { HasKeys: true } && asides.Count == 0)
            {
                text.Line($"public void Process(RecordBatch rows) => {generalName}(rows);");
            }
            else
            {
                using (text.Braces("public void Process(RecordBatch rows)"))
                {
                    if (narrow is not null) text.Line($"if (!FitsLongs(rows)) {generalName}(rows);");
                    if (lean is null) text.Line($"{generalName}(rows);");
                    else if (nullable.Count > 0) text.Line($"{(narrow is null ? "" : "else ")}if (Columns.NoNulls(rows, {string.Join(", ", nullable)})) {leanName}(rows);");
                    if (lean is not null) text.Line($"else {(narrow is null ? generalName : nullable.Count > 0 ? "NarrowWithNulls" : leanName)}(rows);");
                    foreach (var aside in asides) text.Line($"{aside}.Keep(rows);");
                    if (aggregate is { HasKeys: true }) WriteSpill(text, narrow is not null);
                }
            }

            text.Blank();
            text.Line("public void Write(RecordBatch rows) => Process(rows);");
            text.Blank();
            using (text.Braces("public void Finish()"))
            {
                if (narrow is not null && aggregate!.HasKeys) text.Line("sums.Settle(Groups);");
                else text.Comment("Nothing is held back between batches.");
            }

            if (narrow is not null)
            {
                text.Blank();
                text.Comment("Whether 64 bits hold all products and sums, as far as the greatest values of the columns tell.");
                using (text.Braces("private bool FitsLongs(RecordBatch rows)")) narrow.WriteFits(text, aggregate!.HasKeys ? "sums.Take(Groups, " : "Magnitude.Fits(");
            }

            if (lean is not null)
            {
                text.Blank();
                using (text.Loops($"private void {leanName}(RecordBatch rows)")) text.Append(lean);
            }

            if (narrowWithNulls is not null)
            {
                text.Blank();
                using (text.Loops("private void NarrowWithNulls(RecordBatch rows)")) text.Append(narrowWithNulls);
            }

            text.Blank();
            using (text.Loops($"private void {generalName}(RecordBatch rows)")) text.Append(general);
            foreach (var method in members.Methods)
            {
                text.Blank();
                text.Append(method);
            }
        }

        return text;
    }

    /// <summary>After a batch: groups that take more than their share of memory go to a file.</summary>
    private void WriteSpill(CodeWriter text, bool isNarrow)
    {
        text.Blank();
        text.Line($"if (!Groups.IsOver({(isNarrow ? "sums.Bytes" : "")})) return;");
        if (isNarrow) text.Line("sums.Release(Groups);");
        if (members.Fields.Any(f => f.Contains(" codeGroups ", StringComparison.Ordinal))) text.Line("codeGroups.Forget();");
        text.Line("Groups.Spill();");
    }

    private void Fields(CodeWriter text)
    {
        if (sink is SegmentSink.Rows rows)
        {
            if (rows.Schema is null)
            {
                text.Line($"public static readonly Schema Output = {TypeLiteral.Of(rows.Columns).Replace("\n", "\n            ", StringComparison.Ordinal)};");
                text.Blank();
            }

            text.Line($"private readonly BatchWriter writer = new({rows.Schema ?? "Output"}, output);");
        }
        else if (sink is SegmentSink.Groups groups)
        {
            text.Line($"public {groups.Aggregate.TableType} Groups {{ get; }} = {groups.Aggregate.NewTable};");
            if (groups.Aggregate is { Narrow: not null, HasKeys: true }) text.Line($"private readonly PartialSums<{groups.Aggregate.TypeArguments}, {groups.Aggregate.SumsType}> sums = new();");
        }

        foreach (var field in members.Fields) text.Line(field);
        foreach (var selection in selections.Distinct()) text.Line($"private int[] {selection} = [];");
        if (members.UsesConstants) text.Line("private readonly RunValues constants = new(run.Constants);");
        if (usesKeyTexts) text.Line("private readonly TextKeyArena keyTexts = new();");
        if (members.UsesScratch) text.Line("private TextArena scratch;");
        text.Blank();
    }

    /// <summary>The segment in one line, for the class's summary.</summary>
    private string Map()
    {
        var parts = pipe.Steps.Select(s => s switch
        {
            RowStep r => r.Node.GetType().Name,
            MarkStep => "Watermark",
            InTimeStep => "InTime",
            ProbeStep p => $"{p.Kind} join {p.Join.Rows.Name}",
            GenerateStep => "Generate",
            _ => throw new UnreachableException(),
        });
        var end = sink is SegmentSink.Groups ? "Aggregate" : "rows";
        return Xml(string.Join(" → ", new[] { pipe.Name }.Concat(parts).Append(end)));
    }

    internal static string Xml(string text) => CodeWriter.OneLine(text)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Writes the loop with what stands around it; gives the nullable input columns that it reads.</summary>
    private SortedSet<int> WriteBody(CodeWriter text, bool noNulls, bool isNarrow)
    {
        var names = new NameScope(["rows", "n", "i", "run", "output", "writer", "scratch", "constants", "keyTexts", "selection", "mask", "groupIds", "groupNumbers", "groupSums", "Groups", "state", "group", "slot", "sum", "sums", .. members.Parameters.Select(p => p.Name)]);
        var loop = new Loop(members, new CodeWriter(), new CodeWriter(), names, noNulls);
        var method = new Method(loop) { IsNarrow = isNarrow };
        var input = new RowSource(Input, "i", IsOuter: false, IsInput: true);
        method.Sources.Add(input);
        for (var c = 0; c < pipe.Input.Columns.Length; c++) loop.Bind(pipe.Input.Columns[c], new Binding.Stored(input, c, pipe.Input.Columns[c]));

        if (noNulls && sink is SegmentSink.Groups { Aggregate.HasKeys: false } one) WriteLanes(method, one.Aggregate);
        foreach (var step in pipe.Steps) Write(method, step);
        if (sink is SegmentSink.Rows rows) WriteRows(method, rows);
        else ((SegmentSink.Groups)sink).Aggregate.WriteUpdate(method);

        for (var open = method.Open.Count - 1; open >= 0; open--) method.Open[open].Dispose();
        text.Append(method.First);
        text.Append(loop.Prologue);
        if (!loop.Body.IsEmpty)
        {
            text.Blank();
            var left = method.Masked ? names.New("left") : "rows";
            if (method.Masked) text.Line($"var {left} = mask.Rows();");
            foreach (var (head, body) in method.KeyLoops)
            {
                if (head.Length == 0) WriteLoop(text, method, left, body);
                else using (text.Braces(head)) WriteLoop(text, method, left, body);
                if (head is "" or "else") text.Blank();
            }

            text.Append(method.BeforeRows);
            WriteLoop(text, method, left, loop.Body);
            if (!method.After.IsEmpty) text.Blank();
        }

        text.Append(method.After);
        return loop.NullableRead;
    }

    private void WriteLoop(CodeWriter text, Method method, string left, CodeWriter body)
    {
        var row = method.Row;
        using (text.Braces(method.HasLanes ? "for (; i < rows.Length; i++)" : $"for (var {row} = 0; {row} < {left}.Length; {row}++)"))
        {
            if (method.Masked) text.Line($"var i = {left}[{row}];");
            if (members.UsesScratch) text.Line("scratch.Reset();");
            text.Append(body);
        }
    }

    private void Write(Method method, Step step)
    {
        switch (step)
        {
            case RowStep { Node: Filter filter }:
                WriteFilter(method, WriteMask(method, filter.Predicate), "WHERE " + filter.Predicate);
                method.Drops = true;
                break;
            case RowStep { Node: Project project }:
                foreach (var item in project.Items)
                {
                    if (item.Value is ColumnRef same && same.Column.Id == item.Column.Id) continue;
                    method.Loop.Bind(item.Column, new Binding.Computed(item.Value, item.Column.Name));
                    // A value that is drawn is drawn once for each row, whoever reads it and however often.
                    if (!item.Value.IsDeterministic) method.Expressions.Emit(new ColumnRef(item.Column, item.Value.Origin));
                }

                break;
            case RowStep { Node: Expect expect }:
                WriteExpect(method, expect);
                break;
            case MarkStep mark:
                WriteMark(method, mark);
                break;
            case InTimeStep inTime:
                WriteInTime(method, inTime.Node);
                break;
            case ProbeStep probe:
                WriteProbe(method, probe);
                break;
            case GenerateStep generate:
                WriteGenerate(method, generate);
                break;
            default:
                throw new UnreachableException(step.ToString());
        }
    }

    /// <summary>One test for each part of a conjunction, cheapest reading first to last as written.</summary>
    private static void WriteFilter(Method method, IReadOnlyList<Expr> parts, string? comment = null)
    {
        if (parts.Count > 0 && comment is not null)
        {
            method.Loop.Body.Blank();
            method.Loop.Body.Comment(comment);
        }

        foreach (var part in parts)
        {
            var keep = method.Expressions.Condition(part);
            if (keep == Value.Always) continue;
            method.Loop.Body.MappedTo(part.Origin, keep == Value.Never ? "if (i >= 0) continue;" : $"if ({Value.Not(keep)}) continue;");
        }
    }

    /// <summary>A method in the making.</summary>
    internal sealed class Method(Loop loop)
    {
        private string? row;

        public Loop Loop => loop;

        public ExpressionEmitter Expressions { get; } = new(loop);

        /// <summary>True in the variants where bounds say that 64 bits hold the sums.</summary>
        public bool IsNarrow { get; init; }

        /// <summary>Before the prologue.</summary>
        public CodeWriter First { get; } = new();

        /// <summary>After the loop.</summary>
        public CodeWriter After { get; } = new();

        /// <summary>Loops opened inside the loop over the batch.</summary>
        public List<CodeWriter.Block> Open { get; } = [];

        /// <summary>The batches that rows are made from, each with its index.</summary>
        public List<RowSource> Sources { get; } = [];

        /// <summary>True if a row may leave the loop before its end.</summary>
        public bool Drops { get; set; }

        /// <summary>True if the loop runs over the rows that a mask left.</summary>
        public bool Masked { get; set; }

        /// <summary>The variable that counts the rows of the loop.</summary>
        public string Row => Masked ? row ??= loop.Names.New("row") : "i";

        /// <summary>Bodies of loops over the same rows before the main one, each below a condition or "".</summary>
        public List<(string Head, CodeWriter Body)> KeyLoops { get; } = [];

        /// <summary>Directly before the main loop.</summary>
        public CodeWriter BeforeRows { get; } = new();

        /// <summary>True if a loop over several rows at once stands before the main one, which is for the rest.</summary>
        public bool HasLanes { get; set; }

        /// <summary>True if a row in may give several out.</summary>
        public bool FansOut { get; set; }

        /// <summary>True if columns hold what only the loop knows, so that they cannot be computed after it.</summary>
        public bool OnlyInLoop { get; set; }
    }
}
