using System.Globalization;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>The sums of an aggregate that a loop can form in 64 bits, once the bounds of a batch's values prove that nothing overflows.</summary>
/// <remarks>
/// The greatest value of each column bounds sums, differences and products of columns: where the bound stays below 2^62, so
/// does every value, and C#'s own operators give what the checking, 128-bit kernels would. Rows
/// where a value is NULL are counted, so that the states get to know how many values a sum is of.
/// </remarks>
internal sealed class NarrowSums
{
    private readonly Loop loop;
    private readonly SortedDictionary<int, (string Name, string Type)> columns = [];
    private readonly List<string> conditions = [];

    private NarrowSums(Loop loop) => this.loop = loop;

    /// <summary>What aggregates share: its field, what is summed, and how much one row can add, as a C# expression; null if all that counts is where it is NULL.</summary>
    public sealed record Part(string Field, Expr Value, string? Bound);

    /// <summary>Each summed expression once.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>The aggregates that need nothing but sums and numbers of rows; the part of each, null for a <c>count</c> of all rows.</summary>
    public Dictionary<AggregateCall, Part?> Calls { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Keys of the expressions that C#'s operators compute.</summary>
    public HashSet<string> Computed { get; } = new(StringComparer.Ordinal);

    /// <summary>Finds them; null if there are none that are worth it.</summary>
    /// <param name="states">The aggregates.</param>
    /// <param name="loop">The loop, with all columns bound.</param>
    /// <param name="expressions">Writes into that loop.</param>
    public static NarrowSums? Of(IEnumerable<AggregateEmitter.State> states, Loop loop, ExpressionEmitter expressions)
    {
        var found = new NarrowSums(loop);
        var plain = states.Where(s => !s.Call.Distinct && s.Call.Filter is null).ToList();
        foreach (var state in plain)
        {
            if (state.CanAddSum && state.Call.Arguments is [not Literal and var value]) found.Add(state.Call, value, state.Name);
        }

        if (found.Parts.Count == 0) return null;
        foreach (var state in plain.Where(s => s.CanAddRows))
        {
            // By the plan's word, not by the variant of the loop: all variants agree on what the sums hold.
            var call = state.Call;
            if (!call.Arguments.Any(a => a.Nullable || expressions.MayBeNull(a))) found.Calls.Add(call, null);
            else if (call.Arguments is [not Literal and var value]) found.Calls.Add(call, found.Known(value) ?? found.Counted(value, state.Name));
        }

        return found;
    }

    /// <summary>The statements that decide whether a batch is for the narrow loop, the last one being <c>return</c>.</summary>
    /// <param name="text">Takes them.</param>
    /// <param name="take">The call that takes the number of rows and the bounds, up to its parenthesis.</param>
    public void WriteFits(CodeWriter text, string take)
    {
        foreach (var (ordinal, (name, type)) in columns) text.Line($"var {name} = Magnitude.Of<{type}>(rows, {CSharpLiteral.Of(ordinal)});");
        var all = conditions.Distinct().Append($"{take}rows.Length, {string.Join(", ", Parts.Select(p => p.Bound).OfType<string>().Distinct())})").ToList();
        text.Line($"return {string.Join(" && ", all)};");
    }

    /// <summary>A computed value by C#'s operators; its parts come from <paramref name="emit"/>.</summary>
    public static string Text(Expr expr, Func<Expr, string> emit) => Operation(expr) switch
    {
        { Right: null } one => Shifted(one.Left, one.ShiftLeft, emit, one.Operator),
        { } two => $"{Shifted(two.Left, two.ShiftLeft, emit)} {two.Operator} {Shifted(two.Right, two.ShiftRight, emit)}",
        null => throw new System.Diagnostics.UnreachableException(expr.ToString()),
    };

    /// <summary>The same for many rows at once, as <c>Vector&lt;long&gt;</c>; null if it is more than arithmetic on columns.</summary>
    public string? Lanes(Expr expr)
    {
        switch (expr)
        {
            case ColumnRef { Column: var column } when loop[column] is Binding.Computed { Expr: var inner }:
                return Lanes(inner);
            case ColumnRef { Column: var column } when loop[column] is Binding.Stored { Rows: { IsInput: true, IsOuter: false } } stored && PhysicalTypes.Of(column.Type) is var type && (type == typeof(long) || type == typeof(int)):
                return $"Lanes.Of({loop.Read(stored).Text[..^3]}, i)";
        }

        if (!Computed.Contains(ExpressionEmitter.KeyOf(expr)) || Operation(expr) is not { } operation) return null;
        if (Lanes(operation.Left, operation.ShiftLeft) is not { } left) return null;
        if (operation.Right is null) return operation.Operator == "-" ? $"-{Value.Wrap(left)}" : left;
        return Lanes(operation.Right, operation.ShiftRight) is { } right ? $"{Value.Wrap(left)} {operation.Operator} {Value.Wrap(right)}" : null;
    }

    private string? Lanes(Expr expr, int shift)
    {
        if (Scaled(expr, shift) is { } constant)
            return loop.Before((constant < 0 ? "minus" : "all") + Int128.Abs(constant).ToString(null, CultureInfo.InvariantCulture), $"new Vector<long>({CSharpLiteral.Of((long)constant)})");
        return Lanes(expr) is not { } text ? null : shift == 0 ? text : $"{Value.Wrap(text)} * {CSharpLiteral.Of(DecimalMath.Pow10(shift))}";
    }

    private Part? Known(Expr value)
    {
        var key = ExpressionEmitter.KeyOf(value);
        return Parts.Find(p => ExpressionEmitter.KeyOf(p.Value) == key);
    }

    private Part Counted(Expr value, string name)
    {
        var part = new Part(name, value, null);
        Parts.Add(part);
        return part;
    }

    private void Add(AggregateCall call, Expr value, string name)
    {
        var part = Known(value);
        if (part is null)
        {
            var (columnsBefore, conditionsBefore) = (columns.Keys.ToList(), conditions.Count);
            var computed = new List<string>();
            if (Bound(value, computed) is not { } bound)
            {
                foreach (var ordinal in columns.Keys.Except(columnsBefore).ToList()) columns.Remove(ordinal);
                conditions.RemoveRange(conditionsBefore, conditions.Count - conditionsBefore);
                return;
            }

            Computed.UnionWith(computed);
            part = new Part(name, value, bound);
            Parts.Add(part);
        }

        Calls.Add(call, part);
    }

    /// <summary>The greatest distance of a value from 0 as a C# expression of type double; null if nothing is known.</summary>
    private string? Bound(Expr expr, List<string> computed)
    {
        switch (expr)
        {
            case Literal { Value: { } value } when Number(value) is { } number:
                return Magnitude(Int128.Abs(number));
            case ColumnRef reference:
                return OfColumn(reference, computed);
        }

        if (Operation(expr) is not { } operation) return OfType(expr.Type);
        if (Scaled(operation.Left, operation.ShiftLeft, computed) is not { } left) return null;
        var bound = left;
        if (operation.Right is not null)
        {
            if (Scaled(operation.Right, operation.ShiftRight, computed) is not { } right) return null;
            bound = operation.Operator == "*" ? $"{left} * {right}" : $"({left} + {right})";
        }

        // Integers have a type to stay in; decimals are wide enough for their digits.
        if (PhysicalTypes.Of(expr.Type) == typeof(int)) conditions.Add($"{bound} <= int.MaxValue");
        else if (PhysicalTypes.Of(expr.Type) == typeof(long) && expr.Type is not DecimalType) conditions.Add($"{bound} < Magnitude.Limit");
        computed.Add(ExpressionEmitter.KeyOf(expr));
        return bound;
    }

    private string? OfColumn(ColumnRef reference, List<string> computed)
    {
        switch (loop[reference.Column])
        {
            case Binding.Computed { Expr: var inner }:
                return Bound(inner, computed);
            case Binding.Stored { Rows: { IsInput: true, IsOuter: false } } stored when PhysicalTypes.Of(stored.Column.Type) is var type && (type == typeof(long) || type == typeof(int)):
                var name = CSharpName.From(stored.Column.Name);
                if (!columns.TryGetValue(stored.Ordinal, out var known))
                {
                    while (columns.Values.Any(c => c.Name == name)) name += "_";
                    columns.Add(stored.Ordinal, known = (name, PhysicalTypes.NameOf(stored.Column.Type)));
                }

                return known.Name;
            default:
                return OfType(reference.Type);
        }
    }

    private string? Scaled(Expr expr, int shift, List<string> computed)
    {
        if (expr is Literal { Value: { } value } && Number(value) is { } number) return Magnitude(Int128.Abs(number) * DecimalMath.Pow10Wide(shift));
        if (Bound(expr, computed) is not { } bound) return null;
        return shift == 0 ? bound : $"{bound} * 1e{shift.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>What a type's values stay within, where that leaves room for sums.</summary>
    private static string? OfType(DataType type) => type switch
    {
        DecimalType { Is64: true } d => "1e" + d.Precision.ToString(CultureInfo.InvariantCulture),
        _ when PhysicalTypes.Of(type) is var p && (p == typeof(int) || p == typeof(short) || p == typeof(sbyte)) => "2147483648.0",
        _ => null,
    };

    private static string Magnitude(Int128 size) => ((double)size).ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().IndexOfAny(".E") < 0 ? text + ".0" : text;

    private static Int128? Number(object value) => value switch
    {
        int v => v,
        long v => v,
        Int128 v when v >= long.MinValue && v <= long.MaxValue => v,
        _ => null,
    };

    /// <summary>A constant, shifted, if it is one of 64 bits.</summary>
    private static Int128? Scaled(Expr expr, int shift) =>
        expr is Literal { Value: { } value } && Number(value) is { } number && number * DecimalMath.Pow10Wide(shift) is var scaled && scaled > long.MinValue && scaled <= long.MaxValue ? scaled : null;

    private static string Shifted(Expr expr, int shift, Func<Expr, string> emit, string sign = "")
    {
        if (Scaled(expr, shift) is { } scaled) return sign.Length == 0 && scaled >= 0 ? CSharpLiteral.Of((long)scaled) : $"({sign}{CSharpLiteral.Of((long)scaled)})";
        var text = sign + Value.Wrap(emit(expr));
        if (shift != 0) text += " * " + CSharpLiteral.Of(DecimalMath.Pow10(shift));
        return sign.Length == 0 && shift == 0 ? text : $"({text})";
    }

    /// <summary>What a call does to integers, or unscaled decimals once its sides are shifted by powers of ten; null if it is something else.</summary>
    private static Arithmetic? Operation(Expr expr)
    {
        if (expr is Cast { Try: false, Input: var input } cast && CastTable.Find(input.Type, cast.To) is { Shape.Method.Name: var way } how)
        {
            // C# computes in the type of its operands: a narrower one is widened first.
            var widened = PhysicalTypes.Of(input.Type) == typeof(int) ? "(long)" : "";
            if (way == nameof(NumberCasts.Int32ToInt64)) return new Arithmetic(widened, input, 0, null, 0);
            return way is nameof(NumberCasts.DecimalToWiderDecimal) or nameof(NumberCasts.Decimal64ToWiderDecimal64) && how.TypeArguments[0] <= 18
                ? new Arithmetic(widened, input, how.TypeArguments[0], null, 0) : null;
        }

        if (expr is not Call { Type: DecimalType or Int32Type or Int64Type } call || ExpressionEmitter.Resolved(call) is not { Shape.Method: { } kernel } resolved) return null;
        var numbers = resolved.TypeArguments;
        return (kernel.Name, call.Arguments) switch
        {
            (nameof(DecimalKernels.AddDecimal64) or nameof(DecimalKernels.AddDecimal), [var a, var b]) => Sum("+", a, b),
            (nameof(DecimalKernels.SubtractDecimal64) or nameof(DecimalKernels.SubtractDecimal), [var a, var b]) => Sum("-", a, b),
            (nameof(DecimalKernels.MultiplyDecimal64), [var a, var b]) => new("*", a, 0, b, 0),
            (nameof(DecimalKernels.MultiplyDecimal), [var a, var b]) when numbers[0] == 0 => new("*", a, 0, b, 0),
            (nameof(DecimalKernels.NegateDecimal64) or nameof(DecimalKernels.NegateDecimal), [var a]) => new("-", a, 0, null, 0),
            (nameof(IntegerKernels.AddInt32) or nameof(IntegerKernels.AddInt64), [var a, var b]) => new("+", a, 0, b, 0),
            (nameof(IntegerKernels.SubtractInt32) or nameof(IntegerKernels.SubtractInt64), [var a, var b]) => new("-", a, 0, b, 0),
            (nameof(IntegerKernels.MultiplyInt32) or nameof(IntegerKernels.MultiplyInt64), [var a, var b]) => new("*", a, 0, b, 0),
            _ => null,
        };

        Arithmetic? Sum(string op, Expr a, Expr b) =>
            numbers[0] <= 18 && numbers[1] <= 18 && (numbers.Length < 3 || numbers[2] == 0) ? new(op, a, numbers[0], b, numbers[1]) : null;
    }

    private sealed record Arithmetic(string Operator, Expr Left, int ShiftLeft, Expr? Right, int ShiftRight);
}
