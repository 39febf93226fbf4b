using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Windows of time.</summary>
internal sealed partial class ExpressionBinder
{
    /// <summary>A row that is in more windows than this is a mistake in the slide.</summary>
    private const int MostWindows = 1000;

    /// <summary>Takes time windows; null where they may not stand.</summary>
    public TimeWindowCollector? TimeWindows { get; init; }

    private Expr TimeFunction(string name, ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        if (AnyError(arguments)) return new ErrorExpr(origin);
        return name switch
        {
            "window" => TimeWindow(arguments, origin),
            "session_window" => SessionWindow(arguments, origin),
            "window_time" => WindowTime(arguments, origin),
            _ => NotSupported(origin, $"The function {name}"),
        };
    }

    /// <summary><c>window(at, '10 minutes'[, '5 minutes'[, '1 minute']])</c>: STRUCT&lt;start, end&gt;, half open, aligned to 1970-01-01 UTC and the start.</summary>
    private Expr TimeWindow(ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        if (arguments.Length is < 2 or > 4) return Fail(BindingErrors.WrongArguments(origin, "window takes a time, a length, and perhaps a slide and a start."));
        if (TimeWindows is null) return Fail(BindingErrors.WrongArguments(origin, $"window may not stand in {clause}.", "Use it in the SELECT list or in GROUP BY; what follows can read its column."));
        var at = arguments[0].Type is StructType ? WindowTime([arguments[0]], origin) : arguments[0];
        if (at is ErrorExpr) return at;
        if (at.Type is not (TimestampType or DateType or StringType)) return Fail(BindingErrors.WrongArguments(at.Origin, $"window needs a TIMESTAMP, not {at.Type}."));
        if (Duration(arguments[1]) is not { } width) return new ErrorExpr(origin);
        var slide = width;
        if (arguments.Length > 2)
        {
            if (Duration(arguments[2]) is not { } given) return new ErrorExpr(origin);
            slide = given;
        }

        long shift = 0;
        if (arguments.Length > 3)
        {
            if (Duration(arguments[3]) is not { } given) return new ErrorExpr(origin);
            shift = given;
        }

        if (width <= 0 || slide <= 0 || slide > width) return Fail(BindingErrors.WrongArguments(origin, "A window is longer than nothing, and slides by no more than its length."));
        if (Math.Abs(shift) >= slide) return Fail(BindingErrors.WrongArguments(origin, "A window's start is less than its slide."));
        if (width / slide > MostWindows) return Fail(BindingErrors.WrongArguments(origin, $"Each row would be in {width / slide} windows; at most {MostWindows} are possible."));

        var time = Conversions.To(at, DataType.Timestamp);
        Expr micros = Apply("unix_micros", [time], origin);
        Expr past = Apply("pmod", [shift == 0 ? micros : Apply("-", [micros, Micros(shift, origin)], origin), Micros(slide, origin)], origin);
        Expr last = Apply("-", [micros, past], origin);
        if (slide == width)
        {
            var value = WindowFrom(last, width, origin);
            return value is ErrorExpr ? value : TimeWindows.Add(new TimeWindow(ExprKey.Of(value), time, value, query.Ids.NewColumn("window", value.Type, nullable: false)));
        }

        // The windows of a row begin at the last start before it, and so many slides earlier.
        var back = query.Ids.NewColumn("back", DataType.Int64, nullable: false);
        var before = new ColumnRef(back, origin);
        var begun = Apply("+", [past, before], origin);
        var from = WindowFrom(Apply("-", [last, before], origin), width, origin);
        if (from is ErrorExpr) return from;
        var starts = Enumerable.Range(0, (int)((width + slide - 1) / slide)).Reverse().Select(i => i * slide);
        return TimeWindows.Add(new TimeWindow(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ExprKey.Of(time)} {width} {slide} {shift}"), time, from, query.Ids.NewColumn("window", from.Type, nullable: false))
        {
            Slides = new Slides(back, [.. starts], width % slide == 0 ? null : Apply("<", [begun, Micros(width, origin)], origin)),
        });
    }

    /// <summary>
    /// <c>session_window(at, '5 minutes')</c>: STRUCT&lt;start, end&gt;. Of a row alone from its time to the gap after it; where rows are grouped
    /// by it, those that overlap or touch become one. The gap may be computed for each row.
    /// </summary>
    private Expr SessionWindow(ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        if (arguments.Length != 2) return Fail(BindingErrors.WrongArguments(origin, "session_window takes a time and a gap."));
        if (TimeWindows is null) return Fail(BindingErrors.WrongArguments(origin, $"session_window may not stand in {clause}.", "Use it in the SELECT list or in GROUP BY; what follows can read its column."));
        var at = arguments[0];
        if (at.Type is not (TimestampType or DateType or StringType)) return Fail(BindingErrors.WrongArguments(at.Origin, $"session_window needs a TIMESTAMP, not {at.Type}."));
        if (Gap(arguments[1]) is not { } gap) return new ErrorExpr(origin);
        if (gap is Literal { Value: long and <= 0 }) return Fail(BindingErrors.WrongArguments(gap.Origin, "The gap of a session is longer than nothing."));
        var time = Conversions.To(at, DataType.Timestamp);
        var value = Apply("named_struct", [new Literal("start", DataType.String, origin), time, new Literal("end", DataType.String, origin), Apply("+", [time, gap], origin)], origin);
        if (value is ErrorExpr) return value;
        var test = gap is Literal ? null : Apply(">", [gap, new Literal(0L, DataType.DayTimeInterval, origin)], origin);
        return TimeWindows.Add(new TimeWindow(ExprKey.Of(value), time, value, query.Ids.NewColumn("session_window", value.Type, nullable: false)) { IsSession = true, Gap = test });
    }

    /// <summary>A length of time that may differ from row to row; texts in the branches of a CASE are read as intervals. Null: reported.</summary>
    private Expr? Gap(Expr value)
    {
        switch (value)
        {
            case { Type: DayTimeIntervalType }:
                return value;
            case Literal { Value: string }:
                return Duration(value) is { } micros ? new Literal(micros, DataType.DayTimeInterval, value.Origin) : null;
            case Literal { Value: null }:
                return new Literal(null, DataType.DayTimeInterval, value.Origin);
            case Case { Type: StringType } choice:
                var branches = choice.Branches.Select(b => Gap(b.Then) is { } then ? b with { Then = then } : null).ToList();
                return branches.Contains(null) || Gap(choice.Else) is not { } otherwise ? null : new Case([.. branches.OfType<CaseBranch>()], otherwise, choice.Origin);
            default:
                Fail(BindingErrors.WrongArguments(value.Origin, $"The gap of a session is a length of time, not {value.Type}.", value.Type is StringType
                    ? "Of texts such as '5 minutes' make an interval: INTERVAL 1 MINUTE * CAST(split(gap, ' ')[0] AS INT); of texts such as '0 00:05:00' CAST(gap AS INTERVAL DAY TO SECOND)."
                    : "Write '10 minutes', INTERVAL 10 MINUTES, a CASE of such, or of a column of numbers n * INTERVAL 1 MINUTE."));
                return null;
        }
    }

    private Expr WindowFrom(Expr start, long width, SourceSpan origin)
    {
        var from = Apply("timestamp_micros", [start], origin);
        var end = Apply("+", [from, new Literal(width, DataType.DayTimeInterval, origin)], origin);
        return Apply("named_struct", [new Literal("start", DataType.String, origin), from, new Literal("end", DataType.String, origin), end], origin);
    }

    /// <summary><c>window_time(w)</c>: the last microsecond of a window, so that windows can be made of windows.</summary>
    private Expr WindowTime(ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        if (arguments is not [{ Type: StructType { Fields: [_, { Name: "end", Type: TimestampType } end] } } window])
            return Fail(BindingErrors.WrongArguments(origin, "window_time takes the column that window made."));
        return Apply("-", [new GetField(window, 1, end.Type, window.Nullable || end.Nullable, origin), new Literal(1L, DataType.DayTimeInterval, origin)], origin);
    }

    /// <summary>A constant length of time in microseconds, written as an interval or as its text; null: reported.</summary>
    private long? Duration(Expr value)
    {
        switch (value)
        {
            case Literal { Type: DayTimeIntervalType, Value: long micros }:
                return micros;
            case Literal { Value: string text }:
                var part = new IntervalPartSyntax(new StringLiteralSyntax(text, false, value.Origin), null, null, false, value.Origin);
                var bound = BindInterval(new IntervalLiteralSyntax([part], value.Origin));
                if (bound is Literal { Type: DayTimeIntervalType, Value: long parsed }) return parsed;
                if (bound is ErrorExpr) return null;
                break;
        }

        Fail(BindingErrors.WrongArguments(value.Origin, "A length of time is a constant in weeks, days, hours, minutes or seconds: months have no one length.", "Write '10 minutes' or INTERVAL 10 MINUTES."));
        return null;
    }

    /// <summary>The delay of a WATERMARK in microseconds; null: reported.</summary>
    public long? BindDelay(ExpressionSyntax syntax)
    {
        var bound = Bind(syntax);
        if (bound is ErrorExpr || Duration(bound) is not { } micros) return null;
        if (micros >= 0) return micros;
        Fail(BindingErrors.WrongArguments(syntax.Span, "The delay of a watermark is not less than nothing."));
        return null;
    }

    private static Literal Micros(long value, SourceSpan origin) => new(value, DataType.Int64, origin);
}
