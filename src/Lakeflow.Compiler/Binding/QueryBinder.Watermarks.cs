using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;

namespace Lakeflow.Compiler.Binding;

/// <summary><c>WATERMARK at DELAY OF INTERVAL 10 MINUTES</c>.</summary>
internal sealed partial class QueryBinder
{
    private Relation Watermarked(Relation relation, WatermarkSyntax syntax)
    {
        var time = Expressions(relation.Scope, "WATERMARK").Bind(syntax.Time);
        var delay = Constants("DELAY OF").BindDelay(syntax.Delay);
        if (time is ErrorExpr || delay is null) return relation;
        if (time.Type is not TimestampType)
        {
            Error(BindingErrors.WrongArguments(syntax.Time.Span, $"[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] A watermark needs a TIMESTAMP, not {time.Type}.", "Compute one: WATERMARK to_timestamp(…) AS at DELAY OF …."));
            return relation;
        }

        var plan = relation.Plan;
        var scope = relation.Scope;
        if (time is not ColumnRef { Column: var column } || syntax.Name is not null)
        {
            if (syntax.Name is null)
            {
                Error(BindingErrors.WrongArguments(syntax.Time.Span, "The time of a watermark is computed here, so it needs a name.", "WATERMARK … AS at DELAY OF …."));
                return relation;
            }

            column = Ids.NewColumn(syntax.Name.Text, time.Type, time.Nullable);
            plan = new Project(plan, [.. plan.Columns.Select(c => new NamedExpr(new ColumnRef(c, syntax.Span), c)), new NamedExpr(time, column)], syntax.Span);
            scope = new Scope(scope.Columns.Add(new ScopeColumn(column, syntax.Name.Text, scope.Columns.IsEmpty ? [] : scope.Columns[0].Qualifier)), scope.Unknown);
        }

        return new Relation(new Watermark(plan, column, delay.Value, syntax.Span), scope);
    }
}
