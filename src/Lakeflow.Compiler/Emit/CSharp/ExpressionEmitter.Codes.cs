using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;

namespace Lakeflow.Compiler.Emit.CSharp;

/// <summary>Once per distinct value: what is Total and reads one text column is computed for the column's dictionary, where it comes with one.</summary>
internal sealed partial class ExpressionEmitter
{
    private int inCodes;

    /// <summary>The value by code; null if the expression is not of that kind.</summary>
    private Value? ByCode(Expr expr)
    {
        if (inCodes > 0 || !loop.CanOutline || expr is not (Call or Cast or InList) || expr.Type.IsNested || expr.Type is NullType) return null;
        if (expr.CanFail || !expr.IsDeterministic) return null;
        var columns = expr.All().OfType<ColumnRef>().Select(c => c.Column).Distinct().ToList();
        if (columns is not [var column] || expr.All().Any(e => e is ScalarSubquery or SubqueryTest or Lambda or RunConstant)) return null;
        if (loop.Resolve(column) is not Binding.Stored { Rows: { IsInput: true, IsOuter: false } rows, Column.Type: StringType or BinaryType } stored) return null;

        var text = loop.Read(stored).Text[..^3];
        var key = $"code {ExprText(expr)} of {text}";
        if (loop.TryHeld(key, out var known)) return known;

        // First as a row of the dictionary: it must not be NULL for a text that is not.
        var code = loop.Names.New("code");
        var block = new CodeWriter();
        Value once;
        var before = loop[column];
        var prologue = loop.Prologue;
        inCodes++;
        try
        {
            using (loop.NewBlock(block))
            {
                loop.Bind(column, new Binding.Held(new Value($"{text}.Value({code})", Value.Always)));
                once = Emit(expr);
            }
        }
        finally
        {
            inCodes--;
            loop.Bind(column, before);
        }

        if (!once.IsNeverNull) return null;
        inCodes++;
        var (slow, perRow) = Aside(() => Emit(expr));
        inCodes--;
        if (!slow.IsEmpty) return null;

        var array = $"{loop.BatchOf(rows)}.Columns[{CSharpLiteral.Of(stored.Ordinal)}]";
        var isText = expr.Type is StringType or BinaryType;
        var type = isText ? "CodeTexts" : $"CodeTable<{PhysicalTypes.NameOf(expr.Type)}>";
        var table = loop.Members.Field($"private readonly {type}", "byCode" + CSharpName.Pascal(column.Name), "new()", shared: false);
        var count = loop.Names.New(table + "Count");
        prologue.Blank();
        prologue.Comment($"{expr}: once per distinct value where the column comes as a dictionary");
        prologue.Line($"var {count} = {table}.Begin({array});");
        using (prologue.Braces($"for (var {code} = 0; {code} < {count}; {code}++)"))
        {
            prologue.Append(block);
            prologue.Line(isText ? $"{table}.Add({once.Text});" : $"{table}.Values[{code}] = {once.Text};");
        }

        prologue.Blank();
        var codes = loop.Before(text + "Codes", text + ".Codes");
        var values = isText ? table : loop.Before(table + "Values", $"{table}.Values");
        var value = new Value($"({codes}.Length > 0 ? {values}[{codes}[{rows.Index}]] : {perRow.Text})", perRow.Valid);
        loop.Remember(key, value);
        return value;
    }

    private static string ExprText(Expr expr) => expr.ToString();
}
