using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Window functions: computed below, seen here as a column.</summary>
internal sealed partial class ExpressionBinder
{
    private const long MicrosPerDay = 86_400_000_000;

    private Expr BindWindowCall(CallSyntax syntax, SqlFunction function)
    {
        if (RowCondition is not null) return Fail(BindingErrors.NotInCondition(syntax.Span, $"The window function {function.Name}", RowCondition));
        if (function.Kind is not (FunctionKind.Window or FunctionKind.Aggregate))
            return Fail(BindingErrors.WrongArguments(syntax.Span, $"{function.Name} is no window function, so OVER does not fit."));
        if (Windows is null || Windows.Inside || Aggregates is { Inside: true } || lambdaScope.Count > 0)
        {
            var where = Windows is null ? clause : Windows.Inside ? "another window function" : lambdaScope.Count > 0 ? "a lambda" : "an aggregate function";
            return Fail(BindingErrors.WindowNotAllowed(syntax.Span, function.Name, where, clause is "WHERE" or "HAVING" ? "Conditions on window functions go into QUALIFY." : null));
        }

        if (syntax.Distinct) return NotSupported(syntax.Span, "DISTINCT in a window function");
        if (Specification(syntax.Over!, []) is not { } over) return new ErrorExpr(syntax.Span);
        var name = PreferredName;
        PreferredName = null;
        Windows.Inside = true;
        var result = WindowOf(syntax, function, over, name);
        Windows.Inside = false;
        return result;
    }

    private Expr WindowOf(CallSyntax syntax, SqlFunction function, WindowSyntax over, string? name)
    {
        var partition = BindAll(over.PartitionBy);
        var order = BindSort(over.OrderBy);
        var arguments = AggregateArguments(syntax, function);
        var filter = syntax.Filter is null ? null : ToBoolean(Bind(syntax.Filter), "FILTER");
        if (arguments is not { } given || AnyError(given) || AnyError(partition) || order is null || filter is ErrorExpr) return new ErrorExpr(syntax.Span);
        if (filter is not null && Filtered(function, given, filter, syntax.Span) is not { } filtered) return NotSupported(syntax.Span, $"FILTER of {function.Name} with OVER");
        else if (filter is not null) given = Filtered(function, given, filter, syntax.Span)!.Value;

        // IGNORE NULLS travels in the call, not among its arguments.
        if (syntax.IgnoreNulls == true && given is [.., Literal { Value: true } last] && last.Origin == syntax.Span) given = given[..^1];
        if (Resolve(function, given, syntax.Span) is not { } call) return new ErrorExpr(syntax.Span);
        if (order.Value.IsEmpty && function.Kind == FunctionKind.Window && function.NeedsOrder) return Fail(BindingErrors.OrderNeeded(syntax.Span, function.Name));
        if (Frame(over, order.Value, function) is not { } frame) return new ErrorExpr(syntax.Span);
        var window = new WindowCall(function, call.Overload, Coerce(given, call), frame, syntax.IgnoreNulls == true, call.Result, call.Nullable, syntax.Span);
        return Windows!.Add(partition, order.Value, window, name, over.Span);
    }

    /// <summary>Arguments that are NULL where the filter is not TRUE, for functions that skip NULL; null if that does not do.</summary>
    private static ImmutableArray<Expr>? Filtered(SqlFunction function, ImmutableArray<Expr> arguments, Expr filter, SourceSpan span)
    {
        if (function.Kind != FunctionKind.Aggregate || !function.SkipsNulls) return null;
        ImmutableArray<Expr> values = arguments.IsEmpty ? [new Literal(1, DataType.Int32, span)] : arguments;
        return values.SetItem(0, new Case([new CaseBranch(filter, values[0])], new Literal(null, values[0].Type, span), span));
    }

    /// <summary>Follows names of the WINDOW clause; null, reported, if one is unknown.</summary>
    private WindowSyntax? Specification(WindowSyntax window, ImmutableArray<string> followed)
    {
        if (window.Name is null) return window;
        var named = Windows!.Named.FirstOrDefault(w => string.Equals(w.Name.Text, window.Name.Text, StringComparison.OrdinalIgnoreCase));
        if (named is null || followed.Contains(named.Name.Text))
        {
            context.Error(BindingErrors.UnknownWindow(window.Name.Span, window.Name.Text, Windows.Named.Select(w => w.Name.Text)));
            return null;
        }

        if (Specification(named.Window, followed.Add(named.Name.Text)) is not { } basis) return null;
        return new WindowSyntax(
            null,
            window.PartitionBy.IsEmpty ? basis.PartitionBy : window.PartitionBy,
            window.OrderBy.IsEmpty ? basis.OrderBy : window.OrderBy,
            window.Frame ?? basis.Frame,
            window.Span);
    }

    /// <summary>Sort keys; null if one is in error.</summary>
    public ImmutableArray<SortKey>? BindSort(ImmutableArray<SortItemSyntax> items)
    {
        var keys = ImmutableArray.CreateBuilder<SortKey>();
        var whole = true;
        foreach (var item in items)
        {
            var value = Bind(item.Expression);
            if (value is not ErrorExpr && !TypeCoercion.IsOrderable(value.Type)) value = Fail(BindingErrors.NotOrderable(item.Expression.Span, value.Type, "ORDER BY"));
            whole &= value is not ErrorExpr;
            keys.Add(new SortKey(value, item.Descending, item.NullsFirst ?? !item.Descending));
        }

        return whole ? keys.ToImmutable() : null;
    }

    private WindowFrame? Frame(WindowSyntax over, ImmutableArray<SortKey> order, SqlFunction function)
    {
        if (over.Frame is not { } syntax) return order.IsEmpty ? WindowFrame.Whole : WindowFrame.ToCurrentPeer;
        if (function.Kind == FunctionKind.Window && function.Name is not ("first_value" or "last_value" or "nth_value"))
        {
            context.Error(BindingErrors.BadFrame(syntax.Span, $"{function.Name} takes no frame."));
            return null;
        }

        if (!Bound(syntax.Start, out var start) || !Bound(syntax.End, out var end)) return null;
        var backwards = (syntax.Start.Kind, syntax.End.Kind) is (FrameBoundKind.UnboundedFollowing, _) or (_, FrameBoundKind.UnboundedPreceding) || start > end;
        if (backwards)
        {
            context.Error(BindingErrors.BadFrame(syntax.Span, "The frame ends before it starts."));
            return null;
        }

        return new WindowFrame(syntax.IsRows ? FrameUnit.Rows : FrameUnit.Range, start, end);

        bool Bound(FrameBoundSyntax bound, out long? at)
        {
            at = bound.Kind == FrameBoundKind.CurrentRow ? 0 : null;
            if (bound.Offset is null) return true;
            var value = Bind(bound.Offset);
            if (value is ErrorExpr) return false;
            if (value is not Literal literal || Distance(literal, syntax.IsRows ? null : order) is not { } distance)
            {
                var problem = value is not Literal ? "The distance of a frame must be a constant."
                    : syntax.IsRows ? "ROWS counts rows: its distance is a whole number."
                    : order.Length != 1 ? "RANGE with a distance needs exactly one ORDER BY key."
                    : $"A distance of {value.Type} does not fit an ORDER BY key of {order[0].Value.Type}.";
                context.Error(BindingErrors.BadFrame(bound.Span, problem));
                return false;
            }

            if (distance < 0)
            {
                context.Error(BindingErrors.BadFrame(bound.Span, "The distance of a frame is not negative."));
                return false;
            }

            at = bound.Kind == FrameBoundKind.Preceding ? -distance : distance;
            return true;
        }
    }

    /// <summary>How far, in rows (no order given) or in the key's own unit: days of a DATE, microseconds of a TIMESTAMP.</summary>
    private static long? Distance(Literal literal, ImmutableArray<SortKey>? order)
    {
        long? whole = literal.Value switch { sbyte v => v, short v => v, int v when literal.Type.IsInteger => v, long v when literal.Type.IsInteger => v, _ => null };
        if (order is null) return whole;
        if (order is not [var key]) return null;
        return (key.Value.Type, literal.Type) switch
        {
            (DateType, DayTimeIntervalType) when literal.Value is long micros && micros % MicrosPerDay == 0 => micros / MicrosPerDay,
            (DateType, _) => whole,
            (TimestampType, DayTimeIntervalType) => (long)literal.Value!,
            _ when key.Value.Type.IsInteger => whole,
            _ => null,
        };
    }
}
