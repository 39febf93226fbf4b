using System.Collections.Immutable;
using System.Globalization;
using Lakeflow.Compiler.Plans;
using Lakeflow.Delta;
using Lakeflow.Runtime.Changes;
using Lakeflow.Runtime.Flows;

namespace Lakeflow.Compiler.Physical;

/// <summary>Finds what the columns of a flow are made from, so that the run time can tell a column that was renamed from one that went and one that came.</summary>
internal sealed class ColumnOrigins
{
    /// <summary>A longer text stands as its hash in the flow's record.</summary>
    private const int LongestText = 160;

    private readonly Dictionary<int, LogicalPlan> makers = [];
    private readonly List<ColumnRead> reads = [];
    private readonly Dictionary<int, string> made = [];
    private bool isKnown = true;

    private ColumnOrigins(LogicalPlan plan)
    {
        // Who is lowest has made the column; whoever stands above passes it on.
        foreach (var node in plan.All())
        {
            foreach (var column in node.Columns.Where(c => !Passes(node, c))) makers[column.Id] = node;
        }
    }

    /// <summary>Of a plan as bound. A column that is always NULL, or that hangs on a subquery, has none.</summary>
    public static ImmutableArray<ColumnOrigin> Of(LogicalPlan plan)
    {
        var origins = ImmutableArray.CreateBuilder<ColumnOrigin>();
        var finder = new ColumnOrigins(plan);
        foreach (var column in plan.Columns.Where(c => !ChangeLayout.IsReserved(c.Name)))
        {
            if (finder.Origin(column) is { } origin) origins.Add(origin with { Column = column.Name });
        }

        return origins.ToImmutable();
    }

    private static bool Passes(LogicalPlan node, PlanColumn column) => node switch
    {
        Project project => project.Items.Any(i => i.Column.Id == column.Id && i.Value is ColumnRef same && same.Column.Id == column.Id),
        Aggregate aggregate => aggregate.Keys.Any(i => i.Column.Id == column.Id && i.Value is ColumnRef same && same.Column.Id == column.Id),
        _ => node.Inputs.Any(i => i.Columns.Contains(column)),
    };

    private ColumnOrigin? Origin(PlanColumn column)
    {
        reads.Clear();
        made.Clear();
        isKnown = true;
        Expr? value = null;
        // What stores a value may widen it; that is no other value.
        while (true)
        {
            if (value is Cast { Try: false } cast && TypeWidening.CanWiden(cast.Input.Type, cast.To)) value = cast.Input;
            else if (value is null && makers.GetValueOrDefault(column.Id) is Project project) value = project.Items.First(i => i.Column.Id == column.Id).Value;
            else if (value is ColumnRef { Column: var inner }) (column, value) = (inner, null);
            else break;
        }

        if (value is Literal { IsNull: true }) return null;
        var text = value is null ? Made(column) : Text(value);
        return isKnown ? new ColumnOrigin("", Short(text), [.. reads]) : null;
    }

    private string Made(PlanColumn column)
    {
        if (made.TryGetValue(column.Id, out var text)) return text;
        // A plan that names a column by itself would never end.
        made[column.Id] = "";
        return made[column.Id] = Make(column);
    }

    private string Make(PlanColumn column)
    {
        switch (makers.GetValueOrDefault(column.Id))
        {
            case Scan scan:
                return Read(new ColumnRead(FlowFacts.KeyOf(scan), column.Name));
            case Project project:
                return Inner(project.Items.First(i => i.Column.Id == column.Id).Value);
            case Aggregate aggregate when aggregate.Keys.FirstOrDefault(k => k.Column.Id == column.Id) is { } key:
                return Inner(key.Value);
            case Aggregate aggregate:
                return aggregate.Aggregates.First(a => a.Column.Id == column.Id).Call.Map(Traced).ToString();
            case Union union:
                var at = union.Output.IndexOf(column);
                return $"union({string.Join(", ", union.Members.Select(m => Made(m.Columns[at])))})";
            case Generate generate:
                return string.Create(CultureInfo.InvariantCulture, $"{generate.Kind}[{generate.Generated.IndexOf(column)}]({Text(generate.Collection)})");
            case Window window:
                return window.Calls.First(c => c.Column.Id == column.Id).Map(Traced).Call + " over ("
                    + string.Join(", ", window.PartitionBy.Select(Text)) + "; " + string.Join(", ", window.OrderBy.MapAll(Traced)) + ")";
            default:
                isKnown = false;
                return "";
        }
    }

    private string Inner(Expr value) => value is ColumnRef c ? Made(c.Column) : value is Literal ? value.ToString() : $"({Text(value)})";

    private string Text(Expr value) => Short(Traced(value).ToString());

    private static string Short(string text) => text.Length <= LongestText ? text : PlanFingerprint.OfText(text);

    /// <summary>The expression with each column called by what it is made from.</summary>
    private Expr Traced(Expr value) => value.Rewrite(part =>
    {
        if (part is ScalarSubquery or SubqueryTest or ErrorExpr) isKnown = false;
        return part is ColumnRef c ? c with { Column = c.Column with { Name = Made(c.Column) } } : null;
    });

    private string Read(ColumnRead read)
    {
        var at = reads.IndexOf(read);
        if (at < 0)
        {
            at = reads.Count;
            reads.Add(read);
        }

        return string.Create(CultureInfo.InvariantCulture, $"${at}");
    }
}
