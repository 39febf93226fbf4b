using System.Globalization;
using System.Text;

namespace Lakeflow.Compiler.Plans;

/// <summary>A text that two expressions share exactly if they are the same but for their positions in the source.</summary>
internal static class ExprKey
{
    public static string Of(Expr expr)
    {
        var text = new StringBuilder();
        Add(text, expr);
        return text.ToString();
    }

    public static string Of(IEnumerable<Expr> exprs) => string.Join(';', exprs.Select(Of));

    public static string Of(AggregateCall call) =>
        $"{call.Function.Name}{(call.Distinct ? " distinct" : "")}({Of(call.Arguments)}){(call.Filter is null ? "" : Of(call.Filter))}";

    private static void Add(StringBuilder text, Expr expr)
    {
        switch (expr)
        {
            case ColumnRef c:
                text.Append('#').Append(c.Column.Id);
                return;
            case LambdaVariable v:
                text.Append('#').Append(v.Parameter.Id);
                return;
            case Literal l:
                text.Append(CultureInfo.InvariantCulture, $"{l.Type}'{l}'");
                return;
            case Call c:
                text.Append(c.Function.Name).Append(c.Overload);
                break;
            case Cast c:
                text.Append(c.Try ? "try_cast " : "cast ").Append(c.To);
                break;
            case Logic l:
                text.Append(l.Op);
                break;
            case GetField f:
                text.Append('.').Append(f.Index);
                break;
            case RunConstant r:
                text.Append(r.Kind);
                break;
            case Case c:
                text.Append("case").Append(c.Branches.Length);
                break;
            case ScalarSubquery s:
                AddInstance(text, s.Plan);
                break;
            case SubqueryTest t:
                AddInstance(text, t.Plan);
                break;
            case ErrorExpr:
                AddInstance(text, expr);
                break;
            default:
                text.Append(expr.GetType().Name);
                break;
        }

        text.Append('(');
        if (IsCommutative(expr))
        {
            text.AppendJoin(',', expr.Children.Select(Of).Order(StringComparer.Ordinal));
        }
        else
        {
            foreach (var child in expr.Children)
            {
                Add(text, child);
                text.Append(',');
            }
        }

        text.Append(')');
    }

    /// <summary><c>b + a</c> is <c>a + b</c> to GROUP BY, as in Spark.</summary>
    private static bool IsCommutative(Expr expr) => expr is Call { Function.Name: "+" or "*", Type.IsNumeric: true };

    /// <summary>Only the same as itself: each subquery bound holds column ids of its own.</summary>
    private static void AddInstance(StringBuilder text, object part) =>
        text.Append(part.GetType().Name).Append(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(part));
}
