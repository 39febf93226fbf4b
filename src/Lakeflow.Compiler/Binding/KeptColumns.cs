using Lakeflow.Arrow;
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

    public Hold Over(LogicalPlan input, HoldKind kind, PlanColumn? due, SourceSpan origin) => new(Project(input, origin), kind, due, origin)
    {
        // Of DISTINCT only hashes are kept, which do not tell of which types they are.
        Meaning = kind == HoldKind.FirstOnly ? Meaning(input, string.Join(", ", Columns.Select(c => KindOf(c.Type)))) : Meaning(input),
    };

    public Project Project(LogicalPlan input, SourceSpan origin) => new(input, [.. items], origin);

    /// <summary>What the columns are, whatever they are called and however wide.</summary>
    /// <param name="below">The plan that they are of.</param>
    /// <param name="more">What else must be the same.</param>
    public KeptMeaning Meaning(LogicalPlan below, string more = "")
    {
        var trace = new ColumnTrace(below, ofFirst: true);
        return new KeptMeaning($"{Text(trace, below)}; {more}", trace.Reads);
    }

    public string Text(ColumnTrace trace, LogicalPlan below) =>
        string.Join(", ", items.Select(i => trace.Text(trace.Bare(i.Value))).Concat(below.All().OfType<Generate>().Select(g => $"{trace.Text(g.Collection)} {g.Kind}")));

    /// <summary>Values of types of one kind have equal bytes in <c>RowKeys</c> if they are equal.</summary>
    private static string KindOf(DataType type) => type switch
    {
        Int8Type or Int16Type or Int32Type or Int64Type => "integer",
        FloatType or DoubleType => "floating",
        _ => type.ToString(),
    };
}
