using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>One aggregate over everything, of sums in 64 bits behind conditions on single columns: all of it for several rows at once, in vectors.</summary>
internal sealed partial class SegmentEmitter
{
    /// <summary>Writes the loop over several rows at once, if the pipe is of that kind; the main loop is for the rows that are left over.</summary>
    private void WriteLanes(Method method, AggregateEmitter aggregate)
    {
        var loop = method.Loop;
        var filters = new List<(Expr Part, Range Range)>();
        foreach (var step in pipe.Steps)
        {
            switch (step)
            {
                case RowStep { Node: Project project } when project.Items.All(i => i.Value.IsDeterministic):
                    foreach (var item in project.Items)
                    {
                        if (item.Value is ColumnRef same && same.Column.Id == item.Column.Id) continue;
                        loop.Bind(item.Column, new Binding.Computed(item.Value, item.Column.Name));
                    }

                    break;
                case RowStep { Node: Filter filter }:
                    foreach (var part in EquiKeys.Conjuncts(filter.Predicate))
                    {
                        if (part is Not { Input: IsNull { Input: ColumnRef tested } } && StoredInput(loop, tested) is not null) continue;
                        var (test, want) = part is Not not ? (not.Input, false) : (part, true);
                        if (RangeOf(loop, test) is not { } range || !(want || range.Low == range.High) || !HasLanes(range.Column.Column.Type)) return;
                        filters.Add((part, range with { Within = want }));
                    }

                    break;
                default:
                    return;
            }
        }

        if (aggregate.NarrowIn(method) is not { } sums || !aggregate.IsAll(sums)) return;
        var body = new CodeWriter();
        var prologue = new CodeWriter();
        var added = sums.Parts.Where(p => p.Bound is not null).Select(p => (Part: p, Text: sums.Lanes(p.Value))).ToList();
        if (added.Any(a => a.Text is null) || sums.Parts.Any(p => method.Expressions.MayBeNull(p.Value))) return;

        method.HasLanes = true;
        if (filters.Count > 0)
        {
            body.Comment("WHERE " + string.Join(" AND ", filters.Select(f => f.Part)));
            var tests = Merged(filters.Select(f => f.Range)).ConvertAll(r => LaneTest(loop, r));
            body.Line($"var keep = {tests[0]}{(tests.Count == 1 ? ";" : "")}");
            for (var t = 1; t < tests.Count; t++) body.Line($"    & {tests[t]}{(t == tests.Count - 1 ? ";" : "")}");
            body.Line("kept -= keep;");
        }

        foreach (var (part, text) in added)
        {
            var name = CSharpName.From(part.Field) + "Lanes";
            prologue.Line($"var {name} = Vector<long>.Zero;");
            body.Comment(aggregate.Users(sums, part));
            body.Line($"{name} += {(filters.Count > 0 ? $"{Value.Wrap(text!)} & keep" : text)};");
        }

        var lanes = method.BeforeRows;
        lanes.Comment("Several rows at once; the loop below is for those that are left over.");
        lanes.Line("var i = 0;");
        if (filters.Count > 0) lanes.Line("var kept = Vector<long>.Zero;");
        lanes.Append(prologue);
        using (lanes.Braces("for (; Vector.IsHardwareAccelerated && i <= rows.Length - Lanes.Count; i += Lanes.Count)")) lanes.Append(body);
        lanes.Blank();
        lanes.Line(filters.Count > 0 ? "sum.Rows = Vector.Sum(kept);" : "sum.Rows = i;");
        foreach (var (part, _) in added) lanes.Line($"sum.{part.Field} = Vector.Sum({CSharpName.From(part.Field)}Lanes);");
        lanes.Blank();
    }

    private static bool HasLanes(DataType type) => PhysicalTypes.Of(type) is var physical && (physical == typeof(long) || physical == typeof(int));

    /// <summary>One range for each column that is to lie within some.</summary>
    private static List<Range> Merged(IEnumerable<Range> ranges)
    {
        var merged = new List<Range>();
        foreach (var range in ranges)
        {
            var known = merged.FindIndex(r => range.Within && r.Within && r.Column.Ordinal == range.Column.Ordinal);
            if (known < 0) merged.Add(range);
            else merged[known] = merged[known] with { Low = Int128.Max(merged[known].Low, range.Low), High = Int128.Min(merged[known].High, range.High) };
        }

        return merged;
    }

    private static string LaneTest(Loop loop, Range range)
    {
        var values = $"Lanes.Of({loop.Read(range.Column).Text[..^3]}, i)";
        var (least, most) = Limits(PhysicalTypes.Of(range.Column.Column.Type))!.Value;
        var (low, high) = (Bound(range.Column, range.Low), Bound(range.Column, range.High));
        return !range.Within ? $"Lanes.Except({values}, {low})"
            : range.Low == least ? $"Lanes.AtMost({values}, {high})"
            : range.High == most ? $"Lanes.AtLeast({values}, {low})"
            : $"Lanes.Between({values}, {low}, {high})";
    }
}
