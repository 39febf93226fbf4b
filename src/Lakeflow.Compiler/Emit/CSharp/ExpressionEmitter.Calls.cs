using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Kernel calls: functions, operators, casts.</summary>
internal sealed partial class ExpressionEmitter
{
    // Where C#'s own operator means the same on the physical types, it reads better and costs the same.
    private static readonly Dictionary<string, string> IntegerOperators = new(StringComparer.Ordinal)
    {
        ["="] = "==",
        ["=="] = "==",
        ["<"] = "<",
        ["<="] = "<=",
        [">"] = ">",
        [">="] = ">=",
    };

    /// <summary>The kernel of a call on its types.</summary>
    public static Delegate KernelOf(Call call) =>
        Resolved(call).Kernel ?? throw new UnreachableException($"{call.Function.Name} has no kernel");

    public static ResolvedCall Resolved(Call call) =>
        new(call.Function, call.Overload, [.. call.Arguments.Select(a => a.Type)], call.Type, call.Nullable);

    private Value OfCall(Call call)
    {
        if (call.Arguments is [var a, var b] && IntegerOperators.TryGetValue(call.Function.Name, out var op) && IsInteger(a.Type) && IsInteger(b.Type))
        {
            var (left, right) = (Emit(a), Emit(b));
            return new Value($"{Value.Wrap(left.Text)} {op} {Value.Wrap(right.Text)}", Value.And(left.Valid, right.Valid));
        }

        if (Plain(call) is { } plain) return plain;
        var resolved = Resolved(call);
        // The plus sign and its like: the argument itself.
        if (resolved.Kernel is null && call.Arguments is [var same] && same.Type.Equals(call.Type)) return Emit(same);
        var shape = resolved.Shape ?? throw new UnreachableException($"{call.Function.Name} has no kernel");
        return Invoke(shape, resolved.TypeArguments, call.Arguments, call, call.Function.Nulls == NullRule.AnyNullGivesNull, call.Function.Name);
    }

    private Value OfCast(Cast cast)
    {
        if (cast.Input is Literal { IsNull: true }) return OfLiteral(new Literal(null, cast.To, cast.Origin));
        var how = CastTable.Find(cast.Input.Type, cast.To, cast.Try) ?? throw new UnreachableException(cast.ToString());
        if (how.IsIdentity)
        {
            var same = Emit(cast.Input);
            return cast.Input.Type is NullType ? OfLiteral(new Literal(null, cast.To, cast.Origin)) : same;
        }

        return Invoke(how.Shape!, how.TypeArguments, [cast.Input], cast, true, "converted");
    }

    /// <summary>Arithmetic that C# does in the same way: + − * on DOUBLE and FLOAT.</summary>
    private Value? Plain(Call call)
    {
        if (call.Arguments is not [var a, var b] || call.Function.Name is not ("+" or "-" or "*")) return null;
        if (call.Type is not (DoubleType or FloatType) || !a.Type.Equals(call.Type) || !b.Type.Equals(call.Type)) return null;
        var (left, right) = (Emit(a), Emit(b));
        return new Value($"{Value.Wrap(left.Text)} {call.Function.Name} {Value.Wrap(right.Text)}", Value.And(left.Valid, right.Valid));
    }

    private Value Invoke(KernelShape shape, ImmutableArray<int> typeArguments, ImmutableArray<Expr> arguments, Expr expr, bool nullGivesNull, string wish)
    {
        var passed = new List<string>();
        var valid = new List<string>();
        var nextType = 0;
        var guarded = shape.HasSite || shape.IsTry;
        foreach (var parameter in shape.Parameters)
        {
            switch (parameter.Kind)
            {
                case KernelParameterKind.Value:
                    var value = Emit(arguments[parameter.Argument]);
                    if (nullGivesNull) valid.Add(value.Valid);
                    passed.Add(value.Text);
                    guarded |= arguments[parameter.Argument].Type.IsNested;
                    break;
                case KernelParameterKind.Boxed when nullGivesNull:
                    {
                        // Boxing is only for values here: the guard is what decides on NULL.
                        var held = EmitHeld(arguments[parameter.Argument], "item");
                        valid.Add(held.Valid);
                        passed.Add(BoxedHeld(held with { Valid = Value.Always }, arguments[parameter.Argument].Type));
                        guarded = true;
                        break;
                    }

                case KernelParameterKind.Boxed:
                    passed.Add(Boxed(arguments[parameter.Argument]));
                    break;
                case KernelParameterKind.BoxedRest when nullGivesNull:
                    {
                        var held = arguments.Skip(parameter.Argument).Select(a => (Value: EmitHeld(a, "item"), a.Type)).ToList();
                        valid.AddRange(held.Select(h => h.Value.Valid));
                        passed.Add($"[{string.Join(", ", held.Select(h => BoxedHeld(h.Value with { Valid = Value.Always }, h.Type)))}]");
                        guarded = true;
                        break;
                    }

                case KernelParameterKind.BoxedRest:
                    passed.Add($"[{string.Join(", ", arguments.Skip(parameter.Argument).Select(BoxedPart))}]");
                    break;
                case KernelParameterKind.Compiled:
                    {
                        var (text, isValid) = Compiled(parameter, arguments[parameter.Argument], expr);
                        if (nullGivesNull) valid.Add(isValid);
                        guarded |= isValid != Value.Always;
                        passed.Add(text);
                        break;
                    }

                case KernelParameterKind.Lambda:
                    passed.Add(OfLambda(parameter, arguments[parameter.Argument]));
                    break;
                case KernelParameterKind.TypeArgument:
                    passed.Add(CSharpLiteral.Of(typeArguments[nextType++]));
                    break;
                case KernelParameterKind.ArgumentTypes:
                    passed.Add(loop.Members.Field("private static readonly DataType[]", "ArgumentTypes", $"[{string.Join(", ", arguments.Select(a => TypeLiteral.Of(a.Type)))}]"));
                    break;
                case KernelParameterKind.ResultType:
                    passed.Add(loop.Members.Field("private static readonly DataType", "ResultType", TypeLiteral.Of(expr.Type)));
                    break;
                case KernelParameterKind.Zone:
                    passed.Add(loop.Members.Constants() + ".Zone");
                    break;
                case KernelParameterKind.Random:
                    passed.Add(RandomSequence(arguments, expr));
                    break;
                case KernelParameterKind.Scratch:
                    passed.Add(loop.Members.Scratch());
                    break;
                case KernelParameterKind.Site:
                    passed.Add(CSharpLiteral.Of(loop.Members.Flow.Site(expr)));
                    break;
                case KernelParameterKind.Out:
                    break;
                default:
                    throw new UnreachableException(parameter.Kind.ToString());
            }
        }

        var name = $"{KernelClass(shape.Method.DeclaringType!)}.{shape.Method.Name}";
        var allValid = Value.And([.. valid]);
        if (allValid == Value.Never) return new Value($"default({PhysicalTypes.NameOf(expr.Type)})", Value.Never);
        if (shape.IsTry) return InvokeTry(shape, name, passed, allValid, expr, wish);

        var call = $"{name}({string.Join(", ", passed)})";
        if (shape.Method.ReturnType == typeof(object))
        {
            var result = loop.Names.New("result");
            var boxed = allValid != Value.Always ? $"{Value.Wrap(allValid)} ? {call} : null" : call;
            loop.Body.MappedTo(expr.Origin, $"var {result} = {boxed};");
            return Unboxed(result, expr.Type);
        }

        if (!guarded || allValid == Value.Always) return new Value(Narrowed(call, shape.Method.ReturnType, expr.Type), allValid);
        var condition = allValid;
        if (!Value.IsSimple(condition) && !condition.StartsWith("Bitmap.Get(", StringComparison.Ordinal))
        {
            condition = loop.Names.New("hasValues");
            loop.Body.Line($"var {condition} = {allValid};");
        }

        return new Value($"({condition} ? {Narrowed(call, shape.Method.ReturnType, expr.Type)} : default)", condition);
    }

    /// <summary>A field for each place of the text that draws: places do not share a sequence, copies of a place begin with the same one.</summary>
    private string RandomSequence(ImmutableArray<Expr> arguments, Expr call)
    {
        var site = CSharpLiteral.Of(loop.Members.Flow.Site(call));
        var seed = arguments is [Literal literal] ? CSharpLiteral.Of(Convert.ToInt64(literal.Value ?? 0L, System.Globalization.CultureInfo.InvariantCulture)) : $"run.Seed + {site}";
        // A column of the query may have the field's name as a local.
        return "this." + loop.Members.Field("private readonly RandomSequence", "random", $"new({seed} + run.Partition)", owner: site);
    }

    /// <summary>A kernel that gives NULL for some values: <c>bool Try…(…, out result)</c>.</summary>
    private Value InvokeTry(KernelShape shape, string name, List<string> passed, string allValid, Expr expr, string wish)
    {
        var result = loop.Names.New(CSharpName.From(char.IsLetter(wish[0]) ? wish : "result"));
        var ok = loop.Names.New(result + "Valid");
        loop.Body.Line($"{TypeName(shape.Result)} {result} = default;");
        var at = shape.Parameters.Select((p, i) => (p, i)).First(p => p.p.Kind == KernelParameterKind.Out).i;
        passed.Insert(at, $"out {result}");
        loop.Body.MappedTo(expr.Origin, $"var {ok} = {(allValid == Value.Always ? "" : Value.Wrap(allValid) + " && ")}{name}({string.Join(", ", passed)});");
        if (shape.Result == typeof(object) && !expr.Type.IsNested) return Unboxed(result, expr.Type) with { Valid = $"({ok} && {result} is not null)" };
        return new Value(Narrowed(result, shape.Result, expr.Type), ok);
    }

    /// <summary>A kernel over 128-bit decimals may stand for one whose result fits in 64.</summary>
    private static string Narrowed(string text, Type given, DataType type)
    {
        var wanted = PhysicalTypes.Of(type);
        return given == wanted || wanted == typeof(object) || !given.IsValueType || given.IsByRefLike ? text : $"({PhysicalTypes.NameOf(wanted)}){text}";
    }

    private string BoxedPart(Expr expr) => Boxed(expr);

    /// <summary>A text argument as the object that it is compiled to.</summary>
    private (string Text, string Valid) Compiled(KernelParameter parameter, Expr argument, Expr call)
    {
        var type = TypeName(parameter.Type);
        // A pattern that is not understood is an error of the row that needs it, not of the class that holds it.
        if (argument is Literal { Value: string text } && IsUnderstood(parameter.Type, text))
            return (loop.Members.Field($"private static readonly {type}", CSharpName.Pascal(text) + parameter.Type.Name, $"{type}.Compile({CSharpLiteral.Of(text)})"), Value.Always);
        var value = Emit(argument);
        if (value.IsAlwaysNull) return ("null!", Value.Never);
        var cache = loop.Members.Field($"private CompiledCache<{type}>", CSharpName.From(parameter.Type.Name) + "s" + loop.Members.Flow.Site(call).ToString(System.Globalization.CultureInfo.InvariantCulture), null);
        return ($"{cache}.Get({value.Text})", value.Valid);
    }

    private static bool IsUnderstood(Type type, string text)
    {
        try
        {
            return type.GetMethod("Compile", [typeof(string)])!.Invoke(null, System.Reflection.BindingFlags.DoNotWrapExceptions, null, [text], null) is not null;
        }
        catch (RuntimeError)
        {
            return false;
        }
    }

    private static string KernelClass(Type type) => type.Name;

    private static string TypeName(Type type) => PhysicalTypes.NameOf(type);

    private static bool IsInteger(DataType type) => PhysicalTypes.Of(type) is var p
        && (p == typeof(sbyte) || p == typeof(short) || p == typeof(int) || p == typeof(long) || p == typeof(Int128));
}
