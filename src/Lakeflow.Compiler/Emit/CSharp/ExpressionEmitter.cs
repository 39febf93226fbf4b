using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Expressions as C#: writes the statements a value needs into the loop's body, gives back the expression for it.</summary>
/// <remarks>
/// A value may be written anywhere after it was asked for, or nowhere: that can only remove errors. What can fail is evaluated
/// under the validity of its arguments; what stands behind AND, OR, CASE and COALESCE under their guard.
/// </remarks>
internal sealed partial class ExpressionEmitter(Loop loop)
{
    private readonly HashSet<string> shared = new(StringComparer.Ordinal);

    /// <summary>Keys of what is computed by C#'s operators in 64 bits: nothing overflows there.</summary>
    public HashSet<string>? InLongs { get; set; }

    /// <summary>The value of an expression.</summary>
    public Value Emit(Expr expr) => ByCode(expr) ?? (shared.Count > 0 && shared.Contains(KeyOf(expr)) ? EmitOnce(expr) : EmitPerRow(expr));

    /// <summary>Computes what occurs more than once among these expressions once a row. All of them are evaluated for each row, in this order.</summary>
    public void Share(IEnumerable<Expr> expressions)
    {
        var repeated = expressions.SelectMany(e => e.All()).Where(e => e is Call or Cast && e.IsDeterministic && !e.Type.IsNested).GroupBy(KeyOf).Where(g => g.Count() > 1);
        foreach (var group in repeated) shared.Add(group.Key);
    }

    private Value EmitOnce(Expr expr)
    {
        var key = "shared " + KeyOf(expr);
        if (loop.TryHeld(key, out var known)) return known;
        var value = Hold(EmitPerRow(expr), expr.Type, "shared");
        loop.Remember(key, value);
        return value;
    }

    /// <summary>Equal for expressions that compute the same from the same columns.</summary>
    public static string KeyOf(Expr expr) =>
        $"{expr} : {expr.Type} of {string.Join(',', expr.All().OfType<ColumnRef>().Select(c => c.Column.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))}";

    private Value EmitPerRow(Expr expr) => expr switch
    {
        Literal literal => OfLiteral(literal),
        ColumnRef column => OfColumn(column),
        Call or Cast when InLongs is not null && InLongs.Contains(KeyOf(expr)) => OfLongs(expr),
        Call { Overload.Method: { } method } call => OfMethod(call, method),
        Call call => OfCall(call),
        Cast cast => OfCast(cast),
        Logic or Not or IsNull => OfLogic(expr),
        NullSafeEqual equal => OfNullSafeEqual(equal),
        Case choice => OfCase(choice),
        Coalesce coalesce => OfCoalesce(coalesce),
        InList list => OfInList(list),
        GetField field => OfField(field),
        RunConstant constant => OfRunConstant(constant),
        LambdaVariable variable => ((Binding.Held)loop[variable.Parameter]).Value,
        ScalarSubquery subquery => OfScalarSubquery(subquery),
        SubqueryTest test => OfSubqueryTest(test),
        _ => throw new UnreachableException(expr.GetType().Name),
    };

    private Value OfLongs(Expr expr)
    {
        var valid = new List<string>();
        var text = NarrowSums.Text(expr, part =>
        {
            var value = Emit(part);
            valid.Add(value.Valid);
            return value.Text;
        });
        return new Value(text, Value.And([.. valid]));
    }

    /// <summary>The same in locals, so that it can be written more than once.</summary>
    public Value Hold(Value value, DataType type, string wish)
    {
        var text = value.Text;
        if (!Value.IsSimple(text) && !text.EndsWith("u8", StringComparison.Ordinal))
        {
            text = loop.Names.New(wish);
            loop.Body.Line($"{(NeedsType(value.Text) ? PhysicalTypes.NameOf(type) : "var")} {text} = {value.Text};");
        }

        return new Value(text, HoldValid(value.Valid, text));
    }

    public Value EmitHeld(Expr expr, string wish) => Hold(Emit(expr), expr.Type, wish);

    /// <summary>The value boxed in the form of <see cref="ArrowArray.GetValue"/>, NULL as null.</summary>
    public string Boxed(Expr expr)
    {
        if (expr is Literal literal) return literal.Type.IsNested && literal.Value is not null ? OfLiteral(literal).Text : CSharpLiteral.Boxed(literal.Value);
        var value = Emit(expr);
        if (value.IsAlwaysNull) return "null";
        return BoxedHeld(value, expr.Type);
    }

    /// <summary>Whether the value can be NULL in this variant of the loop.</summary>
    public bool MayBeNull(Expr expr) => expr switch
    {
        Literal l => l.IsNull,
        ColumnRef c => loop.Resolve(c.Column) switch
        {
            Binding.Stored s => s.Rows.IsOuter || loop.IsNullable(s),
            Binding.Computed p => MayBeNull(p.Expr),
            Binding.Held h => !h.Value.IsNeverNull,
            _ => true,
        },
        LambdaVariable v => v.Nullable,
        IsNull or NullSafeEqual or RunConstant => false,
        ScalarSubquery or SubqueryTest => expr.Nullable,
        Cast { Try: true } => true,
        Coalesce c => c.Arguments.All(MayBeNull),
        GetField f => f.Nullable,
        Call { Overload.Method: { } method } c => method.Result.Nullable || c.Arguments.Where((_, i) => !method.Parameters[i].Nullable).Any(MayBeNull),
        Call c => c.Nullable && (c.Overload.Nulls == ResultNulls.Always || c.Function.Nulls == NullRule.Custom
            || Resolved(c).Shape is { MayGiveNull: true } || c.Arguments.Any(MayBeNull)),
        Case c => MayBeNull(c.Else) || c.Branches.Any(b => MayBeNull(b.Then)),
        _ => expr.Nullable && expr.Children.Any(MayBeNull),
    };

    /// <summary>Emits into a block of its own, which is appended only where it is needed.</summary>
    public (CodeWriter Block, T Result) Aside<T>(Func<T> emit)
    {
        var block = new CodeWriter();
        using (loop.NewBlock(block)) return (block, emit());
    }

    private string HoldValid(string valid, string name)
    {
        if (Value.IsSimple(valid) || valid.StartsWith("Bitmap.Get(", StringComparison.Ordinal)) return valid;
        var held = loop.Names.New(Value.IsSimple(name) && !name.Contains('[', StringComparison.Ordinal) && !char.IsDigit(name[0]) ? name + "Valid" : "valid");
        loop.Body.Line($"var {held} = {valid};");
        return held;
    }

    /// <summary>True where C# cannot tell the type from the text alone.</summary>
    private static bool NeedsType(string text) => text.StartsWith("default", StringComparison.Ordinal) || text.Contains("u8", StringComparison.Ordinal)
        || char.IsAsciiDigit(text[0]) || text.StartsWith("null", StringComparison.Ordinal);

    private Value OfLiteral(Literal literal)
    {
        if (literal.IsNull) return new Value(literal.Type is NullType ? "null!" : $"default({PhysicalTypes.NameOf(literal.Type)})", Value.Never);
        return new Value(
            literal.Type.IsNested
                ? loop.Members.Field("private static readonly object", "Constant", CSharpLiteral.Boxed(literal.Value))
                : CSharpLiteral.Of(literal.Value, literal.Type),
            Value.Always);
    }

    private Value OfColumn(ColumnRef column)
    {
        var binding = loop[column.Column];
        switch (binding)
        {
            case Binding.Stored stored:
                return loop.Read(stored);
            case Binding.Held held:
                return held.Value;
            case Binding.Computed { Expr: ColumnRef other }:
                return OfColumn(other);
            case Binding.Computed { Expr: Literal literal }:
                return OfLiteral(literal);
            case Binding.Computed computed:
                var key = "column " + column.Column.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
                if (loop.TryHeld(key, out var known)) return known;
                var value = Emit(computed.Expr);
                if (!Value.IsSimple(value.Text)) loop.Body.Comment($"{computed.Expr} AS {computed.Name}");
                value = HoldMapped(value, computed.Expr, CSharpName.From(computed.Name));
                loop.Remember(key, value);
                return value;
            default:
                throw new UnreachableException();
        }
    }

    private Value HoldMapped(Value value, Expr expr, string wish)
    {
        // A name that the SQL gives, and a place where a debugger stops: also for what was computed by statements above.
        if (expr is Literal or ColumnRef or RunConstant or GetField or LambdaVariable) return Hold(value, expr.Type, wish);
        var valid = HoldValid(value.Valid, wish);
        var name = loop.Names.New(wish);
        var text = value.Text;
        // The guard is in the text too, where it can fail: write the local that holds it now.
        if (valid != value.Valid) text = text.Replace($"{value.Valid} ?", $"{valid} ?", StringComparison.Ordinal);
        loop.Body.MappedTo(expr.Origin, $"{(NeedsType(text) ? PhysicalTypes.NameOf(expr.Type) : "var")} {name} = {text};");
        return new Value(name, valid);
    }

    private Value OfField(GetField field)
    {
        // A field of a struct column is a column itself.
        if (StructBatch(field.Input) is { } rows)
        {
            var type = (StructType)field.Input.Type;
            var column = new PlanColumn(-1, field.Name, field.Type, type.Fields[field.Index].Nullable || MayBeNull(field.Input));
            return loop.Read(new Binding.Stored(rows, field.Index, column));
        }

        // Of a struct that is made here no more is made than is read.
        if (MadeField(field) is { } made) return Emit(made);
        var input = EmitHeld(field.Input, "record");
        var item = loop.Names.New(CSharpName.From(field.Name));
        var read = $"((object?[]){input.Text})[{CSharpLiteral.Of(field.Index)}]";
        loop.Body.Line($"var {item} = {(input.IsNeverNull ? read : $"{input.Valid} ? {read} : null")};");
        return Unboxed(item, field.Type);
    }

    /// <summary>The value that a <c>named_struct</c> makes a field of; null if it is no such call.</summary>
    private Expr? MadeField(GetField field)
    {
        var input = field.Input is ColumnRef c && loop.Resolve(c.Column) is Binding.Computed computed ? computed.Expr : field.Input;
        return input is Call { Function.Lowering: Lowering.NamedStruct } made ? made.Arguments[(2 * field.Index) + 1] : null;
    }

    /// <summary>The fields of a struct that is stored in a batch, as a batch of their own; null if it is computed.</summary>
    private RowSource? StructBatch(Expr expr)
    {
        var (rows, ordinal, name) = expr switch
        {
            ColumnRef c when loop.Resolve(c.Column) is Binding.Stored s => (s.Rows, s.Ordinal, s.Column.Name),
            GetField f when StructBatch(f.Input) is { } outer => (outer, f.Index, f.Name),
            _ => default,
        };
        if (rows is null) return null;
        return rows with { Batch = CSharpName.From(name) + "Fields", IsInput = false, Setup = null, StructIn = (rows, ordinal) };
    }

    /// <summary>Finds the stored column behind a field of a struct column; null if there is none.</summary>
    public Binding.Stored? StoredField(Expr expr) => expr is GetField field && StructBatch(field.Input) is { } rows
        ? new Binding.Stored(rows, field.Index, new PlanColumn(-1, field.Name, field.Type, true))
        : null;

    /// <summary>A boxed value (a name, null for NULL) in the physical type.</summary>
    private Value Unboxed(string boxed, DataType type)
    {
        var valid = $"{boxed} is not null";
        var text = type switch
        {
            ListType or MapType or StructType or NullType => $"{boxed}!",
            StringType => $"({valid} ? scratch.Copy((string){boxed}!) : default)",
            BinaryType => $"({valid} ? new Utf8((byte[]){boxed}!) : default)",
            DecimalType { Is64: true } => $"({valid} ? (long)(Int128){boxed}! : default)",
            _ => $"({valid} ? ({PhysicalTypes.NameOf(type)}){boxed}! : default)",
        };
        if (type is StringType) loop.Members.Scratch();
        return new Value(text, valid);
    }

    private Value OfRunConstant(RunConstant constant)
    {
        var from = loop.Members.Constants();
        return constant.Kind switch
        {
            RunConstantKind.CurrentTimestamp => new Value(loop.Before("currentTimestamp", from + ".CurrentTimestamp"), Value.Always),
            RunConstantKind.CurrentDate => new Value(loop.Before("currentDate", from + ".CurrentDate"), Value.Always),
            _ => new Value(from + ".CurrentTimeZone", Value.Always),
        };
    }

    private Value OfScalarSubquery(ScalarSubquery subquery)
    {
        var name = loop.Members.Flow.Flow.Subqueries[subquery.Plan];
        var rows = loop.Members.SubqueryRows(name);
        var column = new PlanColumn(-1, "answer", subquery.Type, true);
        return loop.Read(new Binding.Stored(new RowSource(rows, loop.Before("answerRow", $"Subqueries.Row({rows})"), IsOuter: true, IsInput: false), 0, column));
    }

    private Value OfSubqueryTest(SubqueryTest test)
    {
        var rows = loop.Members.SubqueryRows(loop.Members.Flow.Flow.Subqueries[test.Plan]);
        if (test.IsExists) return new Value(loop.Before("exists", $"{rows}.Length > 0"), Value.Always);
        var input = EmitHeld(test.Inputs[0], "wanted");
        var set = loop.Members.SubquerySet(loop.Members.Flow.Flow.Subqueries[test.Plan]);
        var boxed = BoxedHeld(input, test.Inputs[0].Type);
        var found = loop.Names.New("found");
        loop.Body.Line($"var {found} = {set}.Test({boxed});");
        return new Value($"({found} == true)", $"{found} is not null");
    }

    /// <summary>A boxed value that is not null in the physical type.</summary>
    public static string UnboxedText(string boxed, DataType type) => type switch
    {
        ListType or MapType or StructType or NullType => boxed + "!",
        StringType => $"Utf8.From((string){boxed}!)",
        BinaryType => $"new Utf8((byte[]){boxed}!)",
        DecimalType { Is64: true } => $"(long)(Int128){boxed}!",
        _ => $"({PhysicalTypes.NameOf(type)}){boxed}!",
    };

    /// <summary>A value in locals boxed, NULL as null.</summary>
    public static string BoxedHeld(Value held, DataType type)
    {
        if (held.IsAlwaysNull) return "null";
        var boxed = type switch
        {
            StringType when held.Text.StartsWith('"') => held.Text[..^2],
            StringType => $"{Value.Wrap(held.Text)}.ToString()",
            BinaryType => $"{Value.Wrap(held.Text)}.ToArray()",
            DecimalType { Is64: true } => $"(object)(Int128){Value.Wrap(held.Text)}",
            ListType or MapType or StructType or NullType => held.Text,
            _ => $"(object){Value.Wrap(held.Text)}",
        };
        return held.IsNeverNull ? boxed : $"({held.Valid} ? {boxed} : null)";
    }
}
