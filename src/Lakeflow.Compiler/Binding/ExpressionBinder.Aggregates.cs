using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Aggregate functions: computed below, seen here as a column.</summary>
internal sealed partial class ExpressionBinder
{
    private Expr BindAggregate(CallSyntax syntax, SqlFunction function)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, $"The aggregate function {function.Name}", RowCondition));
        if (Aggregates is null || Aggregates.Inside || lambdaScope.Count > 0)
        {
            return Fail(BindingErrors.AggregateNotAllowed(
                syntax.Span, function.Name,
                Aggregates is null ? clause : lambdaScope.Count > 0 ? "a lambda" : "another aggregate function",
                clause == "WHERE" ? "Conditions on groups go into HAVING." : null));
        }

        var name = PreferredName;
        PreferredName = null;
        Aggregates.Inside = true;
        var call = AggregateOf(syntax, function);
        Aggregates.Inside = false;
        return call is null ? new ErrorExpr(syntax.Span) : Aggregates.Add(call, name);
    }

    /// <summary>The call with its arguments bound and coerced; null if in error.</summary>
    private AggregateCall? AggregateOf(CallSyntax syntax, SqlFunction function)
    {
        if (AggregateArguments(syntax, function) is not { } arguments) return null;
        Expr? filter = null;
        if (syntax.Filter is not null)
        {
            filter = ToBoolean(Bind(syntax.Filter), "FILTER");
            if (filter is ErrorExpr) return null;
        }

        if (AnyError(arguments) || Resolve(function, arguments, syntax.Span) is not { } call) return null;
        if (syntax.Distinct && arguments.FirstOrDefault(a => !TypeCoercion.IsOrderable(a.Type)) is { } odd)
        {
            context.Error(BindingErrors.NotOrderable(odd.Origin, odd.Type, "DISTINCT"));
            return null;
        }

        return new AggregateCall(function, call.Overload, Coerce(arguments, call), syntax.Distinct, filter, call.Result, call.Nullable, syntax.Span);
    }

    private ImmutableArray<Expr>? AggregateArguments(CallSyntax syntax, SqlFunction function)
    {
        if (syntax.Arguments is [{ Value: StarSyntax { Except.IsEmpty: true } star }])
        {
            if (star.Qualifier is null && function.Name == "count") return [];
            context.Error(BindingErrors.StarNotAllowed(star.Span, function.Name));
            return null;
        }

        if (syntax.Arguments.FirstOrDefault(a => a.Name is not null) is { } named)
        {
            context.Error(BindingErrors.WrongArguments(named.Span, $"{function.Name} takes its arguments by position."));
            return null;
        }

        var arguments = Arguments(syntax, function);
        if (!syntax.WithinGroup.IsEmpty)
        {
            if (syntax.WithinGroup is not [var order] || function.Name is not ("percentile" or "percentile_disc" or "mode"))
            {
                NotSupported(syntax.WithinGroup[0].Span, $"WITHIN GROUP of {function.Name}");
                return null;
            }

            if (order.Descending)
            {
                if (FromTheEnd(function, arguments, order.Span) is not { } turned)
                {
                    NotSupported(order.Span, $"WITHIN GROUP (ORDER BY … DESC) of {function.Name}", "Order ascending.");
                    return null;
                }

                arguments = turned;
            }

            arguments = arguments.Insert(0, Bind(order.Expression));
        }

        if (syntax.IgnoreNulls == true && function.Overloads.Any(o => o.Parameters.Length == arguments.Length + 1))
            arguments = arguments.Add(new Literal(true, DataType.Boolean, syntax.Span));
        return arguments;
    }

    /// <summary>The arguments of a percentile of descending values: interpolated it is the one at 1 − p, a value that occurs is counted from the end.</summary>
    private static ImmutableArray<Expr>? FromTheEnd(SqlFunction function, ImmutableArray<Expr> arguments, SourceSpan origin) => (function.Name, arguments) switch
    {
        ("percentile", [Literal { Type.IsNumeric: true, Value: { } p } fraction]) => [new Literal(1 - FractionOf(p, fraction.Type), DataType.Double, fraction.Origin)],
        ("percentile_disc", [var fraction]) => [fraction, new Literal(true, DataType.Boolean, origin)],
        _ => null,
    };

    private static double FractionOf(object value, DataType type) => type is DecimalType d
        ? Runtime.Kernels.DecimalMath.ToDouble((Int128)value, d.Scale)
        : Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
}
