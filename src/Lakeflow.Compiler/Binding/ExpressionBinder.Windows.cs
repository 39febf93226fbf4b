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

        if (Distance(syntax.Start, syntax.IsRows) is not var (start, from) || Distance(syntax.End, syntax.IsRows) is not var (end, to)) return null;
        var backwards = (syntax.Start.Kind, syntax.End.Kind) is (FrameBoundKind.UnboundedFollowing, _) or (_, FrameBoundKind.UnboundedPreceding) || start > end;
        if (backwards)
        {
            context.Error(BindingErrors.BadFrame(syntax.Span, "The frame ends before it starts."));
            return null;
        }

        if (from is null && to is null) return new WindowFrame(syntax.IsRows ? FrameUnit.Rows : FrameUnit.Range, start, end);
        if (order is not [var key])
        {
            context.Error(BindingErrors.BadFrame(syntax.Span, "RANGE with a distance needs exactly one ORDER BY key."));
            return null;
        }

        var least = start is null ? null : Bound(key, from, start.Value, syntax.Start.Span);
        var last = end is null ? null : Bound(key, to, end.Value, syntax.End.Span);
        if (least is ErrorExpr || last is ErrorExpr) return null;
        ImmutableArray<Expr> all = [key.Value, .. new[] { least, last }.OfType<Expr>()];
        if (ToCommonType(all, "RANGE", syntax.Span) is not { } common) return null;
        return new WindowFrame(FrameUnit.Range, start, end, new RangeBounds(common[0], least is null ? null : common[1], last is null ? null : common[^1]));
    }

    /// <summary>How far a bound is: for ROWS in rows; for RANGE its sign, and the distance. Unbounded: nulls. Null, reported, if it is none.</summary>
    private (long? Rows, Expr? Distance)? Distance(FrameBoundSyntax bound, bool isRows)
    {
        if (bound.Kind == FrameBoundKind.CurrentRow) return (0, null);
        if (bound.Offset is null) return (null, null);
        var value = Bind(bound.Offset);
        if (value is ErrorExpr) return null;
        var literal = value as Literal;
        long? whole = literal?.Value switch { sbyte v => v, short v => v, int v when literal.Type.IsInteger => v, long v when literal.Type.IsInteger => v, _ => null };
        var problem = isRows && whole is null ? "ROWS counts rows: its distance is a whole number."
            : value.ColumnsRead().Any() ? "The distance of a frame must be a constant."
            : whole < 0 || (literal?.Value is long and < 0 && literal.Type is DayTimeIntervalType) ? "The distance of a frame is not negative."
            : null;
        if (problem is not null)
        {
            context.Error(BindingErrors.BadFrame(bound.Span, problem));
            return null;
        }

        var sign = bound.Kind == FrameBoundKind.Preceding ? -1 : 1;
        return isRows ? (sign * whole, null) : (whole == 0 ? 0 : sign, value);
    }

    /// <summary>The key at a distance from a row's own, by the arithmetic of SQL; the row's own for CURRENT ROW.</summary>
    private Expr Bound(SortKey key, Expr? distance, long sign, SourceSpan span)
    {
        if (distance is null || sign == 0) return key.Value;
        var fits = (key.Value.Type, distance.Type) switch
        {
            (DateType, DayTimeIntervalType or YearMonthIntervalType) => true,
            (DateType, var days) => days.IsInteger,
            (TimestampType, DayTimeIntervalType or YearMonthIntervalType) => true,
            (DayTimeIntervalType, DayTimeIntervalType) or (YearMonthIntervalType, YearMonthIntervalType) => true,
            var (numbers, number) => numbers.IsNumeric && number.IsNumeric,
        };
        if (!fits) return Fail(BindingErrors.BadFrame(span, $"A distance of {distance.Type} does not fit an ORDER BY key of {key.Value.Type}."));
        return Apply(sign > 0 == key.Descending ? "-" : "+", [key.Value, distance], span);
    }
}
