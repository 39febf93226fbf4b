using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Watermarks inside the loop.</summary>
internal sealed partial class SegmentEmitter
{
    private static void WriteMark(Method method, MarkStep step)
    {
        var loop = method.Loop;
        var time = method.Expressions.EmitHeld(new ColumnRef(step.Node.Time, step.Node.Origin), CSharpName.From(step.Node.Time.Name));
        var latest = loop.Names.New("latest");
        method.First.Line($"var {latest} = long.MinValue;");
        loop.Body.Blank();
        loop.Body.Comment($"WATERMARK {step.Node.Time.Name}");
        loop.Body.Line($"if ({Value.And(time.Valid, $"{time.Text} > {latest}")}) {latest} = {time.Text};");
        method.After.Line($"run.Saw({CSharpLiteral.Of(step.Number)}, {latest});");
    }

    private void WriteInTime(Method method, InTime inTime)
    {
        var loop = method.Loop;
        var due = method.Expressions.EmitHeld(new ColumnRef(inTime.Due, inTime.Origin), "due");
        var late = loop.Names.New("late");
        var watermark = loop.Before("watermark", $"run.Watermark({CSharpLiteral.Of(inTime.Clock.Steps)}, {CSharpLiteral.Of(inTime.Clock.Lag)})");
        method.First.Line($"var {late} = 0;");
        loop.Body.Blank();
        loop.Body.Comment("Rows whose time is up are late.");
        if (due.Valid != Value.Always) loop.Body.Line($"if ({Value.Not(due.Valid)}) continue;");
        using (loop.Body.Braces($"if ({due.Text} <= {watermark})"))
        {
            var told = inTime.Columns.Where(c => !c.Name.StartsWith("__", StringComparison.Ordinal)).ToImmutableArray();
            var row = RowMethod(method, inTime, "LateRowAt", "Late", told);
            loop.Body.Line($"{late}++;");
            loop.Body.Line($"if (run.KeepsLate) run.KeepLate({row}(rows{string.Concat(method.Sources.Select(s => ", " + s.Index))}));");
            loop.Body.Line("continue;");
        }

        loop.Body.Blank();
        method.After.Line($"run.Counts.AddLate({late});");
        method.Drops = true;
    }
}
