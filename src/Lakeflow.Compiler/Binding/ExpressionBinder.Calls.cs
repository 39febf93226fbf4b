using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Function calls.</summary>
internal sealed partial class ExpressionBinder
{
    /// <summary>Functions whose first of three arguments is a unit written as a bare word: <c>dateadd(DAY, 1, at)</c>.</summary>
    private static readonly HashSet<string> TakesUnit = new(StringComparer.OrdinalIgnoreCase)
    {
        "dateadd", "date_add", "datediff", "date_diff", "timestampadd", "timestampdiff",
    };

    private Expr BindCall(CallSyntax syntax)
    {
        if (syntax.Name.Dynamic is not null) return query.Settled(syntax.Name) is { } settled ? BindCall(syntax with { Name = settled }) : new ErrorExpr(syntax.Span);
        var name = syntax.Name.Last.Text;
        var function = syntax.Name.Parts.Length == 1 ? FunctionTable.Find(name) : null;
        if (function is not null && syntax.Arguments.Length == 3 && TakesUnit.Contains(name))
            function = FunctionTable.Find(name.Contains("diff", StringComparison.OrdinalIgnoreCase) ? "timestampdiff" : "timestampadd");
        if (function?.Name is "timestampadd" or "timestampdiff" && syntax.Arguments is [{ Value: StringLiteralSyntax unit }, ..])
            return Fail(BindingErrors.WrongArguments(unit.Span, $"The unit of {name} is a word, not a text.", "Write it without quotes: DAY, MONTH, HOUR …."));
        if (syntax.Name.Parts.Length == 1)
        {
            var methods = context.Catalog.Functions;
            if (function is null && methods.Find(name) is null && methods.FindRefused(name) is { } refused)
                return Fail(BindingErrors.CannotCallMethod(syntax.Name.Span, refused.Method, refused.Problem!, refused.Remedy));
            if (function is not null && methods.Find(name) is { } same)
                return Fail(BindingErrors.FunctionIsBuiltIn(syntax.Name.Span, name, same.Overloads[0].Method!.FullName));
            function ??= methods.Find(name);
        }

        if (function is null)
        {
            foreach (var argument in syntax.Arguments.Where(a => a.Value is not (StarSyntax or LambdaSyntax))) Bind(argument.Value);
            return Fail(BindingErrors.UnknownFunction(syntax.Name.Span, syntax.Name.ToString(), [.. FunctionTable.Names, .. context.Catalog.Functions.Names], context.Catalog.UnknownFunctionHint));
        }

        if (syntax.Over is not null) return BindWindowCall(syntax, function);
        switch (function.Kind)
        {
            case FunctionKind.Aggregate when function.Lowering is Lowering.Grouping:
                break;
            case FunctionKind.Aggregate:
                return BindAggregate(syntax, function);
            case FunctionKind.Window:
                return Fail(BindingErrors.WrongArguments(syntax.Span, $"{function.Name} is a window function and needs OVER.", "Write OVER (PARTITION BY … ORDER BY …) behind it."));
            case FunctionKind.Generator:
                return Fail(BindingErrors.GeneratorNotAllowed(syntax.Span, function.Name, clause));
            case FunctionKind.TableFunction:
                return Fail(BindingErrors.WrongArguments(syntax.Span, $"{function.Name} yields a table.", "Write it in FROM."));
        }

        if (syntax.Distinct || syntax.Filter is not null || !syntax.WithinGroup.IsEmpty || syntax.IgnoreNulls is not null)
        {
            var word = syntax.Distinct ? "DISTINCT" : syntax.Filter is not null ? "FILTER" : !syntax.WithinGroup.IsEmpty ? "WITHIN GROUP" : "IGNORE NULLS";
            return Fail(BindingErrors.WrongArguments(syntax.Span, $"{function.Name} is no aggregate function, so {word} does not fit."));
        }

        if (syntax.Arguments.FirstOrDefault(a => a.Name is not null) is { } named)
            return Fail(BindingErrors.WrongArguments(named.Span, $"{function.Name} takes its arguments by position."));
        if (function.Lowering is Lowering.Struct) return StructOf(syntax.Arguments.Select(a => (a.Value, Bind(a.Value))), syntax.Span);
        return Apply(function, InDeclaredOrder(function, Arguments(syntax, function)), syntax.Span);
    }

    /// <summary>trim(c, s) and its kin are called with the characters first and declared with the text first.</summary>
    private static ImmutableArray<Expr> InDeclaredOrder(SqlFunction function, ImmutableArray<Expr> arguments) =>
        function.Name is "trim" or "ltrim" or "rtrim" && arguments is [var characters, var text] ? [text, characters] : arguments;

    /// <summary>The arguments, lambdas last: their parameters take their types from the others.</summary>
    private ImmutableArray<Expr> Arguments(CallSyntax syntax, SqlFunction function)
    {
        var arguments = new Expr?[syntax.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = syntax.Arguments[i].Value switch
            {
                LambdaSyntax => null,
                NameExpressionSyntax { Name: { Parts: [var unit] } word } when i == 0 && function.Name is ("timestampadd" or "timestampdiff")
                    && InScope(word, false) is null => new Literal(unit.Text.ToUpperInvariant(), DataType.String, unit.Span),
                StarSyntax star when function.Lowering is Lowering.Struct => null,
                // The names in named_struct cannot be meant as columns.
                StringLiteralSyntax text when function.Name == "named_struct" && i % 2 == 0 => Bind(text with { DoubleQuoted = false }),
                var value => Bind(value),
            };
        }

        for (var i = 0; i < arguments.Length; i++)
            arguments[i] ??= syntax.Arguments[i].Value is LambdaSyntax lambda ? BindLambda(lambda, function, i, arguments) : new ErrorExpr(syntax.Span);
        return [.. arguments.Select(a => a!)];
    }

    private Expr BindLambda(LambdaSyntax syntax, SqlFunction function, int index, Expr?[] arguments)
    {
        var pattern = function.Overloads.Where(o => o.Parameters.Length == arguments.Length && o.Parameters[index] is LambdaOf)
            .Select(o => (LambdaOf)o.Parameters[index])
            .FirstOrDefault(p => p.Arities.Contains(syntax.Parameters.Length));
        if (pattern is null)
            return Fail(BindingErrors.WrongArguments(syntax.Span, $"{function.Name} takes no lambda of {syntax.Parameters.Length} parameters there."));
        var before = arguments.Take(index).ToList();
        if (before.Any(a => a is null or ErrorExpr)) return new ErrorExpr(syntax.Span);
        ImmutableArray<DataType> types;
        try
        {
            types = pattern.ParameterTypes([.. before.Select(a => a!.Type)]);
        }
        catch (InvalidCastException)
        {
            // The declaration takes its argument for an ARRAY or MAP; that it is none is told by resolution, once, for the whole call.
            types = [];
        }

        if (types.Length < syntax.Parameters.Length)
        {
            var given = string.Join(", ", before.Select(a => a!.Type));
            return Fail(BindingErrors.WrongArguments(syntax.Span, $"{function.Name} does not take ({given}, lambda)."));
        }

        var parameters = syntax.Parameters.Select((p, i) => query.Ids.NewColumn(p.Text, types[i], true)).ToImmutableArray();
        foreach (var parameter in parameters) lambdaScope.Push((parameter.Name, parameter));
        var body = Bind(syntax.Body);
        foreach (var _ in parameters) lambdaScope.Pop();
        return body is ErrorExpr ? body : new Lambda(parameters, body, syntax.Span);
    }

    /// <summary>The function on bound arguments: overload found, casts made explicit, lowered functions lowered.</summary>
    private Expr Apply(SqlFunction function, ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        if (AnyError(arguments)) return new ErrorExpr(origin);
        if (RowCondition is not null && !function.IsDeterministic)
            return Fail(BindingErrors.NotInCondition(origin, $"{function.Name}, which differs at each call,", RowCondition));
        if (arguments.IsEmpty && function.Name is ("unix_timestamp" or "to_unix_timestamp"))
            arguments = [new RunConstant(RunConstantKind.CurrentTimestamp, DataType.Timestamp, origin)];
        if (function.Name == "date_part" && arguments is [Literal { Value: string field }, var part]) return Extract(field, part, origin);
        // Sums with a date or timestamp are declared with it first.
        if (function.Name is "+" or "try_add" && arguments is [var number, { Type: DateType or TimestampType } time] && number.Type is not (DateType or TimestampType or StringType))
            arguments = [time, number];
        // So are products with an interval.
        if (function.Name is "*" or "try_multiply" && arguments is [var factor, var interval] && IsInterval(interval.Type) && !IsInterval(factor.Type))
            arguments = [interval, factor];
        if (Lower(function, arguments, origin) is { } lowered) return lowered;
        if (Resolve(function, arguments, origin) is not { } call) return new ErrorExpr(origin);
        var coerced = Coerce(arguments, call);
        return Lower(function, call, coerced, origin) ?? new Call(function, call.Overload, coerced, call.Result, call.Nullable, origin);
    }

    private ResolvedCall? Resolve(SqlFunction function, ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        var resolution = FunctionResolution.Resolve(function, [.. arguments.Select(ToArgument)]);
        if (resolution.Call is null) context.Error(BindingErrors.WrongArguments(origin, resolution.Problem ?? $"{function.Name} does not take these arguments."));
        return resolution.Call;
    }

    private static ImmutableArray<Expr> Coerce(ImmutableArray<Expr> arguments, ResolvedCall call) =>
        [.. arguments.Select((a, i) => a is Lambda l ? l with { Body = Conversions.To(l.Body, call.ArgumentTypes[i]) } : Conversions.To(a, call.ArgumentTypes[i]))];

    private static Argument ToArgument(Expr expr) => expr switch
    {
        Literal l => new Argument(l.Type, l.Nullable, IsConstant: true, l.Value),
        Lambda l => new Argument(l.Body.Type, l.Body.Nullable, LambdaArity: l.Parameters.Length),
        ColumnRef c => new Argument(c.Type, c.Nullable, Name: c.Column.Name),
        GetField f => new Argument(f.Type, f.Nullable, Name: f.Name),
        Cast { Input: Literal { Value: string text } } c when c.To is StringType => new Argument(c.Type, c.Nullable, IsConstant: true, text),
        _ => new Argument(expr.Type, expr.Nullable),
    };

    /// <summary><c>struct(a, b AS x)</c> and <c>(a, b)</c>: fields are named after columns and aliases, else col1, col2, ….</summary>
    private Expr StructOf(IEnumerable<(ExpressionSyntax Syntax, Expr Value)> items, SourceSpan span)
    {
        var arguments = ImmutableArray.CreateBuilder<Expr>();
        var n = 0;
        foreach (var (syntax, value) in items)
        {
            n++;
            var name = syntax switch
            {
                AliasedSyntax a => a.Alias.Text,
                NameExpressionSyntax c => c.Name.Last.Text,
                FieldSyntax f => f.Field.Text,
                _ => $"col{n}",
            };
            arguments.Add(new Literal(name, DataType.String, syntax.Span));
            arguments.Add(value);
        }

        return Apply("named_struct", arguments.ToImmutable(), span);
    }
}
