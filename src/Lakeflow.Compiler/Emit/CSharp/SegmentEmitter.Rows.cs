using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>The end of a segment that makes batches: computed columns in the loop, the others gathered after it.</summary>
internal sealed partial class SegmentEmitter
{
    /// <summary>Above this many computed columns they are computed in loops of their own.</summary>
    private const int ColumnsInLoop = 16;

    private const int ColumnsPerExtraLoop = 8;

    /// <summary>Rows after which a batch that fans out is passed on.</summary>
    private const int FanOutRows = 8192;

    private void WriteRows(Method method, SegmentSink.Rows sink)
    {
        var loop = method.Loop;
        var taken = new List<(int Column, Binding.Stored From)>();
        var computed = new List<int>();
        for (var c = 0; c < sink.Columns.Length; c++)
        {
            if (StoredBehind(method, pipe.Columns[c]) is { } stored && stored.Column.Type.Equals(sink.Columns[c].Type)) taken.Add((c, stored));
            else computed.Add(c);
        }

        var extra = computed.Count > ColumnsInLoop && !method.OnlyInLoop && computed.All(c => !IsDrawn(loop, pipe.Columns[c]));
        var inLoop = extra ? [] : computed;
        var capacity = method.FansOut ? CSharpLiteral.Of(FanOutRows) : "rows.Length";
        method.First.Line($"writer.Begin({capacity});");

        // Values first, places after: a name wished for by a value goes to the value.
        var renew = new List<string>();
        var values = inLoop.ConvertAll(c => (Column: c, Value: method.Expressions.Emit(new ColumnRef(pipe.Columns[c], SourceSpan.None))));
        var store = new CodeWriter();
        var counted = method.Drops || method.FansOut;
        foreach (var (c, value) in values) Store(loop, store, renew, c, sink.Columns[c], value, counted ? "n" : "i");

        var sources = !counted ? [] : method.Sources.Where(s => (extra && computed.Count > 0) || taken.Exists(t => t.From.Rows.Index == s.Index)).ToList();
        var rowCount = counted ? "n" : "rows.Length";
        if (method.FansOut)
        {
            using (loop.Body.Braces($"if (n == {capacity})"))
            {
                loop.Body.Line("Flush(rows, n);");
                loop.Body.Line($"writer.Begin({capacity});");
                foreach (var line in renew) loop.Body.Line(line);
                loop.Body.Line("n = 0;");
            }

            loop.Body.Blank();
        }

        if (counted || inLoop.Count > 0) loop.Body.Append(store);
        if (counted)
        {
            method.First.Line("var n = 0;");
            foreach (var source in sources)
            {
                var numbers = Numbers(source);
                method.First.Line($"var {numbers}Now = Violations.Room(ref {numbers}, {capacity});");
                loop.Body.Line($"{numbers}Now[n] = {source.Index};");
            }

            loop.Body.Line("n++;");
        }
        else if (inLoop.Count == 0 && loop.Body.IsEmpty is false && !method.Drops && pipe.Steps.All(s => s is RowStep { Node: Project }))
        {
            // Nothing is computed in the loop: there is none.
            loop.Body = new CodeWriter();
        }

        var tail = method.FansOut ? new CodeWriter() : method.After;
        var tailLoop = method.FansOut ? FlushLoop(loop) : loop;
        foreach (var (c, from) in taken) Take(tail, tailLoop, c, from, counted);
        if (extra)
        {
            foreach (var group in computed.Chunk(ColumnsPerExtraLoop)) ExtraLoop(method, tail, group, sink, counted, rowCount);
        }

        var ordinal = member == 0 ? "rows.Ordinal" : $"rows.Ordinal + ({CSharpLiteral.Of(member)}L << 56)";
        tail.Line($"writer.Commit({rowCount}, {ordinal}{(counted || pipe.Input is not SlotInput ? "" : ", rows.Origin")});");
        if (!method.FansOut) return;
        method.After.Line("if (n > 0) Flush(rows, n);");
        FinishFlush(tail, tailLoop);
    }

    private Loop FlushLoop(Loop outer)
    {
        var inner = new Loop(members, new CodeWriter(), new CodeWriter(), new NameScope("rows", "n", "writer", "i"), noNulls: false);
        inner.BindAll(outer);
        return inner;
    }

    private bool flushed;

    private void FinishFlush(CodeWriter tail, Loop loop)
    {
        // Both null variants end in the same method.
        if (flushed) return;
        flushed = true;
        var method = new CodeWriter();
        using (method.Braces("private void Flush(RecordBatch rows, int n)"))
        {
            method.Append(loop.Prologue);
            method.Append(tail);
        }

        members.Method(method);
    }

    /// <summary>The column of a batch that a column passes on unchanged, or null.</summary>
    private static Binding.Stored? StoredBehind(Method method, PlanColumn column) => method.Loop.Resolve(column) switch
    {
        Binding.Stored stored => stored,
        Binding.Computed { Expr: GetField field } => method.Expressions.StoredField(field),
        _ => null,
    };

    private static bool IsDrawn(Loop loop, PlanColumn column) => loop[column] switch
    {
        Binding.Computed c => !c.Expr.IsDeterministic || c.Expr.ColumnsRead().Any(r => IsDrawn(loop, r)),
        Binding.Held => true,
        _ => false,
    };

    private string Numbers(RowSource source)
    {
        var name = source.Index == "i" ? "selection" : source.Index + "Rows";
        selections.Add(name);
        return name;
    }

    private void Take(CodeWriter tail, Loop loop, int column, Binding.Stored from, bool counted)
    {
        var array = $"{loop.BatchOf(from.Rows)}.Columns[{CSharpLiteral.Of(from.Ordinal)}]";
        if (!counted) tail.Line($"writer.Set({CSharpLiteral.Of(column)}, {array}.Retain());");
        else tail.Line($"writer.Take({CSharpLiteral.Of(column)}, {array}, {Numbers(from.Rows)}.AsSpan(0, n));");
    }

    /// <summary>The statements that write a value into its output column at row n.</summary>
    internal static void Store(Loop loop, CodeWriter store, List<string> renew, int c, PlanColumn column, Value value, string row = "n")
    {
        var at = CSharpLiteral.Of(c);
        var wish = "out" + CSharpName.Pascal(column.Name);
        switch (column.Type)
        {
            case NullType:
                store.Line($"{Place(wish, $"writer.Nested({at})")}.AppendNull();");
                return;
            case ListType or MapType or StructType:
                store.Line($"{Place(wish, $"writer.Nested({at})")}.AppendValue({(value.IsAlwaysNull ? "null" : value.IsNeverNull ? value.Text : $"{Value.Wrap(value.Valid)} ? {value.Text} : null")});");
                return;
            case StringType or BinaryType:
                var text = Place(wish, $"writer.Text({at})");
                if (value.IsAlwaysNull) store.Line($"{text}.AppendNull();");
                else if (value.IsNeverNull) store.Line($"{text}.Append({value.Text});");
                else store.Line($"if ({value.Valid}) {text}.Append({value.Text}); else {text}.AppendNull();");
                break;
            case BooleanType:
                store.Line($"{Place(wish, $"writer.Flags({at})")}[{row}] = (byte)({(value.IsAlwaysNull ? "0" : $"{Value.Wrap(value.Text)} ? 1 : 0")});");
                break;
            default:
                store.Line($"{Place(wish, $"writer.Values<{PhysicalTypes.NameOf(column.Type)}>({at})")}[{row}] = {(value.IsAlwaysNull ? "default" : value.Text)};");
                break;
        }

        if (!value.IsNeverNull) store.Line($"{Place(wish + "Valid", $"writer.Valid({at})")}[{row}] = (byte)({(value.IsAlwaysNull ? "0" : $"{Value.Wrap(value.Valid)} ? 1 : 0")});");

        string Place(string name, string initializer)
        {
            var local = loop.Before(name, initializer);
            renew.Add($"{local} = {initializer};");
            return local;
        }
    }

    /// <summary>A method that computes some columns for the rows that were kept.</summary>
    private void ExtraLoop(Method method, CodeWriter tail, int[] group, SegmentSink.Rows sink, bool counted, string rowCount)
    {
        var name = members.Names.New($"Columns{group[0] + 1}To{group[^1] + 1}");
        tail.Line($"{name}(rows, {rowCount});");
        var names = new NameScope(["rows", "count", "n", "i", "run", "output", "writer", "scratch", "constants", "keyTexts", .. method.Sources.Select(s => s.Index), .. members.Parameters.Select(p => p.Name)]);
        var inner = new Loop(members, new CodeWriter(), new CodeWriter(), names, method.Loop.NoNulls) { Present = method.Loop.Present };
        inner.BindAll(method.Loop);
        var expressions = new ExpressionEmitter(inner);
        var store = new CodeWriter();
        foreach (var c in group)
        {
            var value = expressions.Emit(new ColumnRef(pipe.Columns[c], SourceSpan.None));
            Store(inner, store, [], c, sink.Columns[c], value, counted ? "n" : "i");
        }

        method.Loop.NullableRead.UnionWith(inner.NullableRead);
        var code = new CodeWriter();
        using (code.Loops($"private void {name}(RecordBatch rows, int count)"))
        {
            code.Append(inner.Prologue);
            code.Blank();
            using (code.Braces(counted ? "for (var n = 0; n < count; n++)" : "for (var i = 0; i < count; i++)"))
            {
                if (counted)
                {
                    foreach (var source in method.Sources) code.Line($"var {source.Index} = {Numbers(source)}[n];");
                }

                if (members.UsesScratch) code.Line("scratch.Reset();");
                code.Append(inner.Body);
                code.Append(store);
            }
        }

        members.Method(code);
    }
}
