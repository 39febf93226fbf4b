using Lakeflow.Arrow;
using Lakeflow.Compiler.Diagnostics;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Compiler.Syntax;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Compiler.Binding;

/// <summary>Functions that are core expressions in disguise.</summary>
internal sealed partial class ExpressionBinder
{
    /// <summary>Those that coerce their arguments by themselves; null: not one of them.</summary>
    private Expr? Lower(SqlFunction function, ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        switch (function.Lowering)
        {
            case Lowering.And or Lowering.Or when arguments is [var a, var b]:
                var (l, r) = (ToBoolean(a, function.Name), ToBoolean(b, function.Name));
                return AnyError([l, r]) ? new ErrorExpr(origin) : new Logic(function.Lowering == Lowering.And ? LogicOp.And : LogicOp.Or, l, r, origin);
            case Lowering.Not when arguments is [var a]:
                return NotOf(ToBoolean(a, function.Name), origin);
            case Lowering.IsNull when arguments is [var a]:
                return new IsNull(a, origin);
            case Lowering.IsNotNull when arguments is [var a]:
                return new Not(new IsNull(a, origin), origin);
            case Lowering.NullSafeEqual when arguments is [var a, var b]:
                return NullSafe(a, b, origin);
            case Lowering.NotEqual when arguments is [var a, var b]:
                return NotOf(Compare("=", a, b, origin), origin);
            case Lowering.Coalesce when arguments.Length > 0:
                return CoalesceOf(arguments, function.Name, origin);
            case Lowering.If when arguments is [var c, var a, var b]:
                return Choose(ToBoolean(c, function.Name), a, b, function.Name, origin);
            case Lowering.Nvl2 when arguments is [var x, var a, var b]:
                return Choose(new Not(new IsNull(x, origin), origin), a, b, function.Name, origin);
            case Lowering.NullIf when arguments is [var a, var b]:
                return Choose(Compare("=", a, b, origin), new Literal(null, a.Type, origin), a, function.Name, origin);
            case Lowering.NullIfZero when arguments is [var a]:
                return Choose(Compare("=", a, Zero(origin), origin), new Literal(null, a.Type, origin), a, function.Name, origin);
            case Lowering.ZeroIfNull when arguments is [var a]:
                return CoalesceOf([a, Zero(origin)], function.Name, origin);
            case Lowering.Decode when arguments.Length > 2:
                return Decode(arguments, origin);
            case Lowering.In when arguments.Length > 1:
                return In(arguments, origin);
            case Lowering.Between when arguments is [var x, var low, var high]:
                var above = Compare(">=", x, low, origin);
                var below = Compare("<=", x, high, origin);
                return AnyError([above, below]) ? new ErrorExpr(origin) : new Logic(LogicOp.And, above, below, origin);
            case Lowering.NamedStruct:
                return null;
            case Lowering.TypeOf when arguments is [var a]:
                return new Literal(SimpleName(a.Type), DataType.String, origin);
            case Lowering.InputFile when arguments.IsEmpty:
                return InputFile(function.Name, origin);
            case Lowering.Grouping:
                return query.Grouping is { } grouping
                    ? grouping(function.Name, arguments, origin)
                    : Fail(BindingErrors.WrongArguments(origin, $"{function.Name} needs GROUPING SETS, ROLLUP or CUBE."));
            case Lowering.TimeWindow:
                return TimeFunction(function.Name, arguments, origin);
            default:
                return null;
        }
    }

    /// <summary>A type as <c>typeof</c> spells it: <c>struct&lt;a:int,b:string&gt;</c>.</summary>
    private static string SimpleName(DataType type) => type switch
    {
        ListType list => $"array<{SimpleName(list.Element.Type)}>",
        MapType map => $"map<{SimpleName(map.Key.Type)},{SimpleName(map.Value.Type)}>",
        StructType row => $"struct<{string.Join(',', row.Fields.Select(f => $"{f.Name}:{SimpleName(f.Type)}"))}>",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>Those whose overload says what they are; null: a call like any other.</summary>
    private Expr? Lower(SqlFunction function, ResolvedCall call, ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        switch (function.Lowering)
        {
            case Lowering.Cast when arguments is [var a]:
                return Cast(a, call.Result, false, origin);
            case Lowering.TryCast when arguments is [var a]:
                return Cast(a, call.Result, true, origin);
            case Lowering.NanVl when arguments is [var x, var otherwise]:
                return Choose(Apply("isnan", [x], origin), otherwise, x, function.Name, origin);
            case Lowering.SchemaOf:
                return SchemaOf(function.Name, arguments, origin);
            case Lowering.RunConstant:
                RunConstantKind? kind = function.Name switch
                {
                    "current_date" => RunConstantKind.CurrentDate,
                    "current_timestamp" => RunConstantKind.CurrentTimestamp,
                    "current_timezone" => RunConstantKind.CurrentTimeZone,
                    _ => null,
                };
                if (kind is { } known) return new RunConstant(known, call.Result, origin);
                if (call.Result is TimestampType { Zoned: false })
                    return Conversions.To(new RunConstant(RunConstantKind.CurrentTimestamp, DataType.Timestamp, origin), call.Result);
                return SessionValue(function.Name, origin);
            default:
                return null;
        }
    }

    private Expr SchemaOf(string name, ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        if (arguments[0] is not Literal { Value: string text }) return Fail(BindingErrors.NotConstant(arguments[0].Origin, $"The text of {name}"));
        var options = new List<KeyValuePair<object, object?>>();
        foreach (var option in arguments.Skip(1))
        {
            if (option is not Call { Function.Name: "map" } map || !map.Arguments.All(a => a is Literal { Value: string })) return Fail(BindingErrors.NotConstant(option.Origin, $"The options of {name}"));
            for (var i = 0; i + 1 < map.Arguments.Length; i += 2) options.Add(new(((Literal)map.Arguments[i]).Value!, ((Literal)map.Arguments[i + 1]).Value));
        }

        try
        {
            var pairs = options.ToArray();
            return new Literal(name == "schema_of_csv" ? TextSchemas.OfCsv(text, pairs) : TextSchemas.OfJson(text, pairs), DataType.String, origin);
        }
        catch (KernelFault refused)
        {
            return Fail(BindingErrors.WrongArguments(origin, refused.Message, refused.Hint));
        }
    }

    private Expr SessionValue(string name, SourceSpan origin) => name switch
    {
        "current_catalog" => new Literal(query.File.Catalog, DataType.String, origin),
        "current_database" or "current_schema" => new Literal(query.File.Schema, DataType.String, origin),
        _ => NotSupported(origin, $"The function {name}"),
    };

    private static Literal Zero(SourceSpan origin) => new(0, DataType.Int32, origin);

    private Expr CoalesceOf(ImmutableArray<Expr> arguments, string name, SourceSpan origin)
    {
        if (AnyError(arguments) || ToCommonType(arguments, name, origin) is not { } same) return new ErrorExpr(origin);
        return same.Length == 1 ? same[0] : new Coalesce(same, origin);
    }

    private Expr Choose(Expr condition, Expr then, Expr otherwise, string name, SourceSpan origin)
    {
        if (AnyError([condition, then, otherwise]) || ToCommonType([then, otherwise], name, origin) is not [var a, var b]) return new ErrorExpr(origin);
        return new Case([new CaseBranch(condition, a)], b, origin);
    }

    private Expr Decode(ImmutableArray<Expr> arguments, SourceSpan origin)
    {
        var conditions = new List<Expr>();
        var results = new List<Expr>();
        for (var i = 1; i + 1 < arguments.Length; i += 2)
        {
            conditions.Add(NullSafe(arguments[0], arguments[i], origin));
            results.Add(arguments[i + 1]);
        }

        results.Add(arguments.Length % 2 == 0 ? arguments[^1] : new Literal(null, DataType.Null, origin));
        if (AnyError([.. conditions]) || ToCommonType([.. results], "decode", origin) is not { } same) return new ErrorExpr(origin);
        return new Case([.. conditions.Select((c, i) => new CaseBranch(c, same[i]))], same[^1], origin);
    }

    /// <summary>The path of the row's file, from the source's hidden column.</summary>
    private Expr InputFile(string name, SourceSpan origin)
    {
        var field = name switch
        {
            "input_file_name" => "file_path",
            "input_file_block_start" => "file_block_start",
            "input_file_block_length" => "file_block_length",
            _ => null,
        };
        if (field is null) return NotSupported(origin, $"The function {name}");
        var found = scope.Find([], "_metadata");
        return found.Count switch
        {
            1 => Field(new ColumnRef(found[0].Column, origin), new IdentifierSyntax(field, false, origin)),
            0 when scope.HasUnknown => new ErrorExpr(origin),
            0 => Fail(BindingErrors.WrongArguments(origin, $"{name} needs a source of files in FROM.", "Carry the path along from the query that reads the files: _metadata.file_path AS source_file.")),
            _ => Fail(BindingErrors.AmbiguousColumn(origin, name, found.Select(f => f.FullName))),
        };
    }
}
