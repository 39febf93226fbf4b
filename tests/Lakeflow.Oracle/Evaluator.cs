using System.Collections.Immutable;
using System.Diagnostics;
using Lakeflow.Arrow;
using Lakeflow.Compiler.Functions;
using Lakeflow.Compiler.Plans;
using Lakeflow.Runtime.Diagnostics;
using Lakeflow.Runtime.Flows;
using Lakeflow.Runtime.Kernels;

namespace Lakeflow.Oracle;

/// <summary>A row: the value of each column by its id, in the form of <see cref="ArrowArray.GetValue"/>.</summary>
internal sealed class Row : Dictionary<int, object?>
{
    public Row()
    {
    }

    public Row(Row other)
        : base(other)
    {
    }
}

/// <summary>Evaluates a bound expression on one row, in the plainest way.</summary>
internal sealed class Evaluator(Interpreter interpreter, RunConstants constants)
{
    private readonly SessionZone zone = constants.Zone;
    private readonly Dictionary<Call, RandomSequence> drawn = new(ReferenceEqualityComparer.Instance);
    private readonly long seed = Random.Shared.NextInt64();

    public object? Value(Expr expr, Row row)
    {
        switch (expr)
        {
            case Literal l: return l.Value;
            case LambdaVariable v: return row[v.Parameter.Id];
            case Lambda l: return Function(l, row);
            case ColumnRef c: return row[c.Column.Id];
            case Cast c: return CastValue(c, row);
            case Call c: return CallValue(c, row);
            case Logic l: return LogicValue(l, row);
            case Not n: return Value(n.Input, row) is bool b ? !b : null;
            case IsNull n: return Value(n.Input, row) is null;
            case NullSafeEqual e: return Equal(Value(e.Left, row), Value(e.Right, row));
            case Case c:
                foreach (var branch in c.Branches)
                {
                    if (Value(branch.When, row) is true) return Value(branch.Then, row);
                }

                return Value(c.Else, row);
            case Coalesce c: return c.Arguments.Select(a => Value(a, row)).FirstOrDefault(v => v is not null);
            case InList i: return InValue(Value(i.Input, row), i.Items.Select(item => Value(item, row)));
            case GetField f: return Value(f.Input, row) is object?[] fields ? fields[f.Index] : null;
            case RunConstant { Kind: RunConstantKind.CurrentTimestamp }: return constants.Timestamp;
            case RunConstant { Kind: RunConstantKind.CurrentDate }: return NumberCasts.TimestampToDate(constants.Timestamp, zone);
            case RunConstant: return constants.Zone.Id;
            case ScalarSubquery s:
                var rows = interpreter.Rows(s.Plan, Inside(row, s.Outer));
                if (rows.Count > 1) throw new RuntimeError("LF5011", "more than one row", errorClass: "SCALAR_SUBQUERY_TOO_MANY_ROWS");
                return rows.Count == 0 ? null : rows[0][s.Plan.Columns[0].Id];
            case SubqueryTest t:
                var found = interpreter.Rows(t.Plan, Inside(row, t.Outer));
                return t.IsExists ? found.Count > 0 : InValue([.. t.Inputs.Select(i => Value(i, row))], found.Select(r => t.Plan.Columns.Select(c => r[c.Id]).ToArray()));
            default: throw new UnreachableException(expr.GetType().Name);
        }
    }

    /// <summary>A lambda as the delegate that kernels take.</summary>
    private object Function(Lambda lambda, Row row)
    {
        object? Apply(params object?[] values)
        {
            var inner = new Row(row);
            for (var i = 0; i < lambda.Parameters.Length; i++) inner[lambda.Parameters[i].Id] = values[i];
            return Value(lambda.Body, inner);
        }

        return lambda.Parameters.Length switch
        {
            1 => (Func<object?, object?>)(a => Apply(a)),
            2 => (Func<object?, object?, object?>)((a, b) => Apply(a, b)),
            _ => (Func<object?, object?, object?, object?>)((a, b, c) => Apply(a, b, c)),
        };
    }

    /// <summary>What a subquery knows of the row around it.</summary>
    public Row Inside(Row row, ImmutableArray<Correlation> outer)
    {
        var inside = new Row();
        foreach (var correlation in outer) inside[correlation.Parameter.Id] = Value(correlation.Value, row);
        return inside;
    }

    public bool IsTrue(Expr? expr, Row row) => expr is null || Value(expr, row) is true;

    public static bool Equal(object? a, object? b) => BoxedValues.Compare(a, b) == 0;

    private static object? InValue(object? value, IEnumerable<object?> items) => InValue([value], items.Select(i => new[] { i }));

    /// <summary>TRUE if a tuple equals one of the others in all places; NULL if it might, for a NULL somewhere.</summary>
    private static object? InValue(object?[] values, IEnumerable<object?[]> items)
    {
        var sawNull = false;
        foreach (var item in items)
        {
            var places = values.Zip(item, (a, b) => a is null || b is null ? (bool?)null : Equal(a, b)).ToList();
            if (places.TrueForAll(p => p == true)) return true;
            sawNull |= places.TrueForAll(p => p != false);
        }

        return sawNull ? null : false;
    }

    private object? LogicValue(Logic logic, Row row)
    {
        var decides = logic.Op == LogicOp.Or;
        var left = Value(logic.Left, row) as bool?;
        if (left == decides) return decides;
        var right = Value(logic.Right, row) as bool?;
        return right == decides ? decides : left is null || right is null ? null : !decides;
    }

    private object? CastValue(Cast cast, Row row)
    {
        var value = Value(cast.Input, row);
        if (value is null) return null;
        var call = CastTable.Find(cast.Input.Type, cast.To, cast.Try) ?? throw new UnreachableException(cast.ToString());
        if (call.Kernel is null) return value;
        return KernelCall.Of(call.Kernel).Invoke([value], [cast.Input.Type], cast.To, call.TypeArguments, zone);
    }

    private object? CallValue(Call call, Row row)
    {
        var values = call.Arguments.Select(a => Value(a, row)).ToArray();
        if (call.Function.Nulls == NullRule.AnyNullGivesNull && Array.Exists(values, v => v is null)) return null;
        var types = call.Arguments.Select(a => a.Type).ToImmutableArray();
        var resolved = new ResolvedCall(call.Function, call.Overload, types, call.Type, call.Nullable);
        var kernel = resolved.Kernel ?? throw new UnreachableException($"{call.Function.Name} has no kernel");
        return KernelCall.Of(kernel).Invoke(values, types, call.Type, resolved.TypeArguments, zone, call.Function.IsDeterministic ? null : Drawn(call, values));
    }

    /// <summary>Copies of a place of the text draw the same numbers: a CTE that is read twice is one relation.</summary>
    private RandomSequence Drawn(Call call, object?[] values)
    {
        if (!drawn.TryGetValue(call, out var sequence))
            drawn.Add(call, sequence = new RandomSequence(values is [var given] ? Convert.ToInt64(given ?? 0L, System.Globalization.CultureInfo.InvariantCulture) : seed + call.Origin.GetHashCode()));
        return sequence;
    }
}
