using System.Diagnostics;
using Antlr4.Runtime;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Runtime.Diagnostics;
using static Lakeflow.Compiler.Syntax.Generated.LakeflowParser;

namespace Lakeflow.Compiler.Syntax;

internal sealed partial class AstBuilder
{
    /// <summary>From here on a chain of AND or OR becomes a balanced tree.</summary>
    private const int LongChain = 32;

    public ExpressionSyntax Expression(ExpressionContext node)
    {
        Enter(node);
        try
        {
            return node switch
            {
                PredicatedContext plain => Predicated(plain),
                NotContext not => new UnarySyntax(UnaryOperator.Not, Expression(not.expression()), Span(node)),
                AndContext => Chain(node, BinaryOperator.And),
                OrContext => Chain(node, BinaryOperator.Or),
                _ => throw new UnreachableException(node.GetType().Name),
            };
        }
        finally
        {
            Leave();
        }
    }

    private ImmutableArray<ExpressionSyntax> Expressions(IReadOnlyList<ExpressionContext> items) => Map(items, Expression);

    /// <summary>a AND b AND c …: found as a left-deep tree, walked without recursion.</summary>
    private ExpressionSyntax Chain(ExpressionContext node, BinaryOperator op)
    {
        var items = new List<ExpressionSyntax>();
        var spans = new List<SourceSpan>();
        var signs = new List<SourceSpan>();
        while (true)
        {
            var (left, right, sign) = (op, node) switch
            {
                (BinaryOperator.And, AndContext and) => (and.left, and.right, and.AND()),
                (BinaryOperator.Or, OrContext or) => (or.left, or.right, or.OR()),
                _ => (null, node, null),
            };
            items.Add(Expression(right!));
            spans.Add(Span(right!));
            if (left is null) break;
            signs.Add(Span(sign!));
            node = left;
        }

        items.Reverse();
        spans.Reverse();
        signs.Reverse();
        if (items.Count >= LongChain) return Balanced(0, items.Count);
        var result = items[0];
        for (var i = 1; i < items.Count; i++) result = new BinarySyntax(op, result, items[i], signs[i - 1], spans[0].To(spans[i]));
        return result;

        ExpressionSyntax Balanced(int from, int to)
        {
            if (to - from == 1) return items[from];
            var middle = (from + to) / 2;
            var (left, right) = (Balanced(from, middle), Balanced(middle, to));
            return new BinarySyntax(op, left, right, signs[middle - 1], spans[from].To(spans[to - 1]));
        }
    }

    private ExpressionSyntax Predicated(PredicatedContext node)
    {
        var value = Value(node.valueExpression());
        foreach (var test in node.predicate()) value = Predicate(value, test, Span(node.Start).To(Span(test)));
        return value;
    }

    private ExpressionSyntax Predicate(ExpressionSyntax value, PredicateContext node, SourceSpan span) => node switch
    {
        BetweenContext between => new BetweenSyntax(
            value, Value(between.low), Value(between.high), between.NOT() is not null, between.SYMMETRIC() is not null, span),
        InQueryContext query => new InQuerySyntax(value, Query(query.query()), query.NOT() is not null, span),
        InListContext list => new InListSyntax(value, Expressions(list.expression()), list.NOT() is not null, span),
        LikeManyContext many => new LikeSyntax(
            many.LIKE() is not null ? LikeKind.Like : many.ILIKE() is not null ? LikeKind.ILike : LikeKind.RLike,
            many.ALL() is not null ? LikeQuantifier.All : LikeQuantifier.Any,
            value, Expressions(many.expression()), null, many.NOT() is not null, span),
        LikeContext like => new LikeSyntax(
            like.LIKE() is not null ? LikeKind.Like : like.ILIKE() is not null ? LikeKind.ILike : LikeKind.RLike,
            LikeQuantifier.One, value, [Value(like.valueExpression())], Maybe(like.@string(), TextLiteral), like.NOT() is not null, span),
        IsTestContext test => new IsSyntax(
            test.NULL() is not null ? IsTest.Null : test.TRUE() is not null ? IsTest.True : test.FALSE() is not null ? IsTest.False : IsTest.Unknown,
            value, null, test.NOT() is not null, span),
        IsDistinctContext distinct => new IsSyntax(IsTest.DistinctFrom, value, Value(distinct.valueExpression()), distinct.NOT() is not null, span),
        _ => throw new UnreachableException(node.GetType().Name),
    };

    private ExpressionSyntax Value(ValueExpressionContext node)
    {
        Enter(node);
        try
        {
            return node switch
            {
                PrimaryContext primary => Primary(primary.primaryExpression()),
                UnaryContext unary => new UnarySyntax(
                    unary.sign.Type switch { MINUS => UnaryOperator.Minus, PLUS => UnaryOperator.Plus, _ => UnaryOperator.BitNot },
                    Value(unary.valueExpression()), Span(node)),
                _ => Operators(node),
            };
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>a + b * c - d …: walks down the left side without recursion.</summary>
    private ExpressionSyntax Operators(ValueExpressionContext node)
    {
        var steps = new Stack<(BinaryOperator Operator, SourceSpan Sign, ValueExpressionContext Right)>();
        var left = node;
        while (true)
        {
            var step = left switch
            {
                BinaryContext binary => (Operator(binary.sign), Span(binary.sign), binary.left, binary.right),
                ShiftedContext shifted => (Shift(shifted.shift()), Span(shifted.shift()), shifted.left, shifted.right),
                ComparedContext compared => (Operator(compared.comparison().Start), Span(compared.comparison()), compared.left, compared.right),
                _ => (default(BinaryOperator), SourceSpan.None, null, null),
            };
            if (step.Item3 is null) break;
            steps.Push((step.Item1, step.Item2, step.Item4!));
            left = step.Item3;
        }

        if (depth + steps.Count > MostDepth) throw new TooDeep(Span(node.Start));
        var result = Value(left);
        foreach (var (op, sign, right) in steps)
        {
            var operand = Value(right);
            result = new BinarySyntax(op, result, operand, sign, Span(node.Start).To(Span(right)));
        }

        return result;
    }

    private static BinaryOperator Shift(ShiftContext node) =>
        node.SHIFT_LEFT() is not null ? BinaryOperator.ShiftLeft : node.GT().Length == 2 ? BinaryOperator.ShiftRight : BinaryOperator.ShiftRightUnsigned;

    private static BinaryOperator Operator(IToken sign) => sign.Type switch
    {
        PLUS => BinaryOperator.Add,
        MINUS => BinaryOperator.Subtract,
        ASTERISK => BinaryOperator.Multiply,
        SLASH => BinaryOperator.Divide,
        DIV => BinaryOperator.IntegralDivide,
        PERCENT_SIGN => BinaryOperator.Modulo,
        CONCAT => BinaryOperator.Concat,
        AMPERSAND => BinaryOperator.BitAnd,
        BAR => BinaryOperator.BitOr,
        HAT => BinaryOperator.BitXor,
        EQ => BinaryOperator.Equal,
        NULL_SAFE_EQ => BinaryOperator.NullSafeEqual,
        NEQ or NEQ_BANG => BinaryOperator.NotEqual,
        LT => BinaryOperator.Less,
        LTE => BinaryOperator.LessOrEqual,
        GT => BinaryOperator.Greater,
        GTE => BinaryOperator.GreaterOrEqual,
        _ => throw new UnreachableException(sign.Text),
    };

    private ExpressionSyntax Primary(PrimaryExpressionContext node)
    {
        Enter(node);
        try
        {
            return node switch
            {
                NameStartContext start => NameOf([Identifier(start.identifier())]),
                FieldContext field => Field(field),
                CallContext call => Call(call),
                KeywordCallContext call => Call(Identifier(call.callKeyword()), call),
                NumberLiteralContext number => Number(number),
                StringLiteralContext strings => Strings(strings),
                NullLiteralContext => new NullLiteralSyntax(Span(node)),
                BooleanLiteralContext truth => new BooleanLiteralSyntax(truth.TRUE() is not null, Span(node)),
                TypedLiteralContext typed => new TypedLiteralSyntax(Identifier(typed.identifier()).Text.ToUpperInvariant(), Text(typed.@string()), Span(node)),
                IntervalContext interval => new IntervalLiteralSyntax(Map(interval.intervalPart(), IntervalPart), Span(node)),
                TupleContext tuple => Tuple(tuple),
                LambdaContext lambda => new LambdaSyntax([Identifier(lambda.identifier())], Expression(lambda.expression()), Span(node)),
                CaseContext branches => new CaseSyntax(
                    Maybe(branches.operand, Expression),
                    Map(branches.whenClause(), w => new WhenSyntax(Expression(w.condition), Expression(w.result), Span(w))),
                    Maybe(branches.otherwise, Expression), Span(node)),
                CastContext cast => new CastSyntax(Expression(cast.expression()), DataType(cast.dataType()), cast.TRY_CAST() is not null, Span(node)),
                CastSignContext cast => new CastSyntax(
                    Primary(cast.primaryExpression()), DataType(cast.dataType()), cast.TRY_CAST_SIGN() is not null, Span(node)),
                SubscriptContext subscript => new SubscriptSyntax(Primary(subscript.primaryExpression()), Value(subscript.valueExpression()), Span(node)),
                JsonPathOfContext path => JsonPath(path),
                StarContext star => new StarSyntax(null, Except(star.starExcept()), Span(node)),
                QualifiedStarContext star => QualifiedStar(star),
                ExistsContext exists => new ExistsSyntax(Query(exists.query()), Span(node)),
                ScalarQueryContext scalar => new ScalarSubquerySyntax(Query(scalar.query()), Span(node)),
                ExtractContext extract => new ExtractSyntax(Identifier(extract.anyIdentifier()).Text.ToUpperInvariant(), Expression(extract.expression()), Span(node)),
                TrimContext trim => new TrimSyntax(
                    trim.side?.Type switch { LEADING => TrimSide.Leading, TRAILING => TrimSide.Trailing, _ => TrimSide.Both },
                    Maybe(trim.characters, Expression), Expression(trim.value), Span(node)),
                PositionContext position => new PositionSyntax(Value(position.part), Value(position.value), Span(node)),
                SubstringContext substring => Substring(substring),
                OverlayContext overlay => new OverlaySyntax(
                    Expression(overlay.value), Expression(overlay.part), Expression(overlay.start), Maybe(overlay.length, Expression), Span(node)),
                DynamicNameContext name => new NameExpressionSyntax(new NameSyntax([], Span(node)) { Dynamic = Expression(name.expression()) }, Span(node)),
                NamedParameterContext parameter => new ParameterSyntax(Identifier(parameter.anyIdentifier()).Text, Span(node)),
                PositionalParameterContext => new ParameterSyntax(null, Span(node)),
                CollateContext collate => new CollateSyntax(Primary(collate.primaryExpression()), Name(collate.name()), Span(node)),
                _ => throw new UnreachableException(node.GetType().Name),
            };
        }
        finally
        {
            Leave();
        }
    }

    private static NameExpressionSyntax NameOf(ImmutableArray<IdentifierSyntax> parts)
    {
        var span = parts[0].Span.To(parts[^1].Span);
        return new NameExpressionSyntax(new NameSyntax(parts, span), span);
    }

    /// <summary>a.b: one longer name where a is a name, a field of a value otherwise.</summary>
    private ExpressionSyntax Field(FieldContext node)
    {
        var value = Primary(node.primaryExpression());
        var field = Identifier(node.anyIdentifier());
        if (value is not NameExpressionSyntax { Name: var name } || node.primaryExpression() is TupleContext) return new FieldSyntax(value, field, Span(node));
        var longer = name with { Parts = name.Parts.Add(field), Span = Span(node) };
        return new NameExpressionSyntax(longer, longer.Span);
    }

    private StarSyntax QualifiedStar(QualifiedStarContext node)
    {
        var value = Primary(node.primaryExpression());
        if (value is NameExpressionSyntax { Name: var name }) return new StarSyntax(name, Except(node.starExcept()), Span(node));
        bag.Add(SyntaxErrors.StarNeedsName(Span(node)));
        return new StarSyntax(null, [], Span(node));
    }

    private ImmutableArray<NameSyntax> Except(StarExceptContext? node) => node is null ? [] : Map(node.name(), Name);

    /// <summary>(a), (a, b), () or the parameters of (x, i) -> ….</summary>
    private ExpressionSyntax Tuple(TupleContext node)
    {
        var items = Map(node.tupleItem(), TupleItem);
        if (node.ARROW() is not null)
        {
            var parameters = ImmutableArray.CreateBuilder<IdentifierSyntax>();
            foreach (var item in items)
            {
                if (item is NameExpressionSyntax { Name: { Parts.Length: 1, Dynamic: null } name }) parameters.Add(name.Last);
                else bag.Add(SyntaxErrors.LambdaParameter(item.Span));
            }

            return new LambdaSyntax(parameters.ToImmutable(), Expression(node.expression()), Span(node));
        }

        if (items.Length == 0) bag.Add(SyntaxErrors.EmptyBrackets(Span(node)));
        return items.Length == 1 && items[0] is not AliasedSyntax ? items[0] : new TupleSyntax(items, Span(node));
    }

    private ExpressionSyntax TupleItem(TupleItemContext node)
    {
        var value = Expression(node.expression());
        return node.anyIdentifier() is { } alias ? new AliasedSyntax(value, Identifier(alias), Span(node)) : value;
    }

    private JsonPathSyntax JsonPath(JsonPathOfContext node)
    {
        var path = node.jsonPath();
        var steps = ImmutableArray.CreateBuilder<JsonStepSyntax>();
        steps.Add(JsonStep(path.jsonStep().anyIdentifier(), path.jsonStep().jsonIndex(), Span(path.jsonStep())));
        foreach (var more in path.jsonMore()) steps.Add(JsonStep(more.anyIdentifier(), more.jsonIndex(), Span(more)));
        return new JsonPathSyntax(Primary(node.primaryExpression()), steps.ToImmutable(), Span(node));
    }

    private JsonStepSyntax JsonStep(AnyIdentifierContext? field, JsonIndexContext? index, SourceSpan span)
    {
        if (field is not null)
        {
            var name = Identifier(field);
            return new JsonStepSyntax(name.Text, Exact: false, null, span);
        }

        if (index!.@string() is { } key) return new JsonStepSyntax(Text(key), Exact: true, null, span);
        return new JsonStepSyntax(null, Exact: true, Maybe(index.valueExpression(), Value), span);
    }

    private CallSyntax Substring(SubstringContext node)
    {
        var word = Identifier(node.Start);
        var arguments = ImmutableArray.CreateBuilder<ArgumentSyntax>();
        foreach (var part in new[] { node.value, node.start, node.length })
            if (part is not null) arguments.Add(new ArgumentSyntax(null, Expression(part), Span(part)));
        return new CallSyntax(new NameSyntax([word], word.Span), arguments.ToImmutable(), Span(node));
    }
}
