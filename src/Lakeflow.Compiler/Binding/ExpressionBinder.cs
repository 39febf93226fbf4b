using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Gives expressions meaning within one scope. What is in error becomes <see cref="ErrorExpr"/>, reported once.</summary>
/// <param name="query">The query that the expression stands in.</param>
/// <param name="scope">The columns that it may use.</param>
/// <param name="clause">Where it stands, for messages: <c>WHERE</c>, <c>the SELECT list</c>.</param>
internal sealed partial class ExpressionBinder(QueryBinder query, Scope scope, string clause)
{
    private readonly BindingContext context = query.Context;

    /// <summary>Takes aggregate functions; null where they may not stand.</summary>
    public AggregateCollector? Aggregates { get; init; }

    /// <summary>Takes window functions; null where they may not stand.</summary>
    public WindowCollector? Windows { get; init; }

    /// <summary>Meaning of a name that is no column: aliases of the SELECT list.</summary>
    public Func<IdentifierSyntax, Expr?>? Aliases { get; init; }

    /// <summary>Set for conditions of rows (expectations, generated columns): what it is, for messages. Then only functions of the row are allowed.</summary>
    public string? RowCondition { get; init; }

    /// <summary>True where a name is refused because no row is there to take it from.</summary>
    public bool MustBeConstant { get; init; }

    /// <summary>The name that an aggregate should have as a column: that of the SELECT item it is.</summary>
    public string? PreferredName { get; set; }

    public Scope Scope => scope;

    public QueryBinder Query => query;

    /// <summary>An expression that must be BOOLEAN, such as a condition.</summary>
    public Expr BindCondition(ExpressionSyntax syntax) => ToBoolean(Bind(syntax), clause);

    public Expr Bind(ExpressionSyntax syntax)
    {
        var name = PreferredName;
        PreferredName = null;
        if (syntax is CallSyntax named)
        {
            PreferredName = name;
            var bound = BindCall(named);
            PreferredName = null;
            return bound;
        }

        return syntax switch
        {
            NullLiteralSyntax or BooleanLiteralSyntax or NumberLiteralSyntax or StringLiteralSyntax or TypedLiteralSyntax or IntervalLiteralSyntax => BindLiteral(syntax),
            NameExpressionSyntax n => BindName(n.Name),
            StarSyntax => Fail(BindingErrors.StarNotAllowed(syntax.Span, clause)),
            UnarySyntax u => BindUnary(u),
            BinarySyntax b => BindBinary(b),
            BetweenSyntax b => BindBetween(b),
            InListSyntax i => BindInList(i),
            InQuerySyntax i => BindInQuery(i),
            ExistsSyntax e => BindExists(e),
            ScalarSubquerySyntax s => BindScalarSubquery(s),
            LikeSyntax l => BindLike(l),
            IsSyntax i => BindIs(i),
            CaseSyntax c => BindCase(c),
            CastSyntax c => BindCast(c),
            SubscriptSyntax s => BindSubscript(s),
            FieldSyntax f => Field(Bind(f.Value), f.Field),
            JsonPathSyntax j => BindJsonPath(j),
            LambdaSyntax => Fail(BindingErrors.WrongArguments(syntax.Span, "A lambda may only be the argument of a function that takes one.")),
            ParameterSyntax p => BindParameter(p),
            TupleSyntax t => BindTuple(t),
            AliasedSyntax a => Bind(a.Expression),
            ExtractSyntax e => BindExtract(e),
            TrimSyntax t => BindTrim(t),
            PositionSyntax p => Apply("position", [Bind(p.Part), Bind(p.Value)], p.Span),
            OverlaySyntax o => Apply("overlay", [.. new[] { o.Value, o.Replacement, o.From, o.Length }.OfType<ExpressionSyntax>().Select(Bind)], o.Span),
            CollateSyntax c => BindCollate(c),
            TableArgumentSyntax => NotSupported(syntax.Span, "TABLE(…) as the argument of this function"),
            _ => throw new UnreachableException(syntax.GetType().Name),
        };
    }

    public ImmutableArray<Expr> BindAll(IEnumerable<ExpressionSyntax> items) => [.. items.Select(Bind)];

    /// <summary>The function of that name on bound arguments.</summary>
    public Expr Apply(string name, ImmutableArray<Expr> arguments, SourceSpan origin) =>
        FunctionTable.Find(name) is { } function ? Apply(function, arguments, origin) : NotSupported(origin, $"The function {name}");

    public Expr ToBoolean(Expr value, string where)
    {
        if (value is ErrorExpr || value.Type is BooleanType) return value;
        if (value.Type is NullType) return Conversions.To(value, DataType.Boolean);
        if (value.Type is StringType) return Conversions.To(value, DataType.Boolean);
        return Fail(BindingErrors.NotBoolean(value.Origin, value.Type, where));
    }

    public ErrorExpr Fail(Diagnostic diagnostic)
    {
        context.Error(diagnostic);
        return new ErrorExpr(diagnostic.At);
    }

    public ErrorExpr NotSupported(SourceSpan at, string construct, string? hint = null) => Fail(BindingErrors.NotSupported(at, construct, hint));

    /// <summary>All values as one type; null, reported, where there is none. Values in error stay.</summary>
    private ImmutableArray<Expr>? ToCommonType(ImmutableArray<Expr> values, string where, SourceSpan at)
    {
        DataType common = DataType.Null;
        foreach (var value in values)
        {
            if (value is ErrorExpr) continue;
            if (TypeCoercion.LeastCommonType(common, value.Type) is not { } wider)
            {
                context.Error(BindingErrors.NoCommonType(value.Origin.IsNone ? at : value.Origin, where, common, value.Type));
                return null;
            }

            common = wider;
        }

        return [.. values.Select(v => Conversions.To(v, common))];
    }

    private static bool AnyError(ImmutableArray<Expr> values) => values.Any(v => v is ErrorExpr);
}
