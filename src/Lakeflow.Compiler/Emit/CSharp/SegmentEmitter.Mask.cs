using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Physical;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Conditions on single columns of the input, tested for many rows at once before the loop, which then runs over the rows that are left.</summary>
internal sealed partial class SegmentEmitter
{
    /// <summary>Writes those parts of a filter that can go ahead of the loop; gives the others.</summary>
    /// <remarks>They cannot fail, so to test them first can only remove an error. All that stands before them must be nothing.</remarks>
    private static List<Expr> WriteMask(Method method, Expr predicate)
    {
        var parts = EquiKeys.Conjuncts(predicate).ToList();
        if (method.HasLanes || !method.Loop.Body.IsEmpty || method.Open.Count > 0 || method.Sources.Count > 1) return parts;
        var rest = new List<Expr>();
        var ranges = new List<Range>();
        var others = new List<(Expr Part, Binding.Stored Column, Expr? Like, bool Want)>();
        foreach (var part in parts)
        {
            var (test, want) = part is Not not ? (not.Input, false) : (part, true);
            if (RangeOf(method.Loop, test) is { } range && (want || range.Low == range.High))
            {
                ranges.Add(range with { Within = want, Origin = part.Origin });
            }
            else if (test is IsNull { Input: ColumnRef tested } && !want && StoredInput(method.Loop, tested) is { } present)
            {
                if (method.Loop.IsNullable(present)) others.Add((part, present, null, true));
            }
            else if (test is Call { Function.Name: "like", Arguments: [ColumnRef text, Literal { Value: string } pattern] } && StoredInput(method.Loop, text) is { } searched)
            {
                others.Add((part, searched, pattern, want));
            }
            else
            {
                rest.Add(part);
            }
        }

        if (ranges.Count + others.Count == 0) return rest;
        var loop = method.Loop;
        var mask = loop.Members.Field("private readonly RowMask", "mask", "new()");
        if (!method.Masked)
        {
            loop.Prologue.Blank();
            loop.Prologue.Comment("WHERE, as far as single columns decide it");
            loop.Prologue.Line($"{mask}.Begin(rows.Length);");
            method.Masked = true;
        }

        foreach (var range in Merged(ranges)) WriteRange(loop, mask, range);
        foreach (var (part, column, like, want) in others)
        {
            WriteValid(loop, mask, column, part.Origin);
            if (like is not Literal { Value: string pattern }) continue;
            var compiled = loop.Members.Field("private static readonly LikePattern", CSharpName.Pascal(pattern) + "LikePattern", $"LikePattern.Compile({CSharpLiteral.Of(pattern)})");
            var text = loop.Read(column).Text[..^3];
            loop.Prologue.MappedTo(part.Origin, $"{mask}.Like({text}, {compiled}{(want ? "" : ", want: false")});");
        }

        return rest;
    }

    private static void WriteRange(Loop loop, string mask, Range range)
    {
        WriteValid(loop, mask, range.Column, range.Origin);
        var values = loop.Read(range.Column).Text[..^3];
        var (low, high) = (Bound(range.Column, range.Low), Bound(range.Column, range.High));
        loop.Prologue.MappedTo(range.Origin, range.Within ? $"{mask}.Between({values}, {low}, {high});" : $"{mask}.Except({values}, {low});");
    }

    private static void WriteValid(Loop loop, string mask, Binding.Stored column, SourceSpan at)
    {
        if (!loop.IsNullable(column)) return;
        var valid = loop.Before(CSharpName.From(column.Column.Name) + "Valid", $"Columns.Validity({loop.BatchOf(column.Rows)}, {CSharpLiteral.Of(column.Ordinal)})");
        loop.Prologue.MappedTo(at, $"{mask}.Valid({valid});");
        loop.Present.Add(column.Ordinal);
    }

    /// <summary>The range that a comparison of a column with a constant allows; null if it is something else.</summary>
    private static Range? RangeOf(Loop loop, Expr expr)
    {
        if (expr is not Call { Arguments: [var a, var b] } call) return null;
        var (op, column, constant) = (a, b) switch
        {
            (ColumnRef c, Literal l) => (call.Function.Name, c, l),
            (Literal l, ColumnRef c) => (Mirrored(call.Function.Name), c, l),
            _ => ("", null, null),
        };
        if (column is null || constant is null || !column.Type.Equals(constant.Type) || StoredInput(loop, column) is not { } stored) return null;
        if (Limits(PhysicalTypes.Of(column.Type)) is not var (least, most) || ValueOf(constant.Value) is not { } value) return null;
        return op switch
        {
            "=" or "==" => new Range(stored, value, value),
            ">=" => new Range(stored, value, most),
            ">" when value < most => new Range(stored, value + 1, most),
            "<=" => new Range(stored, least, value),
            "<" when value > least => new Range(stored, least, value - 1),
            _ => null,
        };
    }

    private static Binding.Stored? StoredInput(Loop loop, ColumnRef column) =>
        loop.Resolve(column.Column) is Binding.Stored { Rows: { IsInput: true, IsOuter: false } } stored ? stored : null;

    private static string Mirrored(string op) => op switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => op,
    };

    private static (Int128 Least, Int128 Most)? Limits(Type physical) =>
        physical == typeof(long) ? (long.MinValue, long.MaxValue)
        : physical == typeof(int) ? (int.MinValue, int.MaxValue)
        : physical == typeof(short) ? (short.MinValue, short.MaxValue)
        : physical == typeof(sbyte) ? (sbyte.MinValue, sbyte.MaxValue)
        : null;

    private static Int128? ValueOf(object? value) => value switch
    {
        sbyte v => v,
        short v => v,
        int v => v,
        long v => v,
        Int128 v => v,
        _ => null,
    };

    private static string Bound(Binding.Stored column, Int128 value)
    {
        var type = PhysicalTypes.Of(column.Column.Type);
        var name = PhysicalTypes.NameOf(column.Column.Type);
        var (least, most) = Limits(type)!.Value;
        if (value == least) return name + ".MinValue";
        if (value == most) return name + ".MaxValue";
        var number = value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        return type == typeof(long) ? number + "L" : type == typeof(int) ? number : $"({name}){Value.Wrap(number)}";
    }

    /// <param name="Within">False: any value but <paramref name="Low"/>.</param>
    private sealed record Range(Binding.Stored Column, Int128 Low, Int128 High, bool Within = true)
    {
        /// <summary>The condition in the SQL; of merged ones the first.</summary>
        public SourceSpan Origin { get; init; } = SourceSpan.None;
    }
}
