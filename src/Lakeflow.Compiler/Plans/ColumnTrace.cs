using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Delta;

namespace Lakeflow.Compiler.Plans;

/// <summary>Tells what values of a plan are made from: the text of an expression over columns of sources, <c>$n</c> for the n-th of them, whatever names lie between.</summary>
/// <param name="plan">Whose columns are asked for.</param>
/// <param name="ofFirst">True: a column of a UNION is that of its first member, so that others may come and go. False: it is made from all members.</param>
internal sealed class ColumnTrace(LogicalPlan plan, bool ofFirst)
{
    /// <summary>A longer text stands as its hash.</summary>
    private const int LongestText = 160;

    /// <summary>Functions that give the same for equal whole numbers, however wide.</summary>
    private static readonly HashSet<string> BlindToWidth = ["=", "==", "!=", "<>", "<", "<=", ">", ">=", "+", "-", "*"];

    private readonly Dictionary<int, LogicalPlan> makers = MakersOf(plan);
    private readonly List<SourceColumn> reads = [];
    private readonly Dictionary<int, string> made = [];

    /// <summary>The columns of sources that the texts since the last <see cref="Begin"/> speak of.</summary>
    public ImmutableArray<SourceColumn> Reads => [.. reads];

    /// <summary>False if one of the texts could not be told.</summary>
    public bool IsKnown { get; private set; } = true;

    /// <summary>Numbers the columns of sources anew.</summary>
    public void Begin()
    {
        reads.Clear();
        made.Clear();
        IsKnown = true;
    }

    /// <summary>The value without names that it has got on the way, and without casts to wider types: those make no other value.</summary>
    public Expr Bare(Expr value)
    {
        while (true)
        {
            if (value is Cast { Try: false } cast && TypeWidening.CanWiden(cast.Input.Type, cast.To)) value = cast.Input;
            else if (value is ColumnRef { Column: var column } && ValueOf(column) is { } made) value = made;
            else return value;
        }
    }

    /// <summary>The column of a source, or the field of one, that a value is; null if it is computed.</summary>
    public SourceColumn? SourceOf(Expr value)
    {
        switch (value)
        {
            case GetField field:
                return SourceOf(field.Input) is { } of ? of with { Path = $"{of.Path}.{field.Name}" } : null;
            case ColumnRef { Column: var column }:
                return makers.GetValueOrDefault(column.Id) switch
                {
                    Scan scan => new SourceColumn(scan.Source, column.Name),
                    Project project => SourceOf(project.Items.First(i => i.Column.Id == column.Id).Value),
                    Aggregate aggregate when aggregate.Keys.FirstOrDefault(k => k.Column.Id == column.Id) is { } key => SourceOf(key.Value),
                    Union union when ofFirst => SourceOf(new ColumnRef(union.Members[0].Columns[union.Output.IndexOf(column)], value.Origin)),
                    _ => null,
                };
            default:
                return null;
        }
    }

    /// <summary>The fields of a struct that is made from values, each with its value; none of any other.</summary>
    public IEnumerable<(Field Field, Expr Value)> FieldsOf(Expr value)
    {
        if (Bare(value) is not Call { Type: StructType type } call) return [];
        return call.Function == CollectionFunctions.NamedStruct ? type.Fields.Select((f, i) => (f, call.Arguments[(2 * i) + 1]))
            : call.Function == CollectionFunctions.Struct ? type.Fields.Select((f, i) => (f, call.Arguments[i])) : [];
    }

    /// <summary>The text of a column.</summary>
    public string Text(PlanColumn column)
    {
        if (made.TryGetValue(column.Id, out var text)) return text;
        // A plan that names a column by itself would never end.
        made[column.Id] = "";
        return made[column.Id] = Make(column);
    }

    /// <summary>The text of an expression.</summary>
    public string Text(Expr value) => Short(Traced(value).ToString());

    /// <summary>The text, or where it is long a hash of it.</summary>
    public static string Short(string text) => text.Length <= LongestText ? text : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    /// <summary>The text of an aggregate.</summary>
    public string Text(AggregateCall call) => call.Map(Traced).ToString();

    /// <summary>Notes a column of a source, and names it.</summary>
    public string Read(SourceColumn column)
    {
        var at = reads.IndexOf(column);
        if (at < 0)
        {
            at = reads.Count;
            reads.Add(column);
        }

        return string.Create(CultureInfo.InvariantCulture, $"${at}");
    }

    /// <summary>What makes a column: the expression, or null if it is no item of a projection.</summary>
    private Expr? ValueOf(PlanColumn column) =>
        makers.GetValueOrDefault(column.Id) is Project project ? project.Items.First(i => i.Column.Id == column.Id).Value : null;

    private string Make(PlanColumn column)
    {
        switch (makers.GetValueOrDefault(column.Id))
        {
            case Scan scan:
                return Read(new SourceColumn(scan.Source, column.Name));
            case Project project:
                return Inner(project.Items.First(i => i.Column.Id == column.Id).Value);
            case Aggregate aggregate when aggregate.Keys.FirstOrDefault(k => k.Column.Id == column.Id) is { } key:
                return Inner(key.Value);
            case Aggregate aggregate:
                return Text(aggregate.Aggregates.First(a => a.Column.Id == column.Id).Call);
            case Union union:
                var at = union.Output.IndexOf(column);
                return ofFirst ? Text(union.Members[0].Columns[at]) : $"union({string.Join(", ", union.Members.Select(m => Text(m.Columns[at])))})";
            case Generate generate:
                return string.Create(CultureInfo.InvariantCulture, $"{generate.Kind}[{generate.Generated.IndexOf(column)}]({Text(generate.Collection)})");
            case Window window:
                return window.Calls.First(c => c.Column.Id == column.Id).Map(Traced).Call + " over ("
                    + string.Join(", ", window.PartitionBy.Select(Text)) + "; " + string.Join(", ", window.OrderBy.MapAll(Traced)) + ")";
            default:
                IsKnown = false;
                return column.Name;
        }
    }

    private string Inner(Expr value) => value is ColumnRef c ? Text(c.Column) : value is Literal ? value.ToString() : $"({Text(value)})";

    /// <summary>The expression with each column called by what it is made from.</summary>
    private Expr Traced(Expr value)
    {
        if (value is ScalarSubquery or SubqueryTest or ErrorExpr) IsKnown = false;
        if (value is GetField && SourceOf(value) is { } source) return Named(value, Read(source));
        if (value is ColumnRef c) return Named(value, Text(c.Column));
        // What a field is called makes no other value.
        if (value is Call call && call.Function == CollectionFunctions.NamedStruct)
            return call with { Function = CollectionFunctions.Struct, Arguments = [.. call.Arguments.Where((_, i) => i % 2 == 1).Select(Traced)] };
        if (value is Call { Function.Name: var name } of && BlindToWidth.Contains(name)) value = of with { Arguments = [.. of.Arguments.Select(Narrow)] };
        return value.Children.IsEmpty ? value : value.WithChildren(value.Children.MapAll(Traced));
    }

    /// <summary>A whole number without what only says in how many bytes it is.</summary>
    private static Expr Narrow(Expr value) => value switch
    {
        Cast { Try: false } cast when IsWhole(cast.To) && TypeWidening.CanWiden(cast.Input.Type, cast.To) => cast.Input,
        Literal { Value: not null } number when IsWhole(number.Type) => new Literal(number.Value, DataType.Int32, number.Origin),
        _ => value,
    };

    private static bool IsWhole(DataType type) => type is Int8Type or Int16Type or Int32Type or Int64Type;

    private static ColumnRef Named(Expr value, string name) => new(new PlanColumn(-1, name, value.Type, value.Nullable), value.Origin);

    private static Dictionary<int, LogicalPlan> MakersOf(LogicalPlan plan)
    {
        var makers = new Dictionary<int, LogicalPlan>();
        // Who is lowest has made the column; whoever stands above passes it on.
        foreach (var node in plan.All())
        {
            foreach (var column in node.Columns.Where(c => !Passes(node, c))) makers[column.Id] = node;
        }

        return makers;
    }

    private static bool Passes(LogicalPlan node, PlanColumn column) => node switch
    {
        Project project => project.Items.Any(i => i.Column.Id == column.Id && i.Value is ColumnRef same && same.Column.Id == column.Id),
        Aggregate aggregate => aggregate.Keys.Any(i => i.Column.Id == column.Id && i.Value is ColumnRef same && same.Column.Id == column.Id),
        _ => node.Inputs.Any(i => i.Columns.Contains(column)),
    };
}
