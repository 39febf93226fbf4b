using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Streams;

namespace Lakeflow.Compiler.Binding;

/// <summary>The columns of rows that are held: what an operator needs of them, each value once.</summary>
internal sealed class KeptColumns(PlanScope ids)
{
    private readonly List<NamedExpr> items = [];

    public IEnumerable<PlanColumn> Columns => items.Select(i => i.Column);

    public void Add(Expr value, PlanColumn column) => items.Add(new NamedExpr(value, column));

    /// <summary>The value as a column of the held rows; a constant stays one.</summary>
    public Expr Of(Expr value, string name)
    {
        if (value is Literal) return value;
        var text = ExprKey.Of(value);
        var known = items.Find(i => ExprKey.Of(i.Value) == text);
        if (known is null) items.Add(known = new NamedExpr(value, ids.NewColumn(name, value.Type, value.Nullable)));
        return new ColumnRef(known.Column, value.Origin);
    }

    public NamedAggregate Of(NamedAggregate aggregate) => aggregate.Map(e => Of(e, (e as ColumnRef)?.Column.Name ?? "value"));

    public Hold Over(LogicalPlan input, HoldKind kind, PlanColumn? due, SourceSpan origin) =>
        new(Project(input, origin), kind, due, origin) { Meaning = Meaning(input) };

    public Project Project(LogicalPlan input, SourceSpan origin) => new(input, [.. items], origin);

    /// <summary>What the columns are, whatever they are called.</summary>
    public string Meaning(LogicalPlan below) =>
        string.Join(", ", items.Select(i => $"{Defined(i.Value, below)} {i.Column.Type}")
            .Concat(below.All().OfType<Generate>().Select(g => $"{Defined(g.Collection, g.Input)} {g.Kind}")));

    /// <summary>The expression with the definitions of what it reads put in their places.</summary>
    private static Expr Defined(Expr value, LogicalPlan below) => value.Rewrite(part => part is ColumnRef c ? Definition(c.Column, below) : null);

    private static Expr? Definition(PlanColumn column, LogicalPlan plan) => plan switch
    {
        Project project => project.Items.FirstOrDefault(i => i.Column.Id == column.Id)?.Value switch
        {
            ColumnRef same => Definition(same.Column, project.Input) ?? same,
            { } value => Defined(value, project.Input),
            null => null,
        },
        Join join => Definition(column, join.Left) ?? Definition(column, join.Right),
        Filter or Expect or Generate or Watermark => Definition(column, plan.Inputs[0]),
        _ => null,
    };
}
