using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Operators and predicates.</summary>
internal sealed partial class ExpressionBinder
{
    private Expr BindUnary(UnarySyntax syntax)
    {
        var operand = Bind(syntax.Operand);
        return syntax.Operator switch
        {
            UnaryOperator.Not => ToBoolean(operand, "NOT") is { } value && value is ErrorExpr ? value : new Not(ToBoolean(operand, "NOT"), syntax.Span),
            UnaryOperator.Minus => Apply("negative", [operand], syntax.Span),
            UnaryOperator.Plus => Apply("positive", [operand], syntax.Span),
            UnaryOperator.BitNot => Apply("~", [operand], syntax.Span),
            _ => throw new UnreachableException(syntax.Operator.ToString()),
        };
    }

    private Expr BindBinary(BinarySyntax syntax)
    {
        var left = Bind(syntax.Left);
        var right = Bind(syntax.Right);
        switch (syntax.Operator)
        {
            case BinaryOperator.And or BinaryOperator.Or:
                var op = syntax.Operator == BinaryOperator.And ? LogicOp.And : LogicOp.Or;
                var (l, r) = (ToBoolean(left, op.ToString().ToUpperInvariant()), ToBoolean(right, op.ToString().ToUpperInvariant()));
                if (l is ErrorExpr || r is ErrorExpr) return new ErrorExpr(syntax.Span);
                return new Logic(op, l, r, syntax.Span);
            case BinaryOperator.NotEqual:
                return NotOf(Compare("=", left, right, syntax.Span), syntax.Span);
            case BinaryOperator.NullSafeEqual:
                return NullSafe(left, right, syntax.Span);
            // A text with an interval is a timestamp for the while, and a text again.
            case BinaryOperator.Add or BinaryOperator.Subtract when left.Type is StringType && IsInterval(right.Type):
                return Moved(left, right);
            case BinaryOperator.Add when right.Type is StringType && IsInterval(left.Type):
                return Moved(right, left);
            default:
                return Apply(SignOf(syntax.Operator), [left, right], syntax.Span);
        }

        Expr Moved(Expr text, Expr by)
        {
            var moved = Apply(SignOf(syntax.Operator), [Conversions.To(text, DataType.Timestamp), by], syntax.Span);
            return moved is ErrorExpr ? moved : Conversions.To(moved, DataType.String);
        }
    }

    private static bool IsInterval(DataType type) => type is YearMonthIntervalType or DayTimeIntervalType;

    private static string SignOf(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.IntegralDivide => "div",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Concat => "||",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.BitOr => "|",
        BinaryOperator.BitXor => "^",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.ShiftRightUnsigned => ">>>",
        BinaryOperator.Equal => "=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        _ => throw new UnreachableException(op.ToString()),
    };

    public Expr Compare(string sign, Expr left, Expr right, SourceSpan origin) => Apply(sign, [left, right], origin);

    private static Expr NotOf(Expr value, SourceSpan origin) => value is ErrorExpr ? value : new Not(value, origin);

    public Expr NullSafe(Expr left, Expr right, SourceSpan origin)
    {
        if (left is ErrorExpr || right is ErrorExpr) return new ErrorExpr(origin);
        if (ToCommonType([left, right], "<=>", origin) is not [var l, var r]) return new ErrorExpr(origin);
        if (!TypeCoercion.IsOrderable(l.Type)) return Fail(BindingErrors.NotOrderable(origin, l.Type, "<=>"));
        return new NullSafeEqual(l, r, origin);
    }

    private Expr BindBetween(BetweenSyntax syntax)
    {
        var (value, low, high) = (Bind(syntax.Value), Bind(syntax.Low), Bind(syntax.High));
        if (AnyError([value, low, high])) return new ErrorExpr(syntax.Span);
        if (!value.IsDeterministic) return NotSupported(syntax.Value.Span, "BETWEEN on a value that differs at each evaluation");
        var between = Within(value, low, high);
        if (syntax.Symmetric && between is not ErrorExpr) between = new Logic(LogicOp.Or, between, Within(value, high, low), syntax.Span);
        return syntax.Not ? NotOf(between, syntax.Span) : between;

        Expr Within(Expr v, Expr from, Expr to)
        {
            var above = Compare(">=", v, from, syntax.Span);
            var below = above is ErrorExpr ? above : Compare("<=", v, to, syntax.Span);
            return below is ErrorExpr ? below : new Logic(LogicOp.And, above, below, syntax.Span);
        }
    }

    private Expr BindInList(InListSyntax syntax)
    {
        ImmutableArray<Expr> values = [Bind(syntax.Value), .. syntax.Items.Select(Bind)];
        var list = In(values, syntax.Span);
        return syntax.Not ? NotOf(list, syntax.Span) : list;
    }

    private Expr In(ImmutableArray<Expr> values, SourceSpan span)
    {
        if (AnyError(values) || ToCommonType(values, "IN", span) is not { } same) return new ErrorExpr(span);
        if (!TypeCoercion.IsOrderable(same[0].Type)) return Fail(BindingErrors.NotOrderable(span, same[0].Type, "IN"));
        return new InList(same[0], same[1..], span);
    }

    private Expr BindIs(IsSyntax syntax)
    {
        var value = Bind(syntax.Value);
        if (value is ErrorExpr) return value;
        Expr test;
        switch (syntax.Test)
        {
            case IsTest.Null:
                test = new IsNull(value, syntax.Span);
                break;
            case IsTest.Unknown:
                test = ToBoolean(value, "IS UNKNOWN") is var unknown && unknown is ErrorExpr ? unknown : new IsNull(unknown, syntax.Span);
                break;
            case IsTest.DistinctFrom:
                test = NullSafe(value, Bind(syntax.Other!), syntax.Span);
                return syntax.Not ? test : NotOf(test, syntax.Span);
            default:
                var boolean = ToBoolean(value, "IS TRUE");
                if (boolean is ErrorExpr) return boolean;
                test = new NullSafeEqual(boolean, new Literal(syntax.Test == IsTest.True, DataType.Boolean, syntax.Span), syntax.Span);
                break;
        }

        return syntax.Not ? NotOf(test, syntax.Span) : test;
    }

    private Expr BindLike(LikeSyntax syntax)
    {
        var name = syntax.Kind switch { LikeKind.Like => "like", LikeKind.ILike => "ilike", _ => "rlike" };
        var value = Bind(syntax.Value);
        var escape = syntax.Escape is null ? null : Bind(syntax.Escape);
        Expr? result = null;
        if (syntax.Patterns.IsEmpty) return Fail(BindingErrors.WrongArguments(syntax.Span, "LIKE ANY and LIKE ALL need at least one pattern."));
        foreach (var pattern in syntax.Patterns)
        {
            ImmutableArray<Expr> arguments = escape is null ? [value, Bind(pattern)] : [value, Bind(pattern), escape];
            var one = Apply(name, arguments, syntax.Span);

            // NOT LIKE ANY negates each pattern: some pattern does not match.
            if (syntax.Not && syntax.Quantifier != LikeQuantifier.One) one = NotOf(one, syntax.Span);
            if (one is ErrorExpr) return one;
            result = result is null ? one : new Logic(syntax.Quantifier == LikeQuantifier.Any ? LogicOp.Or : LogicOp.And, result, one, syntax.Span);
        }

        return syntax.Not && syntax.Quantifier == LikeQuantifier.One ? NotOf(result!, syntax.Span) : result!;
    }

    private Expr BindCase(CaseSyntax syntax)
    {
        var operand = syntax.Operand is null ? null : Bind(syntax.Operand);
        var conditions = new List<Expr>();
        var results = ImmutableArray.CreateBuilder<Expr>();
        foreach (var when in syntax.Whens)
        {
            var condition = Bind(when.Condition);
            conditions.Add(operand is null ? ToBoolean(condition, "WHEN") : Compare("=", operand, condition, when.Condition.Span));
            results.Add(Bind(when.Result));
        }

        results.Add(syntax.Else is null ? new Literal(null, DataType.Null, syntax.Span) : Bind(syntax.Else));
        var values = results.ToImmutable();
        if (AnyError(values) || AnyError([.. conditions]) || ToCommonType(values, "CASE", syntax.Span) is not { } same) return new ErrorExpr(syntax.Span);
        return new Case([.. conditions.Select((c, i) => new CaseBranch(c, same[i]))], same[^1], syntax.Span);
    }

    private Expr BindCast(CastSyntax syntax)
    {
        var value = Bind(syntax.Value);
        var type = TypeBinder.Bind(syntax.Type, context.Bag);
        if (value is ErrorExpr || type is null) return new ErrorExpr(syntax.Span);
        // CAST(1 AS INT) is no literal any more: beside a DECIMAL it counts as DECIMAL(10,0), not by its digits.
        if (value is Literal { IsNull: false, Type.IsInteger: true } && value.Type.Equals(type)) return new Cast(value, type, false, true, syntax.Span);
        return Cast(value, type, syntax.Try, syntax.Span);
    }

    private Expr Cast(Expr value, DataType type, bool tries, SourceSpan span)
    {
        if (!TypeCoercion.CanCast(value.Type, type)) return Fail(BindingErrors.CannotCast(span, value.Type, type));
        if (value is Literal { IsNull: true }) return new Literal(null, type, span);
        if (Conversions.IsSame(value.Type, type)) return value;
        return new Cast(value, type, tries, Conversions.IsSafe(value.Type, type), span);
    }

    private Expr BindSubscript(SubscriptSyntax syntax)
    {
        var value = Bind(syntax.Value);
        var index = Bind(syntax.Index);
        if (value is ErrorExpr || index is ErrorExpr) return new ErrorExpr(syntax.Span);
        switch (value.Type)
        {
            case ListType or MapType:
                return Apply("[]", [value, index], syntax.Span);
            case StructType when index is Literal { Value: string field }:
                return Field(value, new IdentifierSyntax(field, true, syntax.Index.Span));
            default:
                return Fail(BindingErrors.CannotAccess(syntax.Span, "[…]", value.Type));
        }
    }

    private Expr BindTuple(TupleSyntax syntax) => StructOf(syntax.Items.Select(i => (i, Bind(i))), syntax.Span);

    private Expr BindCollate(CollateSyntax syntax) =>
        string.Equals(syntax.Collation.ToString(), "UTF8_BINARY", StringComparison.OrdinalIgnoreCase)
            ? Bind(syntax.Value)
            : NotSupported(syntax.Span, $"The collation {syntax.Collation}", "Strings compare byte by byte (UTF8_BINARY).");

    private Expr BindTrim(TrimSyntax syntax)
    {
        var name = syntax.Side switch { TrimSide.Leading => "ltrim", TrimSide.Trailing => "rtrim", _ => "trim" };
        if (syntax.Characters is null) return Apply(name, [Bind(syntax.Value)], syntax.Span);

        // The text comes first in the declarations.
        var characters = Bind(syntax.Characters);
        return Apply(name, [Bind(syntax.Value), characters], syntax.Span);
    }

    private Expr BindExtract(ExtractSyntax syntax) => Extract(syntax.Field, Bind(syntax.Value), syntax.Span);

    private Expr Extract(string field, Expr value, SourceSpan span) => DateFields.FunctionFor(field) is { } function
        ? Apply(function, [value], span)
        : Fail(BindingErrors.WrongArguments(span, $"'{field}' is no field of a date or timestamp.", "YEAR, QUARTER, MONTH, WEEK, DAY, DOW, DOY, HOUR, MINUTE and SECOND are."));

    private Expr BindJsonPath(JsonPathSyntax syntax)
    {
        var value = Bind(syntax.Value);
        if (value is ErrorExpr) return value;
        if (value.Type is not StringType) return Fail(BindingErrors.CannotAccess(syntax.Span, "A path behind ':'", value.Type));
        var path = new System.Text.StringBuilder("$");
        foreach (var step in syntax.Steps)
        {
            if (step.Field is not null)
                path.Append(step.Exact ? $"['{step.Field}']" : $".`{step.Field}`");
            else if (step.Index is null)
                path.Append("[*]");
            else if (Bind(step.Index) is Literal { Value: int index })
                path.Append('[').Append(index).Append(']');
            else
                return Fail(BindingErrors.NotConstant(step.Span, "An index in a path"));
        }

        return Apply(":", [value, new Literal(path.ToString(), DataType.String, syntax.Span)], syntax.Span);
    }
}
