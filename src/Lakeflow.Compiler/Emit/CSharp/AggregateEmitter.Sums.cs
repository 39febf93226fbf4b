namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>The aggregates whose sums are formed in 64 bits, beside the states, while the bounds of a batch's values allow it.</summary>
internal sealed partial class AggregateEmitter
{
    /// <summary>Fields of the parts that are NULL in some rows of some variant of the loop: how many is counted.</summary>
    private readonly HashSet<string> counted = new(StringComparer.Ordinal);
    private NarrowSums? narrow;

    /// <summary>True if a batch's values may prove that 64 bits suffice for some of the sums.</summary>
    public bool MayBeNarrow => states.Any(s => s.CanAddSum);

    /// <summary>The sums that the narrow variants form in 64 bits, once one is written; null if there are none.</summary>
    public NarrowSums? Narrow => narrow;

    /// <summary>What can be summed in 64 bits: the same in each variant of the loop.</summary>
    public NarrowSums? NarrowIn(SegmentEmitter.Method method) => NarrowSums.Of(states, method.Loop, method.Expressions);

    /// <summary>True if all aggregates are narrow: the states are not touched in the loop.</summary>
    public bool IsAll(NarrowSums sums) => states.All(s => sums.Calls.ContainsKey(s.Call));

    /// <summary>The aggregates that read a part, as they stand in the query.</summary>
    public string Users(NarrowSums sums, NarrowSums.Part part) =>
        string.Join(", ", node.Aggregates.Where(a => sums.Calls.TryGetValue(a.Call, out var own) && own == part).Select(a => $"{a.Call} AS {a.Column.Name}"));

    /// <summary>What each row adds to its group's sums.</summary>
    private void WriteSums(SegmentEmitter.Method method, NarrowSums sums)
    {
        var body = method.Loop.Body;
        method.Expressions.Share([.. sums.Parts.Select(p => p.Value), .. Summed(sums)]);
        body.Line("sum.Rows++;");
        foreach (var part in sums.Parts)
        {
            if (part.Bound is null && !method.Expressions.MayBeNull(part.Value)) continue;
            body.Comment(Users(sums, part));
            var value = method.Expressions.Emit(part.Value);
            var add = part.Bound is null ? "" : $"sum.{part.Field} += {Value.Unguarded(value.Text, value.Valid)};";
            if (value.IsNeverNull)
            {
                body.MappedTo(part.Value.Origin, add);
                continue;
            }

            counted.Add(part.Field);
            body.MappedTo(part.Value.Origin, add.Length == 0 ? $"if ({Value.Not(value.Valid)}) sum.{NullsOf(part)}++;" : $"if ({value.Valid}) {add} else sum.{NullsOf(part)}++;");
        }
    }

    /// <summary>The field that counts the rows where a part is NULL.</summary>
    private string NullsOf(NarrowSums.Part part)
    {
        var name = part.Field + "Nulls";
        while (states.Any(s => s.Name == name)) name += "_";
        return name;
    }

    /// <summary>The sums of a group in 64 bits, and how they go into its state.</summary>
    private void WriteSumsStruct(CodeWriter text, NarrowSums sums)
    {
        using (text.Braces($"private struct {SumsType} : IPartialSums<{SumsType}, {prefix}State>"))
        {
            text.Line("public long Rows;");
            foreach (var part in sums.Parts)
            {
                if (part.Bound is not null) text.Line($"public long {part.Field};");
                if (counted.Contains(part.Field)) text.Line($"public long {NullsOf(part)};");
            }

            text.Blank();
            using (text.Braces($"public static void Settle(in {SumsType} sums, ref {prefix}State state)"))
            {
                text.Line("if (sums.Rows == 0) return;");
                foreach (var state in states)
                {
                    if (!sums.Calls.TryGetValue(state.Call, out var part)) continue;
                    var rows = part is not null && counted.Contains(part.Field) ? $"sums.Rows - sums.{NullsOf(part)}" : "sums.Rows";
                    if (state.CanAddRows) text.Line($"state.{state.Name}.AddRows({rows});");
                    else text.Line($"{(rows == "sums.Rows" ? "" : $"if (sums.Rows > sums.{NullsOf(part!)}) ")}state.{state.Name}.AddSum(sums.{part!.Field}, {rows});");
                }
            }
        }

        text.Blank();
    }
}
