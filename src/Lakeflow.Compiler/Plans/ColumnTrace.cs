using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Delta;
using Lakeflow.Runtime.Flows;

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

    /// <summary>By parameter of a lambda, the elements that it stands for.</summary>
    private readonly Dictionary<int, SourceColumn> parameters = [];

    /// <summary>By the id of a column that stands for them, fields at a place of a value.</summary>
    private readonly Dictionary<int, (Expr Of, SourceColumn Place)> parts = [];

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

    /// <summary>
    /// The fields of all structs in a value, within arrays and maps too, by their paths: <c>x</c>, <c>x.y</c>, <c>element.x</c>. Each comes as what the value
    /// would be if there were that field in its struct's place; of structs that come neither from a source nor from expressions there are none.
    /// </summary>
    public List<(string Path, Expr Value)> PartsOf(Expr value)
    {
        value = Bare(value);
        if (CollectedBy(value) is { } collected && PlaceOf(collected) is { } each)
            return [.. PathsIn(collected.Type).Select(field => ($"element.{field.Path}", (Expr)Part(value, each, field.Path, field.Type)))];
        if (PlaceOf(value) is { } place) return [.. PathsIn(value.Type).Select(field => (field.Path, Part(value, place, field.Path, field.Type)))];
        return value switch
        {
            Coalesce of => Chosen(of.Type, of.Arguments, (chosen, _) => of with { Arguments = chosen }),
            Case of => Chosen(of.Type, [.. of.Branches.Select(b => b.Then), of.Else], (chosen, _) => of with { Branches = [.. of.Branches.Zip(chosen, (b, then) => b with { Then = then })], Else = chosen[^1] }),
            Cast cast => Chosen(cast.To, [cast.Input], (chosen, type) => cast with { Input = chosen[0], To = type }),
            Call call => PartsOf(call),
            _ => [],
        };
    }

    /// <summary>The parts of what is one of several values, or one in another form: by their order, for the first value gives the names. NULL is NULL in each part.</summary>
    private List<(string Path, Expr Value)> Chosen(DataType type, ImmutableArray<Expr> values, Func<ImmutableArray<Expr>, DataType, Expr> choose)
    {
        var paths = PathsIn(type).ToList();
        var parts = values.Select(v => Bare(v) is Literal { Value: null } or Cast { Input: Literal { Value: null } } ? null : PartsOf(v)).ToList();
        if (parts.TrueForAll(p => p is null) || parts.Exists(p => p is not null && p.Count != paths.Count)) return [];
        return [.. paths.Select((path, i) => (path.Path, choose([.. values.Select((v, n) => parts[n] is { } of ? of[i].Value : v)], path.Type)))];
    }

    /// <summary>The text of a column.</summary>
    public string Text(PlanColumn column)
    {
        if (made.TryGetValue(column.Id, out var text)) return text;
        if (parts.TryGetValue(column.Id, out var part)) return SourceOf(part.Of) is null ? $"{Text(part.Of)}.{Read(part.Place)}" : Read(part.Place);
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
            case Generate { Kind: GeneratorKind.Inline } generate when PlaceOf(new ColumnRef(column, generate.Origin)) is { } place:
                return $"{generate.Kind}({Text(generate.Collection)}).{Read(place)}";
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
        if (value is GetField field && PlaceOf(value) is { } place) return Named(value, $"{Traced(field.Input)}.{Read(place)}");
        if (value is ColumnRef c) return Named(value, Text(c.Column));
        // What a field is called makes no other value.
        if (value is Call call && call.Function == CollectionFunctions.NamedStruct)
            return call with { Function = CollectionFunctions.Struct, Arguments = [.. call.Arguments.Where((_, i) => i % 2 == 1).Select(Traced)] };
        NoteParameters(value);
        if (value is Call { Function.Name: var name } of && BlindToWidth.Contains(name)) value = of with { Arguments = [.. of.Arguments.Select(Narrow)] };
        return value.Children.IsEmpty ? value : value.WithChildren(value.Children.MapAll(Traced));
    }

    /// <summary>
    /// The place in a source's schema that a value's own values have there, whichever of them they are: of <c>items[0]</c> it is <c>items.element</c>.
    /// So it tells what the fields of the value are in the source, and not which value it is.
    /// </summary>
    private SourceColumn? PlaceOf(Expr value) => value switch
    {
        GetField field => Within(PlaceOf(field.Input), field.Name),
        LambdaVariable variable => parameters.TryGetValue(variable.Parameter.Id, out var place) ? place : null,
        ColumnRef { Column: var column } when makers.GetValueOrDefault(column.Id) is Generate generate => PlaceOf(generate, generate.Generated.IndexOf(column)),
        ColumnRef { Column: var column } when ValueOf(column) is { } made => PlaceOf(made),
        ColumnRef { Column: var column } when CallOf(column) is { Function.Name: "first" or "last" or "any_value" or "min" or "max" or "min_by" or "max_by", Arguments: [var of, ..] } => PlaceOf(of),
        Call { Function.Name: "[]" or "element_at" or "try_element_at" or "get", Arguments: [var of, ..] } => Within(PlaceOf(of), of.Type is MapType ? "value" : "element"),
        Call { Function.Name: "filter" or "slice" or "reverse" or "sort_array" or "array_sort" or "array_distinct" or "array_compact" or "map_filter", Arguments: [var of, ..] } => PlaceOf(of),
        _ => SourceOf(value),
    };

    /// <summary>What the array that an aggregate collects is made of; null of any other value.</summary>
    private Expr? CollectedBy(Expr value) =>
        value is ColumnRef { Column: var column } && CallOf(column) is { Function.Name: "collect_list" or "collect_set", Arguments: [var each] } ? each : null;

    private AggregateCall? CallOf(PlanColumn column) =>
        makers.GetValueOrDefault(column.Id) is Aggregate aggregate ? aggregate.Aggregates.FirstOrDefault(a => a.Column.Id == column.Id)?.Call : null;

    private SourceColumn? PlaceOf(Generate generate, int column)
    {
        var at = generate.Kind == GeneratorKind.PosExplode ? column - 1 : column;
        return generate.Collection.Type switch
        {
            ListType { Element.Type: StructType row } when generate.Kind == GeneratorKind.Inline => Within(PlaceOf(generate.Collection), $"element.{row.Fields[at].Name}"),
            ListType when at == 0 => Within(PlaceOf(generate.Collection), "element"),
            MapType when at is 0 or 1 => Within(PlaceOf(generate.Collection), at == 0 ? "key" : "value"),
            _ => null,
        };
    }

    private static SourceColumn? Within(SourceColumn? of, string part) => of is { } place ? place with { Path = $"{place.Path}.{part}" } : null;

    /// <summary>Notes of which elements the parameters of a call's lambdas are.</summary>
    private void NoteParameters(Expr value)
    {
        if (value is not Call { Arguments: [var first, ..] arguments } call) return;
        SourceColumn?[] places = call.Function.Name switch
        {
            "transform" or "filter" or "exists" or "forall" => [Of(first, "element")],
            "array_sort" => [Of(first, "element"), Of(first, "element")],
            "aggregate" => [null, Of(first, "element")],
            "zip_with" => [Of(first, "element"), Of(arguments[1], "element")],
            "map_filter" or "transform_keys" or "transform_values" => [Of(first, "key"), Of(first, "value")],
            "map_zip_with" => [Of(first, "key"), Of(first, "value"), Of(arguments[1], "value")],
            _ => [],
        };
        foreach (var lambda in arguments.OfType<Lambda>())
        {
            foreach (var (parameter, place) in lambda.Parameters.Zip(places))
            {
                if (place is { } known) parameters[parameter.Id] = known;
            }
        }

        SourceColumn? Of(Expr collection, string part) => Within(PlaceOf(Bare(collection)), part);
    }

    /// <summary>The parts of what an expression makes.</summary>
    private List<(string Path, Expr Value)> PartsOf(Call call)
    {
        NoteParameters(call);
        return (call.Function.Name, call.Type) switch
        {
            ("named_struct", StructType type) => Fields(type, 2, 1),
            ("struct", StructType type) => Fields(type, 1, 0),
            ("array", _) => Every(1, 0, "element"),
            ("map", _) => [.. Every(2, 0, "key"), .. Every(2, 1, "value")],
            ("transform", _) => Body("element"),
            ("transform_keys", _) => Body("key"),
            ("transform_values", _) => Body("value"),
            _ => [],
        };

        List<(string Path, Expr Value)> Fields(StructType type, int step, int first) =>
        [
            .. type.Fields.Select((f, i) => (f.Name, Value: call.Arguments[(step * i) + first]))
                .SelectMany(f => PartsOf(f.Value).Select(p => ($"{f.Name}.{p.Path}", p.Value)).Prepend((f.Name, f.Value))),
        ];

        List<(string Path, Expr Value)> Body(string within)
        {
            var lambda = (Lambda)call.Arguments[1];
            return [.. PartsOf(lambda.Body).Select(p => ($"{within}.{p.Path}", (Expr)(call with { Arguments = call.Arguments.SetItem(1, lambda with { Body = p.Value }) })))];
        }

        // Arguments that are alike in what they are made of: each part of the first has its like in the others.
        List<(string Path, Expr Value)> Every(int step, int first, string within)
        {
            var each = call.Arguments.Where((_, a) => a % step == first).Select(PartsOf).ToList();
            if (each.Count == 0 || each.Exists(e => e.Count != each[0].Count)) return [];
            return
            [
                .. each[0].Select((part, i) => ($"{within}.{part.Path}", (Expr)(call with
                {
                    Arguments = [.. call.Arguments.Select((argument, a) => a % step == first ? each[a / step][i].Value : argument)],
                }))),
            ];
        }
    }

    private ColumnRef Part(Expr of, SourceColumn place, string path, DataType type)
    {
        // Columns of plans count up from nothing; -1 stands for a name.
        var column = new PlanColumn(-2 - parts.Count, path, type, true);
        parts[column.Id] = (of, place with { Path = $"{place.Path}.{path}" });
        return new ColumnRef(column, of.Origin);
    }

    /// <summary>The paths of the fields of all structs in a type.</summary>
    private static IEnumerable<(string Path, DataType Type)> PathsIn(DataType type) => FieldPath.Parts(type).SelectMany(part =>
    {
        var inner = PathsIn(part.Type).Select(p => ($"{part.Name}.{p.Path}", p.Type));
        return type is StructType ? inner.Prepend((part.Name, part.Type)) : inner;
    });

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
