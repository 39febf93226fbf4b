using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>AND, OR, NOT, tests for NULL, equality that knows NULL, IN.</summary>
internal sealed partial class ExpressionEmitter
{
    /// <summary>From this many constants on, IN looks in a set.</summary>
    private const int InSetFrom = 9;

    /// <summary>A C# bool: true if the condition is TRUE (<paramref name="want"/>), or if it is FALSE. NULL is neither.</summary>
    public string Condition(Expr expr, bool want = true)
    {
        switch (expr)
        {
            case Literal literal:
                return literal.Value is bool b && b == want ? Value.Always : Value.Never;
            case Not not:
                return Condition(not.Input, !want);
            case Logic logic:
                return Both(logic, want, (logic.Op == LogicOp.And) == want);
            case IsNull test:
                var valid = Emit(test.Input).Valid;
                return want ? Value.Not(valid) : valid;
            default:
                var value = Emit(expr);
                if (value.IsAlwaysNull) return Value.Never;
                return Value.And(value.Valid, want ? value.Text : Value.Not(value.Text));
        }
    }

    private string Both(Logic logic, bool want, bool all)
    {
        var left = Condition(logic.Left, want);
        if (left == (all ? Value.Never : Value.Always)) return left;
        var (block, right) = Aside(() => Condition(logic.Right, want));
        if (block.IsEmpty)
        {
            if (left == (all ? Value.Always : Value.Never)) return right;
            if (right == (all ? Value.Always : Value.Never)) return left;
            return all ? $"{Operand(left)} && {Operand(right)}" : $"{Operand(left)} || {Operand(right)}";

            string Operand(string text) => text.Contains(all ? " || " : " && ", StringComparison.Ordinal) || text.Contains(" ? ", StringComparison.Ordinal) ? Value.Wrap(text) : text;
        }

        // The right side needs statements: they stand under the guard of the left.
        var result = loop.Names.New(all ? "both" : "either");
        loop.Body.Line($"var {result} = {left};");
        using (loop.Body.Braces($"if ({(all ? result : "!" + result)})"))
        {
            loop.Body.Append(block);
            loop.Body.Line($"{result} = {right};");
        }

        return result;
    }

    private Value OfLogic(Expr expr)
    {
        if (expr is Not { Input: var input } && !(input is Logic or Not or IsNull))
        {
            var value = Emit(input);
            return value.IsAlwaysNull ? value : value with { Text = Value.Not(value.Text) };
        }

        if (!MayBeNull(expr)) return new Value(Condition(expr), Value.Always);
        if (expr is Not outer)
        {
            var inner = EmitHeld(outer.Input, "condition");
            return inner with { Text = Value.Not(inner.Text) };
        }

        // Three values in two bits: TRUE if both (or either) are; known if TRUE or FALSE can be told.
        var logic = (Logic)expr;
        var isAnd = logic.Op == LogicOp.And;
        var left = EmitHeld(logic.Left, "left");
        var known = loop.Names.New("decided");
        var leftDecides = Value.And(left.Valid, isAnd ? Value.Not(left.Text) : left.Text);
        loop.Body.Line($"var {known} = {leftDecides};");
        var result = loop.Names.New(isAnd ? "both" : "either");
        var valid = loop.Names.New(result + "Valid");
        loop.Body.Line($"var {result} = {(isAnd ? "false" : "true")};");
        loop.Body.Line($"var {valid} = true;");
        var (block, right) = Aside(() => EmitHeld(logic.Right, "right"));
        using (loop.Body.Braces($"if (!{known})"))
        {
            loop.Body.Append(block);
            loop.Body.Line($"{result} = {(right.IsAlwaysNull ? (isAnd ? "true" : "false") : right.Text)};");
            var rightDecides = Value.And(right.Valid, isAnd ? Value.Not(right.Text) : right.Text);
            var bothValid = Value.And(left.Valid, right.Valid);
            loop.Body.Line($"{valid} = {(rightDecides == Value.Never ? bothValid : bothValid == Value.Never ? rightDecides : $"({bothValid}) || ({rightDecides})")};");
        }

        return new Value(result, valid);
    }

    private Value OfNullSafeEqual(NullSafeEqual equal)
    {
        var left = EmitHeld(equal.Left, "left");
        var right = EmitHeld(equal.Right, "right");
        if (left.IsAlwaysNull) return new Value(Value.Not(right.Valid), Value.Always);
        if (right.IsAlwaysNull) return new Value(Value.Not(left.Valid), Value.Always);
        var same = EqualText(equal.Left.Type, left.Text, right.Text);
        var both = Value.And(left.Valid, right.Valid);
        if (both == Value.Always) return new Value(same, Value.Always);
        return new Value($"({both} ? {same} : {Value.Wrap(left.Valid)} == {Value.Wrap(right.Valid)})", Value.Always);
    }

    /// <summary>Whether two values, not NULL, of one type are equal.</summary>
    public static string EqualText(DataType type, string a, string b) => type switch
    {
        FloatType => $"CompareKernels.EqualFloat({a}, {b})",
        DoubleType => $"CompareKernels.EqualDouble({a}, {b})",
        StringType or BinaryType => $"CompareKernels.EqualText({a}, {b})",
        ListType or MapType or StructType or NullType => $"CompareKernels.EqualNested({a}, {b})",
        _ => $"{Value.Wrap(a)} == {Value.Wrap(b)}",
    };

    private Value OfInList(InList list)
    {
        var input = EmitHeld(list.Input, "wanted");
        if (input.IsAlwaysNull) return new Value("false", Value.Never);
        if (list.Items.All(i => i is Literal))
        {
            var constants = list.Items.Cast<Literal>().Where(l => !l.IsNull).ToList();
            var withNull = constants.Count < list.Items.Length;
            var found = constants.Count == 0 ? Value.Never
                : constants.Count >= InSetFrom && !list.Input.Type.IsNested ? $"{ConstantSet(list.Input.Type, constants)}.Contains({input.Text})"
                : "(" + string.Join(" || ", constants.Select(c => EqualText(list.Input.Type, input.Text, OfLiteral(c).Text))) + ")";
            if (!withNull) return new Value(found, input.Valid);
            var held = Hold(new Value(found, Value.Always), DataType.Boolean, "found");
            return new Value(held.Text, Value.And(input.Valid, held.Text));
        }

        // One after the other: stops at the first that is equal.
        var result = loop.Names.New("found");
        var unknown = loop.Names.New("unknown");
        loop.Body.Line($"var {result} = false;");
        loop.Body.Line($"var {unknown} = {Value.Not(input.Valid)};");
        foreach (var item in list.Items)
        {
            var (block, value) = Aside(() => Emit(item));
            if (value.IsAlwaysNull) continue;
            using (loop.Body.Braces($"if (!{result} && !{unknown})"))
            {
                loop.Body.Append(block);
                if (value.IsNeverNull) loop.Body.Line($"{result} = {EqualText(list.Input.Type, input.Text, value.Text)};");
                else loop.Body.Line($"if ({value.Valid}) {result} = {EqualText(list.Input.Type, input.Text, value.Text)};");
            }
        }

        // A NULL among the items leaves the answer open only if no other item is equal, so NULLs are looked for at the end.
        var nullable = list.Items.Where(MayBeNull).ToList();
        if (nullable.Count == 0) return new Value(result, input.Valid);
        foreach (var item in nullable)
        {
            var (block, value) = Aside(() => Emit(item));
            using (loop.Body.Braces($"if (!{result} && !{unknown})"))
            {
                loop.Body.Append(block);
                loop.Body.Line($"{unknown} = {Value.Not(value.Valid)};");
            }
        }

        return new Value(result, $"({result} || !{unknown})");
    }

    private string ConstantSet(DataType type, List<Literal> constants)
    {
        if (type is StringType or BinaryType)
            return loop.Members.Field("private static readonly TextSet", "Wanted", $"new TextSet({string.Join(", ", constants.Select(c => CSharpLiteral.Boxed(c.Value)))})");
        var physical = Functions.PhysicalTypes.NameOf(type);
        return loop.Members.Field(
            $"private static readonly HashSet<{physical}>", "Wanted", $"[{string.Join(", ", constants.Select(c => OfLiteral(c).Text))}]");
    }
}
