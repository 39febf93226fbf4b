using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;

namespace Lakeflow.Compiler.Binding;

/// <summary>Functions in FROM: files, ranges, the event log, generators.</summary>
internal sealed partial class QueryBinder
{
    private static readonly string[] TableFunctions = ["read_files", "cloud_files", "read_stream", "read_rate", "table_changes", "range", "event_log", "explode", "explode_outer", "posexplode", "posexplode_outer", "inline", "inline_outer"];

    /// <summary>Known by name, to be refused as such.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "read_kafka", "read_kinesis", "read_pubsub", "read_pulsar", "cloud_files_state", "read_statestore", "variant_explode",
        "variant_explode_outer", "sql_keywords", "ai_forecast",
    };

    private Relation BindTableFunction(TableFunctionSyntax syntax)
    {
        if (Settled(syntax.Name) is not { } name) return BrokenRelation(syntax, syntax.IsStream);
        syntax = syntax with { Name = name };
        switch (name.ToString().ToLowerInvariant())
        {
            case "read_files":
                return BindFiles(syntax, "read_files");
            case "cloud_files":
                // Auto Loader's old name is a stream with or without STREAM before it.
                return BindFiles(syntax with { IsStream = true }, "cloud_files");
            case "range":
                return BindRange(syntax);
            case "read_stream":
                return BindReadStream(syntax);
            case "table_changes":
                return BindTableChanges(syntax);
            case "read_rate" or "rate":
                return BindRate(syntax);
            case "event_log":
                return BindEventLog(syntax);
            case var _ when IsGenerator(syntax):
                // Without rows to its left, a generator works on one row.
                var one = new Relation(new Values([[]], [], syntax.Span), Scope.Empty);
                return Generated(one, new CallSyntax(syntax.Name, syntax.Arguments, syntax.Span), false, syntax.Alias?.Name, syntax.Alias?.Columns ?? []);
            case var known when Refused.Contains(known):
                NotSupported(syntax.Name.Span, $"The table function {known}");
                break;
            default:
                Error(BindingErrors.UnknownFunction(syntax.Name.Span, syntax.Name.ToString(), TableFunctions));
                break;
        }

        return BrokenRelation(syntax, syntax.IsStream);
    }

    private static bool IsGenerator(TableFunctionSyntax syntax) => FunctionTable.Find(syntax.Name.ToString()) is { Kind: FunctionKind.Generator };

    private Relation BindRange(TableFunctionSyntax syntax)
    {
        var numbers = new List<long>();
        foreach (var argument in syntax.Arguments.Take(4))
        {
            switch (Constant("range", argument.Value))
            {
                case Literal { Value: int i }:
                    numbers.Add(i);
                    break;
                case Literal { Value: long l }:
                    numbers.Add(l);
                    break;
                case ErrorExpr:
                    return BrokenRelation(syntax, false);
                default:
                    Error(BindingErrors.NotConstant(argument.Span, "An argument of range, a whole number,"));
                    return BrokenRelation(syntax, false);
            }
        }

        if (syntax.IsStream) Error(GraphErrors.NotOverStream(syntax.Span, "range", "Leave out STREAM."));
        if (numbers is [] || syntax.Arguments.Length > 4 || numbers is [_, _, 0, ..])
        {
            Error(BindingErrors.WrongArguments(syntax.Span, "range takes (end), (start, end) or (start, end, step), with a step other than 0."));
            return BrokenRelation(syntax, false);
        }

        var id = Ids.NewColumn("id", DataType.Int64, false);
        var (start, end, step) = numbers is [var only] ? (0, only, 1) : (numbers[0], numbers[1], numbers.Count > 2 ? numbers[2] : 1);
        var range = new Plans.Range(start, end, step, id, syntax.Span);
        return Aliased(new Relation(range, new Scope([new ScopeColumn(id, "id", [])], [])), syntax.Alias, ["range"]);
    }

    /// <summary><c>event_log(TABLE(t))</c> or <c>event_log('…')</c>: both mean this pipeline's log.</summary>
    private Relation BindEventLog(TableFunctionSyntax syntax)
    {
        if (syntax.Arguments is [{ Value: TableArgumentSyntax table }]) new QueryBinder(Context, File, new PlanScope()).Bind(table.Query);
        if (syntax.IsStream) NotSupported(syntax.Span, "STREAM event_log");
        return Aliased(Scan(new EventLogSource(), EventLogColumns, ["event_log"], [], null, syntax.Span), syntax.Alias, ["event_log"]);
    }

    private static readonly Schema EventLogColumns = new(
        new Field("id", DataType.String, false),
        new Field("sequence", Row(("data_plane_id", Row(("instance", DataType.String), ("seq_no", DataType.Int64))), ("control_plane_seq_no", DataType.Int64))),
        new Field("origin", Row([
            .. new[]
            {
                "cloud", "region", "org_id", "pipeline_id", "pipeline_type", "pipeline_name", "cluster_id", "update_id", "table_name", "dataset_name", "sink_name", "flow_id", "flow_name",
            }.Select(n => (n, (DataType)DataType.String)),
            ("batch_id", DataType.Int64), ("request_id", DataType.String)])),
        new Field("timestamp", DataType.Timestamp, false),
        new Field("message", DataType.String),
        new Field("level", DataType.String),
        new Field("maturity_level", DataType.String),
        new Field("error", Row(
            ("fatal", DataType.Boolean),
            ("exceptions", new ListType(Row(
                ("class_name", DataType.String),
                ("message", DataType.String),
                ("stack", new ListType(Row(
                    ("declaring_class", DataType.String), ("method_name", DataType.String), ("file_name", DataType.String), ("line_number", DataType.Int64))))))))),
        new Field("details", DataType.String),
        new Field("event_type", DataType.String));

    private static StructType Row(params (string Name, DataType Type)[] fields) => new([.. fields.Select(f => new Field(f.Name, f.Type))]);

    private Relation BindLateralFunction(Relation left, TableFunctionSyntax function, JoinSyntax join)
    {
        var outer = join.Kind == Syntax.JoinKind.Left;
        return Generated(left, new CallSyntax(function.Name, function.Arguments, function.Span), outer, function.Alias?.Name, function.Alias?.Columns ?? []);
    }

    private Relation BindLateralView(LateralViewSyntax syntax) =>
        Generated(BindFrom(syntax.Input), syntax.Generator, syntax.IsOuter, syntax.TableAlias, syntax.Columns);

    /// <summary>The rows of a relation, each repeated for what its generator yields.</summary>
    private Relation Generated(Relation input, CallSyntax call, bool outer, IdentifierSyntax? alias, ImmutableArray<IdentifierSyntax> names)
    {
        ImmutableArray<string> qualifier = alias is null ? [] : [alias.Text];
        if (FunctionTable.Find(call.Name.ToString()) is not { Kind: FunctionKind.Generator } function)
        {
            Error(BindingErrors.UnknownFunction(call.Name.Span, call.Name.ToString(), TableFunctions.Skip(7)));
            return input with { Scope = input.Scope.Beside(new Scope([], [qualifier])) };
        }

        var generate = GenerateOf(Expressions(input.Scope, "a generator"), function, call, outer);
        if (generate is null) return input with { Scope = input.Scope.Beside(new Scope([], [qualifier])) };
        if (!names.IsEmpty && names.Length != generate.Generated.Length)
        {
            Error(BindingErrors.ColumnCount(names[0].Span.To(names[^1].Span), $"Names for the columns of {function.Name}", generate.Generated.Length, names.Length));
            return input with { Scope = input.Scope.Beside(new Scope([], [qualifier])) };
        }

        if (!names.IsEmpty) generate = generate with { Generated = [.. generate.Generated.Select((c, i) => c with { Name = names[i].Text })] };
        var columns = generate.Generated.Select(c => new ScopeColumn(c, c.Name, qualifier)).ToImmutableArray();
        return new Relation(generate with { Input = input.Plan }, input.Scope.Beside(new Scope(columns, [])));
    }

    /// <summary>A generator in the SELECT list.</summary>
    private void BindGenerator(SelectState state, CallSyntax call, SqlFunction function, SelectItemSyntax item)
    {
        if (state.Generator is not null)
        {
            Error(BindingErrors.GeneratorNotAllowed(call.Span, function.Name, "a SELECT list that already has one"));
            state.IsUnknown = true;
            return;
        }

        if (GenerateOf(ForItems(state), function, call, false) is not { } generate)
        {
            state.IsUnknown = true;
            return;
        }

        if (!item.Aliases.IsEmpty && item.Aliases.Length != generate.Generated.Length)
        {
            Error(BindingErrors.ColumnCount(item.Span, $"Names for the columns of {function.Name}", generate.Generated.Length, item.Aliases.Length));
            state.IsUnknown = true;
            return;
        }

        if (!item.Aliases.IsEmpty) generate = generate with { Generated = [.. generate.Generated.Select((c, i) => c with { Name = item.Aliases[i].Text })] };
        state.Generator = generate;
        foreach (var column in generate.Generated) state.Items.Add(new SelectItem(new ColumnRef(column, call.Span), column.Name, !item.Aliases.IsEmpty, item.Span));
    }

    /// <summary>The node without its input; null if in error.</summary>
    private Generate? GenerateOf(ExpressionBinder expressions, SqlFunction function, CallSyntax call, bool outer)
    {
        if (function.Name is "stack" or "json_tuple") return Rows(expressions, function, call, outer);
        if (call.Arguments is not [{ Name: null, Value: var argument }])
        {
            Error(BindingErrors.WrongArguments(call.Span, $"{function.Name} takes one argument."));
            return null;
        }

        var collection = expressions.Bind(argument);
        if (collection is ErrorExpr) return null;
        outer |= function.Name.EndsWith("_outer", StringComparison.Ordinal);
        var name = function.Name.Replace("_outer", "", StringComparison.Ordinal);
        var kind = name switch { "posexplode" => GeneratorKind.PosExplode, "inline" => GeneratorKind.Inline, "explode" => GeneratorKind.Explode, _ => (GeneratorKind?)null };
        if (kind is null)
        {
            NotSupported(call.Span, $"The generator {function.Name}");
            return null;
        }

        (string Name, DataType Type, bool Nullable)[]? columns = (kind, collection.Type) switch
        {
            (GeneratorKind.Inline, ListType { Element.Type: StructType row } list) => [.. row.Fields.Select(f => (f.Name, f.Type, f.Nullable || list.Element.Nullable))],
            (GeneratorKind.Explode or GeneratorKind.PosExplode, ListType list) => [("col", list.Element.Type, list.Element.Nullable)],
            (GeneratorKind.Explode or GeneratorKind.PosExplode, MapType map) => [("key", map.Key.Type, false), ("value", map.Value.Type, map.Value.Nullable)],
            _ => null,
        };
        if (columns is null)
        {
            Error(BindingErrors.WrongArguments(argument.Span, $"{function.Name} takes {(kind == GeneratorKind.Inline ? "an ARRAY of STRUCTs" : "an ARRAY or a MAP")}, not {collection.Type}."));
            return null;
        }

        if (kind == GeneratorKind.PosExplode) columns = [("pos", DataType.Int32, false), .. columns];
        var generated = columns.Select(c => Ids.NewColumn(c.Name, c.Type, c.Nullable || outer)).ToImmutableArray();
        return new Generate(new ErrorPlan(false, call.Span), kind.Value, collection, outer, generated, call.Span);
    }

    /// <summary><c>stack(n, a, b, …)</c> and <c>json_tuple(json, 'a', …)</c>: rows written out, as an ARRAY of STRUCTs taken apart again.</summary>
    private Generate? Rows(ExpressionBinder expressions, SqlFunction function, CallSyntax call, bool outer)
    {
        var arguments = expressions.BindAll(call.Arguments.Select(a => a.Value));
        if (arguments.Any(a => a is ErrorExpr)) return null;
        List<ImmutableArray<Expr>> rows = [];
        if (function.Name == "json_tuple" && arguments.Length > 1)
        {
            rows.Add([.. arguments.Skip(1).Select(f => expressions.Apply(
                "get_json_object", [arguments[0], expressions.Apply("concat", [new Literal("$.", DataType.String, f.Origin), f], f.Origin)], call.Span))]);
        }
        else if (function.Name == "stack" && arguments is [Literal { Value: int count and > 0 }, ..] && arguments.Length > 1)
        {
            var width = (arguments.Length - 2 + count) / count;
            var cells = arguments.AddRange(Enumerable.Repeat<Expr>(new Literal(null, DataType.Null, call.Span), (width * count) - arguments.Length + 1));
            for (var i = 0; i < count; i++) rows.Add([.. cells.Skip(1 + (i * width)).Take(width)]);
        }
        else
        {
            Error(BindingErrors.WrongArguments(call.Span, function.Name == "stack" ? "stack takes a number of rows, then their values." : "json_tuple takes a JSON text, then names of fields."));
            return null;
        }

        var first = function.Name == "json_tuple" ? "c" : "col";
        var structs = rows.Select(r => expressions.Apply(
            "named_struct", [.. r.SelectMany((v, i) => new[] { new Literal($"{first}{i}", DataType.String, call.Span), v })], call.Span)).ToImmutableArray();
        var all = expressions.Apply("array", structs, call.Span);
        if (all is ErrorExpr) return null;
        var generated = ((StructType)((ListType)all.Type).Element.Type).Fields.Select(f => Ids.NewColumn(f.Name, f.Type, true)).ToImmutableArray();
        return new Generate(new ErrorPlan(false, call.Span), GeneratorKind.Inline, all, outer, generated, call.Span);
    }
}
